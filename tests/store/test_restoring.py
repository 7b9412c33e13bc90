"""A center brought back on a new machine: from a backup, from a change log, from both."""

import errno
import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from dvc_core.bootstrap import Config, build
from dvc_core.commands.volunteer import Register
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.ports import StoreError
from dvc_core.store import backup, changelog
from dvc_core.store.doctor import examine
from dvc_core.store.restoring import restore
from tests.support.center import START, Center
from tests.support.damage import LOG, NOBODY, cut, flip, held, hurt, lived, power_cut, started_again

COPY = "tasuki-13210.changes"
DATABASE = "tasuki.duckdb"


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    folder = tmp_path / "memory"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "13210-1.key").write_text("secret")
    return folder


def test_a_change_log_alone_gives_the_center_back_with_its_keys(
    center_on_both: Center, tmp_path: Path, memory: Path
) -> None:
    center, new = center_on_both, tmp_path / "new"
    lived(center)
    shutil.copyfile(center.services.config.data / LOG, memory / COPY)
    made = restore(memory, new / DATABASE, data=new, now=START)
    assert (made.source, made.lost) == (memory / COPY, 0)
    assert made.head == center.services.database.head()
    assert (new / "keys" / "13210-1.key").read_text() == "secret"
    services = build(Config(data=new), clock=center.clock, wall=center.clock)
    try:
        assert services.mended == ()
        assert held(services) == held(center.services)
        assert services.database.meta == center.services.database.meta
        assert examine(services.database).ok
    finally:
        services.close()


def test_a_torn_end_loses_nothing_but_itself(center: Center, tmp_path: Path, memory: Path) -> None:
    lived(center)
    shutil.copyfile(center.services.config.data / LOG, memory / COPY)
    with (memory / COPY).open("ab") as file:
        file.write(changelog.MARK + b"pulled out while it was written")
    made = restore(memory / COPY, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
    assert (made.head, made.lost) == (center.services.database.head(), 0)


def test_damage_in_the_middle_says_how_much_is_lost(center: Center, tmp_path: Path, memory: Path) -> None:
    lived(center)
    shutil.copyfile(center.services.config.data / LOG, memory / COPY)
    frames = changelog.survey(memory / COPY).frames
    broken = next(frame for frame in frames[len(frames) // 2 :] if frame.change().entries)
    hurt(memory / COPY, flip(broken.offset + broken.length // 2))
    first = broken.change().entries[0].seq
    made = restore(memory / COPY, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
    assert made.head[0] == first - 1
    assert made.lost == center.services.database.head()[0] - made.head[0]


def test_an_old_backup_and_the_second_folder_together_lose_nothing(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    lived(center)
    backup.back_up(center.services.database, tmp_path / "b.zip", data=center.services.config.data, now=START)
    for n in range(3):
        center.must(Register(person=Person(id=NOBODY, name=f"訓練 あと {n}"), traits=Traits()))
    shutil.copyfile(center.services.config.data / LOG, memory / COPY)
    new = tmp_path / "new"
    made = restore(tmp_path / "b.zip", new / DATABASE, data=new, now=START)
    assert made.head[0] < center.services.database.head()[0]
    with started_again(center, new, second=memory) as services:
        assert services.mended, "a person is told"
        assert held(services) == held(center.services)


def test_a_log_left_in_the_folder_by_another_center_is_set_aside_at_the_start(
    center: Center, tmp_path: Path
) -> None:
    lived(center)
    new = tmp_path / "new"
    other = build(Config(data=new), clock=center.clock, wall=center.clock)
    other.close()
    (new / DATABASE).unlink()
    restore(center.services.config.data / LOG, new / DATABASE, data=new, now=START)
    with started_again(center, new) as services:
        assert len(services.mended) == 1
        assert held(services) == held(center.services)
    assert list(new.glob(f"set-aside-*/{LOG}"))


@pytest.mark.parametrize("spoil", [cut(0), cut(40), flip(70)])
def test_a_change_log_that_does_not_say_whose_it_is_makes_nothing(
    center: Center, tmp_path: Path, memory: Path, spoil: object
) -> None:
    shutil.copyfile(power_cut(center, tmp_path / "again") / LOG, memory / COPY)
    hurt(memory / COPY, spoil)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="changes-bad"):
        restore(memory / COPY, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
    assert not (tmp_path / "new").exists()


def test_a_folder_must_hold_one_change_log(center: Center, tmp_path: Path) -> None:
    for names in ((), ("a.changes", "b.changes")):
        folder = tmp_path / f"with-{len(names)}"
        folder.mkdir()
        for name in names:
            shutil.copyfile(center.services.config.data / LOG, folder / name)
        with pytest.raises(StoreError, match="which-file") as raised:
            restore(folder, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
        assert all(name in str(raised.value.facts["found"]) for name in names)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), ValueError("a row of another time")])
def test_what_fails_half_way_leaves_no_half_center(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    lived(center)
    new = tmp_path / "new"

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("dvc_core.store.restoring.examine", fails)
    with pytest.raises((StoreError, ValueError), match=r"no-space|another time"):
        restore(center.services.config.data / LOG, new / DATABASE, data=new, now=START)
    assert list(new.iterdir()) == []


def test_a_backup_that_somebody_made_fit_again_does_not_pass_the_doctor(
    center: Center, tmp_path: Path
) -> None:
    """Digests and head are right; an entry in the middle says another thing than it was chained with."""
    lived(center)
    real, forged = tmp_path / "real.zip", tmp_path / "forged.zip"
    backup.back_up(center.services.database, real, data=center.services.config.data, now=START)
    with zipfile.ZipFile(real) as source, zipfile.ZipFile(forged, "w") as target:
        held = {name: source.read(name) for name in source.namelist()}
        lines = held["journal.jsonl"].splitlines(keepends=True)
        lines[2] = lines[2].replace(b'"actor_id":"chief"', b'"actor_id":"other"')
        held["journal.jsonl"] = b"".join(lines)
        manifest = json.loads(held["manifest.json"])
        manifest["files"]["journal.jsonl"] = hashlib.sha256(held["journal.jsonl"]).hexdigest()
        held["manifest.json"] = json.dumps(manifest).encode()
        for name, content in held.items():
            target.writestr(name, content)
    with pytest.raises(StoreError, match="backup-bad"):
        restore(forged, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
    assert list((tmp_path / "new").iterdir()) == []
    restore(real, tmp_path / "new" / DATABASE, data=tmp_path / "new", now=START)
