"""A real PostgreSQL server for the tests, and a fresh database in it for each test that asks.

It runs as another user where the tests run as root (PostgreSQL refuses root), on a free port of 127.0.0.1,
with its data in a folder of its own that this user can enter, and is stopped by its pid.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.ports import free_ports
from tests.support.waiting import until

ADMIN, OWNER = "admin", "tasuki"
"""The server's superuser, and the program's login: the owner of its database, without special rights."""

# The tests' data may be lost with the machine, but not with the process: no fsync, yet a real commit.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


def _binaries() -> Path:
    """The folder of `initdb` and `postgres`: Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL's server is not installed; `python tasks.py test` says how")
    return found[-1].parent


def _owner() -> dict[str, Any]:
    """How to start a process as a user that PostgreSQL accepts."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class PostgresServer:
    """One server; `kill` and `start` let a test pull the plug and come back."""

    def __init__(self, folder: Path, *, sync: bool = False) -> None:
        """`sync`: a commit waits for the disk, as on a real server."""
        self._settings = {**SETTINGS, "fsync": "on", "full_page_writes": "on"} if sync else SETTINGS
        self.folder = folder
        self.log = folder / "server.log"
        self.port = free_ports(1)[0]
        self._data = folder / "data"
        self._as_owner = _owner()
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"tasuki_{number:04d}" for number in itertools.count(1))

    def create(self) -> None:
        """Make the data folder."""
        self.folder.chmod(0o755)
        self._data.mkdir(mode=0o700)
        if "user" in self._as_owner:
            os.chown(self._data, self._as_owner["user"], self._as_owner["group"])
        command = [str(_binaries() / "initdb"), "-D", str(self._data), "-U", ADMIN, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_owner)
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(_binaries() / "postgres"), "-D", str(self._data), "-p", str(self.port), *options]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_owner
            )
        until(self._answers, seconds=60, what="PostgreSQL")
        self._command(
            f"DO 'BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ''{OWNER}'') "
            f"THEN CREATE ROLE {OWNER} LOGIN; END IF; END'"
        )

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended: {self.log.read_text(encoding='utf-8', errors='replace')}")
        try:
            psycopg.connect(self.url("postgres", ADMIN), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str, user: str = OWNER) -> str:
        """The address of one database, as TASUKI_DATABASE_URL takes it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def _command(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres", ADMIN), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create_database(self) -> str:
        """A new empty database in C collation; answers its address."""
        name = next(self._names)
        self._command(
            f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' "
            "LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._command(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def kill(self) -> None:
        """End the server at once, as a pulled plug ends it: its data needs recovery at the next start.

        SIGQUIT, not SIGKILL: the postmaster alone would die of that and leave its children behind.
        """
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """Stop the server in order."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test session."""
    folder = Path(tempfile.mkdtemp(prefix="tasuki-postgres-"))
    server = PostgresServer(folder)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def new_postgres_url(postgres_server: PostgresServer) -> Iterator[Callable[[], str]]:
    """Makes fresh databases, as many as a test asks for, and removes them after it."""
    made: list[str] = []

    def create() -> str:
        made.append(postgres_server.create_database())
        return made[-1]

    yield create
    for url in made:
        postgres_server.drop_database(url)


@pytest.fixture
def postgres_url(new_postgres_url: Callable[[], str]) -> str:
    """The address of one fresh, empty database."""
    return new_postgres_url()
