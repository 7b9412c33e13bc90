"""総務ログ as people read it: open entries by what is due, everything by number, the day's goods and money.

Names, telephones and words come only from queries of the works `general` and `steps`; counts alone are of the
work `view`.
"""

import unicodedata
import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime

import msgspec

from dvc_core.domain.account import Operator
from dvc_core.domain.desk_log import (
    DeskCaller,
    DeskEntry,
    Direction,
    Gift,
    LogKind,
    LogState,
    Texts,
    answer_id,
    line_id,
)
from dvc_core.domain.note import Note
from dvc_core.domain.text import digits
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query

PAGE = 25
MINE_AT_MOST = 20
SHORTEST_PHONE = 4
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""What has no due time comes after everything that has one."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for; what is empty or None fits everything.

    `open_only` sorts by what is due first, else the newest number goes first. `text` is a number (「12」), a
    part of a name or of what was said or answered, or the last digits of a telephone number.
    """

    open_only: bool = True
    kinds: tuple[LogKind, ...] = ()
    section: str | None = None
    day: date | None = None
    text: str = ""


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in a list. `owner` names the person with whom it lies, the 班 is a code of the row."""

    row: DeskEntry
    caller: DeskCaller
    line: str
    owner: str


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page. `more`: the last entry's key, to ask `after` for the next page; None on the last page."""

    lines: tuple[LogLine, ...]
    found: int
    more: tuple[datetime, int] | None


@query("desk_log.list", role="general")
def listed(
    reader: Reader,
    operation_id: uuid.UUID,
    wanted: Wanted | None = None,
    after: tuple[datetime, int] | None = None,
) -> LogPage:
    """The operation's entries that fit, `PAGE` of them behind the key `after`."""
    wanted = wanted or Wanted()
    tests, params = _tests(wanted)
    where = f"FROM desk_log e WHERE e.council_id = $council AND e.operation_id = $operation{tests}"
    count = reader.rows(f"SELECT count(e.id) {where}", operation=operation_id, **params)[0][0]
    behind = ""
    if after is not None and wanted.open_only:
        behind = (
            " AND (COALESCE(e.due_at, $never) > $at OR (COALESCE(e.due_at, $never) = $at "
            "AND e.number > $number))"
        )
        params |= {"at": after[0], "number": after[1]}
    elif after is not None:
        behind = " AND e.number < $number"
        params |= {"number": after[1]}
    order = "e.number DESC NULLS LAST"
    if wanted.open_only:
        order = "COALESCE(e.due_at, $never) NULLS LAST, e.number NULLS LAST"
        params |= {"never": NEVER}
    rows = reader.rows(
        f"SELECT e.id {where}{behind} ORDER BY {order} LIMIT {PAGE + 1}", operation=operation_id, **params
    )
    ids = [row[0] for row in rows]
    lines = _lines(reader, ids[:PAGE])
    last = lines[-1].row if lines and len(ids) > PAGE else None
    return LogPage(
        lines=lines, found=int(count), more=None if last is None else (last.due_at or NEVER, last.number)
    )


def _tests(wanted: Wanted) -> tuple[str, dict[str, object]]:
    tests: list[str] = []
    params: dict[str, object] = {}
    if wanted.open_only:
        tests.append("e.state = $open")
        params["open"] = LogState.OPEN
    if wanted.kinds:
        names = [f"kind{n}" for n in range(len(wanted.kinds))]
        params |= dict(zip(names, wanted.kinds, strict=True))
        tests.append(f"e.kind IN ({', '.join('$' + name for name in names)})")
    if wanted.section is not None:
        tests.append("e.section = $section")
        params["section"] = wanted.section
    if wanted.day is not None:
        tests.append("e.day = $day")
        params["day"] = wanted.day
    if text := wanted.text.replace("%", "").replace("_", "").strip():
        tests.append(_text_test(text, params))
    return "".join(f" AND {test}" for test in tests), params


