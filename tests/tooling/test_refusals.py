"""Every refusal that the code can give has its three parts: what, why, what to do next."""

import ast

import pytest

from dvc_core.i18n import has_text
from tests.support.server import ROOT


def refusals() -> set[str]:
    found = set()
    for folder in ("domain", "commands"):
        for file in sorted((ROOT / "dvc_core" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Refusal", "_refuse")
                if not called:
                    continue
                for each in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        found.add(each.value)
    return found


@pytest.mark.parametrize("code", sorted(refusals()))
def test_a_refusal_says_what_why_and_what_next(code: str) -> None:
    for part in ("", ".why", ".next"):
        assert has_text(f"refusal.{code}{part}")
