"""What the database loses the change log gives back, and the other way round; a person is told."""

import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from dvc_core.bootstrap import Services
from dvc_core.commands.volunteer import Register
from dvc_core.domain.account import LoginTries
from dvc_core.domain.review import Review
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.ports import StoreError
from dvc_core.store import changelog
from dvc_core.store.database import Database
from dvc_core.store.gathered import gather
from dvc_core.store.reconcile import Notice, Place, reconcile
from tests.support.center import Center
from tests.support.damage import (
    DATABASE,
    LOG,
    NOBODY,
    WAL,
    beside,
    cut,
    flip,
    held,
    hurt,
    lived,
    logged,
    power_cut,
    started_again,
)


def told(services: Services) -> list[str]:
    """The codes of what a person must know of the mending, in their order of letters."""
    with services.reader() as reader:
        return sorted(row.reason for row in reader.find(Review) if row.station == "rule")


def test_the_change_log_alone_holds_what_the_database_holds(center_on_both: Center) -> None:
    center = center_on_both
    lived(center)
    services = center.services
    gathered = gather(changelog.survey(services.config.data / LOG).frames)
    with services.database.engine.snapshot() as connection:
        assert gathered.entries[-1].seq == services.database.head()[0]
        assert len(gathered.entries) == int(connection.rows("SELECT count(*) FROM journal", {})[0][0])
    rows = logged(services.config.data / LOG)
    assert rows == beside(services)
    assert [row.id for row in rows[LoginTries]] == [uuid.UUID(int=8)], "what was removed stays removed"


def test_a_stop_at_any_moment_changes_nothing_and_tells_nobody(center: Center, tmp_path: Path) -> None:
    lived(center)
    with started_again(center, power_cut(center, tmp_path / "again")) as services:
        assert held(services) == held(center.services)
        assert services.mended == ()
        assert told(services) == []


