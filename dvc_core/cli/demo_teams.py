"""The demonstration's teams: confirmed from the greedy proposal, out, heard, late, home, reported."""

import uuid
from datetime import timedelta

from dvc_core.cli.demo_days import Center, Window, index_of, propose, scan
from dvc_core.commands.dispatch import CloseDay, ComeHome, Depart, Report, Say
from dvc_core.commands.team import Confirm
from dvc_core.commands.visit import CallResident
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.kernel import derive
from dvc_core.domain.team import Loan, Member, Team, Word
from dvc_core.domain.visit import Agreed, Attends, Result, Visit
from dvc_core.matching.model import PlannedTeam
from dvc_core.simulation.shape import happens

CONFIRMED_TODAY = 0.75
"""Share of today's proposed teams that are confirmed: the rest waits for the person at the screen."""


def confirm(center: Center, window: Window, teams: list[PlannedTeam], share: float) -> list[uuid.UUID]:
    """Confirm some of the proposed teams, in their order; the teams' ids."""
    made: list[uuid.UUID] = []
    for planned in teams:
        command = Confirm(
            visit_id=uuid.UUID(planned.visit_id),
            leader_id=uuid.UUID(planned.leader_id),
            member_ids=tuple(uuid.UUID(member) for member in planned.member_ids),
            tools=dict(planned.tools),
        )
        command_id = center.teller.tell(window.at(share), "matching", command, planned.visit_id)
        made.append(derive(command_id, "team"))
    center.teller.send()
    return made


def reached(center: Center, window: Window, teams: list[uuid.UUID], share: float) -> None:
    """In the morning those are called whom nobody reached the day before: nobody goes to a closed door."""
    with center.services.reader() as reader:
        found = reader.many(Team, teams)
        visits = reader.many(Visit, [team.visit_id for team in found.values()])
    for team_id in teams:
        visit = visits[found[team_id].visit_id]
        if visit.agreed is not Agreed.YES:
            call = CallResident(visit_id=visit.id, agreed=Agreed.YES, attends=Attends.RESIDENT)
            center.teller.tell(window.at(share), "needs", call, visit.id, "morning")
    center.teller.send()


def past_day(center: Center, window: Window) -> None:
    """A day that is over: every team went, came home and was reported; people went home."""
    teams = confirm(center, window, propose(center, window.day), 0.4)
    reached(center, window, teams, 0.41)
    for number, team_id in enumerate(teams):
        depart = Depart(team_id=team_id, expected_return_at=window.at(0.9))
        center.teller.tell(window.at(0.42 + 0.001 * number), "matching", depart, team_id)
    center.teller.send()
    for number, team_id in enumerate(teams):
        come_home(center, window, team_id, 0.75 + 0.005 * number)
    for number, team_id in enumerate(teams):
        report(center, window, team_id, number, 0.85)
    center.teller.send()
    _go_home(center, window, 0.9)
    closing = CloseDay(day=window.day)
    center.teller.tell(window.end, "return", closing, window.day)
    center.teller.send()


def come_home(center: Center, window: Window, team_id: uuid.UUID, share: float) -> None:
    """The whole team is back, with all it took but now and then one thing."""
    with center.services.reader() as reader:
        loans = sorted(reader.find(Loan, team_id=team_id), key=lambda loan: loan.code)
    lost = loans[0].code if loans and loans[0].lent > 1 and happens(center.random, 0.2) else None
    command = ComeHome(
        team_id=team_id,
        back={
            loan.code: loan.lent - (loan.code == lost) for loan in loans if loan.lent > (loan.code == lost)
        },
        lost={lost: 1} if lost else {},
        all_here=True,
    )
    center.teller.tell(window.at(share), "return", command, team_id)


def report(center: Center, window: Window, team_id: uuid.UUID, number: int, share: float) -> None:
    """Most are done and the resident agrees; some go on, one stood at a locked door."""
    result = (Result.DONE, Result.DONE, Result.GOES_ON, Result.DONE, Result.ABSENT)[number % 5]
    on = result is Result.GOES_ON
    words = {
        Result.DONE: "予定どおり終わった。ごみは仮置場へ運んだ",
        Result.GOES_ON: "二階がまだ残っている",
        Result.ABSENT: "呼んでも返事がなかった。となりの人に伝言した",
    }[result]
    command = Report(
        team_id=team_id,
        result=result,
        resident_agrees=result is Result.DONE and number % 3 != 1,
        remaining_people=4 if on else None,
        remaining_days=1 if on else None,
        words=words,
    )
    center.teller.tell(window.at(share), "return", command, team_id)


def _go_home(center: Center, window: Window, share: float) -> None:
    """Everyone shows the card once more; one person forgets it."""
    who = index_of(center)
    with center.services.reader() as reader:
        here = [row for row in reader.find(Attendance, day=window.day) if row.present]
    indexes = sorted(who[row.volunteer_id] for row in here)
    for number, index in enumerate(indexes[1:]):
        moment = window.at(share) + timedelta(seconds=20 * number)
        scan(center, index, Act.LEAVE, min(moment, window.end), window.day)
    center.teller.send()


def today(center: Center, window: Window) -> None:
    """The day that runs: teams home, one overdue, some out, some ready to go, some only proposed."""
    teller = center.teller
    proposed = propose(center, window.day)
    upto = max(1, round(len(proposed) * CONFIRMED_TODAY))
    teams = confirm(center, window, proposed[:upto], 0.45)
    waiting = max(1, len(teams) // 5)
    out = teams[: len(teams) - waiting]
    late, home, silent = out[:1], out[1:3], out[3:4]
    reached(center, window, out, 0.48)
    for number, team_id in enumerate(out):
        back = window.at(0.85) if team_id in late else window.end + timedelta(minutes=60 + 5 * number)
        depart = Depart(team_id=team_id, expected_return_at=back)
        teller.tell(window.at(0.5 + 0.004 * number), "matching", depart, team_id)
    teller.send()
    for number, team_id in enumerate(out):
        if team_id not in silent:
            word = Say(team_id=team_id, word=Word.ON_SITE, words="着いた。始める")
            teller.tell(window.at(0.62 + 0.004 * number), "matching", word, team_id, "there")
    for team_id in out[4:5]:
        delayed = Say(
            team_id=team_id,
            word=Word.DELAYED,
            words="荷物が多く、30分おくれる",
            expected_return_at=window.end + timedelta(minutes=95),
        )
        teller.tell(window.at(0.8), "matching", delayed, team_id, "delayed")
    teller.send()
    for number, team_id in enumerate(home):
        come_home(center, window, team_id, 0.88 + 0.03 * number)
    teller.send()
    for team_id in home[:1]:
        report(center, window, team_id, 0, 0.93)
    for team_id in silent:
        silent_word = Say(team_id=team_id, word=Word.NO_CONTACT, words="2回かけたが出ない")
        teller.tell(window.at(0.96), "matching", silent_word, team_id, "silent")
    teller.send()


def members_of(center: Center, team_id: uuid.UUID) -> list[Member]:
    """The people of a team."""
    with center.services.reader() as reader:
        return reader.find(Member, team_id=team_id)
