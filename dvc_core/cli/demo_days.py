"""The demonstration's days at the desks: calls, surveys, reception, groups, visits, proposals."""

import uuid
from datetime import date, datetime, timedelta
from random import Random

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.cli.demo_teller import Act as StoryAct
from dvc_core.cli.demo_teller import Teller
from dvc_core.commands.attendance import Admit, Scan, SetPlaces
from dvc_core.commands.gate import MakeCheck, ReleaseGate, SetLivedIn
from dvc_core.commands.household import JoinTo
from dvc_core.commands.need import End, Receive
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.visit import CallResident, Plan
from dvc_core.commands.volunteer import (
    AnnounceGroup,
    JoinGroup,
    NewCard,
    Register,
    RegisterSelf,
)
from dvc_core.domain.attendance import Act
from dvc_core.domain.day import activity_day
from dvc_core.domain.gate import of_disaster
from dvc_core.domain.gate_check import CheckAnswer
from dvc_core.domain.kernel import derive
from dvc_core.domain.need import Gate, Need, NeedState, Priority, SurveyNeeded
from dvc_core.domain.operation import Disaster, Operation
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.visit import Agreed, Band, Visit, VisitState
from dvc_core.domain.volunteer import Volunteer
from dvc_core.matching.atoms import lay_out
from dvc_core.matching.greedy import greedy, teams_of
from dvc_core.matching.model import PlannedTeam
from dvc_core.queries.teams import ready
from dvc_core.simulation.calls import MadeCall
from dvc_core.simulation.people import MadeVolunteer
from dvc_core.simulation.shape import arrivals, happens
from dvc_core.web.proposal import model

GROUP_SIZES = (7, 5, 6)
NO_ANSWER_EVERY = 7
PEOPLE_A_VISIT = 5
"""Heads that one visit takes on average (practice 4.4: 片付け 4～6 人)."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One field day as the story runs through it: reception from `begin`, everything until `end`."""

    day: date
    begin: datetime
    end: datetime

    def at(self, share: float) -> datetime:
        """A moment of the day: 0 its begin, 1 its end."""
        return self.begin + (self.end - self.begin) * share


class Center:
    """What the story keeps in mind from day to day."""

    def __init__(self, teller: Teller, random: Random, people: list[MadeVolunteer]) -> None:
        self.teller = teller
        self.random = random
        self.people = people
        self.known: dict[int, uuid.UUID] = {}
        self.calls: list[tuple[MadeCall, uuid.UUID]] = []
        self.groups = 0
        self.surveyed: set[uuid.UUID] = set()

    @property
    def services(self) -> Services:
        """The drill's services."""
        return self.teller.services

    def operation(self) -> Operation:
        """The one operation of the story."""
        with self.services.reader() as reader:
            return reader.find(Operation)[0]


def call_acts(center: Center, calls: list[MadeCall], begin: datetime, end: datetime) -> list[StoryAct]:
    """Calls come in over some hours, one like the other."""
    acts: list[StoryAct] = []
    for number, call in enumerate(calls):
        moment = begin + (end - begin) * (number / max(1, len(calls)))
        receive = Receive(site=call.site, details=call.details, place=call.place)
        name = len(center.calls)
        acts.append((moment, "needs", receive, (name,)))
        center.calls.append((call, derive(center.teller.id(receive.kind, name), "need")))
    return acts


def call_again(center: Center, moment: datetime) -> None:
    """Two households call a second time: one is joined to its first call, the other waits to be noticed."""
    for number in (0, 3):
        first, first_id = center.calls[number]
        receive = Receive(site=first.site, details=first.details, place=first.place)
        command_id = center.teller.tell(moment, "needs", receive, "again", number)
        if number == 0:
            join = JoinTo(need_id=derive(command_id, "need"), same_as=first_id)
            center.teller.tell(moment, "needs", join, number)
    center.teller.send()


