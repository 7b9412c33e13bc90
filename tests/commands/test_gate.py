"""安全ゲート beyond one paper: towns never graded, a changed table, a house that proves to be listed."""

import uuid

import msgspec

from dvc_core.commands.base import Actor
from dvc_core.commands.gate import ReleaseGate, SetAreas, WorkOutAgain
from dvc_core.commands.need import Change, Receive
from dvc_core.domain.grading import town_code
from dvc_core.domain.need import Details, Gate, Need, Place, Site, details_of
from dvc_core.domain.person_facts import HazardGrade
from tests.commands.test_needs import begin, get, receive
from tests.support.center import Center
from tests.support.day import Day
from tests.support.papers import checked, paper

NEEDS = Actor(id="needs", roles=frozenset({"needs"}))
HONCHO = Place(lat=35.70, lng=139.51, city_code="13210", match_level="town")


def in_town(center: Center, town: str, **details: object) -> Need:
    site = Site(
        id=uuid.UUID(int=0),
        name="架空 一郎",
        phone="000-0000-0001",
        address=f"{town}3番5号",
        town=town,
        trouble="片付け",
    )
    answer = center.must(Receive(site=site, details=Details(**details), place=HONCHO))  # type: ignore[arg-type]
    return get(center, answer.entries[1].subject_id)


def test_a_town_that_was_never_graded_is_an_act_of_the_chief(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    here = in_town(center, "本町一丁目", works=("clear-house",))
    assert here.town_code == town_code("13210", "本町一丁目")
    town = here.town_code or ""
    act = SetAreas(city_code="13210", towns=(town,), ungraded=True, reason="町が判定を頼んでいない")
    assert center.refused(act, NEEDS) == "not-allowed"
    assert center.refused(msgspec.structs.replace(act, reason=" ")) == "reason-missing"
    answer = center.must(act)
    assert [e.kind for e in answer.entries][:2] == ["graded_area.set", "need.gate_set"]
    assert answer.events[1].rule == "gate.ungraded-town"  # type: ignore[attr-defined]
    assert center.refused(act) == "areas-as-said"
    center.must(checked(center, here.id))
    center.must(ReleaseGate(need_id=here.id, reason="建築士と見た"))
    center.must(msgspec.structs.replace(act, ungraded=False, reason="判定が来た"))
    assert get(center, here.id).gate is Gate.CONDITIONAL
    whole = SetAreas(city_code="13210", ungraded=True, reason="市の全部で判定をしていない")
    there = in_town(center, "緑町二丁目", works=("clear-house",))
    answer = center.must(whole)
    assert [e.subject_id for e in answer.entries if e.kind == "need.gate_set"] == [there.id], (
        "what was said of the town itself goes before"
    )


def test_a_change_of_the_table_is_worked_out_by_the_chief_and_heard_at_the_door(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    assert center.refused(WorkOutAgain()) == "gates-agree"
    services = center.services
    strict = tuple(
        msgspec.structs.replace(rule, gate=Gate.CLOSED) if rule.code == "gate.green" else rule
        for rule in services.reference.gate
    )
    services.__dict__["reference"] = msgspec.structs.replace(services.reference, gate=strict)
    assert center.refused(day.depart(team_id)) == "gate-stops-team", "the new table holds at once"
    center.must(WorkOutAgain())
    assert get(center, day.need).gate is Gate.CLOSED


def test_who_changes_the_address_to_a_listed_house_hears_of_its_paper(center: Center) -> None:
    begin(center)
    red = receive(center, works=("yard",))
    center.must(paper(red.id, "red"))
    other = in_town(center, "緑町二丁目", works=("clear-house",), hazard=HazardGrade.GREEN)
    assert other.gate is Gate.OPEN
    with center.services.reader() as reader:
        site = reader.get(Site, other.id)
    assert site is not None
    change = Change(
        need_id=other.id,
        seen_version=other.version,
        site=msgspec.structs.replace(site, address="小金井市本町1丁目0番"),
        details=details_of(other),
        place=Place(),
    )
    center.must(change)
    assert get(center, other.id).gate is Gate.CLOSED


def test_without_a_disaster_no_town_is_set(center: Center) -> None:
    act = SetAreas(city_code="13210", ungraded=True, reason="試し")
    assert center.refused(act) == "no-operation"
    begin(center)
    many = tuple(f"13210-{n:012x}" for n in range(501))
    assert center.refused(msgspec.structs.replace(act, towns=many)) == "areas-too-many"
