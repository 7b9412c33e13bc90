"""安全ゲート as a table: every line of `gate.toml` against every paper, answer, town and check."""

import itertools
import uuid
from datetime import date

import msgspec
import pytest

from dvc_core.bootstrap import REFERENCE, load_reference
from dvc_core.domain.gate import (
    SHUT,
    STRICTNESS,
    Case,
    Standing,
    decide,
    of_disaster,
    read_check,
    strictest,
    unchecked,
    why_not_released,
)
from dvc_core.domain.gate_check import CheckAnswer, CheckResult, GateCheck, latest
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import Sticker, StickerColour, StickerKind, StickerSource
from tests.support.center import START

TABLE = load_reference(REFERENCE, "13210")
DAY = date(2026, 7, 28)
OPEN, CONDITIONAL, HELD, CLOSED = Gate.OPEN, Gate.CONDITIONAL, Gate.HELD, Gate.CLOSED
BUILDING, FALLING, TOPPLING = StickerKind
RED, YELLOW, GREEN = StickerColour
QUAKE, FLOOD = Disaster.EARTHQUAKE, Disaster.FLOOD


def paper(kind: StickerKind, colour: StickerColour, **more: object) -> Sticker:
    facts = {"id": uuid.uuid4(), "operation_id": uuid.UUID(int=1), "recorded_at": START, **more}
    return Sticker(kind=kind, colour=colour, source=StickerSource.SEEN, **facts)  # type: ignore[arg-type]


def check(disaster: Disaster = QUAKE, on: date = DAY, **found: CheckAnswer) -> GateCheck:
    results = tuple(
        CheckResult(item=item.code, answer=found.get(item.code.removeprefix("check."), CheckAnswer.SAFE))
        for item in of_disaster(TABLE.checks, disaster)
    )
    return GateCheck(
        id=uuid.uuid4(),
        operation_id=uuid.UUID(int=1),
        need_id=uuid.UUID(int=2),
        checked_on=on,
        recorded_at=START,
        recorded_by="taro",
        results=results,
    )


def stand(*papers: Sticker, disaster: Disaster = QUAKE, inside: bool = True, **more: object) -> Standing:
    case = Case(disaster=disaster, inside=inside, stickers=papers, **more)  # type: ignore[arg-type]
    return decide(TABLE.gate, TABLE.checks, case)


LINES = [
    # the line that decides, what it comes to, and one case for it
    ("gate.away", OPEN, stand(paper(BUILDING, RED), paper(TOPPLING, RED), inside=False, near=False)),
    ("gate.thing-red", HELD, stand(paper(TOPPLING, RED), told=HazardGrade.GREEN)),
    ("gate.thing-red", HELD, stand(paper(FALLING, RED), inside=False)),
    ("gate.thing-yellow", CONDITIONAL, stand(paper(FALLING, YELLOW), inside=False)),
    ("gate.thing-green", OPEN, stand(paper(TOPPLING, GREEN), inside=False)),
    ("gate.outside", OPEN, stand(paper(BUILDING, RED), inside=False)),
    ("gate.red-lived-in", HELD, stand(paper(BUILDING, RED), lived_in=True)),
    ("gate.red", CLOSED, stand(paper(BUILDING, RED), lived_in=False)),
    ("gate.red", CLOSED, stand(paper(BUILDING, RED))),
    ("gate.red", CLOSED, stand(paper(BUILDING, RED), disaster=FLOOD, check=check(FLOOD))),
    ("gate.yellow-lived-in", HELD, stand(paper(BUILDING, YELLOW), lived_in=True)),
    ("gate.yellow-empty", CLOSED, stand(paper(BUILDING, YELLOW), lived_in=False)),
    ("gate.yellow", HELD, stand(paper(BUILDING, YELLOW))),
    ("gate.ungraded-town", HELD, stand(ungraded=True)),
    ("gate.ungraded", HELD, stand()),
    ("gate.flood-checked", OPEN, stand(disaster=FLOOD, check=check(FLOOD))),
    ("gate.flood", CONDITIONAL, stand(disaster=FLOOD)),
    ("gate.green", OPEN, stand(paper(BUILDING, GREEN))),
    ("gate.other", OPEN, stand(disaster=Disaster.SNOW)),
]


@pytest.mark.parametrize(("rule", "gate", "found"), LINES)
def test_every_line_decides_its_case(rule: str, gate: Gate, found: Standing) -> None:
    assert gate is found.gate
    assert rule in {reason.rule for reason in found.reasons if reason.gate is gate}


def test_no_line_of_the_table_is_without_its_case() -> None:
    assert [rule.code for rule in TABLE.gate] == list(dict.fromkeys(rule.code for rule in TABLE.gate))
    assert {rule.code for rule in TABLE.gate} == {rule for rule, _, _ in LINES}
    for rule in TABLE.gate:
        assert rule.name, rule.code
        assert rule.why, rule.code
        assert rule.source, rule.code
    for item in TABLE.checks:
        assert item.name, item.code
        assert item.source, item.code


