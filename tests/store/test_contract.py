"""What the store promises, once on each engine."""

import threading
import uuid
from datetime import timedelta, timezone

import msgspec
import pytest

from dvc_core.bootstrap import build
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.account import LoginTries
from dvc_core.domain.kernel import Row, Stored
from dvc_core.domain.note import Note
from dvc_core.domain.operation import Disaster, OpeningDecided, OpeningDecision, Operation, Started
from dvc_core.domain.refused import CommandRefused as Refused
from dvc_core.ports import ConflictError, Origin, StoreError
from dvc_core.replay import differing, fold
from dvc_core.store import journal
from dvc_core.store.database import Database
from dvc_core.store.reader import StoreReader
from dvc_core.store.schema import columns, declared
from tests.support.center import START, Center


def start() -> Start:
    return Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(hours=1), title="訓練の地震")


def origin(center: Center, command_id: uuid.UUID | None = None) -> Origin:
    return Origin(
        command_id=command_id or uuid.uuid4(),
        operation_id=uuid.uuid4(),
        occurred_at=center.clock.now(),
        recorded_at=center.clock.now(),
        actor_id="chief",
        station="desk",
        source="desk",
        content="",
    )


def entries(center: Center) -> list[journal.Entry]:
    with center.services.database.engine.snapshot() as connection:
        return list(journal.read_all(connection, center.services.council_id))


def assert_doctor_equal(center: Center) -> None:
    kept = entries(center)
    assert journal.check_chain(kept).first_bad_seq is None
    folded = fold(kept)
    with center.services.database.engine.snapshot() as connection:
        reader = StoreReader(connection, center.services.council_id)
        for cls, rows in folded.items():
            assert differing(rows, reader.find(cls)) == [], cls.table


def test_row_and_journal_come_in_one_transaction_and_the_fold_equals_the_tables(
    center_on_both: Center,
) -> None:
    center = center_on_both
    started = center.must(start())
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    assert [entry.kind for entry in entries(center)] == [
        "operation.started",
        "note.written",
        "operation.opening_decided",
        "operation.opened",
    ]
    with center.services.reader() as reader:
        row = reader.get(Operation, started.entries[0].subject_id)
        note = reader.find(Note)[0]
    assert row is not None
    assert (row.version, row.opened_at, row.decision) == (3, center.clock.now(), OpeningDecision.OPEN)
    assert (note.text, note.version) == ("訓練の地震", 1)
    assert_doctor_equal(center)


def test_what_was_stored_is_there_after_closing_and_opening_again(center_on_both: Center) -> None:
    center = center_on_both
    center.must(start())
    head = center.services.database.head()
    config = center.services.config
    center.services.close()
    center.services = build(config, clock=center.clock, wall=center.clock)
    assert center.services.database.head() == head
    center.must(DecideOpening(decision=OpeningDecision.CONSIDERING))
    assert_doctor_equal(center)


def test_an_exception_inside_leaves_no_trace(center_on_both: Center) -> None:
    center = center_on_both
    with pytest.raises(RuntimeError), center.services.database.unit() as unit:
        unit.apply(
            origin(center),
            [Started(id=uuid.uuid4(), disaster=Disaster.FLOOD, started_at=START)],
            [],
        )
        unit.flush()
        raise RuntimeError
    assert entries(center) == []
    assert center.services.database.head() == (0, journal.GENESIS)
    center.must(start())


def test_a_failed_statement_is_never_reported_as_stored(center_on_both: Center) -> None:
    center = center_on_both
    with pytest.raises(Exception, match=r"(?i)nothing_of_this_name"), center.services.database.unit() as unit:
        unit.apply(origin(center), [Started(id=uuid.uuid4(), disaster=Disaster.FLOOD, started_at=START)], [])
        unit.rows("SELECT 1 FROM nothing_of_this_name")
        unit.commit()
    assert entries(center) == []
    center.must(start())


def test_leaving_without_commit_stores_nothing(center_on_both: Center) -> None:
    center = center_on_both
    with center.services.database.unit() as unit:
        unit.apply(origin(center), [Started(id=uuid.uuid4(), disaster=Disaster.FLOOD, started_at=START)], [])
        unit.flush()
    assert entries(center) == []


