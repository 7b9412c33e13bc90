"""An operation is opened from the screen; the power goes; it is all there, on either engine."""

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.people import first_administrator, go, log_in
from tests.support.server import ROOT, NewProgram, Program


def cli(program: Program, *words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(program.data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=program.environment,
    )
    return dict(json.loads(done.stdout))


def test_what_was_confirmed_survives_a_power_cut(
    new_program: NewProgram, desk: Page, database_url: str | None, tmp_path: Path
) -> None:
    environment = {"TASUKI_DATABASE_URL": database_url} if database_url else {}
    program = new_program(environment=environment).start()
    first_administrator(desk, program)
    go(desk, program, "operation", "設置・運営の手順")
    desk.get_by_label("災害の名前").fill("訓練の地震")
    desk.get_by_role("button", name="発災を記録する").click()
    expect(desk.get_by_text("発災を記録しました")).to_be_visible()
    before = cli(program, "doctor")
    assert (before["ok"], before["engine"]) == (True, "postgresql" if database_url else "duckdb")

    program.restart(kill=True)

    log_in(desk, program)
    go(desk, program, "operation", "設置・運営の手順")
    desk.get_by_role("tab", name="設置判断").click()
    desk.get_by_text("設置する", exact=True).click()
    desk.get_by_role("button", name="判断を記録する").click()
    expect(desk.get_by_text("設置判断を記録しました")).to_be_visible()
    after = cli(program, "doctor")
    assert after["ok"] is True
    assert after["journal"]["head_seq"] == before["journal"]["head_seq"] + 1  # type: ignore[index]
    assert all(table["differing"] == 0 for table in after["tables"])  # type: ignore[attr-defined]
    saved = cli(program, "backup", "--to", str(tmp_path / "b.zip"))
    assert saved["verified"] is True
