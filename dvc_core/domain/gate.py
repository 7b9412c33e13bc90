"""安全ゲート: may people enter and work there (practice 4.8, field2026 2.5). A table of data decides.

The gate is on the place *and the work*. Every paper of the place is held against the table's lines, and so is
the building without a paper; the strictest answer counts. The surveyor's own check (`domain.gate_check`) and
the chief's named release are facts of their own beside it. Nothing here reads a colour as damage.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from dvc_core.domain.day import JAPAN
from dvc_core.domain.gate_check import CheckAnswer, CheckResult, GateCheck
from dvc_core.domain.kernel import Code, Refusal
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import Sticker, StickerKind

Release = Literal["never", "check", "chief", "lived-in"]
"""What opens a line: nothing; the check with the chief's name; the same for a home that is lived in; or first
of all the answer whether somebody lives there."""

STRICTNESS = {Gate.OPEN: 0, Gate.CONDITIONAL: 1, Gate.HELD: 2, Gate.CLOSED: 3}
SHUT = frozenset({Gate.HELD, Gate.CLOSED})
"""Nobody is sent while the gate stands so."""

_COLOURS = (HazardGrade.RED, HazardGrade.YELLOW, HazardGrade.GREEN)


class GateRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the safety gate; what is not named fits everything.

    `inside`: the work enters the building. `near`: it is done at the house. `paper`: the kinds of paper that
    the line is about; a building without a paper is `building` with the hazard `none`. `checked`: a whole
    check without danger is there. `released_with`: lines whose release counts for this one too, since the
    danger is the same. `conditions` are printed on the order.
    """

    gate: Gate
    code: Code = "gate.unnamed"
    name: str = ""
    inside: bool | None = None
    near: bool | None = None
    paper: tuple[StickerKind, ...] = ()
    hazard: HazardGrade | None = None
    disaster: Disaster | None = None
    lived_in: bool | None = None
    ungraded: bool | None = None
    checked: bool | None = None
    release: Release = "never"
    released_with: tuple[Code, ...] = ()
    conditions: tuple[str, ...] = ()
    why: str = ""
    source: str = ""


class CheckItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a surveyor looks at; `danger` is what the gate becomes where it is found dangerous.

    `near`: it also stops work around the house. `condition` is printed where the danger only asks for care.
    """

    code: Code
    name: str
    disasters: tuple[Disaster, ...]
    danger: Gate
    near: bool = False
    condition: str = ""
    source: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One place and work as the table is asked about it. `told` is the colour that the resident named."""

    disaster: Disaster
    inside: bool
    near: bool = True
    told: HazardGrade = HazardGrade.NONE
    stickers: tuple[Sticker, ...] = ()
    lived_in: bool | None = None
    ungraded: bool = False
    check: GateCheck | None = None
    released: frozenset[Code] = frozenset()
    released_stickers: frozenset[UUID] = frozenset()


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One line that fitted, and the paper it fitted for (None: what was told, no paper, or the check).

    `gate` is what it says by itself, `released` whether the chief's name stands against it.
    """

    rule: Code
    name: str
    gate: Gate
    release: Release
    why: str = ""
    source: str = ""
    conditions: tuple[str, ...] = ()
    sticker_id: UUID | None = None
    released: bool = False

    @property
    def now(self) -> Gate:
        """What it comes to."""
        return Gate.CONDITIONAL if self.released else self.gate


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the gate stands and why: the reasons, the strictest first. `graded` is the building's colour."""

    gate: Gate
    graded: HazardGrade
    reasons: tuple[Reason, ...]

    @property
    def first(self) -> Reason:
        """The reason that decides."""
        return self.reasons[0]

    @property
    def conditions(self) -> tuple[str, ...]:
        """What everyone who goes there must keep to."""
        return tuple(dict.fromkeys(words for reason in self.reasons for words in reason.conditions))


def strictest(gates: Iterable[Gate]) -> Gate:
    """The gate that lets the fewest through."""
    return max(gates, key=STRICTNESS.__getitem__, default=Gate.OPEN)


def building_colour(told: HazardGrade, stickers: Iterable[Sticker]) -> HazardGrade:
    """The strictest colour of the building itself, told or seen; papers of single things do not count."""
    seen = {s.colour.grade for s in stickers if s.counts and s.kind is StickerKind.BUILDING} | {told}
    return next((colour for colour in _COLOURS if colour in seen), HazardGrade.NONE)


def decide(rules: Sequence[GateRule], items: Sequence[CheckItem], case: Case) -> Standing:
    """The gate of a place and its work, with every reason."""
    graded = building_colour(case.told, case.stickers)
    living = [s for s in case.stickers if s.counts]
    reasons = [_building(rules, items, case, graded, living)]
    for thing in living:
        if thing.kind is not StickerKind.BUILDING:
            rule = _fitting(rules, items, case, thing.kind, thing.colour.grade)
            reasons.append(_reason(rule, case, thing.id))
    reasons += _dangers(items, case)
    ordered = sorted(reasons, key=lambda reason: -STRICTNESS[reason.now])
    return Standing(gate=ordered[0].now, graded=graded, reasons=tuple(ordered))