@pytest.mark.parametrize("part", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
def test_a_byte_flipped_in_the_databases_own_log_loses_nothing(
    center: Center, tmp_path: Path, part: float
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    wal = folder / WAL
    hurt(wal, flip(int(wal.stat().st_size * part)))
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
        assert len(services.mended) <= 1


@pytest.mark.parametrize("left", [0.0, 0.25, 0.5, 0.75, 0.99])
def test_a_tail_that_the_database_lost_comes_back_and_a_person_is_told(
    center: Center, tmp_path: Path, left: float
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    wal = folder / WAL
    hurt(wal, cut(int(wal.stat().st_size * left)))
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
        assert told(services) in (["store-restored"], ["store-restored-rows"], ["store-rebuilt"])
    with started_again(center, folder) as services:
        assert services.mended == (), "once mended it stays so"
        assert held(services) == held(center.services)


def no_header(data: bytearray) -> None:
    data[:64] = b"x" * 64


@pytest.mark.parametrize("how", [no_header, cut(100), cut(0)])
def test_a_database_that_does_not_open_is_set_aside_and_made_anew(
    center: Center, tmp_path: Path, how: Callable[[bytearray], object]
) -> None:
    lived(center)
    center.services.database.engine.checkpoint()  # type: ignore[union-attr]
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / DATABASE, how)
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
        assert services.database.meta == center.services.database.meta
        assert told(services) == ["store-rebuilt"]
        (aside,) = folder.glob("set-aside-*")
        assert (aside / DATABASE).exists()
        assert aside.name in services.mended[0]


def test_a_database_that_is_gone_is_made_anew(center: Center, tmp_path: Path) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    (folder / DATABASE).unlink()
    (folder / WAL).unlink(missing_ok=True)
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
        assert told(services) == ["store-rebuilt-gone"]


def test_without_a_change_log_a_broken_database_is_left_as_it_is(center: Center, tmp_path: Path) -> None:
    lived(center)
    center.services.database.engine.checkpoint()  # type: ignore[union-attr]
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / DATABASE, no_header)
    (folder / LOG).unlink()
    before = (folder / DATABASE).read_bytes()
    with pytest.raises(StoreError) as refused, started_again(center, folder):
        pass
    assert refused.value.code == "broken"
    assert (folder / DATABASE).read_bytes() == before


@pytest.mark.parametrize("part", [0.0, 0.001, 0.2, 0.5, 0.8, 0.999])
def test_a_byte_flipped_in_the_change_log_is_noticed_or_mended(
    center: Center, tmp_path: Path, part: float
) -> None:
    """Damage at its begin or end is seen at the start; in its middle the doctor sees it."""
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    log = folder / LOG
    hurt(log, flip(int(log.stat().st_size * part)))
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
        found = changelog.survey(log)
        assert found.head == services.database.head()
        assert bool(found.lost) is (0.1 < part < 0.9)


@pytest.mark.parametrize("off", [1, 4, 30, 200, 900, 3000])
def test_the_tail_cut_off_the_change_log_is_completed_from_the_database(
    center: Center, tmp_path: Path, off: int
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / LOG, cut(-off))
    with started_again(center, folder) as services:
        assert services.mended == (), "a stop in the middle of a write is nothing that one need know"
        assert held(services) == held(center.services)
        found = changelog.survey(folder / LOG)
        assert (found.lost, found.head) == (0, services.database.head())
        assert logged(folder / LOG) == beside(services)


def test_both_hurt_what_either_still_holds_is_there(center: Center, tmp_path: Path) -> None:
    """The database lost its tail, and a frame in the middle of the change log is damaged."""
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / WAL, cut(-40))
    first = changelog.survey(folder / LOG).frames[2]
    hurt(folder / LOG, flip(first.offset + first.length // 2))
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)


def test_the_change_log_of_another_database_is_set_aside(center: Center, tmp_path: Path) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    whose = changelog.first_frame(folder / LOG)
    assert whose is not None
    changelog.write_base(folder / LOG, msgspec.structs.replace(whose, database_id=NOBODY), ())
    with started_again(center, folder) as services:
        assert told(services) == ["log-other"]
        assert held(services) == held(center.services)
        assert changelog.survey(folder / LOG).head == services.database.head()


def test_a_journal_that_was_wholly_rehashed_is_told_by_the_change_log(center: Center, tmp_path: Path) -> None:
    """The chain of another history is unbroken in itself: only a second witness knows."""
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    frames = changelog.survey(folder / LOG).frames
    whose = changelog.first_frame(folder / LOG)
    assert whose is not None
    changes = []
    for frame in frames[1:]:
        change = frame.change()
        entries = tuple(
            msgspec.structs.replace(entry, hash="f" * 64) if entry.seq >= 3 else entry
            for entry in change.entries
        )
        seq, hash_ = frame.head
        head = (seq, "f" * 64 if seq >= 3 else hash_)
        changes.append((msgspec.structs.replace(change, entries=entries), head, frame.number))
    changelog.write_base(folder / LOG, whose, changes)
    with started_again(center, folder) as services:
        assert told(services) == ["log-diverged"]
        assert "3 番" in services.mended[0]


def test_a_full_disk_under_the_change_log_delays_its_frames_and_no_commit(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = center.services.database.log
    assert log is not None

    def full(_frame: bytes) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as no_space:
        no_space.setattr(log, "_write", full)
        lived(center)
        assert log.behind > 5
    person = Person(id=NOBODY, name="訓練 あと", phone="000-0000-1111")
    center.must(Register(person=person, traits=Traits()))
    assert log.behind == 0
    assert changelog.survey(log.path).head == center.services.database.head()


def test_damage_met_while_the_program_runs_is_looked_at_when_it_starts_again(
    center: Center, tmp_path: Path
) -> None:
    lived(center)
    center.services.database.engine.checkpoint()  # type: ignore[union-attr]
    folder = power_cut(center, tmp_path / "again")
    mark = folder / (DATABASE + ".broken")
    mark.touch()
    with started_again(center, folder) as services:
        assert services.mended == ()
        assert not mark.exists(), "the doctor found it sound"


def test_damage_met_at_a_read_is_mended_at_the_next_start(center: Center, tmp_path: Path) -> None:
    """DuckDB finds a bad block only when it reads it: the page says so, the next start makes all anew."""
    lived(center, 30)
    center.services.database.engine.checkpoint()  # type: ignore[union-attr]
    folder = power_cut(center, tmp_path / "again")
    database = (folder / DATABASE).read_bytes()
    hurt(folder / DATABASE, flip(database.index("訓練 3".encode())))
    with pytest.raises(StoreError) as met, started_again(center, folder):
        pass
    assert met.value.code == "broken"
    with started_again(center, folder) as services:
        assert told(services) == ["store-rebuilt"]
        assert held(services) == held(center.services)


def test_what_both_have_lost_is_told_by_its_number(center: Center, tmp_path: Path) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / DATABASE, no_header)
    (folder / WAL).unlink()
    frames = [frame for frame in changelog.survey(folder / LOG).frames if frame.head[0] >= 4]
    hurt(folder / LOG, flip(frames[0].offset + frames[0].length // 2))
    with started_again(center, folder) as services:
        assert told(services) == ["store-lost", "store-rebuilt"]
        lost = center.services.database.head()[0] - frames[0].change().entries[0].seq + 1
        assert f"終わりの {lost} 件" in "".join(services.mended)


@pytest.mark.parametrize("at", [80, -30])
def test_hurt_and_of_another_history_is_told_and_not_mixed(center: Center, tmp_path: Path, at: int) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    frames = changelog.survey(folder / LOG).frames
    whose = changelog.first_frame(folder / LOG)
    assert whose is not None
    other = tmp_path / "other"
    with started_again(center, other) as fresh:
        for n in range(60):
            person = Person(id=NOBODY, name=f"別人 {n}", phone="000-0000-2222")
            fresh.do(Register(person=person, traits=Traits()), center.chief)
    more = [frame for frame in changelog.survey(other / LOG).frames if frame.change().entries]
    numbered = ((frame.change(), frame.head, frame.number + len(frames)) for frame in more)
    changelog.write_base(folder / LOG, whose, numbered)
    hurt(folder / LOG, flip(at))
    with started_again(center, folder) as services:
        assert told(services) == ["log-diverged"]
        assert held(services) == held(center.services)


def test_a_person_is_taken_out_of_the_change_log_frame_by_frame(center: Center, tmp_path: Path) -> None:
    """What erasure needs of the format: the name is gone from the bytes, all else stays as it was."""
    lived(center)
    log = center.services.config.data / LOG
    found = changelog.survey(log)
    assert found.whose is not None
    assert "訓練 3".encode() in log.read_bytes()

    def erased(row: object) -> object:
        return None if isinstance(row, Person) and row.name == "訓練 3" else row

    new = tmp_path / "new.changes"
    changelog.write_base(new, found.whose, changelog.rewritten(found.frames, erased))  # type: ignore[arg-type]
    assert "訓練 3".encode() not in new.read_bytes()
    before, after = gather(found.frames), gather(changelog.survey(new).frames)
    assert after.entries == before.entries
    assert len(list(after.rows())) == len(list(before.rows())) - 1


def test_damage_that_is_met_only_while_both_are_compared_is_mended_by_the_same_start(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(center)
    folder, compared = power_cut(center, tmp_path / "again"), []

    def meets_damage(database: Database, place: Place) -> list[Notice]:
        compared.append(place)
        if len(compared) == 1:
            place.mark.touch()
            raise StoreError("broken", file=DATABASE, detail="Corrupt database file")
        return reconcile(database, place)

    monkeypatch.setattr("dvc_core.store.recovery.reconcile", meets_damage)
    with started_again(center, folder) as services:
        assert held(services) == held(center.services)
    assert len(compared) == 2
    assert not compared[0].mark.exists()
