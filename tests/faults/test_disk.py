"""The disk is full: words that say so, nothing lost, nothing half there, and work goes on when there is room.

A real file system of a few megabytes, in a mount namespace of its own. Mounting needs root; where the
tests are not root, a user namespace gives them that inside it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.server import ROOT


def test_a_full_disk_refuses_in_words_and_the_program_goes_on_when_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    alone = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--user", "--map-root-user"))]
    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.faults.disk_worker", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout)
    assert told["code"] == "no-space"
    assert "ディスクがいっぱいで書けません" in told["words"]
    assert "もう一度操作してください" in told["words"]
    assert told["free_blocks"] == 0
    failed, confirmed = set(told["failed"]), set(told["confirmed"])
    assert len(told["seen_full"]) > 5
    assert not failed & set(told["seen_full"])
    assert failed <= confirmed <= set(told["after"])
    assert told["doctor"] is True
    assert told["log"] is told["log_entries"] is True
    assert told["again"] == ["repeat"] * len(failed)
    assert not (folder / "data").exists()
