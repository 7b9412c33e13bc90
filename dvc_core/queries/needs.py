"""What the needs desk looks up: needs by any sign, one household's duplicates, referrals.

Names, telephones and places come only from queries of the role `needs`; the counts, with the open crises, are
of the role `view`. The map's points: `queries.needs_map`; visits,
surveys and calls: `queries.visits`, `queries.surveys`, `queries.calls`.
"""

import unicodedata
import uuid
from datetime import datetime

import msgspec

from dvc_core.domain.consent import Consent
from dvc_core.domain.need import Need, NeedState, Priority, Site
from dvc_core.domain.note import Note
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.referral import Referral
from dvc_core.domain.text import address_key, digits, kana
from dvc_core.domain.visit import Visit
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query
from dvc_core.queries.need_lines import NeedLine, lines_of

PAGE = 25
"""Needs on one page of the list."""

SAME_AT_MOST = 10
SHORTEST_PHONE = 4
LARGEST_NUMBER = 10_000_000
NEAR = 0.0003
"""Degrees, about 30 m: a point set by hand this close is perhaps the same house."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of needs is asked for; what is empty or None fits everything.

    `hazard` is the building's colour, whoever named it; `shut`: the safety gate lets nobody through.
    `text` is a number (「12」, 「N-012」), the beginning of a name or kana, the last digits of a telephone
    number (at least four), or a part of an address.
    """

    states: tuple[NeedState, ...] = ()
    priority: Priority | None = None
    hazard: HazardGrade | None = None
    shut: bool = False
    town: str | None = None
    text: str = ""


class NeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the list, the newest number first. `more`: the number to ask `before` for the next page."""

    lines: tuple[NeedLine, ...]
    found: int
    more: int | None


@query("needs.list", role="needs")
def listed(
    reader: Reader, operation_id: uuid.UUID, wanted: Wanted | None = None, before: int | None = None
) -> NeedPage:
    """The operation's needs that fit, newest first, `PAGE` of them below the number `before`."""
    tests, params = _tests(wanted or Wanted())
    where = (
        "FROM need n JOIN site s ON s.council_id = n.council_id AND s.id = n.id "
        f"WHERE n.council_id = $council AND n.operation_id = $operation{tests}"
    )
    found = reader.rows(f"SELECT count(n.id) {where}", operation=operation_id, **params)[0][0]
    rows = reader.rows(
        f"SELECT n.id {where} AND n.number < $before ORDER BY n.number DESC NULLS LAST LIMIT {PAGE + 1}",
        operation=operation_id,
        before=LARGEST_NUMBER if before is None else before,
        **params,
    )
    ids = [row[0] for row in rows]
    lines = lines_of(reader, ids[:PAGE])
    return NeedPage(
        lines=lines,
        found=int(found),
        more=lines[-1].need.number if len(ids) > PAGE else None,
    )


