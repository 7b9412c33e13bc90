"""Rows are kept from one page or command to the next as long as the journal's head stands, and no longer."""

import uuid
from pathlib import Path

import duckdb
import msgspec
import pytest

from dvc_core.commands.base import Actor
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.commands.volunteer import Change, Register
from dvc_core.domain.account import LoginTries
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.ports import Reader, StoreError
from dvc_core.store import answers, duck, kept
from dvc_core.store.answers import Answers
from dvc_core.store.reader import StoreReader
from tests.support.center import START, Center
from tests.support.damage import power_cut, started_again

DESK = Actor(id="desk", roles=frozenset({"reception"}))


def started(center: Center) -> uuid.UUID:
    """A response to a flood."""
    answer = center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    return answer.entries[0].subject_id


def test_a_page_sees_every_commit_and_a_page_already_open_sees_none_behind_it(
    center_on_both: Center,
) -> None:
    center = center_on_both
    operation_id = started(center)

    def seen(reader: Reader) -> tuple[int, int]:
        row = reader.get(Operation, operation_id)
        assert row is not None
        return row.version, len(reader.find(Operation, decision=OpeningDecision.OPEN))

    with center.second_process() as other, center.services.reader() as early:
        early.rows("SELECT count(*) FROM operation WHERE council_id = $council")
        other.do(DecideOpening(decision=OpeningDecision.OPEN), center.chief)
        with center.services.reader() as reader:
            assert seen(reader) == (2, 1)
        assert seen(early) == (1, 0)
        with center.services.reader() as reader:
            assert seen(reader) == (2, 1)
        center.must(DecideOpening(decision=OpeningDecision.CONSIDERING))
        with center.services.reader() as reader:
            assert seen(reader) == (3, 0)
        with other.reader() as reader:
            assert seen(reader) == (3, 0)


def test_a_name_changed_by_anyone_is_the_name_on_the_next_page(center_on_both: Center) -> None:
    center = center_on_both
    answer = center.must(Register(person=Person(id=uuid.UUID(int=0), name="見本 花子")), DESK)
    volunteer_id = next(entry.subject_id for entry in answer.entries if entry.kind == "volunteer.registered")
    with center.services.reader() as reader:
        first = reader.get(Person, volunteer_id)
    assert first is not None
    with center.second_process() as other:
        changed = Person(id=volunteer_id, name="見本 華子")
        answer = other.do(
            Change(volunteer_id=volunteer_id, seen_version=first.version, person=changed, traits=Traits()),
            DESK,
        )
        assert answer.result == "accepted", answer
    with center.services.reader() as reader:
        then = reader.get(Person, volunteer_id)
    assert then is not None
    assert (first.name, then.name) == ("見本 花子", "見本 華子")


def test_a_technical_row_is_read_anew_each_time(center_on_both: Center) -> None:
    """A session that was ended elsewhere moves no head."""
    center = center_on_both
    tries = LoginTries(id=uuid.uuid4(), wrong=1)
    for wrong in (1, 2):
        with center.second_process() as other, other.database.unit() as unit:
            unit.put(msgspec.structs.replace(tries, wrong=wrong))
            unit.commit()
        with center.services.reader() as reader:
            row = reader.get(LoginTries, tries.id)
            assert row is not None
            assert row.wrong == wrong
            assert [found.wrong for found in reader.find(LoginTries)] == [wrong]


def test_a_page_that_is_open_sees_one_state_in_memory_and_in_the_database(center: Center) -> None:
    """What another page asked before comes from memory, the rest from the database: of the same moment."""
    first, second = ("SELECT count(*) FROM login_tries", "SELECT count(id) FROM login_tries")
    with center.services.reader() as reader:
        assert reader.rows(first) == [(0,)]
    with center.services.reader() as early:
        with center.services.database.unit() as unit:
            unit.put(LoginTries(id=uuid.uuid4(), wrong=1))
            unit.commit()
        assert (early.rows(first), early.rows(second)) == ([(0,)], [(0,)])
    with center.services.reader() as reader:
        assert (reader.rows(first), reader.rows(second)) == ([(1,)], [(1,)])


def test_more_rows_than_may_be_kept_are_read_anew_and_right() -> None:
    """Beyond the limit everything is let go, never half of it."""
    rows, head = kept.KeptRows(), (1, "a")
    rows.advance((0, ""), head, read={}, lists={}, written={})
    many = {(Operation, uuid.UUID(int=n)): None for n in range(kept.MOST_ROWS)}
    rows.offer(head, many, {})
    assert len(rows.rows(head, Operation, [uuid.UUID(int=1)])) == 1
    rows.offer(head, {(Operation, uuid.UUID(int=kept.MOST_ROWS)): None}, {})
    assert rows.rows(head, Operation, [uuid.UUID(int=1)]) == {}
    assert len(rows.rows(head, Operation, [uuid.UUID(int=kept.MOST_ROWS)])) == 1
    rows.offer((2, "b"), many, {})
    assert rows.rows((2, "b"), Operation, [uuid.UUID(int=1)]) == {}


