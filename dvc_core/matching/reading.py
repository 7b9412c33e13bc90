"""The file that `match FILE` reads, and the council's numbers. Bad rows become problems, good rows work."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dvc_core.domain.problem import Fact, Problem
from dvc_core.domain.teaming import HALVES, Person, Stock, Team, Visit
from dvc_core.matching.model import Day, Group, People, Rules, Travel

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference" / "matching.toml"

MOST_ROWS = 10_000
"""More people or visits than any center has in a day; a file that holds more is not a day."""

LISTS: dict[str, type[msgspec.Struct]] = {
    "people": Person,
    "groups": Group,
    "visits": Visit,
    "stock": Stock,
    "locks": Team,
}

Row = TypeVar("Row", bound=msgspec.Struct)


def load_rules(path: Path = REFERENCE, changes: dict[str, Any] | None = None) -> Rules:
    """The council's limits and weights; `changes` win over the file (same tables, plain values).

    Raises:
        msgspec.ValidationError: if a number is missing or is none.
    """
    table = _plain(tomllib.loads(path.read_text(encoding="utf-8")))
    for name, change in (changes or {}).items():
        table[name] = table[name] | change if isinstance(table.get(name), dict) else change
    return msgspec.convert(table, Rules)


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """The values alone, without source and state."""
    return {name: entry["value"] if "value" in entry else _plain(entry) for name, entry in table.items()}


def read_day(data: bytes, rules: Path = REFERENCE) -> tuple[Day | None, list[Problem]]:
    """The day that a file describes, and what is wrong with it; None when nothing can be planned from it."""
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, [Problem(code="match-not-json", facts={"detail": str(error)})]
    if not isinstance(whole, dict):
        return None, [Problem(code="match-not-object")]
    reader = _Reader()
    for name in whole.keys() - LISTS.keys() - {"travel", "rules"}:
        reader.note("match-unknown-field", field=name)
    travel = reader.travel(whole.get("travel"))
    numbers = reader.rules(rules, whole.get("rules"))
    if numbers is not None:
        reader.heads = numbers.people
    lists = {name: reader.rows(name, sort, whole.get(name)) for name, sort in LISTS.items()}
    if travel is None or numbers is None or any(rows is None for rows in lists.values()):
        return None, reader.problems
    day = reader.day(travel, numbers, {name: rows or [] for name, rows in lists.items()})
    return day, reader.problems


class _Reader:
    """Collects problems while the parts of a file become a day."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.heads = People(default_min=1, default_max=1)

    def error(self, code: str, *, row: int | None = None, column: str | None = None, **facts: Fact) -> None:
        self.problems.append(Problem(code=code, facts=facts, row=row, column=column))

    def note(self, code: str, *, row: int | None = None, column: str | None = None, **facts: Fact) -> None:
        self.problems.append(Problem(code=code, level="note", facts=facts, row=row, column=column))

    def travel(self, part: object) -> Travel | None:
        try:
            return msgspec.convert(part, Travel)
        except msgspec.ValidationError as error:
            self.error("match-no-center", column="travel", field=_field(error))
            return None

    def rules(self, path: Path, part: object) -> Rules | None:
        if part is not None and not isinstance(part, dict):
            self.error("match-rules-invalid", column="rules", field="rules")
            return None
        try:
            return load_rules(path, part)
        except (msgspec.ValidationError, TypeError) as error:
            self.error("match-rules-invalid", column="rules", field=_field(error))
            return None

    def rows(self, name: str, sort: type[Row], part: object) -> list[tuple[int, Row]] | None:
        """The good rows of a list with their numbers; a broken row is told and set aside."""
        if part is None:
            return []
        if not isinstance(part, list):
            self.error("match-not-list", column=name, list=name)
            return None
        if len(part) > MOST_ROWS:
            self.error("match-too-many", column=name, list=name, rows=len(part), most=MOST_ROWS)
            return None
        known = set(sort.__struct_fields__)
        rows: list[tuple[int, Row]] = []
        for number, entry in enumerate(part, start=1):
            raw = dict(entry) if isinstance(entry, dict) else entry
            if isinstance(raw, dict):
                for field in sorted(raw.keys() - known, key=str):
                    self.note("match-unknown-field", row=number, column=name, field=f"{name}.{field}")
                if sort is Visit:
                    raw = self._heads(raw, number)
            try:
                rows.append((number, msgspec.convert(raw, sort)))
            except msgspec.ValidationError as error:
                field = _field(error)
                column = f"{name}.{field}" if field else name
                field = field or name
                self.error("match-row-invalid", row=number, column=column, list=name, field=field)
        return self._once(name, rows)

    def _heads(self, raw: dict[str, Any], number: int) -> dict[str, Any]:
        """A visit without numbers (未定) takes the council's, and is marked."""
        if raw.get("people_min") is None and raw.get("people_max") is None:
            least, most = self.heads.default_min, self.heads.default_max
            raw = {**raw, "people_min": least, "people_max": most, "people_assumed": True}
            self.note("match-people-undecided", row=number, column="visits", visit=str(raw.get("id")))
        elif raw.get("people_max") is None:
            raw = {**raw, "people_max": raw["people_min"]}
        elif raw.get("people_min") is None:
            raw = {**raw, "people_min": raw["people_max"]}
        return raw

    def _once(self, name: str, rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
        key = {"stock": "code", "locks": "visit_id"}.get(name, "id")
        seen: set[str] = set()
        kept: list[tuple[int, Row]] = []
        for number, row in rows:
            own = getattr(row, key)
            if own in seen:
                self.error("match-id-twice", row=number, column=f"{name}.{key}", list=name, id=own)
            else:
                seen.add(own)
                kept.append((number, row))
        return kept

    def day(self, travel: Travel, rules: Rules, lists: dict[str, list[tuple[int, Any]]]) -> Day:
        people = self._people(lists["people"], lists["groups"])
        visits = self._visits(lists["visits"], lists["stock"], travel)
        return Day(
            rules=rules,
            travel=travel,
            people=people,
            groups=tuple(group for _, group in lists["groups"]),
            visits=visits,
            stock=tuple(item for _, item in lists["stock"]),
            locks=self._locks(lists["locks"], people, visits),
        )

    def _people(self, rows: list[tuple[int, Person]], groups: list[tuple[int, Group]]) -> tuple[Person, ...]:
        """People with their groups, wherever the file says who belongs to which."""
        people = {person.id: person for _, person in rows}
        known = {group.id for _, group in groups}
        for number, person in rows:
            if person.group_id is not None and person.group_id not in known:
                # They stay together under the unknown name: a typing error must not part a family.
                self.error("match-unknown-group", row=number, column="people.group_id", id=person.group_id)
            if person.seats and not person.driver:
                self.note("match-seats-without-driver", row=number, column="people.seats", person=person.id)
        for number, group in groups:
            for one in dict.fromkeys((*group.member_ids, *filter(None, [group.leader_id]))):
                if one not in people:
                    self.error("match-unknown-person", row=number, column="groups", id=one)
                elif people[one].group_id not in (None, group.id):
                    self.error("match-two-groups", row=number, column="groups", id=one)
                else:
                    leads = people[one].leader_able or one == group.leader_id
                    people[one] = msgspec.structs.replace(people[one], group_id=group.id, leader_able=leads)
        sizes = Counter(person.group_id for person in people.values())
        for number, group in groups:
            if group.size is not None and group.size != sizes[group.id]:
                self.note(
                    "match-group-size",
                    row=number,
                    column="groups.size",
                    group=group.id,
                    said=group.size,
                    present=sizes[group.id],
                )
        return tuple(people.values())

    def _visits(
        self, rows: list[tuple[int, Visit]], stock: list[tuple[int, Stock]], travel: Travel
    ) -> tuple[Visit, ...]:
        held = {item.code for _, item in stock}
        kept: list[Visit] = []
        for number, visit in rows:
            if visit.people_min > visit.people_max:
                self.error("match-people-swapped", row=number, column="visits.people_min", visit=visit.id)
                continue
            if (visit.lat is None or visit.lng is None) and visit.id not in travel.meters:
                self.note("match-no-place", row=number, column="visits.lat", visit=visit.id)
            for code in sorted(visit.tools.keys() - held):
                self.note("match-unknown-tool", row=number, column="visits.tools", visit=visit.id, tool=code)
            kept.append(visit)
        return tuple(kept)

    def _locks(
        self, rows: list[tuple[int, Team]], people: Iterable[Person], visits: Iterable[Visit]
    ) -> tuple[Team, ...]:
        """Fixed teams whose people and visit are known, nobody twice in one half-day."""
        known = {person.id for person in people}
        bands = {visit.id: visit.band for visit in visits}
        busy: set[tuple[str, str]] = set()
        kept: list[Team] = []
        for number, team in rows:
            if team.visit_id not in bands:
                self.error("match-unknown-visit", row=number, column="locks.visit_id", id=team.visit_id)
                continue
            strangers = sorted({team.leader_id, *team.member_ids} - known)
            if strangers:
                self.error("match-unknown-person", row=number, column="locks.member_ids", id=strangers[0])
                continue
            taken = {(one, half) for one in team.member_ids for half in HALVES[bands[team.visit_id]]}
            twice = sorted(one for one, _ in taken & busy)
            if twice:
                self.error("match-person-in-two-locks", row=number, column="locks.member_ids", id=twice[0])
                continue
            busy |= taken
            kept.append(team)
        return tuple(kept)


def _field(error: Exception) -> str:
    """The field that msgspec's message names, without its `$.`; empty when it is the row itself."""
    found = re.search(r"`\$\.?(?P<path>[^`]*)`", str(error)) or re.search(
        r"field `(?P<path>[^`]+)`", str(error)
    )
    return found["path"] if found else ""
