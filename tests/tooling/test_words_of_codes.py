"""Every code that a screen or a sheet can show has its word: enums, kinds of notes, partners, reasons."""

import ast
import re
import tomllib
import typing
from collections.abc import Iterator
from enum import StrEnum

import msgspec
import pytest

from dvc_core.bootstrap import REFERENCE
from dvc_core.commands.base import commands
from dvc_core.domain.kernel import Row, event_kinds, tables
from dvc_core.i18n import catalogue, has_text
from dvc_core.queries.chronology import WORDS
from tests.support.server import ROOT

WORKS = tomllib.loads((REFERENCE / "works.toml").read_text("utf-8"))["work"]
ELSEWHERE = {
    "Insurance": "insurance",
    "CouncilState": "map.state.council",
    "Priority": "need.priority",
    "SurveyNeeded": "need.survey",
    "VisitState": "visit.state",
}
"""Enums whose words the screens of one desk share, under a name of their own."""

NEVER_SHOWN: dict[str, str] = {}
"""Enums of rows and commands that no screen and no sheet shows, each with its reason. There is none today."""


def enums(hint: object, seen: frozenset[object] = frozenset()) -> Iterator[type[StrEnum]]:
    """All enums that a field can hold, inside tuples, options and structs too."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        yield hint
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint not in seen:
        for inner in typing.get_type_hints(hint).values():
            yield from enums(inner, seen | {hint})
    else:
        for inner in typing.get_args(hint):
            yield from enums(inner, seen)


def reachable() -> dict[str, type[StrEnum]]:
    """Every enum of a row, an event or a command."""
    classes = [*tables(Row).values(), *event_kinds().values(), *commands().values()]
    return {enum.__name__: enum for cls in classes for enum in enums(cls)}


def dashed(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def test_the_enums_are_found() -> None:
    assert {"NeedState", "Insurance", "Act", "CouncilState", "Word", "Gate"} <= reachable().keys()
    assert (ELSEWHERE | NEVER_SHOWN).keys() <= reachable().keys()


@pytest.mark.parametrize("name", sorted(reachable().keys() - NEVER_SHOWN.keys()))
def test_every_member_of_an_enum_has_its_word(name: str) -> None:
    prefix = ELSEWHERE.get(name) or f"value.{dashed(name)}"
    missing = [member.value for member in reachable()[name] if not has_text(f"{prefix}.{member.value}")]
    assert missing == []


def written() -> set[str]:
    """The purposes under which notes are written, as they stand in the code: the third word of `write`."""
    found = set()
    for folder in ("commands", "domain"):
        for file in sorted((ROOT / "dvc_core" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = {"write": 2, "_with_reason": 3}.get(name)
                if place is None or len(node.args) <= place:
                    continue
                purpose = node.args[place]
                if isinstance(purpose, ast.Constant) and isinstance(purpose.value, str):
                    found.add(purpose.value)
                else:
                    assert isinstance(purpose, ast.Name), f"{file.name}:{node.lineno}"
    return found


def test_every_kind_of_note_has_its_word_and_no_word_is_left_over() -> None:
    worded = {
        key.removeprefix("value.purpose.") for key in catalogue("ja") if key.startswith("value.purpose.")
    }
    assert len(written()) > 15
    assert written() == worded


def handed() -> tuple[set[str], set[str]]:
    """To whom and why needs are handed on, in the code and in the table of works."""
    to, why = {work["refer"] for work in WORKS if "refer" in work}, set[str]()
    sources = (ROOT / "dvc_core" / "commands").glob("*.py")
    for node in (node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ReferralMade":
            said = {each.arg: each.value for each in node.keywords}
            for name, into in (("to", to), ("reason", why)):
                into |= {
                    part.value
                    for part in ast.walk(said[name])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return to, why


def test_every_partner_and_every_reason_of_a_referral_has_its_word() -> None:
    to, why = handed()
    assert {"technical", "chief", "care", "city"} <= to
    assert {"crisis", "watch-over", "not-workable", "asked"} == why
    assert [code for code in sorted(to) if not has_text(f"need.refer.{code}")] == []
    assert [code for code in sorted(why) if not has_text(f"need.reason.{code}")] == []


def test_a_code_of_an_entry_is_called_by_words_or_by_its_data() -> None:
    """A plain code that an entry's sentence names stands in `WORDS`, or is called by the data."""
    named_by_data = {
        "manual_edition.approved": {"name", "edition"},
        "manual_run.started": {"name", "edition"},
        "step.marked": {"step"},
        "business_function.set": {"code"},
        "talk.held": {"function"},
        "tool_loan.changed": {"code"},
        "board.typed": {"council_code"},
        "board.taken": {"council_code"},
        "board.refused": {"council_code"},
        "council_key.verified": {"council_code"},
        "command.refused": {"code"},
        "review.raised": {"station"},
        "desk_log.handed_over": {"section"},
        "survey_waiver.allowed": {"work", "town_code"},
        "need.gate_set": {"rule"},
        "graded_area.set": {"town_code"},
    }
    bare = {
        (kind, field)
        for kind, cls in event_kinds().items()
        for field, hint in typing.get_type_hints(cls).items()
        if str in (hint, *typing.get_args(hint)) and f"{{{field}}}" in catalogue("ja")[f"event.{kind}"]
    }
    known = {(kind, field) for kind, fields in named_by_data.items() for field in fields}
    assert bare == known | WORDS.keys()
    for tables_ in WORDS.values():
        for table in tables_:
            assert any(key.startswith(f"{table}.") for key in catalogue("ja")), table
