"""Floor 3: the program put together. `build(config)` makes the services, `install` fills the one slot."""

import os
import time
import tomllib
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dvc_core.access.roles import Roles, load_roles
from dvc_core.commands import run as running
from dvc_core.commands.base import Actor, Answer, AsRead, Command, Envelope
from dvc_core.commands.mended import TellMended
from dvc_core.domain.board import CouncilKey, FileReading, Signed
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.reference import Reference
from dvc_core.exchange import status_file
from dvc_core.geo.councils import councils
from dvc_core.hub import Hub
from dvc_core.i18n import text
from dvc_core.matching.model import Rules, Travel
from dvc_core.matching.reading import load_rules
from dvc_core.ports import OperationClock, Reader, WallClock
from dvc_core.queries.base import queries
from dvc_core.store.archive import SIDE_FOLDERS
from dvc_core.store.database import Database
from dvc_core.store.recovery import open_recorded
from dvc_core.store.second import SecondCopy
from dvc_core.store.unit import ChangeSet
from dvc_core.tokens import signing
from dvc_core.tokens.keyring import KeyRing, open_ring
from dvc_core.tokens.keys import PublicKey, is_drill

TOKYO = ZoneInfo("Asia/Tokyo")
ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "data" / "reference"
MANUALS = ROOT / "manuals"


PROGRAM = Actor(id="rule", roles=frozenset({"admin"}))
"""Who acts where the program itself has something to tell."""


class Began(msgspec.Struct, frozen=True):
    """When the program began, by the wall's clock and by one that nobody can set (seconds)."""

    wall: datetime
    steady: float


BACKUP_MINUTES = 120


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What one process of the program is started with."""

    data: Path
    council_id: str = "13210"
    database_url: str | None = None
    drill: str | None = None
    manuals: Path = MANUALS
    reference: Path = REFERENCE
    second: Path | None = None
    """A folder on another disk or memory, where the change log is copied to."""
    backup_minutes: int = BACKUP_MINUTES
    """How long records may stand before the program makes a verified backup by itself; 0: never."""

    @property
    def second_copy(self) -> Path | None:
        """The copy of the change log; of each council and drill its own."""
        name = "-".join(["tasuki", self.council_id, *([self.drill] if self.drill else [])])
        return self.second / f"{name}.changes" if self.second else None

    @property
    def location(self) -> Path | str:
        """Where the database is: the server's address, or the file in the data folder."""
        return self.database_url or self.data / "tasuki.duckdb"


