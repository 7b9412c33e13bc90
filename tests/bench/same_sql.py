"""A command's own statements said once more by the driver alone: the difference is what our code adds."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

import duckdb
import psycopg

from dvc_core.store.engine import Connection, Engine, Lines, Said
from dvc_core.store.peers import CHANNEL, word
from dvc_core.store.postgres import to_psycopg

NOTIFY = "SELECT pg_notify($channel, $word)"
"""What a commit tells other processes, in one round trip with it."""


class _Heard:
    """A connection that notes what it is told; the transaction's BEGIN and COMMIT are not among it."""

    def __init__(self, connection: Connection, told: list[list[Said]], *, alone: bool) -> None:
        self._connection = connection
        self._told = told
        self._alone = alone
        self.for_update = connection.for_update

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        self._told.append([(sql, params)])
        return self._connection.rows(sql, params)

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        self._told.append([(sql, params)])
        return self._connection.run(sql, params)

    def run_all(self, statements: Sequence[Said | Lines]) -> list[int]:
        self._told.append([each.said() if isinstance(each, Lines) else each for each in statements])
        return self._connection.run_all(statements)

    def commit(self, *, told: int | None = None) -> None:
        if told is not None and not self._alone:
            self._told.append([(NOTIFY, {"channel": CHANNEL, "word": word(told)})])
        self._connection.commit(told=told)


@contextmanager
def heard(engine: Engine) -> Iterator[list[list[Said]]]:
    """What the engine's writers say while inside, one list for what goes out together."""
    told: list[list[Said]] = []
    plain = engine.write

    @contextmanager
    def write() -> Iterator[Connection]:
        with plain() as connection:
            yield _Heard(connection, told, alone=engine.sole_writer)

    engine.write = write  # type: ignore[method-assign]
    try:
        yield told
    finally:
        engine.write = plain  # type: ignore[method-assign]


class Bare:
    """A driver's connection to a database of its own, saying what it is given in one transaction."""

    def __init__(self, where: str | Path, council_id: str) -> None:
        self._duck = duckdb.connect(str(where)) if isinstance(where, Path) else None
        self._server = psycopg.connect(where, autocommit=True) if isinstance(where, str) else None
        if self._server is not None:
            self._server.execute("SELECT set_config('tasuki.council', %s, false)", (council_id,))

    def say(self, groups: Sequence[Sequence[Said]]) -> None:
        """All groups and the commit."""
        if self._duck is not None:
            self._duck.execute("BEGIN TRANSACTION")
            for sql, params in (each for group in groups for each in group):
                self._duck.execute(sql, dict(params) or None).fetchall()
            self._duck.execute("COMMIT")
            return
        assert self._server is not None
        first: list[Said] = [("BEGIN", {})]
        for group in groups:
            last: list[Said] = [("COMMIT", {})] if group is groups[-1] and group[0][0] == NOTIFY else []
            statements = [*first, *group, *last]
            first = []
            with self._server.pipeline() if len(statements) > 1 else nullcontext():
                answers = [
                    self._server.execute(cast("Any", to_psycopg(sql)), dict(params) or None)
                    for sql, params in statements
                ]
            for answer in answers:
                if answer.description:
                    answer.fetchall()
        if not last:
            self._server.execute("COMMIT")

    def close(self) -> None:
        """End it."""
        for each in (self._duck, self._server):
            if each is not None:
                each.close()