def settle_calls(center: Center, begin: datetime) -> None:
    """In the afternoon calls are surveyed, made ready, released, cancelled (practice 5.4)."""
    teller, moment = center.teller, begin
    waiting = [(call, need_id) for call, need_id in center.calls if need_id not in center.surveyed]
    for call, need_id in waiting:
        center.surveyed.add(need_id)
        moment += timedelta(minutes=1)
        if call.fate == "cancelled":
            end = End(need_id=need_id, state=NeedState.CANCELLED, reason="親類が片付けたと電話があった")
            teller.tell(moment, "needs", end, need_id)
        elif call.fate == "ready" and call.details.survey is SurveyNeeded.NOT_NEEDED:
            teller.tell(moment, "needs", MakeReady(need_id=need_id, reason="外の作業だけ"), need_id)
        elif call.fate == "ready":
            closed = call.details.hazard.value == "red" and call.details.inside
            survey = Survey(
                need_id=need_id,
                result="not-workable" if closed else "workable",
                people=None if closed else call.details.people_min,
                days=None if closed else 1,
                reason="赤紙。中には入れない" if closed else "傾きなし。足もとに注意して作業できる",
            )
            teller.tell(moment, "needs", survey, need_id)
    teller.send()
    _release(center, moment)


def _release(center: Center, moment: datetime) -> None:
    """Most of the surveyed places that the gate holds are checked and released by the chief's name."""
    services = center.services
    with services.reader() as reader:
        held = [need for need in reader.find(Need, gate=Gate.HELD) if need.surveyed_at is not None]
    items = of_disaster(services.reference.checks, Disaster.EARTHQUAKE)
    for need in sorted(held, key=lambda row: row.number):
        if not happens(center.random, 0.7):
            continue
        check = MakeCheck(
            need_id=need.id,
            answers=dict.fromkeys((item.code for item in items), CheckAnswer.SAFE),
            surveyor="訓練 建築士",
            checked_on=activity_day(moment),
            words="玄関と居間を見た。かたむきなし",
        )
        center.teller.tell(moment, "needs", check, need.id)
        if need.colour is HazardGrade.YELLOW:
            lived = SetLivedIn(need_id=need.id, lived_in=True)
            center.teller.tell(moment, "needs", lived, need.id)
        release = ReleaseGate(need_id=need.id, reason="建築士の会の人と見た。玄関までなら入れる")
        center.teller.tell(moment, "chief", release, need.id)
    center.teller.send()