class NotAllowedError(Exception):
    """A query was asked by someone whose roles do not allow it; `refusal` has the words' code."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)


class Services:
    """Everything a page, a route or the command line needs, for one database."""

    def __init__(
        self, config: Config, database: Database, roles: Roles, clock: OperationClock, wall: WallClock
    ) -> None:
        self.config = config
        self.database = database
        self.roles = roles
        self.clock = clock
        self.wall = wall
        self.hub = Hub()
        self.began = Began(wall=wall.now(), steady=time.monotonic())
        self.mended: tuple[str, ...] = ()
        """What was mended in the store as it was opened, in words."""
        self.second: SecondCopy | None = None
        """Copies the change log to the second folder, where there is one."""
        self.https_url: str | None = None
        """Where tablets find this program; set by who listens, and again when the address changes."""

    @cached_property
    def keys(self) -> KeyRing:
        """The council's keys of this data folder: the one that signs, and all whose codes are ours."""
        folder = self.config.data / "keys"
        return open_ring(folder, self.council_id, self.wall.now(), drill=self.drill is not None)

    def foreign_keys(self) -> list[str]:
        """Keys that cards of the database were signed with and that this data folder does not have.

        So it is where a second program on the same server was started without a copy of the first's keys.
        """
        known = {key.key_id for key in self.keys.known}
        with self.reader() as reader:
            rows = reader.rows("SELECT DISTINCT key_id FROM card WHERE council_id = $council")
        return sorted(str(row[0]) for row in rows if row[0] not in known)

    @property
    def council_id(self) -> str:
        """The council whose program this is."""
        return self.config.council_id

    @cached_property
    def reference(self) -> Reference:
        """The council's tables of works, safety gate and tools."""
        return load_reference(self.config.reference, self.council_id)

    @cached_property
    def rules(self) -> Rules:
        """The council's numbers, as a proposal needs them."""
        return load_rules(self.config.reference / "matching.toml")

    @cached_property
    def travel(self) -> Travel:
        """How teams get there, as a proposal needs it; from a place not known all ways count as driven."""
        ways = self.reference.ways
        if ways is None or ways.lat is None or ways.lng is None:
            return Travel(lat=0.0, lng=0.0, shuttle=True)
        return Travel(lat=ways.lat, lng=ways.lng, shuttle=ways.shuttle)

    @cached_property
    def council_name(self) -> str:
        """The council's name, from its table."""
        found = councils(self.config.reference / "councils.toml").council(self.council_id)
        return found.name if found else self.council_id

    @property
    def drill(self) -> str | None:
        """The drill's name, None in the real thing."""
        return self.database.meta.drill

    def reader(self) -> AbstractContextManager[Reader]:
        """One read transaction."""
        return self.database.reader(self.council_id)

    def allowed(self, actor: Actor, work: str) -> bool:
        """Whether the actor may do this kind of work."""
        return self.roles.may(actor.roles, work)

    def run(self, envelope: Envelope) -> Answer:
        """Run one command; see `commands.run.run`."""
        return self.run_all([envelope])[0]

    def run_all(self, envelopes: Sequence[Envelope]) -> list[Answer]:
        """Run commands in one transaction, publish, answer."""
        answers, changes = running.run(self.database, envelopes, self._terms())
        assert isinstance(changes, ChangeSet)
        if changes.head is not None:
            self.hub.publish(changes.head[0])
        return answers

    def do(
        self,
        command: Command,
        actor: Actor,
        *,
        command_id: uuid.UUID | None = None,
        station: str = "desk",
        source: str = "desk",
        occurred_at: datetime | None = None,
        seen: tuple[AsRead, ...] = (),
    ) -> Answer:
        """Run one command of one person, under a fresh id unless one is given."""
        return self.run(
            Envelope(
                command_id=command_id or uuid.uuid4(),
                command=command,
                actor=actor,
                station=station,
                source=source,
                occurred_at=occurred_at,
                seen=seen,
            )
        )

    def ask(self, name: str, actor: Actor, **params: object) -> Any:  # noqa: ANN401 - each query has its own rows
        """The rows of a query, in one read transaction.

        Raises:
            NotAllowedError: if the actor's roles do not include the query's work.
            KeyError: if no query has this name.
        """
        query = queries()[name]
        if not self.allowed(actor, query.role):
            raise NotAllowedError(Refusal("not-allowed", {"role": query.role}))
        with self.reader() as reader:
            return query.ask(reader, **params)

    def check(self, command: Command, actor: Actor) -> Refusal | None:
        """What the rules would say, nothing stored."""
        envelope = Envelope(command_id=uuid.uuid4(), command=command, actor=actor)
        return running.check(self.database, envelope, self._terms())

    def read_file(self, raw: bytes, trusted: Iterable[CouncilKey]) -> FileReading:
        """A council's status file in the words of the rules: what it says, and whether its signature holds.

        With an unknown key it must at least agree with the key that it carries, and that key with its id.
        """
        found = status_file.opened(raw)
        try:
            content = b"" if found is None else signing.canonical(found)
        except signing.NotCanonicalError:
            found, content = None, b""
        if found is None:
            return status_file.reading(raw, None, signed=Signed.FORGED, content=b"", public_key=None)
        compared = [PublicKey(key.key_id, bytes.fromhex(key.public_key)) for key in trusted]
        known = {key.key_id: key for key in (*self.keys.known, *compared)}
        key = known.get(str(found.get("key_id")))
        signed = Signed.VALID if key else Signed.UNKNOWN_KEY
        key = key or signing.carried(found)
        genuine = (
            key is not None
            and is_drill(key.key_id) == (self.drill is not None)
            and signing.spelled_plainly(found)
            and signing.verify(found, [key]) == "valid"
        )
        return status_file.reading(
            raw,
            found,
            signed=signed if genuine else Signed.FORGED,
            content=content,
            public_key=key.raw.hex() if key else None,
        )

    def _terms(self) -> running.Terms:
        return running.Terms(
            allowed=self.allowed,
            now=self.clock.now(),
            wall=self.wall.now(),
            database_id=self.database.meta.database_id,
            reference=self.reference,
            read_file=self.read_file,
        )

    def close(self) -> None:
        """Give the database back."""
        self.database.close()
        if self.second is not None:
            self.second.close()