BUILDINGS = [None, *StickerColour]
THINGS = [None, *itertools.product((FALLING, TOPPLING), StickerColour)]


@pytest.mark.parametrize("disaster", list(Disaster))
@pytest.mark.parametrize("told", list(HazardGrade))
def test_in_any_combination_the_strictest_paper_counts(disaster: Disaster, told: HazardGrade) -> None:
    """All papers of a place together are never less strict than the strictest of them alone."""
    choices = itertools.product(BUILDINGS, BUILDINGS, THINGS, THINGS, (True, False, None), (True, False))
    for first, second, thing, other, lived_in, inside in choices:
        papers = [paper(BUILDING, colour) for colour in (first, second) if colour]
        papers += [paper(*each) for each in (thing, other) if each]
        facts: dict[str, object] = {"lived_in": lived_in, "inside": inside}
        whole = stand(*papers, disaster=disaster, told=told, **facts)  # type: ignore[arg-type]
        colours = {paper.colour.grade for paper in papers if paper.kind is BUILDING} | {told}
        strict = next(
            (c for c in (HazardGrade.RED, HazardGrade.YELLOW, HazardGrade.GREEN) if c in colours), None
        )
        assert whole.graded is (strict or HazardGrade.NONE)
        for alone in papers:
            by_itself = stand(alone, disaster=disaster, told=told, **facts)  # type: ignore[arg-type]
            things = [
                r.gate for r in by_itself.reasons if r.sticker_id == alone.id and alone.kind is not BUILDING
            ]
            assert STRICTNESS[whole.gate] >= STRICTNESS[strictest(things)]
        if strict is HazardGrade.RED and inside and lived_in is not True:
            assert whole.gate is CLOSED
        if strict in (HazardGrade.RED, HazardGrade.YELLOW) and inside:
            assert whole.gate in SHUT
        if any(p.kind is not BUILDING and p.colour is RED for p in papers):
            assert whole.gate in SHUT
        assert whole.gate is strictest(reason.now for reason in whole.reasons)


def test_a_red_paper_for_a_wall_does_not_make_the_house_red() -> None:
    found = stand(paper(TOPPLING, RED), told=HazardGrade.GREEN)
    assert found.graded is HazardGrade.GREEN
    assert found.conditions == ("赤い紙のある物に近づかない・下を通らない",)
    assert stand(paper(TOPPLING, RED, removed_at=START), told=HazardGrade.GREEN).gate is OPEN


def test_a_paper_that_was_taken_down_counts_no_more() -> None:
    gone = paper(BUILDING, RED, removed_at=START)
    assert stand(gone).first.rule == "gate.ungraded"
    assert stand(gone, paper(BUILDING, GREEN)).gate is OPEN


def test_a_table_with_a_hole_is_no_open_door() -> None:
    case = Case(disaster=QUAKE, inside=True)
    assert decide((), (), case).gate is HELD


@pytest.mark.parametrize(
    ("item", "inside", "gate"),
    [
        ("tilt", True, CLOSED),
        ("tilt", False, OPEN),
        ("ceiling", True, CLOSED),
        ("block-wall", True, CONDITIONAL),
        ("block-wall", False, CONDITIONAL),
        ("gas", False, CLOSED),
        ("electricity", True, CLOSED),
        ("asbestos", False, CLOSED),
    ],
)
def test_what_the_surveyor_found_dangerous_counts_where_the_work_comes_near_it(
    item: str, *, inside: bool, gate: Gate
) -> None:
    found = check(**{item: CheckAnswer.DANGER})
    assert stand(paper(BUILDING, GREEN), inside=inside, check=found).gate is gate


@pytest.mark.parametrize(("item", "gate"), [("floor", CLOSED), ("sewage", CONDITIONAL), ("slope", CLOSED)])
def test_a_flood_has_its_own_check(item: str, gate: Gate) -> None:
    assert {i.code for i in of_disaster(TABLE.checks, FLOOD)} == {
        *("check.floor", "check.electricity", "check.sewage", "check.slope")
    }
    found = check(FLOOD, **{item: CheckAnswer.DANGER})
    assert stand(disaster=FLOOD, check=found).gate is gate


def need() -> Need:
    return Need(id=uuid.UUID(int=2), operation_id=uuid.UUID(int=1), number=7, received_at=START)


def release(*papers: Sticker, **more: object) -> str:
    case = Case(disaster=QUAKE, inside=True, stickers=papers, **more)  # type: ignore[arg-type]
    found = why_not_released(need(), decide(TABLE.gate, TABLE.checks, case), TABLE.checks, case)
    return "released" if found is None else found.code


