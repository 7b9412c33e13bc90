"""A center's folder as a power cut leaves it, and what may then have happened to its files."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from dvc_core.bootstrap import Services, build
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.commands.volunteer import Register
from dvc_core.domain.account import LoginTries
from dvc_core.domain.kernel import Row, Stored
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.review import Review, ReviewContent
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.store import changelog
from dvc_core.store.doctor import examine
from dvc_core.store.gathered import gather
from dvc_core.store.schema import declared
from tests.support.center import START, Center

NOBODY = uuid.UUID(int=0)
DATABASE, WAL, LOG = "tasuki.duckdb", "tasuki.duckdb.wal", "tasuki.changes"


def lived(center: Center, people: int = 6) -> None:
    """A small history: an operation, people with names, rows that nobody journals, one of them removed."""
    center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    center.must(DecideOpening(decision=OpeningDecision.CONSIDERING, reason="様子を見る"))
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    for n in range(people):
        person = Person(id=NOBODY, name=f"訓練 {n}", phone=f"000-0000-{n:04d}")
        center.must(Register(person=person, traits=Traits()))
    database = center.services.database
    ended = LoginTries(id=uuid.UUID(int=7), wrong=3)
    with database.unit() as unit:
        unit.put(LoginTries(id=uuid.UUID(int=8), wrong=1))
        unit.put(ended)
        unit.commit()
    with database.unit() as unit:
        unit.remove(LoginTries, ended.id)
        unit.commit()


def power_cut(center: Center, folder: Path) -> Path:
    """A copy of the running center's files, as the disk holds them now."""
    shutil.copytree(center.services.config.data, folder)
    return folder


@contextmanager
def started_again(center: Center, folder: Path, second: Path | None = None) -> Iterator[Services]:
    """The program on that folder; the doctor finds all equal."""
    config = msgspec.structs.replace(center.services.config, data=folder, second=second)
    services = build(config, clock=center.clock, wall=center.clock)
    try:
        report = examine(services.database)
        assert report.ok, report
        yield services
    finally:
        services.close()


TOLD = (Review, ReviewContent)
"""What a start may add: it tells what it mended."""


def held(services: Services) -> dict[type[Stored], list[Stored]]:
    """Every row there is, without what a start may have told about mending."""
    with services.reader() as reader:
        return {cls: reader.find(cls) for cls in declared().values() if cls not in TOLD}


def beside(services: Services) -> dict[type[Stored], list[Stored]]:
    """Of all rows those that no journal could give back."""
    return {cls: found for cls, found in held(services).items() if not issubclass(cls, Row)}


def logged(log: Path) -> dict[type[Stored], list[Stored]]:
    """The same, as a change log knows them."""
    gathered = gather(changelog.survey(log).frames)
    return {cls: sorted(rows, key=lambda row: row.id) for cls, rows in gathered.tables() if cls not in TOLD}


def hurt(path: Path, how: Callable[[bytearray], object]) -> None:
    """Change a file's bytes in place."""
    data = bytearray(path.read_bytes())
    how(data)
    path.write_bytes(data)


def flip(at: int) -> Callable[[bytearray], object]:
    """Turn one bit of one byte; a negative place counts from the end."""

    def turn(data: bytearray) -> None:
        data[at] ^= 0x10

    return turn


def cut(left: int) -> Callable[[bytearray], object]:
    """Leave the first bytes only; a negative number leaves off so many at the end."""

    def shorten(data: bytearray) -> None:
        del data[left:]

    return shorten
