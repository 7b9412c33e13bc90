"""Whatever is written down of papers, checks, homes and towns: no team goes in where it is shut.

Chance draws what happens to one house while a team is wanted, waits, or is there. After every act the stored
gate is what the table says of the rows as they stand, nobody is confirmed or leaves for a shut place, and a
team that is there has been called back.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from dvc_core.commands.base import Command
from dvc_core.commands.gate import EndRelease, ReleaseGate, SetAreas, SetLivedIn
from dvc_core.commands.need import Change
from dvc_core.commands.sticker import Apply, Correct, PutApart, TakeDown
from dvc_core.domain.gate import SHUT, Case, decide
from dvc_core.domain.gate_check import CheckAnswer, GateCheck, latest
from dvc_core.domain.grading import GradedArea
from dvc_core.domain.need import Gate, Need, Place, Site, details_of, place_of
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.recall import Recall, recall_id
from dvc_core.domain.sticker import Sticker, StickerAt, StickerColour, StickerKind
from dvc_core.domain.team import Team
from dvc_core.domain.visit import Visit
from tests.support.center import Center
from tests.support.day import TODAY, Day
from tests.support.papers import checked, paper

ACTS = 60
SPOT = Place(lat=35.70, lng=139.51, city_code="13210", match_level="town")


class House:
    """One house with a visit today, and what chance does to it."""

    def __init__(self, day: Day, draw: random.Random) -> None:
        self.day, self.center, self.draw = day, day.center, draw
        self.need_id = day.receive(place=SPOT, hazard=HazardGrade.GREEN)
        self.visit_id = day.plan(self.need_id)
        self.acts: tuple[Callable[[], Command | None], ...] = (
            self.post,
            self.post,
            self.correct,
            self.take_down,
            self.take_down,
            self.apart,
            self.apply,
            self.lived_in,
            self.check,
            self.check,
            self.release,
            self.release,
            self.end_release,
            self.town,
            self.form,
        )

    def need(self) -> Need:
        row = self.day.row(Need, self.need_id)
        assert isinstance(row, Need)
        return row

    def papers(self) -> list[Sticker]:
        with self.center.services.reader() as reader:
            return [s for at in reader.find(StickerAt) if (s := reader.get(Sticker, at.sticker_id))]

    def one(self) -> Sticker | None:
        papers = self.papers()
        return self.draw.choice(papers) if papers else None

    def post(self) -> Command:
        kind, colour = self.draw.choice(list(StickerKind)), self.draw.choice(list(StickerColour))
        posted = self.draw.choice([None, TODAY, TODAY - timedelta(days=1)])
        lived = self.draw.choice([None, None, True, False])
        return paper(
            self.need_id, colour, kind, posted_on=posted, reason=str(self.draw.random()), lived_in=lived
        )

    def red(self) -> Command:
        return paper(self.need_id, "red", "toppling", reason="門")

    def correct(self) -> Command | None:
        if (row := self.one()) is None:
            return None
        colour = self.draw.choice(list(StickerColour))
        return Correct(sticker_id=row.id, paper=row.kind, colour=colour, source=row.source)

    def take_down(self) -> Command | None:
        row = self.one()
        return row and TakeDown(sticker_id=row.id, gone="thing-gone", reason="片付いた")

    def apart(self) -> Command | None:
        row = self.one()
        return row and PutApart(sticker_id=row.id, need_id=self.need_id, reason="となりの家")

    def apply(self) -> Command | None:
        row = self.one()
        return row and Apply(sticker_id=row.id, need_id=self.need_id)

    def lived_in(self) -> Command:
        return SetLivedIn(need_id=self.need_id, lived_in=self.draw.random() < 0.7)

    def check(self) -> Command:
        found = {"tilt": CheckAnswer.DANGER} if self.draw.random() < 0.2 else {}
        return checked(self.center, self.need_id, **found)

    def release(self) -> Command:
        return ReleaseGate(need_id=self.need_id, reason="建築士と見た")

    def end_release(self) -> Command:
        return EndRelease(need_id=self.need_id, reason="余震")

    def town(self) -> Command:
        return SetAreas(city_code="13210", ungraded=self.draw.random() < 0.5, reason="町に聞いた")

    def form(self, works: tuple[str, ...] | None = None) -> Command:
        row, site = self.need(), self.day.row(Site, self.need_id)
        assert isinstance(site, Site)
        told = self.draw.choice([HazardGrade.GREEN, HazardGrade.GREEN, HazardGrade.NONE, HazardGrade.RED])
        works = works or self.draw.choice([("clear-house",), ("yard",), ("listening",)])
        details = details_of(row)
        return Change(
            need_id=row.id,
            seen_version=row.version,
            site=site,
            details=type(details)(works=works, hazard=told),
            place=place_of(row),
        )

    def by_the_rows(self) -> Gate:
        """The gate as the table says it of the rows, read by nothing that the commands use."""
        row = self.need()
        reference = self.center.services.reference
        with self.center.services.reader() as reader:
            at = [each for each in reader.find(StickerAt) if each.need_id == row.id and not each.apart]
            stickers = [reader.get(Sticker, each.sticker_id) for each in at]
            checks = [check for check in reader.find(GateCheck) if check.need_id == row.id]
            areas = reader.find(GradedArea)
        inside = reference.enters(row.works, inside=row.inside)
        case = Case(
            disaster=Disaster.EARTHQUAKE,
            inside=inside,
            near=reference.stays_near(row.works, inside=inside),
            told=row.hazard,
            stickers=tuple(each for each in stickers if each),
            lived_in=row.lived_in,
            ungraded=any(area.ungraded for area in areas),
            check=latest(checks),
            released=frozenset(row.released_rules),
            released_stickers=frozenset(row.released_stickers),
        )
        red = [s for s in case.stickers if s.counts and s.kind is StickerKind.BUILDING and s.colour == "red"]
        gate = decide(reference.gate, reference.checks, case).gate
        if red and inside and row.lived_in is not True:
            assert gate is Gate.CLOSED
        return gate


def team_of(house: House) -> Team | None:
    with house.center.services.reader() as reader:
        visit = reader.get(Visit, house.visit_id)
        return reader.get(Team, visit.team_id) if visit and visit.team_id else None


def refused(center: Center, command: Command) -> str | None:
    found = center.services.check(command, center.chief)
    return found.code if found else None


def look(house: House) -> bool:
    """Whether the place is shut; that nobody gets in, and who is in was called back."""
    center, gate = house.center, house.need().gate
    assert gate is house.by_the_rows()
    shut, team = gate in SHUT, team_of(house)
    wanted = house.day.confirm(visit_id=house.visit_id, reason="急ぐ")
    if team is None:
        assert refused(center, wanted) == ("visit-gate-closed" if shut else None)
    elif team.departed_at is None:
        assert refused(center, house.day.depart(team.id)) == ("gate-stops-team" if shut else None)
    elif shut:
        assert house.day.row(Recall, recall_id(team.id)) is not None
    return shut


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_events_lets_a_team_into_a_shut_place(center: Center, seed: int) -> None:
    draw = random.Random(seed)
    day = Day(center)
    house = House(day, draw)
    seen: Counter[object] = Counter()
    for step in range(ACTS):
        act = draw.choice(house.acts)()
        if act is not None:
            seen[act.kind, center.do(act).result] += 1
        shut = look(house)
        team = team_of(house)
        seen[shut, None if team is None else team.departed_at is not None] += 1
        if not shut and team is None and step > ACTS // 4:
            center.must(day.confirm(visit_id=house.visit_id))
        elif not shut and team is not None and team.departed_at is None and step > ACTS // 2:
            center.must(day.depart(team.id))
    assert seen[True, None], seen
    assert seen[False, None], seen
    team = team_of(house)
    assert team is not None
    assert team.departed_at is not None
    center.must(house.form(("clear-house",)))
    center.must(house.red())
    assert look(house), "whatever chance left: a team that is there is called back"
    accepted = {kind for kind, result in seen if result == "accepted"}
    assert {"sticker.post", "sticker.take_down", "gate_check.make", "need.set_lived_in"} <= accepted
