"""The day of matching and dispatch in few statements: counts as the full answer says, each team its own."""

from dvc_core.domain.team import Loan, Member
from dvc_core.queries.reception import arrivals, day_count
from dvc_core.queries.teams import of_teams, ready, teams, waiting
from tests.support.center import Center
from tests.support.day import TODAY, Day


def test_the_counts_are_those_of_the_full_answer(center_on_both: Center) -> None:
    day = Day(center_on_both)
    operation = center_on_both.services.ask("operations.current", center_on_both.chief)
    for _ in range(2):
        with center_on_both.services.reader() as reader:
            full = ready(reader, operation.id, TODAY)
            counted = waiting(reader, operation.id, TODAY)
        assert counted.people == len([row for row in full.people if full.days[row.id].admitted])
        assert counted.visits == len(full.visits)
        assert counted.people_wanted == sum(visit.people_min for visit in full.visits)
        if counted.visits:
            day.team()
    assert (counted.people, counted.visits) == (1, 0)


def test_every_team_has_its_own_people_and_loans(center_on_both: Center) -> None:
    day = Day(center_on_both)
    operation = center_on_both.services.ask("operations.current", center_on_both.chief)
    center_on_both.must(day.depart(day.team()))
    with center_on_both.services.reader() as reader:
        (line,) = teams(reader, operation.id, TODAY)
        assert [m.member for m in line.members] == reader.find(Member, team_id=line.team.id)
        assert list(line.loans) == reader.find(Loan, team_id=line.team.id)
        assert of_teams(reader, Member, []) == []
    assert line.people_out == line.team.size


def test_arrivals_are_as_many_as_are_counted(center_on_both: Center) -> None:
    Day(center_on_both)
    operation = center_on_both.services.ask("operations.current", center_on_both.chief)
    with center_on_both.services.reader() as reader:
        came = arrivals(reader, operation.id, TODAY)
        assert len(came) == day_count(reader, operation.id, TODAY).arrived > 0
    assert came == sorted(came)