def test_an_old_snapshot_does_not_say_where_the_head_stands() -> None:
    """After a failure nothing is known; a page that was open all the while knows of no commit behind it."""
    rows = kept.KeptRows()
    rows.advance((0, ""), (2, "b"), read={}, lists={}, written={})
    rows.forget()
    rows.offer((1, "a"), {(Operation, uuid.UUID(int=1)): None}, {})
    assert rows.head is None
    assert rows.rows((1, "a"), Operation, [uuid.UUID(int=1)]) == {}


COUNT = "SELECT count(*) FROM login_tries WHERE council_id = $council"


def _count_tries(center: Center) -> int:
    with center.services.reader() as reader:
        return int(reader.rows(COUNT)[0][0])


def _nothing() -> None:
    """A reader that has nothing to open."""


def test_all_answers_together_have_a_limit() -> None:
    known = Answers()
    state = known.enter(_nothing)
    assert state is not None
    for n in range(0, answers.MOST + 2 * answers.LONGEST, answers.LONGEST):
        known.put(state, "SELECT 1", {"n": n}, [(1,)] * answers.LONGEST)
    assert known.get(state, "SELECT 1", {"n": 0}) is None
    known.put(state, "SELECT 2", {}, [(1,)] * (answers.LONGEST + 1))
    assert known.get(state, "SELECT 2", {}) is None


def test_an_answer_holds_until_anybody_commits_anything(center: Center) -> None:
    """Also a commit that moves no head, and one that failed and may yet have reached the disk."""
    database = center.services.database
    assert (_count_tries(center), _count_tries(center)) == (0, 0)
    for n in (1, 2):
        with database.unit() as unit:
            unit.put(LoginTries(id=uuid.uuid4(), wrong=1))
            assert _count_tries(center) == n - 1
            unit.commit()
        assert (_count_tries(center), _count_tries(center)) == (n, n)
    with database.unit() as unit:
        unit.put(LoginTries(id=uuid.uuid4(), wrong=1))
        unit.flush()
    assert _count_tries(center) == 2


def test_a_snapshot_begun_while_a_commit_is_under_way_is_answered_by_the_database_alone() -> None:
    known = Answers()
    before = known.enter(_nothing)
    assert before is not None
    known.put(before, "SELECT 1", {"a": 1}, [(1,)])
    assert known.get(before, "SELECT 1", {"a": 1}) == ((1,),)
    assert known.get(before, "SELECT 1", {"a": True}) is None, "a value of another kind is another question"
    with known.committing():
        assert known.enter(_nothing) is None
    after = known.enter(_nothing)
    assert after not in (None, before)
    known.put(after or 0, "SELECT 2", {}, [(2,)])
    assert known.get(before, "SELECT 1", {"a": 1}) is None
    known.put(before, "SELECT 3", {}, [(3,)])
    assert known.get(before, "SELECT 3", {}) is None, "an old snapshot's answer comes too late"


def test_a_page_with_nothing_new_to_ask_opens_no_transaction(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    _count_tries(center)
    with monkeypatch.context() as without:
        without.setattr(duck, "_pinned", lambda _root: pytest.fail("a transaction was opened"))
        assert _count_tries(center) == 0


def test_what_is_asked_late_is_answered_as_things_stood_when_the_page_began(center: Center) -> None:
    """The transaction that it then needs was opened before the commit which came in between."""
    _count_tries(center)
    with center.services.reader() as reader:
        assert reader.rows(COUNT)[0][0] == 0
        with center.services.database.unit() as unit:
            unit.put(LoginTries(id=uuid.uuid4(), wrong=1))
            unit.commit()
        assert reader.rows(COUNT + " AND wrong = 1")[0][0] == 0
        assert reader.rows(COUNT)[0][0] == 0
    assert _count_tries(center) == 1


def test_a_page_whose_transaction_failed_to_open_says_so_and_the_commit_stands(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    _count_tries(center)

    def failing(_root: object) -> None:
        raise duckdb.IOException("could not read")

    with pytest.raises(StoreError), center.services.reader() as reader:
        with monkeypatch.context() as broken, center.services.database.unit() as unit:
            broken.setattr(duck, "_pinned", failing)
            unit.put(LoginTries(id=uuid.uuid4(), wrong=1))
            unit.commit()
        assert _count_tries(center) == 1
        reader.rows(COUNT)


def test_rows_are_kept_from_the_first_page_after_a_start(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(center)
    with started_again(center, power_cut(center, tmp_path / "again")) as services:
        with services.reader() as reader:
            found = reader.find(Operation)
        with monkeypatch.context() as kept_only, services.reader() as reader:
            kept_only.setattr(StoreReader, "_search", lambda *_: pytest.fail("asked the database again"))
            assert reader.find(Operation) == found
