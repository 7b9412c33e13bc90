"""The process of its own: better and better plans, called off at once, an answer even if it breaks down."""

import subprocess
import sys
from threading import Thread
from time import monotonic

import msgspec
import pytest

from dvc_core.matching import process
from dvc_core.matching.model import Plan
from dvc_core.matching.process import greedy_plan, propose
from tests.matching.checker import faults
from tests.matching.days import SEEDS, SIZES, make_day

SMALL = make_day(*SIZES["small"], SEEDS[0])
LARGE = make_day(*SIZES["large"], SEEDS[0])


def test_the_greedy_plan_comes_first_and_the_proven_one_last():
    with propose(SMALL, 20.0) as proposal:
        told = list(proposal)
    assert told[0].status == "greedy"
    assert told[-1].status == "optimal"
    assert told[-1].objective > told[0].objective
    assert all(faults(SMALL, plan) == [] for plan in told)
    assert proposal.failure is None


def test_a_proposal_is_called_off_from_another_thread():
    proposal = propose(LARGE, 600.0)
    told = [next(proposal)]
    rest = Thread(target=lambda: told.extend(proposal), daemon=True)
    rest.start()
    began = monotonic()
    proposal.cancel()
    rest.join(timeout=20)
    assert not rest.is_alive()
    assert monotonic() - began < 20
    assert proposal._process.poll() is not None
    assert told[0].status == "greedy"


def test_leaving_the_iteration_ends_the_process():
    with propose(LARGE, 600.0) as proposal:
        for _ in proposal:
            break
    assert proposal._process.poll() is not None
    assert list(proposal) == []


def test_a_process_that_breaks_down_leaves_the_greedy_plan_and_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    with propose(SMALL, 5.0) as proposal:
        told = list(proposal)
    expected = greedy_plan(SMALL)
    assert [msgspec.structs.replace(plan, seconds=0) for plan in told] == [
        msgspec.structs.replace(expected, seconds=0)
    ]
    assert proposal.failure == "exit 1"


def test_a_process_that_is_told_nonsense_says_so():
    ended = subprocess.run(
        [sys.executable, "-m", "dvc_core.matching"], input=b"{}", capture_output=True, check=False, timeout=60
    )
    assert ended.returncode != 0
    assert ended.stdout == b""
    assert b"ValidationError" in ended.stderr


def test_stdout_holds_plans_and_nothing_else():
    task = msgspec.json.encode({"day": SMALL, "seconds": 20.0, "began": monotonic()})
    ended = subprocess.run(
        [sys.executable, "-m", "dvc_core.matching"], input=task, capture_output=True, check=True, timeout=60
    )
    lines = ended.stdout.splitlines()
    assert len(lines) >= 2
    assert all(msgspec.json.decode(line, type=Plan).teams for line in lines)


def test_the_program_itself_never_loads_a_solver():
    code = "import sys, dvc_core.matching.process, dvc_core.matching.reading; print('highspy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert ended.stdout.strip() == b"False"


def test_a_day_survives_the_way_to_the_process_and_back():
    sent = msgspec.json.encode(LARGE)
    assert msgspec.json.decode(sent, type=type(LARGE)) == LARGE