RELEASES = [
    ("gate-not-held", (paper(BUILDING, GREEN),), {}),
    ("check-missing", (), {}),
    ("check-missing", (), {"ungraded": True}),
    ("check-unfinished", (), {"check": check(gas=CheckAnswer.UNSEEN)}),
    ("check-danger", (), {"check": check(tilt=CheckAnswer.DANGER)}),
    ("released", (), {"check": check()}),
    ("released", (), {"check": check(), "ungraded": True}),
    ("released", (), {"check": check(**{"block-wall": CheckAnswer.NONE})}),
    ("released", (), {"check": check(**{"block-wall": CheckAnswer.DANGER})}),
    ("lived-in-unknown", (paper(BUILDING, YELLOW),), {"check": check()}),
    ("gate-closed", (paper(BUILDING, YELLOW),), {"check": check(), "lived_in": False}),
    ("check-missing", (paper(BUILDING, YELLOW),), {"lived_in": True}),
    ("released", (paper(BUILDING, YELLOW),), {"check": check(), "lived_in": True}),
    ("gate-closed", (paper(BUILDING, RED),), {"check": check()}),
    ("gate-closed", (paper(BUILDING, RED),), {"check": check(), "lived_in": False}),
    ("released", (paper(BUILDING, RED),), {"check": check(), "lived_in": True}),
    (
        "check-older",
        (paper(BUILDING, RED, posted_on=DAY),),
        {"check": check(on=date(2026, 7, 27)), "lived_in": True},
    ),
    ("released", (paper(BUILDING, RED, posted_on=date(2026, 7, 27)),), {"check": check(), "lived_in": True}),
    ("released", (paper(TOPPLING, RED), paper(BUILDING, GREEN)), {"check": check()}),
    ("gate-closed", (paper(TOPPLING, RED), paper(BUILDING, RED)), {"check": check(), "lived_in": False}),
]


@pytest.mark.parametrize(("answer", "papers", "facts"), RELEASES)
def test_what_the_chief_may_release(
    answer: str, papers: tuple[Sticker, ...], facts: dict[str, object]
) -> None:
    assert release(*papers, **facts) == answer


def test_a_release_counts_for_the_lines_and_papers_it_was_given_for_and_for_no_other() -> None:
    first, second = paper(BUILDING, YELLOW), paper(BUILDING, YELLOW)
    given = {
        "lived_in": True,
        "released": frozenset({"gate.yellow-lived-in"}),
        "released_stickers": frozenset({first.id}),
    }
    assert stand(first, **given).gate is CONDITIONAL  # type: ignore[arg-type]
    assert stand(first, second, **given).gate is HELD  # type: ignore[arg-type]
    assert stand(first, paper(BUILDING, RED), **given).gate is HELD  # type: ignore[arg-type]
    assert stand(first, told=HazardGrade.RED, **given).gate is HELD  # type: ignore[arg-type]
    assert stand(first, **(given | {"lived_in": False})).gate is CLOSED  # type: ignore[arg-type]


def test_a_town_that_is_called_ungraded_later_does_not_end_a_release() -> None:
    assert stand(ungraded=True, released=frozenset({"gate.ungraded"})).gate is CONDITIONAL


def test_red_that_nobody_lives_in_stays_closed_whatever_was_released() -> None:
    every = frozenset(rule.code for rule in TABLE.gate)
    red = paper(BUILDING, RED)
    found = stand(red, released=every, released_stickers=frozenset({red.id}), lived_in=False)
    assert found.gate is CLOSED


def test_a_check_is_read_by_the_table() -> None:
    known = read_check(TABLE.checks, QUAKE, {"check.tilt": CheckAnswer.SAFE})
    assert not isinstance(known, Refusal)
    assert {each.answer for each in known[1:]} == {CheckAnswer.UNSEEN}
    refused = {
        "check-item-unknown": read_check(TABLE.checks, QUAKE, {"check.floor": CheckAnswer.SAFE}),
        "check-empty": read_check(TABLE.checks, QUAKE, {}),
        "check-not-needed": read_check(TABLE.checks, Disaster.SNOW, {"check.tilt": CheckAnswer.SAFE}),
    }
    for code, found in refused.items():
        assert isinstance(found, Refusal)
        assert found.code == code


def test_the_last_day_s_check_counts_even_if_an_older_one_is_typed_in_later() -> None:
    old, new = check(on=date(2026, 7, 27)), check(on=DAY)
    late = msgspec.structs.replace(old, number=2, recorded_at=START.replace(day=29))
    assert latest([new, late]) is new
    assert latest([]) is None


def test_a_house_where_nobody_looked_is_unchecked() -> None:
    case = Case(disaster=QUAKE, inside=True)
    assert unchecked(TABLE.checks, case) == of_disaster(TABLE.checks, QUAKE)
