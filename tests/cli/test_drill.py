"""A drill beside the real center: its own folder, port, cookie, keys; what is whose never mixes."""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from dvc_core.bootstrap import Services, build, config_for
from dvc_core.cli import drill as drills
from dvc_core.commands.account import Add
from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Envelope
from dvc_core.domain.account import Account, Credential, Operator
from dvc_core.domain.attendance import Act
from dvc_core.domain.review import Review, ReviewContent
from dvc_core.tokens import qr
from dvc_core.web.scans import Batch, Gate, SentScan, take
from tests.support.server import NewProgram

HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"
START = (sys.executable, "-m", "dvc_core.cli", "drill", "start", "あきのせっち")


def tasuki(*words: str, data: Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def add(services: Services, login: str, *roles: str) -> None:
    command = Add(login=login, name=f"見本 {login}", roles=roles, password_hash=HASH, one_time=False)
    answer = services.do(command, drills.CLI)
    assert answer.stored, answer


def live(data: Path) -> Services:
    services = build(config_for(data))
    add(services, "taro", "admin")
    add(services, "hanako", "reception", "viewer")
    return services


def opened(data: Path) -> Services:
    card = drills.read_card(data)
    assert card is not None
    return build(drills.config_of(data, card.name))


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("demo", "demo"),
        ("秋の設置訓練", "秋の設置訓練"),
        ("../../x", "x"),
        ("Ａ B/ｃ", "a-b-c"),
        ("con", "con-drill"),
        ("...", ""),
        ("a" * 90, "a" * drills.LONGEST_NAME),
    ],
)
def test_a_name_becomes_a_folder_that_every_system_takes(name: str, folder: str) -> None:
    assert drills.folder_of(name) == folder


def test_accounts_come_along_and_nothing_else(tmp_path: Path) -> None:
    live(tmp_path / "live").close()
    code, said = tasuki("drill", "create", "秋の設置訓練", data=tmp_path / "live")
    assert (code, said["accounts"], said["port"]) == (0, 2, None)
    assert Path(said["data"]) == tmp_path / "drill" / "秋の設置訓練"
    services = opened(Path(said["data"]))
    with services.reader() as reader:
        logins = {row.login for row in reader.find(Operator)}
        kept = {row.password for row in reader.find(Credential)}
        roles = sorted(row.roles for row in reader.find(Account))
    assert services.drill == "秋の設置訓練"
    assert str(services.database.meta.database_id) == said["database_id"]
    assert services.keys.current.key_id.startswith("drill-13210-")
    assert (logins, kept) == ({"taro", "hanako"}, {HASH})
    assert roles == [("admin",), ("reception", "viewer")]
    services.close()
    again, told = tasuki("drill", "create", "秋の設置訓練", data=tmp_path / "live")
    assert (again, told["problems"][0]["code"]) == (3, "drill-exists")


def test_a_drill_is_found_by_its_folder_and_by_its_name(tmp_path: Path) -> None:
    drills.make(tmp_path / "drill" / "demo", "見本", [])
    found = [drills.named(tmp_path / "live", name) for name in ("demo", "見本", "みほん")]
    assert [drill and drill.name for drill in found] == ["見本", "見本", None]


def test_a_center_that_was_never_started_stays_unmade(tmp_path: Path) -> None:
    code, said = tasuki("drill", "create", "x", data=tmp_path / "live")
    assert (code, said["accounts"]) == (0, 0)
    assert not (tmp_path / "live").exists()
    assert tasuki("drill", "create", "///", data=tmp_path / "live")[0] == 2
    assert (
        tasuki("drill", "start", "nobody", data=tmp_path / "live")[1]["problems"][0]["code"]
        == "drill-unknown"
    )


def test_beside_the_running_center_on_its_own_port(tmp_path: Path, new_program: NewProgram) -> None:
    live(tmp_path / "live").close()
    center = new_program(data=tmp_path / "live").start()
    code, said = tasuki("drill", "create", "あきのせっち", data=tmp_path / "live")
    assert (code, said["accounts"]) == (0, 2)
    drill = new_program(data=tmp_path / "live", command=START).start()
    assert drill.ready["database_id"] == said["database_id"] != center.ready["database_id"]
    listed = tasuki("drill", "list", data=tmp_path / "live")[1]["drills"]
    assert [each["port"] for each in listed] == [drill.port]
    assert "訓練：あきのせっち" in httpx.get(f"{drill.ready['url']}/login").text
    assert "訓練：" not in httpx.get(f"{center.ready['url']}/login").text
    drill.kill()
    assert tasuki("drill", "list", data=tmp_path / "live")[1]["drills"][0]["port"] is None


def test_a_command_of_the_other_database_is_refused_and_kept(tmp_path: Path) -> None:
    center = live(tmp_path / "live")
    drills.make(tmp_path / "drill" / "x", "x", drills.accounts_of(center))
    drill = opened(tmp_path / "drill" / "x")
    sent = Envelope(
        command_id=uuid.uuid4(),
        command=Scan(act=Act.ARRIVE, number=1),
        actor=drills.CLI,
        database_id=center.database.meta.database_id,
    )
    assert drill.run(sent).result == "review"
    card = qr.issue(center.keys.current, bytes(qr.TOKEN_BYTES))
    scan = SentScan(command_id=uuid.uuid4(), act=Act.ARRIVE, at=drill.clock.now(), payload=card)
    batch = Batch(device_now=drill.clock.now(), scans=[scan])
    result = take(drill, batch, Gate(actor=drills.CLI, station="kiosk-1"))[0]
    assert result.verdict == "review"
    with drill.reader() as reader:
        reasons = sorted(row.reason for row in reader.find(Review))
        contents = " ".join(row.content for row in reader.find(ReviewContent))
    assert reasons == ["other-database", "real_card"]
    assert card in contents
    center.close()
    drill.close()