def _text_test(text: str, params: dict[str, object]) -> str:
    number = digits(text)
    plain = unicodedata.normalize("NFKC", text)
    if number and plain == number and len(number) < SHORTEST_PHONE:
        params["wanted"] = int(number)
        return "e.number = $wanted"
    params["part"] = f"%{text.lower()}%"
    called = ["LOWER(c.who) LIKE $part", "LOWER(c.item) LIKE $part"]
    if len(number) >= SHORTEST_PHONE:
        params["tail"] = f"%{number}"
        called.append("c.phone_key LIKE $tail")
    return (
        "(EXISTS (SELECT c.id FROM desk_caller c WHERE c.council_id = e.council_id AND c.id = e.id "
        f"AND ({' OR '.join(called)})) OR EXISTS (SELECT t.id FROM note_mark m JOIN note t "
        "ON t.council_id = m.council_id AND t.id = m.id WHERE m.council_id = e.council_id "
        "AND m.about = e.id AND LOWER(t.text) LIKE $part))"
    )


def _lines(reader: Reader, ids: Collection[uuid.UUID]) -> tuple[LogLine, ...]:
    rows, callers = reader.many(DeskEntry, ids), reader.many(DeskCaller, ids)
    said = reader.many(Note, [line_id(i) for i in ids])
    people = reader.many(Operator, {row.operator_id for row in rows.values() if row.operator_id})
    return tuple(
        LogLine(
            row=rows[i],
            caller=callers[i],
            line=said[line_id(i)].text if line_id(i) in said else "",
            owner=people[owner].name if (owner := rows[i].operator_id) in people else "",
        )
        for i in ids
        if i in rows and i in callers
    )


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What was noted about an entry: a call back, a handing over, why it was opened again."""

    purpose: str
    at: datetime
    by: str
    text: str


class WholeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with all that belongs to it."""

    line: LogLine
    texts: Texts
    remarks: tuple[Remark, ...]
    written_by: str
    settled_by: str


@query("desk_log.one", role="general")
def one(reader: Reader, entry_id: uuid.UUID) -> WholeEntry | None:
    """An entry with its texts and remarks; None if there is none."""
    found = _lines(reader, [entry_id])
    if not found:
        return None
    row = found[0].row
    notes = reader.many(Note, [answer_id(entry_id)])
    answer = notes[answer_id(entry_id)].text if notes else ""
    names = actors.called(reader, {row.written_by, row.settled_by or row.written_by})
    return WholeEntry(
        line=found[0],
        texts=Texts(line=found[0].line, answer=answer),
        remarks=_remarks(reader, entry_id),
        written_by=names[row.written_by],
        settled_by=names[row.settled_by] if row.settled_by else "",
    )


def _remarks(reader: Reader, entry_id: uuid.UUID) -> tuple[Remark, ...]:
    rows = reader.rows(
        "SELECT m.id, m.purpose, j.occurred_at, j.actor_id FROM note_mark m "
        "JOIN journal j ON j.council_id = m.council_id AND j.subject_id = m.id AND j.version = m.version "
        "WHERE m.council_id = $council AND m.about = $entry "
        "AND m.purpose NOT IN ('desk-line', 'desk-answer') ORDER BY j.seq NULLS LAST",
        entry=entry_id,
    )
    texts = reader.many(Note, [row[0] for row in rows])
    names = actors.called(reader, {str(row[3]) for row in rows})
    return tuple(
        Remark(purpose=str(row[1]), at=row[2], by=names[str(row[3])], text=texts[row[0]].text)
        for row in rows
        if row[0] in texts
    )


@query("desk_log.own", role="steps")
def own(
    reader: Reader, operation_id: uuid.UUID, sections: Collection[str] = (), operator_id: str = ""
) -> tuple[LogLine, ...]:
    """What lies with these 班 or this person and is open, by what is due; at most `MINE_AT_MOST`."""
    tests: list[str] = []
    params: dict[str, object] = {f"section{n}": code for n, code in enumerate(sections)}
    if params:
        tests.append(f"e.section IN ({', '.join('$' + name for name in params)})")
    if person := _uuid(operator_id):
        tests.append("e.operator_id = $person")
        params["person"] = person
    if not tests:
        return ()
    rows = reader.rows(
        "SELECT e.id FROM desk_log e WHERE e.council_id = $council AND e.operation_id = $operation "
        f"AND e.state = $open AND ({' OR '.join(tests)}) "
        f"ORDER BY COALESCE(e.due_at, $never) NULLS LAST, e.number NULLS LAST LIMIT {MINE_AT_MOST}",
        operation=operation_id,
        open=LogState.OPEN,
        never=NEVER,
        **params,
    )
    return _lines(reader, [row[0] for row in rows])


