"""クロノロジー: every entry in words, filtered, in pages; the journal's head for the printed one."""

import typing
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any, get_args

import msgspec

from dvc_core.domain.attendance import Attendance
from dvc_core.domain.calling import Calling
from dvc_core.domain.consent import Consent
from dvc_core.domain.desk_log import DeskEntry
from dvc_core.domain.gate_check import GateCheck
from dvc_core.domain.kernel import Event, event_kinds
from dvc_core.domain.need import Need
from dvc_core.domain.note import Note
from dvc_core.domain.recall import Recall
from dvc_core.domain.referral import Referral
from dvc_core.domain.refused import CommandRefused
from dvc_core.domain.sticker import Sticker, StickerAt
from dvc_core.domain.survey import SiteSurvey
from dvc_core.domain.team import Team, Tool
from dvc_core.domain.visit import Visit
from dvc_core.domain.volunteer import Card, Volunteer
from dvc_core.i18n import has_text, text
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query
from dvc_core.queries.counting import called as called_by
from dvc_core.queries.counting import counting
from dvc_core.queries.entries import event_of

PAGE = 100
TOKYO = timezone(timedelta(hours=9))
QUIET = (
    "note.written",
    "series.number_taken",
    "intake.place_taken",
    "tool_loan.changed",
    "team_member.joined",
    "calling.held",
    "calling.put_back",
    "calling.tried",
)
"""Entries that only count something which another entry of the same act already says."""

TOPICS: dict[str, tuple[str, ...]] = {
    "setup": ("operation.", "manual_", "step.", "day."),
    "reception": ("attendance.", "volunteer", "person.", "card.", "intake."),
    "needs": (
        "need.",
        "visit.",
        "referral.",
        "site_survey.",
        "survey_waiver.",
        "calling.",
        "consent.",
        "sticker",
        "gate_check.",
        "graded_area.",
    ),
    "dispatch": ("team", "tool", "recall."),
    "general": ("desk_log.", "answers."),
    "bcp": ("business_function.", "talk."),
    "other": (
        "list.",
        "review.",
        "account.",
        "kiosk.",
        "station.",
        "supporter.",
        "command.",
        "note.",
        "administrators.",
        "board",
        "council_key.",
    ),
}


WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("note.written", "purpose"): ("value.purpose",),
    ("referral.made", "to"): ("need.refer",),
    ("referral.made", "reason"): ("need.reason",),
    ("review.raised", "reason"): ("review", "scan.review"),
    ("review.raised", "station"): ("value.source",),
    ("list.row_taken", "of"): ("value.list",),
}
"""Where the catalogue has the words of an entry's codes that are no enum; the rest is called by its data."""


OF_NEED: tuple[type[Any], ...] = (Visit, Calling, SiteSurvey, Consent, Referral)
"""Subjects that are told by the number of their need."""

NAMED = {"person.merged": ("into",), "review.proposed": ("about", "other")}
"""Fields that hold a registration and are told by its number; in facts of a day, the one that was shown."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in words. `corrects` is the entry that it supersedes."""

    seq: int
    entry_id: uuid.UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    words: str
    actor: str
    station: str
    source: str
    corrects: uuid.UUID | None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's head, for every printed chronology: a cut tail is seen by it."""

    seq: int
    hash: str


@query("chronology.head", role="view")
def head(reader: Reader) -> Head:
    """The last entry's number and hash."""
    row = reader.rows("SELECT seq, hash FROM journal_head WHERE council_id = $council")
    return Head(seq=int(row[0][0]), hash=str(row[0][1])) if row else Head(seq=0, hash="")


@query("chronology.lines", role="view")
def lines(
    reader: Reader,
    *,
    operation_id: uuid.UUID | None = None,
    before: int | None = None,
    limit: int = PAGE,
    topic: str | None = None,
    quiet: bool = False,
    day: date | None = None,
    called: dict[str, str] | None = None,
) -> list[Line]:
    """Newest first, below `before`. `topic` is one of TOPICS; `quiet` brings the counting entries too.

    `day` asks for what happened on that day of the calendar, whenever it was written down.

    `called` are the names of codes that the journal knows nothing of: steps and functions of the manuals in
    use, tools, works. A code without a name stays a code.
    """
    tests, params = _filter(operation_id, topic, quiet=quiet, day=day)
    rows = reader.rows(
        "SELECT seq, entry_id, kind, subject_id, occurred_at, recorded_at, actor_id, station, source, "
        f"schema, body, supersedes FROM journal WHERE council_id = $council AND seq < $before{tests} "
        "ORDER BY seq DESC NULLS LAST LIMIT $limit",
        before=before if before is not None else 2**62,
        limit=limit,
        **params,
    )
    events = [event_of(row[2], row[3], row[9], row[10]) for row in rows]
    called = dict(called or {})
    labels = _labels(reader, events, called)
    called |= {str(i): label for i, label in labels.items()}
    names = actors.called(reader, {str(row[6]) for row in rows})
    return [
        Line(
            seq=int(row[0]),
            entry_id=row[1],
            kind=row[2],
            occurred_at=row[4],
            recorded_at=row[5],
            words=words_of(event, labels.get(event.id, ""), called),
            actor=names[str(row[6])],
            station=row[7],
            source=row[8],
            corrects=row[11],
        )
        for row, event in zip(rows, events, strict=True)
    ]


