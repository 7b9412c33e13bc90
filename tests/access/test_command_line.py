"""`tasuki user` and `tasuki kiosk` as INTERFACES.md has them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dvc_core.access import kiosks, sessions
from dvc_core.bootstrap import build, config_for
from dvc_core.cli import main

Tasuki = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def tasuki(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tasuki:
    """Runs a command on one data folder; its exit code and its one JSON object."""

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = main([*words, "--data", str(tmp_path / "data"), "--json"])
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1
        return code, json.loads(lines[0])

    return run


def test_a_user_is_added_comes_in_and_is_disabled(tasuki: Tasuki, tmp_path: Path) -> None:
    code, said = tasuki(
        "user",
        "add",
        "Hanako",
        "--name",
        "見本 花子",
        "--role",
        "受付",
        "--role",
        "return",
        "--until",
        "2099-03-31",
    )
    assert (code, said["ok"]) == (0, True)
    assert said["users"][0]["login"] == "hanako"
    assert said["users"][0]["roles"] == ["reception", "return"]
    assert said["users"][0]["until"] == "2099-03-31T15:00:00+00:00"
    services = build(config_for(tmp_path / "data"))
    try:
        now = services.wall.now()
        assert sessions.log_in(services.database, "hanako", said["password"], now=now).result == "in"
    finally:
        services.close()
    code, listed = tasuki("user", "list")
    assert (code, [user["name"] for user in listed["users"]]) == (0, ["見本 花子"])
    assert "password" not in json.dumps(listed).replace("one_time_password", "")
    code, said = tasuki("user", "disable", "HANAKO")
    assert code == 0
    assert said["users"][0]["disabled_at"] is not None


@pytest.mark.parametrize(
    ("words", "exit_code", "problem"),
    [
        (("user", "add", "jiro", "--name", "訓練 次郎", "--role", "nothing"), 3, "role-unknown"),
        (("user", "add", " ", "--name", "訓練 次郎", "--role", "chief"), 3, "name-missing"),
        (("user", "add", "j\u202eiro", "--name", "訓練 次郎", "--role", "chief"), 3, "text-forbidden"),
        (
            ("user", "add", "jiro", "--name", "訓練", "--role", "chief", "--until", "2026-13-01"),
            2,
            "until-bad",
        ),
        (("user", "disable", "nobody"), 3, "account-unknown"),
        (("user", "list", "--as", "nobody"), 2, "account-unknown"),
        (("kiosk", "add", ""), 3, "kiosk-label"),
        (("kiosk", "revoke", "9"), 3, "kiosk-unknown"),
    ],
)
def test_bad_input_is_a_word_and_an_exit_code(
    tasuki: Tasuki, words: tuple[str, ...], exit_code: int, problem: str
) -> None:
    code, said = tasuki(*words)
    assert (code, said["ok"], [each["code"] for each in said["problems"]]) == (exit_code, False, [problem])
    assert said["problems"][0]["message"]


def test_a_role_without_the_right_is_refused(tasuki: Tasuki) -> None:
    assert tasuki("user", "add", "jiro", "--name", "訓練 次郎", "--role", "viewer")[0] == 0
    for words in (("user", "list"), ("user", "disable", "jiro"), ("kiosk", "list"), ("kiosk", "revoke", "1")):
        code, said = tasuki(*words, "--as", "jiro")
        assert (code, said["problems"][0]["code"]) == (3, "not-allowed")
    code, said = tasuki("kiosk", "add", "受付1", "--as", "jiro")
    assert (code, said["problems"][0]["code"]) == (3, "not-allowed")
    assert "credential" not in said


def test_a_kiosk_is_added_and_cut_off(tasuki: Tasuki, tmp_path: Path) -> None:
    code, said = tasuki("kiosk", "add", "受付1")
    assert code == 0
    assert said["enrol_url"].startswith("https://")
    assert "/kiosk/#enrol=" in said["enrol_url"]
    assert said["kiosks"][0]["kiosk_id"] == said["kiosk_id"]
    assert tasuki("kiosk", "add", "受付2")[1]["kiosks"][0]["number"] == 2
    code, cut = tasuki("kiosk", "revoke", "1")
    assert (code, cut["kiosks"][0]["label"]) == (0, "受付1")
    listed = tasuki("kiosk", "list")[1]["kiosks"]
    assert [(each["number"], each["revoked_at"] is None) for each in listed] == [(2, True), (1, False)]
    assert said["credential"] not in json.dumps(listed)
    services = build(config_for(tmp_path / "data"))
    try:
        with services.reader() as reader:
            caller = kiosks.caller(reader, f"Bearer {said['credential']}")
    finally:
        services.close()
    assert caller is not None
    assert caller.cut_off


def test_in_words_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "data")
    assert main(["user", "add", "jiro", "--name", "訓練 次郎", "--role", "統括", "--data", folder]) == 0
    assert main(["kiosk", "add", "受付1", "--data", folder]) == 0
    assert main(["user", "list", "--data", folder]) == 0
    assert main(["kiosk", "list", "--data", folder]) == 0
    said = capsys.readouterr().out
    assert "jiro\t訓練 次郎\t統括\t一時パスワード" in said
    assert "1\t受付1\t登録済み" in said
