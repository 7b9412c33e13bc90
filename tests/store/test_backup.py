"""Backups, restores, exports and the doctor, on both engines."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from dvc_core.bootstrap import Config, build
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.domain.note import Note
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.ports import StoreError
from dvc_core.store import backup
from dvc_core.store.archive import read_manifest
from dvc_core.store.doctor import examine
from dvc_core.store.export import export
from dvc_core.store.restoring import restore
from tests.support.center import START, Center


def begin(center: Center, title: str = "訓練の地震") -> None:
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(hours=1), title=title))
    center.must(DecideOpening(decision=OpeningDecision.CONSIDERING, reason="=1+1"))


def test_a_backup_is_verified_and_restores_to_the_same_head_and_rows(
    center_on_both: Center, tmp_path: Path
) -> None:
    center = center_on_both
    begin(center)
    keys = center.services.config.data / "keys"
    keys.mkdir(parents=True)
    (keys / "k").write_text("secret")
    made = backup.back_up(
        center.services.database,
        tmp_path / "b.zip",
        data=center.services.config.data,
        now=center.clock.now(),
    )
    assert made.head_seq == 4
    other = tmp_path / "other"
    restore(tmp_path / "b.zip", other / "tasuki.duckdb", data=other, now=center.clock.now())
    assert (other / "keys" / "k").read_text() == "secret"
    restored = build(Config(data=other), clock=center.clock, wall=center.clock)
    try:
        assert restored.database.head() == center.services.database.head()
        assert restored.database.meta == center.services.database.meta
        assert examine(restored.database).ok
        with restored.reader() as reader, center.services.reader() as before:
            assert reader.find(Note) == before.find(Note)
    finally:
        restored.close()


def test_a_backup_that_was_changed_is_refused_and_nothing_is_made(center: Center, tmp_path: Path) -> None:
    begin(center)
    path = tmp_path / "b.zip"
    backup.back_up(center.services.database, path, data=center.services.config.data, now=START)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("journal.jsonl")
    raw[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="backup-bad"):
        restore(path, tmp_path / "o" / "t.duckdb", data=tmp_path / "o", now=START)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_wherever_a_byte_was_changed_the_backup_is_refused_or_still_whole(
    center: Center, tmp_path: Path, flip: int
) -> None:
    begin(center)
    path = tmp_path / "b.zip"
    made = backup.back_up(center.services.database, path, data=center.services.config.data, now=START)
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        raw = bytearray(whole)
        raw[at] ^= flip
        path.write_bytes(raw)
        try:
            found = read_manifest(path)
        except StoreError as error:
            refused += error.code == "backup-bad"
        else:  # a byte that says nothing, such as a time of the archive's own
            assert (found.head_seq, found.head_hash) == (made.head_seq, made.head_hash)
    assert refused > 30


def test_a_restore_never_goes_over_something(center: Center, tmp_path: Path) -> None:
    begin(center)
    path = tmp_path / "b.zip"
    backup.back_up(center.services.database, path, data=center.services.config.data, now=START)
    there = tmp_path / "there.duckdb"
    there.write_text("something of value")
    with pytest.raises(StoreError, match="not-empty"):
        restore(path, there, data=tmp_path, now=START)
    assert there.read_text() == "something of value"


def test_an_export_has_every_entry_a_line_and_runs_in_no_spreadsheet(
    center_on_both: Center, tmp_path: Path
) -> None:
    begin(center_on_both)
    files = {file.name: file for file in export(center_on_both.services.database, tmp_path)}
    lines = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [1, 2, 3, 4]
    assert files["note.csv"].rows == 2
    assert "'=1+1" in (tmp_path / "note.csv").read_text(encoding="utf-8-sig")
    assert files["note.parquet"].rows == 2
    assert not any("credential" in name for name in files)


def test_the_doctor_names_a_changed_entry_and_a_changed_row(center: Center) -> None:
    center.tampered = True
    begin(center)
    assert examine(center.services.database).ok
    with center.services.database.engine.write() as connection:
        connection.run("UPDATE operation SET disaster = 'flood'", {})
        connection.commit()
    report = examine(center.services.database)
    assert {t.name: t.differing for t in report.tables if t.differing} == {"operation": 1}
    with center.services.database.engine.write() as connection:
        connection.run("DROP TRIGGER journal_no_update ON journal", {})
        connection.run("UPDATE journal SET actor_id = 'someone' WHERE seq = 3", {})
        connection.commit()
    assert examine(center.services.database).chain.first_bad_seq == 3


def test_the_doctor_names_an_entry_that_cannot_be_read(center: Center) -> None:
    center.tampered = True
    begin(center)
    with center.services.database.engine.write() as connection:
        connection.run("DROP TRIGGER journal_no_update ON journal", {})
        connection.run("UPDATE journal SET body = '{}' WHERE seq = 1", {})
        connection.commit()
    readable = next(c for c in examine(center.services.database).checks if c.code == "readable")
    assert (readable.ok, readable.facts) == (False, {"seq": 1})
