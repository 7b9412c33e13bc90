"""Every code that matching can say has words, and the words have no hole."""

import ast
from pathlib import Path

import pytest

import dvc_core.matching
from dvc_core.domain import teaming
from dvc_core.i18n import catalogue, has_text
from dvc_core.matching import idle, missing
from dvc_core.matching.model import Reason
from dvc_core.matching.words import words
from tests.matching.days import SEEDS, SIZES, make_day

FOLDER = Path(dvc_core.matching.__file__).parent


def said(source: Path, *callers: str) -> set[str]:
    """The first argument of every call of these names, where it is a plain text."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in callers and isinstance(node.args[0].value, str):
                found.add(node.args[0].value)
    return found


def problems_of(source: Path) -> set[str]:
    """The codes of problems that are made by keyword."""
    calls = (
        node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    )
    words = (word for call in calls for word in call.keywords if getattr(call.func, "id", "") == "Problem")
    return {w.value.value for w in words if w.arg == "code" and isinstance(w.value, ast.Constant)}


REASONS = (
    {code for source in FOLDER.glob("*.py") for code in said(source, "Reason")}
    | set(missing.CODES.values())
    | {f"would-suffice-{ability}" for ability in missing.ABILITIES}
    | set(idle.UNFIT.values())
    | set(idle.JOINING.values())
)
REFUSALS = said(Path(teaming.__file__), "_refuse", "Requirement")
PROBLEMS = said(FOLDER / "reading.py", "error", "note") | problems_of(FOLDER / "reading.py")


def test_the_codes_were_found():
    assert {"leader-experienced", "missing-tool", "idle-all-full", "locked"} <= REASONS
    assert {"team-too-few", "tool-short", "person-engaged"} <= REFUSALS
    assert {"match-not-json", "match-row-invalid", "match-people-undecided"} <= PROBLEMS


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_has_words(code: str):
    assert has_text(f"reason.{code}")


@pytest.mark.parametrize("code", sorted(REFUSALS | teaming.OVERRIDABLE))
def test_every_refusal_says_what_why_and_what_next(code: str):
    assert all(has_text(f"refusal.{code}{part}") for part in ("", ".why", ".next"))


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_has_words_and_a_hint(code: str):
    assert has_text(f"problem.{code}")
    assert has_text(f"problem.{code}.hint")


@pytest.mark.parametrize("code", sorted(missing.CODES.values()))
def test_what_an_idle_person_waits_for_has_a_short_name(code: str):
    assert has_text(f"reason.{code}.short")


def test_no_words_are_left_that_nothing_says():
    words_of = {
        key.split(".")[1]
        for key in catalogue("ja")
        if key.startswith("reason.") and not key.endswith(".short")
    }
    assert words_of <= REASONS


def test_the_reasons_of_a_whole_day_have_no_hole():
    from dvc_core.matching.process import greedy_plan

    for seed in SEEDS:
        plan = greedy_plan(make_day(*SIZES["small"], seed))
        every = [reason for team in plan.teams for reason in team.reasons]
        every += [reason for entry in plan.unserved for reason in entry.missing]
        every += [entry.reason for entry in plan.idle]
        assert every
        assert not [sentence for reason in every if "{" in (sentence := words(reason, {}))]


def test_ids_and_codes_become_names():
    names = {"p1": "訓練 太郎", "broom": "ほうき"}
    assert "訓練 太郎" in words(Reason("leader-experienced", {"person": "p1"}), names)
    assert "ほうき" in words(Reason("missing-tool", {"tool": "broom", "short": 1, "stock": 0}), names)
    assert "リーダー" in words(Reason("idle-waiting", {"visits": 2, "missing": "missing-leader"}), names)
    assert "人数が足りません" in words(Reason("rule-broken", {"rule": "team-too-few"}), names)
    assert "未確認" in words(Reason("gate-closed", {"reason": None}), names)
