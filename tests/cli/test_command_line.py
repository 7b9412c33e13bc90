"""The command line as scripts see it: one JSON object, exit codes, never a traceback."""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ROOT


def tasuki(data: Path, *words: str, stdin: str = "") -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(data)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_acts_and_questions_are_the_ones_of_the_screens(tmp_path: Path) -> None:
    started = '{"disaster":"flood","started_at":"2026-11-24T09:00:00+09:00","title":"訓練の大雨"}'
    command_id = str(uuid.uuid4())
    code, answer, _ = tasuki(tmp_path, "do", "operation.start", started, "--id", command_id)
    assert (code, answer["ok"], answer["result"], answer["command_id"]) == (0, True, "accepted", command_id)
    assert [entry["seq"] for entry in answer["entries"]] == [1, 2]
    code, again, _ = tasuki(tmp_path, "do", "operation.start", "-", "--id", command_id, stdin=started)
    assert (code, again["result"], again["entries"]) == (0, "repeat", answer["entries"])
    operation = answer["entries"][0]["subject_id"]
    asked = json.dumps({"operation_id": operation, "day": "2026-11-24"})
    code, day, _ = tasuki(tmp_path, "ask", "reception.day", asked)
    assert (code, day["rows"][0]["arrived"]) == (0, 0)
    code, refused, _ = tasuki(tmp_path, "do", "operation.open")
    assert (code, refused["refusal"]["code"]) == (3, "opening-undecided")
    assert refused["problems"][0]["hint"]
    code, doctor, _ = tasuki(tmp_path, "doctor")
    assert (code, doctor["journal"]["entries"], doctor["journal"]["chain_ok"]) == (0, 3, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("do", "no.such", "{}"), 2),
        (("do", "operation.start", "{"), 2),
        (("do", "operation.start", '{"disaster":"dragon"}'), 2),
        (("do", "operation.open", "{}", "--at", "2026-01-01"), 2),
        (("do", "operation.open", "{}", "--as", "nobody"), 2),
        (("ask", "no.such"), 2),
        (("ask", "reception.day"), 2),
        (("ask", "reception.day", '{"surprise": 1}'), 2),
        (("checkin", "12", "--act", "arrive", "--id", "x", "--at", "2026-01-01T00:00:00Z"), 2),
        (("geocode", "本町", "--city", "99999"), 1),
        (("restore", "/nowhere/at/all.zip"), 4),
    ],
)
def test_nonsense_is_told_in_words(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    returned, answer, _ = tasuki(tmp_path / "data", *words)
    assert returned == code
    assert answer["ok"] is False
    assert answer["problems"][0]["message"]


def test_a_number_is_checked_in_like_at_a_kiosk(tmp_path: Path) -> None:
    started = '{"disaster":"flood","started_at":"2026-11-24T09:00:00+09:00","title":"訓練の大雨"}'
    tasuki(tmp_path, "do", "operation.start", started)
    person = {"person": {"id": str(uuid.UUID(int=0)), "name": "見本 花子"}, "traits": {"insurance": "basic"}}
    assert tasuki(tmp_path, "do", "volunteer.register", json.dumps(person))[0] == 0
    words = (
        "checkin",
        "1",
        "--act",
        "arrive",
        "--id",
        str(uuid.uuid4()),
        "--at",
        "2026-11-24T10:00:00+09:00",
    )
    code, first, _ = tasuki(tmp_path, *words)
    assert (code, first["number"], len(first["seqs"])) == (0, 1, 3)
    code, again, _ = tasuki(tmp_path, *words)
    assert (code, again["verdict"], again["seqs"]) == (0, "repeat", first["seqs"])


def test_who_comes_after_closing_time_has_come_and_gets_no_place(tmp_path: Path) -> None:
    started = '{"disaster":"flood","started_at":"2026-11-24T09:00:00+09:00","title":"訓練の大雨"}'
    tasuki(tmp_path, "do", "operation.start", started)
    person = {"person": {"id": str(uuid.UUID(int=0)), "name": "見本 花子"}, "traits": {"insurance": "basic"}}
    assert tasuki(tmp_path, "do", "volunteer.register", json.dumps(person))[0] == 0
    assert tasuki(tmp_path, "do", "intake.close", json.dumps({"day": "2026-11-24"}))[0] == 0
    at = ("--id", str(uuid.uuid4()), "--at", "2026-11-24T10:00:00+09:00")
    code, answer, _ = tasuki(tmp_path, "checkin", "1", "--act", "arrive", *at)
    assert (code, answer["ok"], answer["verdict"]) == (3, False, "refused")
    assert answer["problems"][0]["code"] == answer["refusal"]["code"] == "intake-closed"
    assert answer["problems"][0]["hint"]
    assert answer["seqs"]


def test_every_command_and_query_is_listed_with_its_schema(tmp_path: Path) -> None:
    _, commands, _ = tasuki(tmp_path, "commands")
    _, queries, _ = tasuki(tmp_path, "queries")
    assert {"kind", "role", "sort", "schema"} == set(commands["commands"][0])
    assert "attendance.scan" in {c["kind"] for c in commands["commands"]}
    assert "reception.day" in {q["kind"] for q in queries["queries"]}


def test_a_held_database_is_named(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb,sys;c=duckdb.connect(sys.argv[1]);print('held',flush=True);input()",
            str(tmp_path / "tasuki.duckdb"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        code, answer, _ = tasuki(tmp_path, "doctor")
        holder.kill()
    assert (code, answer["problems"][0]["code"]) == (4, "held")
