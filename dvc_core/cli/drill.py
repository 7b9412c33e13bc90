"""`tasuki drill create|list|start`: the same program on its own database, port, cookie, keys (practice 9).

A drill lies in `drill/NAME/` beside the data folder that `--data` means (ordinarily `data/drill/NAME/`), in
a file of its own, on whatever engine the real center runs. Of the real center it takes over the accounts
that may log in right now, with their passwords; reference tables and manuals are the program's own, and so
the same. No person, device, session or key comes along: keys are made new under drill key ids. A running
center reads its own accounts (it holds the database); otherwise they are read from its database. Without one
the drill's first administrator is made with a one-time code, as at every first start.
"""

import argparse
import http.client
import json
import shutil
import socket
import sys
import unicodedata
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from dvc_core import bootstrap
from dvc_core.bootstrap import Config, Services
from dvc_core.cli import remote
from dvc_core.cli.reply import COMMANDS, CliCommand, Reply, refused, standalone, usage
from dvc_core.cli.start import serve_center
from dvc_core.commands.account import Add
from dvc_core.commands.base import Actor, Envelope
from dvc_core.domain.account import Account, Credential, Operator, active
from dvc_core.domain.kernel import Refusal, derive
from dvc_core.i18n import text

LONGEST_NAME = 40
CARD = "drill.json"
"""Beside the database, so that a drill is known without opening a file that its own program holds."""

DATABASE = "tasuki.duckdb"

PORTS = {"port": 8601, "https_port": 8543, "ca_port": 8180}
"""The usual ports of a drill, apart from the center's: an address never leads from one to the other."""
TRIES = 50
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{n}{d}" for n in ("com", "lpt") for d in range(1, 10))})
"""Names that Windows keeps for devices."""

CLI = Actor(id="cli", roles=frozenset({"admin"}))


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """One drill as its card says it. `data` is where it lies."""

    name: str
    database_id: uuid.UUID
    made_at: datetime
    data: Path = Path()


def folder_of(name: str) -> str:
    """The folder's name of a drill: letters and digits of any script, the rest hyphens; '' if none stays.

    Case and full width make no second drill, since some file systems would put both into one folder.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(c if c.isalnum() or c == "_" else " " for c in plain).split()
    folder = "-".join(words)[:LONGEST_NAME].strip("-")
    return f"{folder}-drill" if folder in RESERVED else folder


def drills_of(data: Path) -> Path:
    """Where the drills of a data folder lie."""
    return data.parent / "drill"


def config_of(data: Path, name: str) -> Config:
    """A drill's configuration: its own file, even where the center runs on a server of databases."""
    return msgspec.structs.replace(bootstrap.config_for(data, drill=name), database_url=None)


def read_card(data: Path) -> Drill | None:
    """The drill in a folder, None where there is none."""
    try:
        card = msgspec.json.decode((data / CARD).read_bytes(), type=Drill)
    except (OSError, msgspec.MsgspecError):
        return None
    return msgspec.structs.replace(card, data=data)


def write_card(services: Services) -> Drill:
    """Write who a drill is into its folder."""
    meta = services.database.meta
    card = Drill(name=meta.drill or "", database_id=meta.database_id, made_at=meta.made_at.astimezone(UTC))
    fields = {key: value for key, value in msgspec.structs.asdict(card).items() if key != "data"}
    (services.config.data / CARD).write_bytes(msgspec.json.encode(fields) + b"\n")
    return msgspec.structs.replace(card, data=services.config.data)


def port_of(drill: Drill) -> int | None:
    """Where the drill answers right now, None while it does not run."""
    try:
        said = json.loads((drill.data / remote.RUNNING).read_text(encoding="utf-8"))
        connection = http.client.HTTPConnection("127.0.0.1", int(said["port"]), timeout=2)
        try:
            connection.request("GET", "/health")
            health = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        # A killed program leaves its announcement, and another one may have its port by now.
        return int(said["port"]) if health["database_id"] == str(drill.database_id) else None
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None


def shown(drill: Drill) -> dict[str, Any]:
    """INTERFACES: data, port (None while it does not run), database_id."""
    return {
        "name": drill.name,
        "data": str(drill.data),
        "port": port_of(drill),
        "database_id": str(drill.database_id),
        "made_at": drill.made_at.isoformat(),
    }


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("drill", metavar="NAME", help="訓練の名前（例：秋の設置訓練）")


class _Copied(msgspec.Struct, frozen=True):
    """An account of the real center with what it needs to be the same person's in a drill."""

    account: Account
    operator: Operator
    credential: Credential


def accounts_of(services: Services) -> list[_Copied]:
    """The accounts that may log in right now."""
    now = services.wall.now()
    with services.reader() as reader:
        open_ones = [row for row in reader.find(Account) if active(row, now)]
        ids = [row.id for row in open_ones]
        people, secrets = reader.many(Operator, ids), reader.many(Credential, ids)
    return [
        _Copied(row, people[row.id], secrets[row.id])
        for row in open_ones
        if row.id in people and row.id in secrets
    ]