@query("chronology.corrections", role="view")
def corrections(reader: Reader, entry_ids: Sequence[uuid.UUID] = ()) -> dict[uuid.UUID, str]:
    """What was written to correct these entries, by the corrected entry."""
    names = {f"about{n}": entry_id for n, entry_id in enumerate(entry_ids)}
    if not names:
        return {}
    marks = reader.rows(
        "SELECT id, about FROM note_mark WHERE council_id = $council "
        f"AND about IN ({', '.join('$' + name for name in names)}) ORDER BY id NULLS LAST",
        **names,
    )
    texts = reader.many(Note, [mark[0] for mark in marks])
    return {mark[1]: texts[mark[0]].text for mark in marks if mark[0] in texts}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """So many entries from one number to another: what is printed at once."""

    first: int
    last: int
    count: int


@query("chronology.parts", role="view")
def parts(
    reader: Reader, size: int, *, topic: str | None = None, quiet: bool = False, day: date | None = None
) -> list[Part]:
    """All entries that a filter finds, oldest first, in parts of at most `size`: none is left out."""
    tests, params = _filter(None, topic, quiet=quiet, day=day)
    rows = reader.rows(
        "SELECT min(f.seq), max(f.seq), count(*) FROM (SELECT seq, "
        "FLOOR((row_number() OVER (ORDER BY seq NULLS LAST) - 1) / CAST($size AS DOUBLE PRECISION)) AS part "
        f"FROM journal WHERE council_id = $council{tests}) AS f "
        "GROUP BY f.part ORDER BY f.part NULLS LAST",
        **params,
        size=max(size, 1),
    )
    return [Part(first=int(first), last=int(last), count=int(count)) for first, last, count in rows]


@query("chronology.days", role="view")
def days(reader: Reader) -> list[date]:
    """From the first day on which something happened to the last one."""
    row = reader.rows("SELECT min(occurred_at), max(occurred_at) FROM journal WHERE council_id = $council")[0]
    if row[0] is None:
        return []
    first, last = (moment.astimezone(TOKYO).date() for moment in row)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _filter(
    operation_id: uuid.UUID | None, topic: str | None, *, quiet: bool, day: date | None = None
) -> tuple[str, dict[str, object]]:
    sql, params = "", dict[str, object]()
    if day is not None:
        sql += " AND occurred_at >= $begin AND occurred_at < $end"
        midnight = datetime.combine(day, time(), TOKYO)
        params |= {"begin": midnight, "end": midnight + timedelta(days=1)}
    if operation_id is not None:
        sql += " AND operation_id = $operation"
        params["operation"] = operation_id
    if topic in TOPICS:
        parts = []
        for n, begin in enumerate(TOPICS[str(topic)]):
            parts.append(f"kind LIKE $kind{n}")
            params[f"kind{n}"] = f"{begin}%"
        sql += f" AND ({' OR '.join(parts)})"
    if not quiet:
        listed = ", ".join(f"$quiet{n}" for n in range(len(QUIET)))
        sql += f" AND kind NOT IN ({listed})"
        params |= {f"quiet{n}": kind for n, kind in enumerate(QUIET)}
    return sql, params


def words_of(event: Event, subject: str, called: Mapping[str, str] = {}) -> str:
    """An entry in words: codes become words, times the center's own, `subject` a number and never a name."""
    facts: dict[str, object] = {"subject": subject}
    for name in event.__struct_fields__:
        facts[name] = _code(event.kind, name, getattr(event, name), called)
    if isinstance(event, CommandRefused) and has_text(f"refusal.{event.code}"):
        facts["code"] = text(f"refusal.{event.code}", **event.facts)
    flags = [_value("flag", flag) for flag in getattr(event, "flags", ())]
    doubts = f"〔{'・'.join(flags)}〕" if flags else ""
    by = text("merge.by", number=facts["shown"]) if facts.get("shown") not in (None, "なし") else ""
    return text(f"event.{event.kind}", **facts) + by + doubts


