"""The forms' catalogue: every word is used, the easy and the English one only repeat keys of the Japanese."""

import re

import pytest

from dvc_core.domain.calling import CallPurpose
from dvc_core.forms.typesetting import TEMPLATES
from dvc_core.i18n import catalogue, text

PROBLEMS = ("code-broken", "nothing", "failed", "font-missing", "too-long", "cancelled", "data-broken")


def forms_of(language: str) -> set[str]:
    return {key for key in catalogue(language) if key.startswith("forms.")}


def test_every_word_is_asked_for_by_a_template() -> None:
    asked = set(
        re.findall(r'"([a-z_0-9-]+)\.?"', "\n".join(path.read_text() for path in TEMPLATES.glob("*.typ")))
    )
    asked |= {
        "span_days",
        "span_hours",
        "span_minutes",
        "late_by",
        "time_left",
    }  # asked for by typesetting.py
    asked |= {"qr", "kiosk", "desk", "paper", "import", "rule", "inject", "cli"}  # sources, given as data
    asked |= set(CallPurpose)  # what calls are about
    asked |= {"own", "commissioned"}  # as are kinds of business
    assert {key for key in forms_of("ja") if key.rsplit(".", 1)[-1] not in asked} == set()


@pytest.mark.parametrize("language", ["easy", "en"])
def test_other_languages_have_no_keys_of_their_own(language: str) -> None:
    assert forms_of(language) <= forms_of("ja")
    facts = re.compile(r"\{(\w+)\}")
    for key in forms_of(language):
        assert set(facts.findall(catalogue(language)[key])) == set(facts.findall(catalogue("ja")[key])), key


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_has_words_and_a_hint(code: str) -> None:
    assert text(f"problem.print-{code}", reason="理由", package="名前").endswith("。")
    assert text(f"problem.print-{code}.hint").endswith("。")
