"""Reads inside one transaction: rows by id, rows by equal columns, and queries in the neutral subset."""

import uuid
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from dvc_core.domain.kernel import Stored
from dvc_core.store import journal
from dvc_core.store.engine import Connection
from dvc_core.store.kept import KEPT, LONGEST_LIST, KeptRows, Key, Question
from dvc_core.store.schema import from_row, select_columns

T = TypeVar("T", bound=Stored)


class StoreReader:
    """A `ports.Reader` over one connection; with kept rows it asks only for what is not known."""

    def __init__(self, connection: Connection, council_id: str, kept: KeptRows | None = None) -> None:
        self.connection = connection
        self.council_id = council_id
        self._kept = kept
        self._began: journal.Head | None = None

    def get(self, cls: type[T], row_id: uuid.UUID) -> T | None:
        """The row, or None."""
        return self.many(cls, (row_id,)).get(row_id)

    def many(self, cls: type[T], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, T]:
        """The rows that exist among `ids`, in one statement."""
        wanted = list(dict.fromkeys(ids))
        kept = self._kept_of(cls)
        known: dict[uuid.UUID, Any] = (
            dict(kept.rows(self._head_now(), cls, wanted)) if kept and wanted else {}
        )
        if missing := [i for i in wanted if i not in known]:
            read = self._select(cls, missing)
            known.update({i: read.get(i) for i in missing})
            if kept:
                self._note({(cls, i): read.get(i) for i in missing}, {})
        return {i: known[i] for i in wanted if known[i] is not None}

    def find(self, cls: type[T], **equal: object) -> list[T]:
        """All rows whose columns equal the given values (None: is null), ordered by id."""
        kept = self._kept_of(cls)
        question = (cls, tuple(sorted(equal.items())))
        known: list[Any] | None = kept.found(self._head_now(), question) if kept else None
        if known is None:
            known = self._search(cls, equal)
            if kept and len(known) <= LONGEST_LIST:
                self._note({(cls, row.id): row for row in known}, {question: tuple(row.id for row in known)})
        return known

    def _kept_of(self, cls: type[Stored]) -> KeptRows | None:
        """The kept rows, if they may speak for this table."""
        return self._kept if issubclass(cls, KEPT) else None

    def _note(self, read: dict[Key, Stored | None], lists: dict[Question, tuple[uuid.UUID, ...]]) -> None:
        if self._kept is not None:
            self._kept.offer(self._head_now(), read, lists)

    def _head_now(self) -> journal.Head:
        """Where the journal stood when this reader first asked."""
        if self._began is None:
            self._began = journal.head(self.connection, self.council_id)
        return self._began

    def _select(self, cls: type[T], ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, T]:
        names = [f"i{n}" for n in range(len(ids))]
        found = self.connection.rows(
            f"SELECT {select_columns(cls)} FROM {cls.table} WHERE council_id = $council AND id IN "
            f"({', '.join('$' + name for name in names)})",
            {"council": self.council_id, **dict(zip(names, ids, strict=True))},
        )
        return {row.id: row for row in (from_row(cls, values) for values in found)}

    def _search(self, cls: type[T], equal: dict[str, object]) -> list[T]:
        tests = [f'"{n}" IS NULL' if v is None else f'"{n}" = $q_{n}' for n, v in equal.items()]
        params = {f"q_{name}": _param(value) for name, value in equal.items() if value is not None}
        where = " AND ".join(["council_id = $council", *tests])
        found = self.connection.rows(
            f"SELECT {select_columns(cls)} FROM {cls.table} WHERE {where} ORDER BY id NULLS LAST",
            {"council": self.council_id, **params},
        )
        return [from_row(cls, values) for values in found]

    def rows(self, sql: str, **params: object) -> Sequence[tuple[Any, ...]]:
        """A query in the neutral subset; `$council` is bound where the text names it."""
        bound = {name: _param(value) for name, value in params.items()}
        if "$council" in sql:
            bound["council"] = self.council_id
        return self.connection.rows(sql, bound)


def _param(value: object) -> object:
    return str(value.value) if isinstance(value, StrEnum) else value
