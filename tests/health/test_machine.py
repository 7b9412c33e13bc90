"""The doctor on the machine: disk, second folder, clock, certificates, tablets, backups; words for each."""

import shutil
import tomllib
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from dvc_core.bootstrap import Began
from dvc_core.health import by_need, light, machine
from dvc_core.health.check import Check
from dvc_core.health.machine import Tablet
from dvc_core.store.second import CopyState
from dvc_core.tokens import certificates
from tests.support.center import START, Center

BEGAN = Began(wall=START, steady=1000.0)
WORDS = tomllib.loads(
    (Path(__file__).parents[2] / "dvc_core" / "i18n" / "ja" / "doctor.toml").read_text("utf-8")
)["doctor"]


def told(check: Check) -> tuple[str, str]:
    assert check.said
    assert check.means
    assert bool(check.todo) == (check.level != "ok")
    assert "{" not in check.said + check.means + check.todo
    return check.state, check.level


@pytest.mark.parametrize(
    ("free", "state"), [(100, ("full", "bad")), (1500, ("low", "warn")), (9000, ("fine", "ok"))]
)
def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: tuple[str, str]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free * machine.MB))
    assert told(machine.disk(tmp_path)) == state


def test_the_second_folder() -> None:
    def state(behind: int | None) -> CopyState:
        return CopyState(folder="memory", behind=behind, copied_at=START)

    assert told(machine.second(None)) == ("none", "warn")
    assert told(machine.second(state(None))) == ("away", "bad")
    assert told(machine.second(state(10))) == ("behind", "warn")
    assert told(machine.second(state(0))) == ("fine", "ok")


@pytest.mark.parametrize(
    ("moved", "passed", "last", "state"),
    [
        ({"minutes": 10}, 600, {"minutes": 9}, ("fine", "ok")),
        ({"days": 1, "minutes": 10}, 600, {"minutes": 9}, ("jumped-on", "bad")),
        ({"days": -1, "minutes": 10}, 600, None, ("jumped-back", "bad")),
        ({"days": -1, "minutes": 10}, 600, {"minutes": 9}, ("behind", "bad")),
        ({"minutes": 11}, 600, {"minutes": 12}, ("fine", "ok")),
    ],
)
def test_a_clock_that_jumps(
    moved: dict[str, int], passed: float, last: dict[str, int] | None, state: tuple[str, str]
) -> None:
    entry = START + timedelta(**last) if last is not None else None
    check = machine.clock(START + timedelta(**moved), entry, BEGAN, BEGAN.steady + passed)
    assert told(check) == state


def test_the_certificates(tmp_path: Path) -> None:
    assert [told(each) for each in machine.certificates(tmp_path, START)] == [("none", "ok")]
    made = certificates.ensure(tmp_path, "見本市社協", START)
    assert [told(each)[0] for each in machine.certificates(tmp_path, START)] == ["fine", "fine"]
    soon = made.ends_at - timedelta(days=3)
    assert [told(each)[0] for each in machine.certificates(tmp_path, soon)] == ["soon", "fine"]
    assert [told(each)[0] for each in machine.certificates(tmp_path, made.ca_ends_at)] == ["ended", "ended"]
    (tmp_path / "server.pem").write_text("nothing")
    assert [told(each)[0] for each in machine.certificates(tmp_path, START)] == ["broken", "fine"]


def test_the_tablets() -> None:
    good = Tablet("受付1", START, 0)
    late = Tablet("受付2", START - machine.SILENT - timedelta(seconds=1), None)
    full = Tablet("受付3", START, 7)
    assert told(machine.tablets([], START)) == ("none", "ok")
    assert told(machine.tablets([good], START)) == ("fine", "ok")
    silent = machine.tablets([good, late], START)
    assert told(silent) == ("silent", "warn")
    assert "受付2" in silent.said
    waiting = machine.tablets([good, late, full], START)
    assert told(waiting) == ("waiting", "warn")
    assert "7 件" in waiting.said


def test_the_last_backup() -> None:
    assert told(machine.backup([], START)) == ("none", "warn")
    old = [START - timedelta(days=3), START - timedelta(hours=25)]
    assert told(machine.backup(old, START)) == ("old", "warn")
    assert told(machine.backup([*old, START - timedelta(hours=1)], START)) == ("fine", "ok")


def test_what_must_be_mended_comes_first(center: Center) -> None:
    checks = by_need(light(center.services, steady=center.services.began.steady))
    levels = [check.level for check in checks]
    assert levels == sorted(levels, key=["bad", "warn", "ok"].index)
    for check in checks:
        told(check)


def test_every_state_says_what_it_means_and_what_to_do() -> None:
    for code, states in WORDS.items():
        for state, words in states.items():
            good = state in {"fine", "none"} and "todo" not in words
            assert set(words) == ({"_", "means"} if good else {"_", "means", "todo"}), (code, state)