@pytest.mark.parametrize("act", ["UPDATE journal SET body = '{}'", "DELETE FROM journal"])
def test_the_journal_refuses_to_be_changed(center_on_both: Center, act: str) -> None:
    center = center_on_both
    center.must(start())
    with pytest.raises(Exception, match="append-only"), center.services.database.engine.write() as connection:
        connection.run(act, {})
        connection.commit()
    assert len(entries(center)) == 2


def test_two_writers_of_one_row_one_goes_first_and_the_other_is_told(center_on_both: Center) -> None:
    """In one process they take turns; of two processes (PostgreSQL) the second is refused and runs anew."""
    center = center_on_both
    operation_id = center.must(start()).entries[0].subject_id
    with center.second_process() as process:
        other = process.database
        databases = [center.services.database, other]
        read, results = threading.Barrier(2, timeout=10), []

        def decide(database: Database) -> None:
            try:
                with database.unit() as unit:
                    unit.get(Operation, operation_id)
                    if other is not center.services.database:
                        read.wait()
                    unit.apply(
                        origin(center), [OpeningDecided(id=operation_id, decision=OpeningDecision.OPEN)], []
                    )
                    unit.commit()
                results.append("done")
            except ConflictError:
                results.append("conflict")

        threads = [threading.Thread(target=decide, args=(database,)) for database in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        two = other is not center.services.database
    assert sorted(results) == (["conflict", "done"] if two else ["done"] * 2)
    assert_doctor_equal(center)


def test_what_another_process_wrote_is_seen_by_the_next_command(center_on_both: Center) -> None:
    """Rows are kept between units only as long as nobody moved the journal's head."""
    center = center_on_both
    database = center.services.database
    operation_id = center.must(start()).entries[0].subject_id

    def decided(by: Database, decision: OpeningDecision) -> None:
        with by.unit() as unit:
            unit.apply(origin(center), [OpeningDecided(id=operation_id, decision=decision)], [])
            unit.commit()

    def known() -> Operation | None:
        with database.unit() as unit:
            return unit.get(Operation, operation_id)

    with center.second_process() as process:
        other = process.database
        decided(database, OpeningDecision.CONSIDERING)
        decided(other, OpeningDecision.NOT_OPEN)
        assert (first := known()) is not None
        assert (first.decision, first.version) == (OpeningDecision.NOT_OPEN, 3)
        decided(database, OpeningDecision.CONSIDERING)
        decided(other, OpeningDecision.OPEN)
        with database.unit() as unit:  # a commit that has nothing to do with the operation
            unit.apply(origin(center), [Refused(id=uuid.uuid4(), command="x", code="x")], [])
            unit.commit()
        assert (then := known()) is not None
        assert (then.decision, then.version) == (OpeningDecision.OPEN, 5)
    center.must(Open())
    assert_doctor_equal(center)


def test_a_unit_finds_what_it_wrote_itself(center_on_both: Center) -> None:
    center = center_on_both
    operation_id = center.must(start()).entries[0].subject_id
    with center.services.database.unit() as unit:
        assert unit.find(Operation, decision=OpeningDecision.OPEN) == []
        unit.apply(origin(center), [Refused(id=uuid.uuid4(), command="x", code="x")], [])
        unit.commit()
    with center.services.database.unit() as unit:
        unit.apply(origin(center), [OpeningDecided(id=operation_id, decision=OpeningDecision.OPEN)], [])
        assert [row.id for row in unit.find(Operation, decision=OpeningDecision.OPEN)] == [operation_id]
        unit.flush()
        assert [row.id for row in unit.find(Operation, decision=OpeningDecision.OPEN)] == [operation_id]
        unit.commit()


def test_a_commit_whose_answer_was_lost_is_found_by_the_next_command(
    center_on_both: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = center_on_both
    operation_id = center.must(start()).entries[0].subject_id
    with pytest.raises(StoreError), center.services.database.unit() as unit:
        unit.apply(origin(center), [OpeningDecided(id=operation_id, decision=OpeningDecision.OPEN)], [])
        unit.flush()
        unit.connection.commit()
        monkeypatch.setattr(unit.connection, "commit", lost)
        unit.commit()
    with center.services.database.unit() as unit:
        row = unit.get(Operation, operation_id)
        unit.apply(origin(center), [Refused(id=uuid.uuid4(), command="x", code="x")], [])
        unit.commit()
    assert row is not None
    assert (row.version, row.decision) == (2, OpeningDecision.OPEN)
    assert_doctor_equal(center)


def lost(**_told: object) -> None:
    """As when the server's last word never came."""
    raise StoreError("unreachable")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_technical_row_that_another_process_changed_first_is_not_overwritten(
    center_on_both: Center,
) -> None:
    center = center_on_both
    database, tries = center.services.database, LoginTries(id=uuid.uuid4(), wrong=1)
    with database.unit() as unit:
        unit.put(tries)
        unit.commit()
    with center.second_process() as process:
        other = process.database
        with pytest.raises(ConflictError), database.unit() as unit:
            unit.put(msgspec.structs.replace(tries, wrong=2))
            with other.unit() as first:
                first.put(msgspec.structs.replace(tries, wrong=5))
                first.commit()
            unit.commit()
    with center.services.reader() as reader:
        row = reader.get(LoginTries, tries.id)
    assert row is not None
    assert row.wrong == 5


def test_a_unit_that_failed_leaves_nothing_in_memory_either(center_on_both: Center) -> None:
    center = center_on_both
    operation_id = center.must(start()).entries[0].subject_id
    decided = OpeningDecided(id=operation_id, decision=OpeningDecision.NOT_OPEN)
    with pytest.raises(RuntimeError), center.services.database.unit() as unit:
        unit.apply(origin(center), [decided], [])
        unit.flush()
        raise RuntimeError
    with center.services.database.unit() as unit:
        unit.apply(origin(center), [decided], [])
        unit.flush()
    with center.services.database.unit() as unit:
        row = unit.get(Operation, operation_id)
        found = unit.find(Operation, decision=OpeningDecision.NOT_OPEN)
    assert row is not None
    assert (row.version, row.decision, found) == (1, None, [])
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    assert_doctor_equal(center)


def test_a_moment_with_an_offset_reads_the_same_from_memory_and_from_the_database(
    center_on_both: Center,
) -> None:
    center = center_on_both
    tokyo = timezone(timedelta(hours=9))
    answer = center.must(
        Start(disaster=Disaster.FLOOD, started_at=START.astimezone(tokyo), title="訓練の水害")
    )
    with center.services.database.unit() as unit:
        kept = unit.get(Operation, answer.entries[0].subject_id)
    with center.services.reader() as reader:
        read = reader.get(Operation, answer.entries[0].subject_id)
    assert kept == read
    assert kept is not None
    assert kept.started_at.utcoffset() == timedelta(0)


def test_many_desks_at_once_lose_nothing_and_leave_no_gap(center_on_both: Center) -> None:
    center = center_on_both
    center.must(start())

    def decide() -> None:
        for _ in range(10):
            center.must(DecideOpening(decision=OpeningDecision.CONSIDERING))

    threads = [threading.Thread(target=decide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.seq for entry in entries(center)] == list(range(1, 43))
    assert_doctor_equal(center)


def test_a_row_changed_by_hand_and_an_entry_changed_by_hand_are_both_seen(center: Center) -> None:
    center.tampered = True
    center.must(start())
    engine = center.services.database.engine
    with engine.write() as connection:
        connection.run("UPDATE operation SET disaster = 'flood'", {})
        connection.run("DROP TRIGGER journal_no_update ON journal", {})
        connection.run("UPDATE journal SET body = replace(body, 'earthquake', 'flood') WHERE seq = 1", {})
        connection.commit()
    assert journal.check_chain(entries(center)).first_bad_seq == 1


def test_every_table_is_declared_once_and_every_struct_fits_its_table(center_on_both: Center) -> None:
    with center_on_both.services.reader() as reader:
        for name, cls in declared().items():
            assert reader.find(cls) == [], name
            assert {column.name for column in columns(cls)} == {f.name for f in msgspec.structs.fields(cls)}
        present = {
            row[0]
            for row in reader.rows(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            )
        }
    own = {"journal", "journal_head", "journal_guard", "meta", "migration", "council_role"}
    assert present - own == set(declared())
    assert all(issubclass(cls, Stored) for cls in declared().values())
    assert any(issubclass(cls, Row) for cls in declared().values())
