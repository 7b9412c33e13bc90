"""`tasuki import` and `tasuki match`: good rows in, problems told, the same file twice adds nothing."""

from pathlib import Path

import pytest

from tests.cli.test_command_line import tasuki
from tests.support.server import ROOT

SAMPLES = ROOT / "tests" / "importing" / "samples"
TABLES = {"volunteers": "volunteer", "needs": "need", "stickers": "sticker"}
STARTED = '{"disaster":"earthquake","started_at":"2026-11-20T09:00:00+09:00","title":"訓練の地震"}'


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("volunteers", "volunteers_form_utf8.csv"),
        ("volunteers", "volunteers_group_cp932.csv"),
        ("needs", "needs_phone.xlsx"),
        ("stickers", "stickers_red.csv"),
    ],
)
def test_a_list_is_taken_once(tmp_path: Path, kind: str, file: str) -> None:
    tasuki(tmp_path, "do", "operation.start", STARTED)
    path = str(SAMPLES / file)
    _, dry, _ = tasuki(tmp_path, "import", kind, path, "--dry-run")
    assert dry["new"] == dry["good"] > 0
    _, first, _ = tasuki(tmp_path, "import", kind, path)
    assert (first["new"], first["set_aside"], first["rows"]) == (dry["new"], dry["set_aside"], dry["rows"])
    _, before, _ = tasuki(tmp_path, "doctor")
    _, again, _ = tasuki(tmp_path, "import", kind, path)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, first["new"])
    _, after, _ = tasuki(tmp_path, "doctor")
    assert after["ok"] is True
    assert after["journal"]["head_seq"] == before["journal"]["head_seq"]
    rows = {table["name"]: table["rows"] for table in after["tables"]}
    assert rows[TABLES[kind]] == first["new"]
    assert rows["review"] == first["set_aside"]


def test_a_file_that_is_no_list_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)) * 20)
    code, answer, _ = tasuki(tmp_path / "data", "import", "volunteers", str(path))
    assert (code, answer["good"]) == (1, 0)
    assert answer["problems"][0]["hint"]


def test_a_day_is_matched_from_a_file(tmp_path: Path) -> None:
    sample = next((ROOT / "tests" / "matching" / "samples").glob("*.json"))
    code, answer, _ = tasuki(tmp_path, "match", str(sample), "--seconds", "5")
    assert code == 0
    assert {"status", "objective", "bound", "gap", "seconds", "teams", "unserved", "idle"} <= set(answer)
    assert tasuki(tmp_path, "match", str(tmp_path / "none.json"))[0] == 2