def _building(
    rules: Sequence[GateRule],
    items: Sequence[CheckItem],
    case: Case,
    graded: HazardGrade,
    living: Sequence[Sticker],
) -> Reason:
    """The building's own line, for the paper of the strictest colour; a colour only told has none."""
    papers = [s for s in living if s.kind is StickerKind.BUILDING and s.colour.grade is graded]
    rule = _fitting(rules, items, case, StickerKind.BUILDING, graded)
    found = [_reason(rule, case, paper.id) for paper in papers]
    if not found or case.told is graded:
        found.append(_reason(rule, case, None))
    return max(found, key=lambda reason: STRICTNESS[reason.now])


def _fitting(
    rules: Sequence[GateRule],
    items: Sequence[CheckItem],
    case: Case,
    paper: StickerKind,
    colour: HazardGrade,
) -> GateRule:
    """The first line that fits; where none does nobody enters: a table with a hole is no open door."""
    checked = not unchecked(items, case)
    for rule in rules:
        fits = (
            rule.inside in (None, case.inside)
            and rule.near in (None, case.near)
            and (not rule.paper or paper in rule.paper)
            and rule.hazard in (None, colour)
            and rule.disaster in (None, case.disaster)
            and (rule.lived_in is None or rule.lived_in is case.lived_in)
            and rule.ungraded in (None, case.ungraded)
            and rule.checked in (None, checked)
        )
        if fits:
            return rule
    return GateRule(gate=Gate.HELD, code="gate.no-line", release="check")


def _reason(rule: GateRule, case: Case, sticker_id: UUID | None) -> Reason:
    covered = not case.released.isdisjoint((rule.code, *rule.released_with)) and (
        sticker_id is None or sticker_id in case.released_stickers
    )
    return Reason(
        rule=rule.code,
        name=rule.name,
        gate=rule.gate,
        release=rule.release,
        why=rule.why,
        source=rule.source,
        conditions=rule.conditions,
        sticker_id=sticker_id,
        released=rule.gate is Gate.HELD and covered,
    )


def _dangers(items: Sequence[CheckItem], case: Case) -> list[Reason]:
    """What the last check found dangerous, as far as the work comes near it."""
    return [
        Reason(
            rule=item.code,
            name=item.name,
            gate=item.danger,
            release="never",
            conditions=(item.condition,) if item.condition else (),
            source=item.source,
        )
        for item in of_disaster(items, case.disaster)
        if case.check is not None
        and case.check.answer(item.code) is CheckAnswer.DANGER
        and (case.inside or (item.near and case.near))
    ]


def of_disaster(items: Iterable[CheckItem], disaster: Disaster) -> tuple[CheckItem, ...]:
    """What is looked at after this disaster."""
    return tuple(item for item in items if disaster in item.disasters)


def unchecked(items: Sequence[CheckItem], case: Case) -> tuple[CheckItem, ...]:
    """What the last check has not answered, or found dangerous enough to keep people out."""
    return tuple(
        item
        for item in of_disaster(items, case.disaster)
        if case.check is None
        or case.check.answer(item.code) is CheckAnswer.UNSEEN
        or (case.check.answer(item.code) is CheckAnswer.DANGER and item.danger in SHUT)
    )


def read_check(
    items: Sequence[CheckItem], disaster: Disaster, answers: dict[Code, CheckAnswer]
) -> tuple[CheckResult, ...] | Refusal:
    """A check's answers in the order of the table; what nobody answered was not seen."""
    known = of_disaster(items, disaster)
    if not known:
        return Refusal("check-not-needed")
    if answers.keys() - {item.code for item in known}:
        return Refusal("check-item-unknown")
    found = tuple(
        CheckResult(item=item.code, answer=answers.get(item.code, CheckAnswer.UNSEEN)) for item in known
    )
    if all(each.answer is CheckAnswer.UNSEEN for each in found):
        return Refusal("check-empty")
    return found


def why_not_released(
    need: Need, standing: Standing, items: Sequence[CheckItem], case: Case
) -> Refusal | None:
    """Why a held place cannot be released now: what cannot, what must be known, seen or checked first."""
    facts: dict[str, int | str | float | bool | None] = {"number": need.number}
    shut = [reason for reason in standing.reasons if reason.now in SHUT]
    if not shut:
        return Refusal("gate-not-held", facts)
    if any(reason.release == "lived-in" for reason in shut):
        return Refusal("lived-in-unknown", facts)
    if any(reason.rule in {item.code for item in items} for reason in shut):
        return Refusal("check-danger", facts)
    if any(reason.release == "never" for reason in shut):
        return Refusal("gate-closed", facts)
    open_ = unchecked(items, case)
    if of_disaster(items, case.disaster):
        if case.check is None:
            return Refusal("check-missing", facts)
        if open_:
            return Refusal("check-unfinished", facts | {"count": len(open_)})
        if any(_younger(sticker, case.check) for sticker in case.stickers if sticker.counts):
            return Refusal("check-older", facts)
    return None


def _younger(sticker: Sticker, check: GateCheck) -> bool:
    """Whether the paper came after the surveyor had looked; without a date the day we heard of it counts."""
    return (sticker.posted_on or _day(sticker.recorded_at)) > check.checked_on


def _day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()