def _code(kind: str, name: str, value: object, called: Mapping[str, str]) -> object:
    if isinstance(value, uuid.UUID):
        return called.get(str(value), value)
    if value is None and has_text(f"value.none.{kind}.{name}"):
        return text(f"value.none.{kind}.{name}")
    if isinstance(value, tuple):
        return "、".join(str(_code(kind, name, each, called)) for each in value)
    if isinstance(value, msgspec.Struct):
        inner = [getattr(value, field) for field in value.__struct_fields__]
        return " ".join(
            str(_code(kind, name, each, called))
            for each in inner
            if each is not None and not isinstance(each, bool)
        )
    if type(value) is not str:
        return _fact(value)
    keys = [f"{table}.{value}" for table in WORDS.get((kind, name), ())]
    known = next((key for key in keys if has_text(key)), None)
    return text(known) if known else called.get(value, value)


def _fact(value: object) -> object:
    if isinstance(value, StrEnum):
        return _value(_dashed(type(value).__name__), value.value)
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).strftime("%m/%d %H:%M")
    if isinstance(value, date):
        return value.strftime("%m/%d")
    if isinstance(value, bool):
        return "○" if value else "×"
    return "なし" if value is None else value


def _value(prefix: str, code: str) -> str:
    key = f"value.{prefix}.{code}"
    return text(key) if has_text(key) else code


def _dashed(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() and n else c.lower() for n, c in enumerate(name))


def enum_words() -> Iterable[str]:
    """Every `value.` key that the events' fields can ask for (a test holds the catalogue to them)."""
    for cls in event_kinds().values():
        for hint in typing.get_type_hints(cls).values():
            for each in (hint, *get_args(hint)):
                if isinstance(each, type) and issubclass(each, StrEnum):
                    yield from (f"value.{_dashed(each.__name__)}.{member.value}" for member in each)


def _labels(reader: Reader, events: list[Event], called: Mapping[str, str]) -> dict[uuid.UUID, str]:
    by_subject: dict[type[Any], set[uuid.UUID]] = {}
    for event in events:
        by_subject.setdefault(type(event).subject, set()).add(event.id)

    def get(cls: type[Any], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
        return reader.many(cls, ids)

    days = get(Attendance, by_subject.get(Attendance, set()))
    cards = get(Card, by_subject.get(Card, set()))
    of_needs = {i: row.need_id for cls in OF_NEED for i, row in get(cls, by_subject.get(cls, set())).items()}
    named: set[uuid.UUID] = set()
    for event in events:
        fields = NAMED.get(event.kind, ("shown",))
        named |= {i for field in fields if (i := getattr(event, field, None)) is not None}
    ids = (
        by_subject.get(Volunteer, set())
        | named
        | {day.volunteer_id for day in days.values()}
        | {card.volunteer_id for card in cards.values()}
    )
    people, counts = get(Volunteer, ids), counting(reader, ids)
    needs = get(Need, by_subject.get(Need, set()) | set(of_needs.values()))
    teams = get(Team, by_subject.get(Team, set()))
    tools = get(Tool, by_subject.get(Tool, set()))
    logged = get(DeskEntry, by_subject.get(DeskEntry, set()))
    hanging = _hanging(reader, by_subject)
    recalls = get(Recall, by_subject.get(Recall, set()))
    teams |= get(Team, {recall.team_id for recall in recalls.values()})
    needs |= get(Need, {need_id for at in hanging.values() for need_id in at})

    def person(volunteer_id: uuid.UUID) -> str:
        row = people.get(volunteer_id)
        return f"受付 {called_by(row, counts[row.id])}" if row else "受付 ?"

    def need(need_id: uuid.UUID) -> str:
        return f"ニーズ N-{needs[need_id].number:03d}" if need_id in needs else "ニーズ ?"

    return {
        **{i: person(day.volunteer_id) for i, day in days.items()},
        **{i: person(card.volunteer_id) for i, card in cards.items()},
        **{i: person(i) for i in by_subject.get(Volunteer, set()) | named},
        **{i: need(i) for i in by_subject.get(Need, set())},
        **{i: need(need_id) for i, need_id in of_needs.items()},
        **{i: f"班 {team.number}" for i, team in teams.items()},
        **{i: called.get(tool.code, tool.code) for i, tool in tools.items()},
        **{i: f"総務 {row.number}" for i, row in logged.items()},
        **{i: "・".join(need(each) for each in at) or "ニーズなしの家" for i, at in hanging.items()},
        **{i: f"班 {teams[row.team_id].number}" for i, row in recalls.items() if row.team_id in teams},
    }


def _hanging(
    reader: Reader, by_subject: Mapping[type[Any], set[uuid.UUID]]
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The needs that papers and checks speak of, by the subject of the entry."""
    found = {row.id: [row.need_id] for row in reader.many(GateCheck, by_subject.get(GateCheck, ())).values()}
    given = reader.many(StickerAt, by_subject.get(StickerAt, ()))
    found |= {row.id: [row.need_id] for row in given.values()}
    for sticker in by_subject.get(Sticker, ()):
        found[sticker] = [at.need_id for at in reader.find(StickerAt, sticker_id=sticker) if not at.apart]
    return found
