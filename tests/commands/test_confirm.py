"""マッチングの確定: the way to the house and the group's people are looked at again, as the proposal did."""

import shutil
import tomllib
import uuid
from pathlib import Path

import msgspec
import pytest

from dvc_core.bootstrap import REFERENCE, load_reference
from dvc_core.commands.team import CountTools, visit_of
from dvc_core.commands.volunteer import AnnounceGroup, JoinGroup
from dvc_core.domain.need import Need, Place
from dvc_core.domain.visit import Visit
from dvc_core.matching.model import Day as Model
from dvc_core.matching.reading import load_rules
from tests.support.center import Center
from tests.support.day import Day

FAR = Place(lat=35.66, lng=139.42, match_level="hand")
NEAR = Place(lat=35.7003, lng=139.5079, match_level="hand")


def councils_say(folder: Path, **numbers: object) -> Path:
    """The council's tables with other numbers in `matching.toml`."""
    shutil.copytree(REFERENCE, folder)
    file = folder / "matching.toml"
    said = file.read_text("utf-8")
    for name, value in numbers.items():
        assert f"[{name}]\nvalue = " in said
        head, tail = said.split(f"[{name}]\nvalue = ", 1)
        said = f"{head}[{name}]\nvalue = {value}\n{tail.split(chr(10), 1)[1]}"
    file.write_text(said, "utf-8")
    return folder


@pytest.fixture
def walking(center: Center, tmp_path: Path) -> Day:
    """A day of a center that drives nobody."""
    folder = councils_say(tmp_path / "reference", shuttle="false")
    center.services.reference = load_reference(folder, center.services.council_id)
    return Day(center)


def to(day: Day, place: Place) -> uuid.UUID:
    """A visit at a place."""
    return day.plan(day.receive(place))


def test_a_house_out_of_walking_distance_needs_seats(walking: Day) -> None:
    refused = walking.center.do(walking.confirm(visit_id=to(walking, FAR))).refusal
    assert refused is not None
    assert (refused.code, refused.facts) == ("team-seat-short", {"short": 4})
    walking.center.must(walking.confirm(visit_id=to(walking, FAR), reason="市のバスで行く"))


def test_a_house_that_is_walked_to_needs_none(walking: Day) -> None:
    walking.center.must(walking.confirm(visit_id=to(walking, NEAR)))


def test_a_place_that_nobody_found_yet_asks_for_no_seats(walking: Day) -> None:
    walking.center.must(walking.confirm())


def test_vehicles_of_the_center_carry_as_far_as_they_go(walking: Day) -> None:
    walking.center.must(CountTools(code="bicycle", total=8))
    middle = Place(lat=35.7003, lng=139.5379, match_level="hand")
    bicycles = {"shovel": 2, "bicycle": 4}
    assert walking.center.refused(walking.confirm(visit_id=to(walking, FAR), tools=bicycles)) == (
        "team-seat-short"
    )
    walking.center.must(walking.confirm(visit_id=to(walking, middle), tools=bicycles))


def test_a_center_that_drives_its_teams_asks_for_no_seats(center: Center) -> None:
    day = Day(center)
    assert center.services.reference.ways is not None
    assert center.services.reference.ways.shuttle
    center.must(day.confirm(visit_id=to(day, FAR)))


def test_the_act_measures_the_way_as_the_proposal_does(center: Center) -> None:
    services = center.services
    assert services.reference.ways is not None
    day = Day(center)
    need_id = day.receive(FAR)
    visit, need = day.row(Visit, day.plan(need_id)), day.row(Need, need_id)
    assert isinstance(visit, Visit)
    assert isinstance(need, Need)
    asked = visit_of(visit, need)
    model = Model(rules=services.rules, travel=services.travel, visits=(asked,))
    assert (
        model.distance_m(asked)
        == services.reference.ways.metres(FAR.lat, FAR.lng)
        == pytest.approx(11_800, rel=0.1)
    )


def test_numbers_of_the_council_stand_in_one_place(tmp_path: Path) -> None:
    folder = councils_say(tmp_path / "reference", **{"limits.near_m": 777, "detour": 1.9, "shuttle": "false"})
    reference = load_reference(folder, "13210")
    assert reference.limits == load_rules(folder / "matching.toml").limits
    assert reference.limits is not None
    assert reference.ways is not None
    assert (reference.limits.near_m, reference.ways.detour, reference.ways.shuttle) == (777, 1.9, False)
    assert "detour" not in tomllib.loads((REFERENCE / "geo" / "travel.toml").read_text("utf-8"))


def test_without_the_councils_numbers_no_team_goes(center: Center) -> None:
    day = Day(center)
    center.services.reference = msgspec.structs.replace(center.services.reference, limits=None)
    with pytest.raises(LookupError, match="numbers"):
        center.do(day.confirm())


def grouped(day: Day, *people: uuid.UUID) -> None:
    """Put people into one group."""
    answer = day.center.must(AnnounceGroup(name="見本の会", size=len(people)))
    group = next(entry.subject_id for entry in answer.entries if entry.kind == "volunteer_group.announced")
    for person in people:
        day.center.must(JoinGroup(volunteer_id=person, group_id=group))


def test_a_group_is_not_parted_unless_someone_says_why(center: Center) -> None:
    day = Day(center, people=6)
    grouped(day, *day.people[2:6])
    refused = center.do(day.confirm()).refusal
    assert refused is not None
    assert (refused.code, refused.facts["left"]) == ("team-group-split", 2)
    whole = day.confirm(member_ids=(day.people[0], *day.people[2:6]))
    center.must(whole)


def test_who_of_a_group_is_in_a_team_already_is_not_left_behind(center: Center) -> None:
    day = Day(center, people=7)
    center.must(day.confirm())
    grouped(day, *day.people[3:7])
    leader = day.arrive(leader=True)
    rest = day.confirm(visit_id=day.plan(day.receive()), leader_id=leader, tools={})
    center.must(msgspec.structs.replace(rest, member_ids=(leader, *day.people[4:7])))
