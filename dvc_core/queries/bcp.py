"""業務継続: every function's state with the talk behind it."""

import uuid

import msgspec

from dvc_core.domain.bcp import BusinessFunction, Talk, TalkWords
from dvc_core.ports import Reader
from dvc_core.queries.base import query


class FunctionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One function that was touched in the operation."""

    row: BusinessFunction
    talks: int


class TalkLine(msgspec.Struct, frozen=True, kw_only=True):
    """One talk with its words; for BCP事務局 only."""

    talk: Talk
    words: TalkWords | None


@query("business_functions.states", role="view")
def states(reader: Reader, operation_id: uuid.UUID) -> list[FunctionLine]:
    """The functions whose state was set, with the number of talks about each."""
    counts: dict[str, int] = {}
    for talk in reader.find(Talk, operation_id=operation_id):
        counts[talk.function] = counts.get(talk.function, 0) + 1
    rows = reader.find(BusinessFunction, operation_id=operation_id)
    return [
        FunctionLine(row=row, talks=counts.get(row.code, 0)) for row in sorted(rows, key=lambda r: r.code)
    ]


@query("talks.list", role="bcp")
def talks(reader: Reader, operation_id: uuid.UUID) -> list[TalkLine]:
    """Every talk of the operation, the newest first."""
    found = reader.find(Talk, operation_id=operation_id)
    words = reader.many(TalkWords, [talk.id for talk in found])
    lines = [TalkLine(talk=talk, words=words.get(talk.id)) for talk in found]
    return sorted(lines, key=lambda line: line.talk.held_at, reverse=True)
