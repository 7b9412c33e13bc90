"""`tasuki board`: export, import and show, between two councils' data folders."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.server import ROOT, Program

PUBLISH = json.dumps({"told": {"state": "open", "needs_left": 12}, "seen_number": 0})


def tasuki(data: Path, council: str, *words: str) -> tuple[int, dict[str, Any]]:
    environment = {**Program(data).environment, "TASUKI_COUNCIL": council}
    done = subprocess.run(
        [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=environment,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_file_goes_from_one_council_to_the_other(tmp_path: Path) -> None:
    theirs, ours, file = tmp_path / "fuchu", tmp_path / "koganei", tmp_path / "board.json"
    code, early = tasuki(theirs, "13206", "board", "export", "--to", str(file))
    assert (code, early["problems"][0]["code"], file.exists()) == (3, "board-not-published", False)
    assert tasuki(theirs, "13206", "do", "board.publish", PUBLISH)[0] == 0
    code, made = tasuki(theirs, "13206", "board", "export", "--to", str(file))
    assert (code, made["ok"], made["number"], made["council_code"]) == (0, True, 1, "13206")

    code, unknown = tasuki(ours, "13210", "board", "import", str(file))
    assert (code, unknown["verdict"], unknown["fingerprint"]) == (1, "unknown_key", made["fingerprint"])
    key = {name: unknown[name] for name in ("council_code", "key_id", "public_key")} | {
        "compared": "telephone"
    }
    assert tasuki(ours, "13210", "do", "council_key.verify", json.dumps(key))[0] == 0
    for verdict in ("taken", "known"):
        code, answer = tasuki(ours, "13210", "board", "import", str(file))
        assert (code, answer["verdict"]) == (0, verdict)
    file.write_text(file.read_text().replace('"needs_left":12', '"needs_left":13'))
    code, forged = tasuki(ours, "13210", "board", "import", str(file))
    assert (code, forged["ok"], forged["verdict"]) == (1, False, "forged")

    code, shown = tasuki(ours, "13210", "board", "show")
    by_code = {line["council_code"]: line for line in shown["councils"]}
    assert (code, len(by_code)) == (0, 8)
    assert set(by_code["13206"]) == {
        *("council_code", "council", "state", "as_of", "source", "age_minutes"),
    }
    assert (by_code["13206"]["state"], by_code["13206"]["source"]) == ("open", "file")
    assert (by_code["13204"]["state"], by_code["13204"]["as_of"]) == ("unknown", None)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    code, answer = tasuki(tmp_path / "data", "13210", "board", "import", "nowhere.json")
    assert (code, answer["problems"][0]["code"]) == (2, "board-file-missing")