def _tests(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The list's conditions as SQL with their parameters."""
    tests: list[str] = []
    params: dict[str, object] = {}
    if wanted.states:
        names = [f"state{n}" for n in range(len(wanted.states))]
        params |= dict(zip(names, wanted.states, strict=True))
        tests.append(f"n.state IN ({', '.join('$' + name for name in names)})")
    columns = {"priority": "n.priority", "hazard": "COALESCE(n.graded, n.hazard)"}
    for name, value in (("priority", wanted.priority), ("hazard", wanted.hazard)):
        if value is not None:
            params[name] = value
            tests.append(f"{columns[name]} = ${name}")
    if wanted.shut:
        tests.append("n.gate IN ('held', 'closed')")
    if wanted.town is not None:
        params["town"] = wanted.town
        tests.append("s.town = $town")
    if text := _literal(wanted.text.strip()):
        tests.append(_text_test(text, params))
    return "".join(f" AND {test}" for test in tests), params


def _text_test(text: str, params: dict[str, object]) -> str:
    number = digits(text)
    plain = unicodedata.normalize("NFKC", text).upper().removeprefix("N").strip("- ー")
    if number and plain == number and len(number) < SHORTEST_PHONE:
        params["number"] = int(number)
        return "n.number = $number"
    params["name"] = f"{text}%"
    tests = ["s.name LIKE $name"]
    if reading := kana(text).replace(" ", ""):
        params["kana"] = f"{reading}%"
        tests.append("REPLACE(s.kana, ' ', '') LIKE $kana")
    if place := address_key(text):
        params["place"] = f"%{place}%"
        tests.append("s.address_key LIKE $place")
    if len(number) >= SHORTEST_PHONE:
        params["tail"] = f"%{number}"
        tests.append("s.phone_key LIKE $tail")
    return f"({' OR '.join(tests)})"


def _literal(text: str) -> str:
    """Without the wildcards of LIKE."""
    return text.replace("%", "").replace("_", "")


@query("needs.towns", role="needs")
def towns(reader: Reader, operation_id: uuid.UUID) -> list[str]:
    """The towns that the operation's needs stand in, for the filter."""
    rows = reader.rows(
        "SELECT DISTINCT s.town FROM site s JOIN need n ON n.council_id = s.council_id AND n.id = s.id "
        "WHERE s.council_id = $council AND n.operation_id = $operation AND s.town <> '' "
        "ORDER BY s.town NULLS LAST",
        operation=operation_id,
    )
    return [str(row[0]) for row in rows]


REMAINING = (NeedState.RECEIVED, NeedState.SURVEYED, NeedState.READY, NeedState.ON_HOLD)


class NeedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The operation's needs in numbers, none of them a person."""

    states: dict[NeedState, int]
    crisis_open: int
    referrals_open: int
    held: int
    without_place: int

    @property
    def total(self) -> int:
        """All needs that were taken in."""
        return sum(self.states.values())

    @property
    def remaining(self) -> int:
        """Those that are still to be done."""
        return sum(self.states[state] for state in REMAINING)

    @property
    def done(self) -> int:
        """Those that are done, by the resident's word or by the team's."""
        return self.states[NeedState.DONE] + self.states[NeedState.NEARLY_DONE]


@query("needs.counts", role="view")
def counts(reader: Reader, operation_id: uuid.UUID) -> NeedCounts:
    """Needs by state, open referrals with 危機介入 apart, live needs that are held or have no point yet."""
    by_state = dict.fromkeys(NeedState, 0)
    held = nowhere = 0
    for state, number, holding, lost in reader.rows(
        "SELECT state, count(id), "
        "SUM(CASE WHEN gate IN ('held', 'closed') THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN lat IS NULL THEN 1 ELSE 0 END) "
        "FROM need WHERE council_id = $council AND operation_id = $operation "
        "GROUP BY state ORDER BY state NULLS LAST",
        operation=operation_id,
    ):
        by_state[NeedState(state)] = int(number)
        if NeedState(state) in LIVE:
            held += int(holding)
            nowhere += int(lost)
    crisis, open_ = reader.rows(
        "SELECT COALESCE(SUM(CASE WHEN reason = 'crisis' THEN 1 ELSE 0 END), 0), count(id) FROM referral "
        "WHERE council_id = $council AND operation_id = $operation AND settled_at IS NULL",
        operation=operation_id,
    )[0]
    return NeedCounts(
        states=by_state,
        crisis_open=int(crisis),
        referrals_open=int(open_),
        held=held,
        without_place=nowhere,
    )


LIVE = (*REMAINING, NeedState.NEARLY_DONE)
"""States in which something is still to be done."""


class Same(msgspec.Struct, frozen=True, kw_only=True):
    """A need that may be the same household's, and by what: `phone`, `kana`, `address` or `near`."""

    line: NeedLine
    by: tuple[str, ...]


@query("needs.duplicates", role="needs")
def duplicates(
    reader: Reader,
    operation_id: uuid.UUID,
    *,
    phone_key: str,
    kana_key: str = "",
    address_key: str = "",
    lat: float | None = None,
    lng: float | None = None,
) -> list[Same]:
    """Needs of the operation by the same telephone, kana or address, or within 30 m of a point set by hand.

    The keys are those of `domain.text` (`phone_key`, `kana`, `address_key`). More signs go first. Nothing is
    joined by itself: two families share a telephone, two houses a number.
    """
    rows = reader.rows(
        "SELECT id, by_phone, by_kana, by_address, by_place FROM ("
        "SELECT n.id AS id, n.number AS number, "
        "CASE WHEN $phone <> '' AND s.phone_key = $phone THEN 1 ELSE 0 END AS by_phone, "
        "CASE WHEN $kana <> '' AND REPLACE(s.kana, ' ', '') = $kana THEN 1 ELSE 0 END AS by_kana, "
        "CASE WHEN $address <> '' AND s.address_key = $address THEN 1 ELSE 0 END AS by_address, "
        "CASE WHEN n.match_level = 'hand' AND n.lat BETWEEN $south AND $north "
        "AND n.lng BETWEEN $west AND $east THEN 1 ELSE 0 END AS by_place "
        "FROM need n JOIN site s ON s.council_id = n.council_id AND s.id = n.id "
        "WHERE n.council_id = $council AND n.operation_id = $operation AND n.same_as IS NULL) found "
        "WHERE by_phone + by_kana + by_address + by_place > 0 "
        "ORDER BY by_phone + by_kana + by_address + by_place DESC NULLS LAST, number DESC NULLS LAST "
        f"LIMIT {SAME_AT_MOST}",
        operation=operation_id,
        phone=phone_key,
        kana=kana_key.replace(" ", ""),
        address=address_key,
        **_around(lat, lng),
    )
    signs = {row[0]: row[1:] for row in rows}
    return [
        Same(
            line=line,
            by=tuple(
                name
                for name, sign in zip(("phone", "kana", "address", "near"), signs[line.need.id], strict=True)
                if sign
            ),
        )
        for line in lines_of(reader, list(signs))
    ]


def _around(lat: float | None, lng: float | None) -> dict[str, float]:
    """A small square; without a point one that nothing lies in."""
    if lat is None or lng is None:
        return {"south": 1.0, "north": -1.0, "west": 1.0, "east": -1.0}
    return {"south": lat - NEAR, "north": lat + NEAR, "west": lng - NEAR, "east": lng + NEAR}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was written about a need, a visit or a referral of it."""

    about: uuid.UUID
    purpose: str
    at: datetime
    text: str


class WholeNeed(msgspec.Struct, frozen=True, kw_only=True):
    """One need with all that belongs to it. `joined` are the numbers of needs that go on in this one."""

    need: Need
    site: Site
    words: tuple[Words, ...]
    visits: tuple[Visit, ...]
    referrals: tuple[Referral, ...]
    consents: tuple[Consent, ...]
    goes_on_in: int | None
    joined: tuple[int, ...]


@query("needs.one", role="needs")
def one(reader: Reader, need_id: uuid.UUID) -> WholeNeed | None:
    """A need with its site, texts, visits (by day) and referrals; None if there is no such need."""
    need, site = reader.get(Need, need_id), reader.get(Site, need_id)
    if need is None or site is None:
        return None
    visits = sorted(reader.find(Visit, need_id=need_id), key=lambda visit: (visit.day, visit.band))
    referrals = sorted(reader.find(Referral, need_id=need_id), key=lambda each: each.made_at)
    kept = reader.get(Need, need.same_as) if need.same_as else None
    return WholeNeed(
        need=need,
        site=site,
        words=_words(reader, [need_id, *(v.id for v in visits), *(r.id for r in referrals)]),
        visits=tuple(visits),
        referrals=tuple(referrals),
        consents=tuple(sorted(reader.find(Consent, need_id=need_id), key=lambda each: each.recipient)),
        goes_on_in=kept.number if kept else None,
        joined=tuple(sorted(other.number for other in reader.find(Need, same_as=need_id))),
    )


def _words(reader: Reader, about: list[uuid.UUID]) -> tuple[Words, ...]:
    names = [f"about{n}" for n in range(len(about))]
    rows = reader.rows(
        "SELECT m.id, m.about, m.purpose, j.occurred_at FROM note_mark m "
        "JOIN journal j ON j.council_id = m.council_id AND j.subject_id = m.id AND j.version = m.version "
        f"WHERE m.council_id = $council AND m.about IN ({', '.join('$' + name for name in names)}) "
        "ORDER BY j.seq NULLS LAST",
        **dict(zip(names, about, strict=True)),
    )
    texts = reader.many(Note, [row[0] for row in rows])
    return tuple(
        Words(about=row[1], purpose=str(row[2]), at=row[3], text=texts[row[0]].text)
        for row in rows
        if row[0] in texts
    )


@query("needs.condition", role="dispatch")
def condition(reader: Reader, need_id: uuid.UUID) -> str:
    """Under which condition the last survey lets a team work there; empty without one."""
    said = [words.text for words in _words(reader, [need_id]) if words.purpose == "work-condition"]
    return said[-1] if said else ""


class Meanwhile(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a need: what kind, when, and who did it."""

    kind: str
    at: datetime
    by: str


@query("needs.changes", role="needs")
def changes(reader: Reader, need_id: uuid.UUID, since: int = 0) -> list[Meanwhile]:
    """What happened to a need after its version `since`: the second of two people sees it."""
    rows = reader.rows(
        "SELECT kind, occurred_at, actor_id FROM journal WHERE council_id = $council "
        "AND subject_id = $need AND version > $since ORDER BY version NULLS LAST",
        need=need_id,
        since=since,
    )
    names = actors.called(reader, {str(row[2]) for row in rows})
    return [Meanwhile(kind=str(row[0]), at=row[1], by=names[str(row[2])]) for row in rows]


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """One open referral with the need it speaks of."""

    referral: Referral
    line: NeedLine


@query("needs.referrals", role="needs")
def open_referrals(reader: Reader, operation_id: uuid.UUID) -> list[Handed]:
    """What waits for somebody's answer: 危機介入 first, then the oldest."""
    open_ = reader.find(Referral, operation_id=operation_id, settled_at=None)
    lines = {line.need.id: line for line in lines_of(reader, list({r.need_id for r in open_}))}
    waiting = [Handed(referral=r, line=lines[r.need_id]) for r in open_ if r.need_id in lines]
    return sorted(
        waiting, key=lambda h: (h.referral.reason != "crisis", h.referral.made_at, h.line.need.number)
    )
