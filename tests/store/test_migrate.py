"""An older database takes this version's shape: behind a verified backup, all of it or nothing."""

import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from dvc_core.bootstrap import Services, build
from dvc_core.commands.attendance import Record
from dvc_core.commands.base import Actor
from dvc_core.commands.desk_log import Write
from dvc_core.commands.dispatch import CloseDay
from dvc_core.domain.attendance import Act
from dvc_core.domain.closing import Day
from dvc_core.domain.day import activity_day
from dvc_core.domain.desk_log import DeskCaller
from dvc_core.domain.review import Review
from dvc_core.domain.station import StationDuty
from dvc_core.domain.volunteer import Volunteer
from dvc_core.ports import StoreError
from dvc_core.store import changelog
from dvc_core.store.archive import read_manifest
from dvc_core.store.database import Database, connect, open_database
from dvc_core.store.doctor import examine
from dvc_core.store.migrate import SHAPE, shapes
from dvc_core.store.restoring import verify
from dvc_core.store.schema import LEVEL
from tests.support.center import START, Center
from tests.support.damage import DATABASE, LOG, NOBODY, held, lived
from tests.support.earlier import level_of, made_earlier
from tests.support.server import ROOT

COUNCIL = "13210"


def a_day(center: Center) -> None:
    """A history with a closed day, a caller with a name, and a row that nobody journals."""
    lived(center)
    with center.services.reader() as reader:
        who = reader.find(Volunteer)[:2]
    day = activity_day(center.clock.now())
    for volunteer in who:
        for act in (Act.ARRIVE, Act.LEAVE):
            center.must(Record(volunteer_id=volunteer.id, act=act))
    center.must(CloseDay(day=day))
    caller = DeskCaller(id=NOBODY, who="架空 一郎", phone="000-0000-0001")
    center.must(
        Write(line="水はどこでもらえるか", caller=caller), Actor(id="general", roles=frozenset({"general"}))
    )
    with center.services.database.unit() as unit:
        unit.put(StationDuty(id=uuid.UUID(int=5), taken_at=START))
        unit.commit()


def location_of(center: Center) -> Path | str:
    return center.services.config.location


def again(center: Center) -> Services:
    """The program on the same data once more."""
    center.services = build(center.services.config, clock=center.clock, wall=center.clock)
    return center.services


@pytest.fixture
def older(center_on_both: Center) -> Center:
    """A center whose program has ended, with a database of the first version."""
    a_day(center_on_both)
    center_on_both.services.close()
    made_earlier(location_of(center_on_both))
    return center_on_both


def test_an_older_database_has_all_it_had_in_the_new_shape(center_on_both: Center) -> None:
    center = center_on_both
    a_day(center)
    before = held(center.services)
    center.services.close()
    made_earlier(location_of(center))
    assert level_of(location_of(center)) == [(1, -1)]
    services = again(center)
    assert held(services) == before
    with services.reader() as reader:
        assert [row.people for row in reader.find(Day)] == [2]
        assert [row.who for row in reader.find(DeskCaller)] == ["架空 一郎"]
        assert [row.reason for row in reader.find(Review)] == ["store-updated"]
    services.close()
    assert level_of(location_of(center)) == [(1, None), (2, LEVEL)]
    services = again(center)
    with services.reader() as reader:
        assert len(reader.find(Review)) == 1, "the second start has nothing to do"


def test_the_backup_before_it_is_verified_and_has_all(older: Center) -> None:
    before = sorted((older.services.config.data / "backups").glob("*.zip"))
    services = again(older)
    (made,) = set((services.config.data / "backups").glob("before-update-*.zip")) - set(before)
    manifest = read_manifest(made)
    assert manifest.head_seq == services.database.head()[0] - 1, "all but the word about the update"
    assert verify(made, now=START).head == (manifest.head_seq, manifest.head_hash)
    assert services.mended
    assert made.name in services.mended[0]


