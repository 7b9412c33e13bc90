"""`tasuki drill create|list|start`: the same program on its own database, port, cookie and keys (practice 9).

A drill lies in `drill/NAME/` beside the data folder that `--data` means (ordinarily `data/drill/NAME/`), always
in a file of its own, on whatever engine the real center runs. Of the real center it takes over the accounts
that may log in right now, with their passwords; reference tables and manuals are the program's own, and so the
same. No person, device, session or key comes along: keys are made new under drill key ids. A running center
reads its own accounts (the database is held by it); otherwise they are read from its database. Without one the
drill's first administrator is made with a one-time code, as at every first start.
"""

import argparse
import socket
import unicodedata
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from dvc_core import bootstrap
from dvc_core.bootstrap import Config, Services
from dvc_core.cli import remote
from dvc_core.cli.reply import COMMANDS, CliCommand, Reply, command, refused, standalone, usage
from dvc_core.cli.start import serve_center
from dvc_core.commands.account import Add
from dvc_core.commands.base import Actor, Envelope
from dvc_core.domain.account import Account, Credential, Operator, active
from dvc_core.domain.kernel import Refusal, derive
from dvc_core.i18n import text

LONGEST_NAME = 40
CARD = "drill.json"
"""Beside the database, so that a drill is known without opening a file that its own program holds."""

PORTS = {"port": 8601, "https_port": 8543, "ca_port": 8180}
"""The usual ports of a drill, apart from the center's, so that an address never leads from one to the other."""
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
    """The folder's name of a drill: letters and digits of any script, the rest as one hyphen; '' if none stays.

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
    card = Drill(
        name=meta.drill or "", database_id=meta.database_id, made_at=meta.made_at.astimezone(UTC)
    )
    fields = {key: value for key, value in msgspec.structs.asdict(card).items() if key != "data"}
    (services.config.data / CARD).write_bytes(msgspec.json.encode(fields) + b"\n")
    return msgspec.structs.replace(card, data=services.config.data)


def shown(drill: Drill) -> dict[str, Any]:
    """INTERFACES: data, port (None while it does not run), database_id."""
    return {
        "name": drill.name,
        "data": str(drill.data),
        "port": remote.port_of(drill.data) if hasattr(remote, "port_of") else None,
        "database_id": str(drill.database_id),
        "made_at": drill.made_at.isoformat(),
    }
