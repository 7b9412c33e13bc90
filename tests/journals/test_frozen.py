"""Journals of earlier versions: each still opens, and gives the rows that its own version made of it.

`<day>/journal.jsonl.gz` is the beginning of a demonstration as that version wrote it, `rows.json.gz` what it
folded it to (`freeze.py`). A later version may know more of a row; what was said then stays said.
"""

import gzip
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dvc_core.domain.closing import DayClosed
from dvc_core.domain.kernel import Row, tables
from dvc_core.queries.chronology import words_of
from dvc_core.replay import as_it_was, as_known, fold
from dvc_core.store import changelog, journal
from dvc_core.store.database import open_database
from dvc_core.store.doctor import examine
from dvc_core.store.filling import Content, Identity, fill
from tests.support.center import START

FROZEN = sorted(path.name for path in Path(__file__).parent.glob("20*"))


def entries_of(name: str) -> list[journal.Entry]:
    """A frozen journal."""
    raw = (Path(__file__).parent / name / "journal.jsonl.gz").read_bytes()
    return [msgspec.json.decode(line, type=journal.Entry) for line in gzip.decompress(raw).splitlines()]


def rows_of(name: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that its own version made of it."""
    raw = (Path(__file__).parent / name / "rows.json.gz").read_bytes()
    found: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(raw))
    return found


def test_there_is_one() -> None:
    assert FROZEN


@pytest.mark.parametrize("name", FROZEN)
def test_its_chain_holds_and_its_rows_are_what_they_were(name: str) -> None:
    entries = entries_of(name)
    assert journal.check_chain(entries).first_bad_seq is None
    folded, known = fold(entries), tables(Row)
    compared = 0
    for table, rows in rows_of(name).items():
        now = {str(i): json.loads(msgspec.json.encode(row)) for i, row in folded[known[table]].items()}
        assert now.keys() == {row["id"] for row in rows}, table
        for row in rows:
            assert {field: now[row["id"]][field] for field in row} == row, table
            compared += 1
    assert compared > 100
    assert len({entry.kind for entry in entries}) > 30


@pytest.mark.parametrize("name", FROZEN)
def test_it_opens_on_both_engines_and_the_doctor_finds_all_equal(
    name: str, tmp_path: Path, database_url: str | None
) -> None:
    entries = entries_of(name)
    last = entries[-1]
    content = Content(
        council_id=last.council_id,
        drill=None,
        identity=Identity(database_id=uuid.uuid4(), made_at=START, content_key="0" * 64),
        entries=entries,
        rows=(),
        head=(last.seq, last.hash),
    )
    place = database_url or tmp_path / "old.duckdb"
    database = open_database(place, council_id=last.council_id, now=START)
    try:
        fill(database, content)
        assert database.head() == (last.seq, last.hash)
        report = examine(database)
        assert report.ok, report.checks
    finally:
        database.close()


@pytest.mark.parametrize("name", FROZEN)
def test_it_can_be_looked_back_at(name: str) -> None:
    entries = entries_of(name)
    end = max(entry.recorded_at for entry in entries)
    assert as_known(entries, end) == fold(entries)
    assert not any(as_known(entries, entries[0].recorded_at - timedelta(seconds=1)).values())
    was = as_it_was(entries, end)
    assert {cls for cls, rows in was.items() if rows} == {cls for cls, rows in fold(entries).items() if rows}


def test_the_change_log_takes_it_too(tmp_path: Path) -> None:
    """A log written by an earlier version is read by its frames' own words."""
    entries = entries_of(FROZEN[0])
    change = changelog.Change(entries=tuple(entries[:5]))
    frame = changelog.framed(change, (5, entries[4].hash), 1)
    (tmp_path / "x.changes").write_bytes(frame)
    (found,) = changelog.survey(tmp_path / "x.changes").frames
    assert found.change().entries == tuple(entries[:5])
    made: Callable[[journal.Entry], str] = journal.hash_of
    assert [made(entry) for entry in found.change().entries] == [entry.hash for entry in entries[:5]]


def test_an_entry_of_an_older_schema_is_lifted() -> None:
    """`day.closed` did not say how many came: that is not known, and nobody makes a number of it."""
    (closed,) = [each for each in entries_of("2026-11-25") if each.kind == "day.closed"]
    assert (closed.schema, DayClosed.schema) == (1, 2)
    event = closed.event()
    assert isinstance(event, DayClosed)
    assert (event.people_out, event.people) == (0, None)
    assert "来た人 数えていない" in words_of(event, "")
    with pytest.raises(ValueError, match="schema 0"):
        DayClosed.lift({}, 0)