def _envelope(database_id: uuid.UUID, copied: _Copied) -> Envelope:
    add = Add(
        login=copied.operator.login,
        name=copied.operator.name,
        roles=copied.account.roles,
        password_hash=copied.credential.password,
        one_time=copied.credential.one_time,
        until=copied.account.until,
    )
    command_id = derive(database_id, "drill-account", copied.account.id)
    return Envelope(command_id=command_id, command=add, actor=CLI, station="cli", source="cli")


def make(data: Path, name: str, accounts: list[_Copied]) -> Drill:
    """Make a drill's folder: database, keys under drill key ids, accounts, card."""
    services = bootstrap.build(config_of(data, name))
    try:
        _ = services.keys
        # An administrator first: the register of administrators refuses a center without one.
        chief_first = sorted(accounts, key=lambda each: "admin" not in each.account.roles)
        database_id = services.database.meta.database_id
        if chief_first:
            services.run_all([_envelope(database_id, each) for each in chief_first])
        return write_card(services)
    finally:
        services.close()


def _create(data: Path, name: str, accounts: list[_Copied]) -> Reply:
    folder = folder_of(name)
    printable = all(c.isprintable() for c in name)
    if not folder or not printable or len(name) > LONGEST_NAME:
        return usage("drill-name", most=LONGEST_NAME)
    place = drills_of(data) / folder
    if place.exists():
        return refused(Refusal("drill-exists", {"name": name, "folder": folder}))
    # Made aside and moved when it is whole: a half-made one never looks like a drill.
    aside = place.with_name(f"{folder}.new")
    shutil.rmtree(aside, ignore_errors=True)
    drill = make(aside, name.strip(), accounts)
    aside.rename(place)
    drill = msgspec.structs.replace(drill, data=place)
    words = text("drill.created", name=drill.name, data=str(place), accounts=len(accounts), folder=folder)
    return Reply(fields={**shown(drill), "accounts": len(accounts)}, words=[words])


def create_beside(services: Services, arguments: argparse.Namespace) -> Reply:
    """With the real center's services: its own process when it runs."""
    if services.drill is not None:
        return refused(Refusal("drill-of-drill", {"name": services.drill}))
    return _create(arguments.data, arguments.drill, accounts_of(services))


def create_alone(arguments: argparse.Namespace) -> Reply:
    """With no center running; one that was never started stays unmade."""
    config = bootstrap.config_for(arguments.data)
    if config.database_url is None and not (arguments.data / DATABASE).exists():
        return _create(arguments.data, arguments.drill, [])
    services = bootstrap.build(config)
    try:
        return create_beside(services, arguments)
    finally:
        services.close()


COMMANDS["drill create"] = CliCommand(
    name="drill create",
    help="訓練用のデータベースを作る（利用者だけを写す）",
    arguments=_name,
    work=create_beside,
    alone=create_alone,
)


def _found(data: Path) -> list[Drill]:
    folders = sorted(drills_of(data).glob(f"*/{CARD}"))
    cards = [read_card(path.parent) for path in folders]
    return [card for card in cards if card is not None]


def named(data: Path, name: str) -> Drill | None:
    """The drill of a folder's name, or of the name that its screens show."""
    drill = read_card(drills_of(data) / folder_of(name))
    return drill or next((each for each in _found(data) if each.name == name), None)


@standalone("drill list", "訓練の一覧")
def list_drills(arguments: argparse.Namespace) -> Reply:
    """Every drill with its folder, and the port of those that run."""
    found = [shown(drill) for drill in _found(arguments.data)]
    words = [
        f"{each['name']}\t{each['data']}\t" + (f"{each['port']}" if each["port"] else text("drill.stopped"))
        for each in found
    ]
    return Reply(fields={"drills": found}, words=words or [text("drill.none")])


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--port", type=int, default=None, help="このパソコン用。ふだんは 8601")
    parser.add_argument("--https-port", type=int, default=None, help="タブレット用 (HTTPS)。ふだんは 8543")
    parser.add_argument("--ca-port", type=int, default=None, help="証明書を配るポート。ふだんは 8180")


def _free(first: int) -> int:
    """The first port from `first` on that nothing listens on."""
    for number in range(first, first + TRIES):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            if tried.connect_ex(("127.0.0.1", number)) != 0:
                return number
    return first


@standalone("drill start", "訓練を起動する", _start_arguments, speaks_itself=True)
def start(arguments: argparse.Namespace) -> Reply:
    """Serve a drill until SIGTERM or Ctrl-C, as `start` does the center."""
    drill = named(arguments.data, arguments.drill)
    if drill is None:
        return spoken(usage("drill-unknown", name=arguments.drill), arguments)
    for name, first in PORTS.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, _free(first))
    return serve_center(arguments, config_of(drill.data, drill.name))


def spoken(reply: Reply, arguments: argparse.Namespace) -> Reply:
    """Say an answer of a command that speaks for itself."""
    if arguments.json:
        print(json.dumps(reply.answer(), ensure_ascii=False), flush=True)
    else:
        for problem in reply.problems:
            sys.stderr.write(f"{problem['message']} {problem['hint']}\n")
    return reply