def test_what_cannot_be_backed_up_is_not_touched(older: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    (older.services.config.data / "backups").write_text("here is no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="unwritable"):
        again(older)
    assert level_of(location_of(older)) == [(1, -1)]
    (older.services.config.data / "backups").unlink()

    def bad(path: Path, **_now: object) -> None:
        raise StoreError("backup-bad", file=path.name, part="journal")

    monkeypatch.setattr("dvc_core.store.backup.verify", bad)
    with pytest.raises(StoreError, match="update-stopped"):
        again(older)
    assert level_of(location_of(older)) == [(1, -1)]
    assert list((older.services.config.data / "backups").iterdir()) == []
    monkeypatch.undo()
    again(older)


def test_a_newer_database_is_refused_and_left_alone(center_on_both: Center) -> None:
    center = center_on_both
    lived(center)
    center.services.close()
    engine = connect(location_of(center))
    with engine.write() as connection:
        connection.run(
            "INSERT INTO migration (number, name, shape, applied_at, level, tables) "
            "VALUES (9, 'shape', 'of tomorrow', $now, $level, '{}')",
            {"now": START, "level": LEVEL + 1},
        )
        connection.commit()
    engine.close()
    with pytest.raises(StoreError) as refused:
        again(center)
    assert refused.value.code == "newer"
    assert refused.value.facts == {"level": LEVEL + 1, "known": LEVEL}
    assert level_of(location_of(center))[-1] == (9, LEVEL + 1)
    assert not (center.services.config.data / "backups").exists()
    engine = connect(location_of(center))
    with engine.write() as connection:
        connection.run("DELETE FROM migration WHERE number = 9", {})
        connection.commit()
    engine.close()
    again(center)


HALF_WAY = """
import sys
from dvc_core.bootstrap import Config, build
from dvc_core.store import saving, unit
from tests.support.center import FrozenClock

data, url, moment = sys.argv[1:]

def stop(name):
    print(name, flush=True)
    sys.stdin.readline()

if moment == "dropped":
    unit.UnitOfWork.refold = lambda self, classes: stop("dropped")
else:
    kept = unit.UnitOfWork.commit
    unit.UnitOfWork.commit = lambda self: (self.flush(), stop("filled"), kept(self))
clock = FrozenClock()
build(Config(data=__import__("pathlib").Path(data), database_url=url or None), clock=clock, wall=clock)
"""


@pytest.mark.parametrize("moment", ["dropped", "filled"])
def test_one_that_is_killed_half_way_leaves_the_old_database(older: Center, moment: str) -> None:
    config = older.services.config
    arguments = [str(config.data), config.database_url or "", moment]
    with subprocess.Popen(
        [sys.executable, "-c", HALF_WAY, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == moment
        process.kill()
    assert level_of(location_of(older)) == [(1, -1)]
    services = again(older)
    with services.reader() as reader:
        assert [row.people for row in reader.find(Day)] == [2]
        assert len(reader.find(StationDuty)) == 1
    assert not services.database.engine.sole_writer or not list(config.data.glob("*.half"))


def test_two_that_start_together_change_it_once(postgres_url: str) -> None:
    url = postgres_url

    def opened(_n: int) -> Database:
        return open_database(url, council_id=COUNCIL, now=START)

    with ThreadPoolExecutor(4) as pool:
        for each in pool.map(opened, range(4)):
            each.close()
    assert level_of(url) == [(1, LEVEL)]
    made_earlier(url)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(opened, range(4)))
    assert all(examine(each).ok for each in found)
    for each in found:
        each.close()
    assert level_of(url) == [(1, None), (2, LEVEL)]


def test_a_change_log_of_the_first_version_makes_the_database_anew(center: Center) -> None:
    a_day(center)
    before = held(center.services)
    config = center.services.config
    center.services.close()
    log = config.data / LOG
    surveyed = changelog.survey(log)
    whose, frames = surveyed.whose, surveyed.frames[1:]
    assert whose is not None
    changelog.write_base(log, whose, [(_first(frame.change()), frame.head, frame.number) for frame in frames])
    assert any(_lacking(frame.change()) for frame in changelog.survey(log).frames)
    (config.data / DATABASE).unlink()
    services = again(center)
    assert held(services) == before
    with services.reader() as reader:
        assert [row.reason for row in reader.find(Review)] == ["store-rebuilt-gone"]


def _first(change: changelog.Change) -> changelog.Change:
    """As the first version would have written it."""
    rows = []
    for table, row in change.rows:
        body = msgspec.msgpack.decode(row)
        for gone in ("unit", "used_at"):
            body.pop(gone, None)
        rows.append((table, msgspec.Raw(msgspec.msgpack.encode(body))))
    return msgspec.structs.replace(change, rows=tuple(rows))


def _lacking(change: changelog.Change) -> bool:
    return any(
        table == DeskCaller.table and "unit" not in msgspec.msgpack.decode(row) for table, row in change.rows
    )


RELEASED = {2: "3bf1a0ed3d9d9366"}
"""The digest of all tables at each level. A table that changes asks for a new level, a word about it beside
`LEVEL`, and a line here; lines that stand are never changed."""


def test_a_changed_table_is_a_new_level() -> None:
    assert RELEASED[LEVEL] == SHAPE[:16], "a table changed: raise LEVEL (dvc_core/store/schema.py)"
    assert max(RELEASED) == LEVEL
    assert len(set(shapes().values())) == len(shapes())