def _uuid(words: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(words)
    except ValueError:
        return None


class LogCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much is open, how much of it is late, how much nobody has taken, and what came in on the day."""

    open: int
    overdue: int
    unowned: int
    today: int


@query("desk_log.counts", role="view")
def counts(reader: Reader, operation_id: uuid.UUID, now: datetime, day: date) -> LogCount:
    """The log in numbers, without a word of it."""
    found = reader.rows(
        "SELECT COALESCE(SUM(CASE WHEN state = $open THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN state = $open AND due_at < $now THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN state = $open AND section IS NULL AND operator_id IS NULL "
        "THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN day = $day THEN 1 ELSE 0 END), 0) "
        "FROM desk_log WHERE council_id = $council AND operation_id = $operation",
        operation=operation_id,
        open=LogState.OPEN,
        now=now,
        day=day,
    )[0]
    return LogCount(open=int(found[0]), overdue=int(found[1]), unowned=int(found[2]), today=int(found[3]))


class GoodsSum(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one thing came or were handed out on the day."""

    item: str
    unit: str
    direction: Direction
    quantity: int
    entries: int


class MoneySum(msgspec.Struct, frozen=True, kw_only=True):
    """One purse on the day: how much, from how many, and for how many a receipt is not yet given."""

    gift: Gift
    amount: int
    entries: int
    without_receipt: int


class DaySums(msgspec.Struct, frozen=True, kw_only=True):
    """The day's goods by thing, and its money, each purse apart."""

    goods: tuple[GoodsSum, ...]
    money: tuple[MoneySum, ...]


@query("desk_log.sums", role="general")
def sums(reader: Reader, operation_id: uuid.UUID, day: date) -> DaySums:
    """Only entries that are goods or money now: one that was put right counts as what it is."""
    goods = reader.rows(
        "SELECT c.item, c.unit, e.direction, SUM(e.quantity), count(e.id) FROM desk_log e "
        "JOIN desk_caller c ON c.council_id = e.council_id AND c.id = e.id "
        "WHERE e.council_id = $council AND e.operation_id = $operation AND e.day = $day "
        "AND e.kind = 'goods' AND e.quantity IS NOT NULL GROUP BY c.item, c.unit, e.direction "
        "ORDER BY c.item NULLS LAST, c.unit NULLS LAST, e.direction DESC NULLS LAST",
        operation=operation_id,
        day=day,
    )
    money = reader.rows(
        "SELECT e.gift, SUM(e.amount), count(e.id), "
        "SUM(CASE WHEN e.receipt = TRUE THEN 0 ELSE 1 END) FROM desk_log e "
        "WHERE e.council_id = $council AND e.operation_id = $operation AND e.day = $day "
        "AND e.kind = 'money' AND e.amount IS NOT NULL GROUP BY e.gift ORDER BY e.gift NULLS LAST",
        operation=operation_id,
        day=day,
    )
    return DaySums(
        goods=tuple(
            GoodsSum(item=item, unit=unit, direction=Direction(way), quantity=int(n), entries=int(each))
            for item, unit, way, n, each in goods
        ),
        money=tuple(
            MoneySum(gift=Gift(gift), amount=int(yen), entries=int(each), without_receipt=int(missing))
            for gift, yen, each, missing in money
        ),
    )


@query("desk_log.people", role="general")
def people(reader: Reader) -> list[tuple[uuid.UUID, str]]:
    """Who may be asked to see to something: people with an account in use, by name."""
    rows = reader.rows(
        "SELECT a.id, o.name FROM account a JOIN operator o ON o.council_id = a.council_id AND o.id = a.id "
        "WHERE a.council_id = $council AND a.disabled_at IS NULL ORDER BY o.name NULLS LAST, a.id NULLS LAST"
    )
    return [(row[0], str(row[1])) for row in rows]