def plan_visits(
    center: Center,
    moment: datetime,
    day: date,
    people: int,
    *,
    whole_day: bool = False,
    each: timedelta = timedelta(minutes=1),
) -> None:
    """Visits for a day, for about as many people as are expected, settled by telephone the day before.

    `each` is how long one telephone call takes.
    """
    with center.services.reader() as reader:
        needs = [n for n in reader.find(Need, state=NeedState.READY) if n.same_as is None]
        busy = {v.need_id for v in reader.find(Visit) if v.state in (VisitState.PLANNED, VisitState.MATCHED)}
    free = [n for n in needs if n.id not in busy and n.gate in (Gate.OPEN, Gate.CONDITIONAL)]
    urgent_first = sorted(free, key=lambda n: (list(Priority).index(n.priority), n.number))
    for number, need in enumerate(urgent_first[: people // PEOPLE_A_VISIT]):
        band = Band.DAY if whole_day or number % 3 else Band.AM
        plan = Plan(
            need_id=need.id,
            day=day,
            band=band,
            people_min=need.people_min or 4,
            people_max=need.people_max or 6,
        )
        command_id = center.teller.tell(moment, "needs", plan, need.id, day)
        agreed = Agreed.NO_ANSWER if number % NO_ANSWER_EVERY == 1 else Agreed.YES
        call = CallResident(visit_id=derive(command_id, "visit"), agreed=agreed)
        center.teller.tell(moment + each * number, "needs", call, need.id, day)
    center.teller.send()


def receive_people(center: Center, window: Window, count: int, places: int) -> None:
    """Reception: those who come the first time are registered, all scan, most get a place in the day."""
    teller, random = center.teller, center.random
    teller.tell(window.begin, "reception", SetPlaces(day=window.day, places=places), window.day)
    fresh = [index for index in range(len(center.people)) if index not in center.known]
    again = random.sample(sorted(center.known), min(len(center.known), count // 3))
    coming = [*again, *fresh[: count - len(again)]]
    random.shuffle(coming)
    moments = arrivals(random, len(coming), window.begin, window.at(0.35))
    for index, moment in zip(coming, moments, strict=True):
        if index not in center.known:
            _register(center, index, moment, center.people[index])
        _arrive(center, index, window.day, moment)
    teller.send()
    _group(center, [index for index in coming if index in set(fresh)], window)


def _register(center: Center, index: int, moment: datetime, made: MadeVolunteer) -> None:
    card = NewCard(token=made.token, key_id=center.services.keys.current.key_id)
    if made.self_registered:
        form = RegisterSelf(person=made.person, traits=made.traits, card=card)
        command_id = center.teller.tell(moment, "public", form, index, station="register", source="kiosk")
    else:
        desk = Register(person=made.person, traits=made.traits, card=card)
        command_id = center.teller.tell(moment, "reception", desk, index)
    center.known[index] = derive(command_id, "volunteer")


def register_ahead(center: Center, moment: datetime) -> None:
    """Those who did not come yet send the form for another day: the desk has not seen them."""
    for index, made in enumerate(center.people):
        if index not in center.known:
            ahead = msgspec.structs.replace(made, self_registered=True)
            _register(center, index, moment, ahead)
    center.teller.send()


def scan(center: Center, index: int, act: Act, moment: datetime, day: date) -> None:
    """A person holds their code to a tablet."""
    kiosk = 1 + index % 2
    command = Scan(act=act, token=center.people[index].token)
    center.teller.tell(
        moment, f"kiosk-{kiosk}", command, act, index, day, station=f"kiosk-{kiosk}", source="kiosk"
    )


def _arrive(center: Center, index: int, day: date, moment: datetime) -> None:
    scan(center, index, Act.ARRIVE, moment, day)
    admit = Admit(volunteer_id=center.known[index], day=day)
    kiosk = f"kiosk-{1 + index % 2}"
    # A plan that does not cover earthquakes, a full day: the rules say no, and the desk sees it.
    center.teller.tell(moment, kiosk, admit, index, day, station=kiosk, source="kiosk", may_fail=True)


def _group(center: Center, fresh: list[int], window: Window) -> None:
    """A group announces itself: a leader who may lead, and people who came the first time today."""
    leaders = [i for i in fresh if center.people[i].traits.leader_able]
    if not leaders or center.groups >= len(GROUP_SIZES):
        return
    size = GROUP_SIZES[center.groups]
    leader = leaders[0]
    adults = [i for i in fresh if i != leader and not center.people[i].traits.minor][: size - 1]
    announce = AnnounceGroup(
        name=f"見本の会 第{center.groups + 1}班",
        size=size,
        leader_id=center.known[leader],
        contact_name=center.people[leader].person.name,
        contact_phone=center.people[leader].person.phone,
    )
    moment = window.at(0.36)
    command_id = center.teller.tell(moment, "reception", announce, center.groups)
    for index in adults:
        join = JoinGroup(volunteer_id=center.known[index], group_id=derive(command_id, "group"))
        center.teller.tell(moment, "reception", join, index)
    center.groups += 1
    center.teller.send()


def propose(center: Center, day: date) -> list[PlannedTeam]:
    """The greedy proposal for the day as it stands now."""
    with center.services.reader() as reader:
        now = ready(reader, center.operation().id, day)
    return list(teams_of(greedy(lay_out(model(center.services, now)))))


def index_of(center: Center) -> dict[uuid.UUID, int]:
    """Which of the made people a volunteer is."""
    return {volunteer_id: index for index, volunteer_id in center.known.items()}


def volunteers_of(center: Center) -> list[Volunteer]:
    """Everyone registered, by number."""
    with center.services.reader() as reader:
        return sorted(reader.find(Volunteer), key=lambda row: row.number)
