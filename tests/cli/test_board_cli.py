"""`tasuki board`: export, import and show, between two councils' data folders."""

import base64
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


def test_nobody_can_claim_that_a_file_is_signed(tmp_path: Path) -> None:
    """The command that takes a file over is given its bytes, and finds out by itself what they are worth."""
    theirs, ours, file = tmp_path / "fuchu", tmp_path / "koganei", tmp_path / "board.json"
    for number in (1, 2):
        told = json.dumps({"told": {"state": "open", "needs_left": number}, "seen_number": number - 1})
        assert tasuki(theirs, "13206", "do", "board.publish", told)[0] == 0
        assert tasuki(theirs, "13206", "board", "export", "--to", str(file.with_suffix(f".{number}")))[0] == 0
    first, second = (file.with_suffix(f".{number}").read_bytes() for number in (1, 2))

    def take(raw: bytes, **claimed: object) -> tuple[int, list[str]]:
        body = json.dumps({"raw": base64.b64encode(raw).decode(), **claimed})
        code, answer = tasuki(ours, "13210", "do", "board.take_file", body)
        return code, [entry["kind"] for entry in answer["entries"]]

    def state() -> dict[str, Any]:
        listed = tasuki(ours, "13210", "board", "show")[1]["councils"]
        return next(line for line in listed if line["council_code"] == "13206")

    told = json.loads(first)
    believed = {
        "digest": "0" * 64,
        "signed": "valid",
        "council_code": "13206",
        "key_id": told["key_id"],
        "public_key": "0" * 64,
        "number": 9,
        "as_of": told["as_of"],
        "told": {"state": "closed"},
    }
    code, answer = tasuki(ours, "13210", "do", "board.take_file", json.dumps({"file": believed}))
    assert (code, answer["problems"][0]["code"]) == (2, "cli-bad-json"), "without the bytes there is no file"
    assert take(first) == (0, ["board.refused"]), "its key was not compared"
    assert take(first, file=believed, signed="valid") == (0, ["board.refused"])
    assert state()["source"] is None

    code, unknown = tasuki(ours, "13210", "board", "import", str(file.with_suffix(".1")))
    key = {name: unknown[name] for name in ("council_code", "key_id", "public_key")}
    compared = json.dumps(key | {"compared": "telephone"})
    assert tasuki(ours, "13210", "do", "council_key.verify", compared)[0] == 0
    assert take(second.replace(b'"needs_left":2', b'"needs_left":3')) == (0, ["board.refused"]), "altered"
    forged = json.dumps({**told, "number": 7, "signature": told["signature"]}).encode()
    assert take(forged, file=believed) == (0, ["board.refused"])
    assert state()["source"] is None
    assert take(second) == (0, ["board.taken"])
    assert (state()["state"], state()["source"]) == ("open", "file")
    assert take(first) == (0, ["board.refused"]), "older"
    assert take(second)[0] == 3, "known: nothing to do"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    code, answer = tasuki(tmp_path / "data", "13210", "board", "import", "nowhere.json")
    assert (code, answer["problems"][0]["code"]) == (2, "board-file-missing")