def build(config: Config, *, clock: OperationClock | None = None, wall: WallClock | None = None) -> Services:
    """Open the database and put the services together.

    Raises:
        StoreError: as `open_database`.
    """
    wall = wall or SystemClock()
    config.data.mkdir(parents=True, exist_ok=True)
    database, notices = open_recorded(
        config.location,
        data=config.data,
        council_id=config.council_id,
        now=wall.now(),
        drill=config.drill,
        copy=config.second_copy,
    )
    services = Services(
        config, database, load_roles(config.reference / "roles.toml"), clock or SystemClock(), wall
    )
    database.engine.listen(services.hub.publish)
    services.mended = tuple(text(f"mended.{notice.code}", **notice.facts) for notice in notices)
    for notice, said in zip(notices, services.mended, strict=True):
        services.do(TellMended(what=notice.code, said=said), PROGRAM, source="rule", station="rule")
    if config.second_copy is not None and database.log is not None:
        side = tuple(config.data / name for name in SIDE_FOLDERS)
        services.second = SecondCopy(database.log.path, config.second_copy, side, wall.now)
        database.log.written = services.second.wake
    return services


def load_reference(folder: Path, council_id: str) -> Reference:
    """The tables of a folder as rules see them, with the numbers of `matching.toml`.

    The center's place is the council's, or the middle of its city (概算) while that is not decided.
    """
    names = ("works", "gate", "tools", "matching", "sections", "supporters", "stations")
    tables = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in names}
    rules = load_rules(folder / "matching.toml")
    own = councils(folder / "councils.toml").council(council_id)
    lat, lng = (own.center() if own else None) or (None, None)
    roles = load_roles(folder / "roles.toml").by_code
    days = tables["supporters"]["days"]
    ways = {"lat": lat, "lng": lng, "detour": rules.detour, "shuttle": tables["matching"]["shuttle"]["value"]}
    return msgspec.convert(
        {
            "works": tables["works"]["work"],
            "gate": tables["gate"]["rule"],
            "checks": tables["gate"]["check"],
            "tools": tables["tools"]["tool"],
            "limits": rules.limits,
            "ways": ways,
            "desks": tables["sections"]["section"],
            "acts_as": {code: role.acts_as for code, role in roles.items()},
            "supporter_roles": [code for code, role in roles.items() if role.supporter],
            "own_roles": [code for code, role in roles.items() if role.own],
            "pledge": tables["supporters"]["pledge"]["lines"],
            "supporter_days": days["usual"],
            "supporter_days_most": days["most"],
            "idle_minutes": tables["stations"]["idle"]["minutes"],
        },
        Reference,
        from_attributes=True,
    )


_slot: list[Services] = []


def install(services: Services) -> None:
    """Put the services into the one slot: by the program's lifespan, or by a test's fixture."""
    _slot[:] = [services]


def uninstall() -> None:
    """Empty the slot."""
    _slot.clear()


def installed() -> Services:
    """The services of this process.

    Raises:
        RuntimeError: if nothing was installed.
    """
    if not _slot:
        raise RuntimeError("no services are installed in this process")
    return _slot[0]


def is_installed() -> bool:
    """Whether the slot is filled."""
    return bool(_slot)


def config_from_environment() -> Config:
    """From TASUKI_DATA, _DATABASE_URL, _COUNCIL, _SECOND and _BACKUP_MINUTES."""
    minutes = os.environ.get("TASUKI_BACKUP_MINUTES", "")
    return Config(
        data=Path(os.environ.get("TASUKI_DATA") or ROOT / "data" / "live"),
        council_id=os.environ.get("TASUKI_COUNCIL") or "13210",
        database_url=os.environ.get("TASUKI_DATABASE_URL") or None,
        second=Path(second) if (second := os.environ.get("TASUKI_SECOND")) else None,
        backup_minutes=int(minutes) if minutes.isdecimal() else BACKUP_MINUTES,
    )


def config_for(data: Path, *, drill: str | None = None) -> Config:
    """The environment's configuration for one data folder."""
    return msgspec.structs.replace(config_from_environment(), data=data, drill=drill)
