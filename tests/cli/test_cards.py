"""`tasuki card`: issued, revoked, printed; and the whole table of INTERFACES is there."""

import json
import uuid
from pathlib import Path

import pytest
from pypdf import PdfReader

from dvc_core.cli import parser
from dvc_core.cli.reply import COMMANDS
from tests.cli.test_command_line import tasuki

STARTED = '{"disaster":"flood","started_at":"2026-11-24T09:00:00+09:00","title":"訓練の大雨"}'
TABLE = (
    "start", "doctor", "backup", "restore", "export", "import volunteers", "import needs",
    "import stickers", "geocode", "match", "manual check", "manual diff", "scan", "checkin", "card issue",
    "card revoke", "card pdf", "commands", "queries", "do", "ask", "board export", "board import",
    "board show", "drill create", "drill list", "drill start", "demo", "user add", "user list",
    "user disable", "kiosk add", "kiosk list", "kiosk revoke", "certificate show", "certificate renew",
)  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_every_command_of_the_table_is_there(name: str) -> None:
    parser()
    assert name in COMMANDS


def test_a_card_is_issued_printed_and_revoked(tmp_path: Path) -> None:
    tasuki(tmp_path, "do", "operation.start", STARTED)
    person = {"person": {"id": str(uuid.UUID(int=0)), "name": "見本 花子"}}
    tasuki(tmp_path, "do", "volunteer.register", json.dumps(person))
    code, card, _ = tasuki(tmp_path, "card", "issue", "1")
    assert (code, card["number"], card["payload"].startswith("TSK1.")) == (0, 1, True)
    code, printed, _ = tasuki(tmp_path, "card", "pdf", "1", "--to", str(tmp_path / "cards.pdf"))
    assert (code, printed["pages"], len(PdfReader(printed["file"]).pages)) == (0, 1, 1)
    assert tasuki(tmp_path, "card", "revoke", "1")[0] == 0
    assert tasuki(tmp_path, "card", "revoke", "1")[0] == 2
    assert tasuki(tmp_path, "card", "issue", "9")[0] == 2
