"""One vocabulary: a sheet's boxes are called as the program calls them, so that paper comes back in."""

import re
import tomllib
import typing
from collections.abc import Iterator
from enum import StrEnum

import msgspec
import pytest

from dvc_core.bootstrap import REFERENCE
from dvc_core.domain.bcp import FunctionState
from dvc_core.domain.need import SurveyNeeded
from dvc_core.domain.person_facts import HazardGrade, Insurance
from dvc_core.domain.visit import Result
from dvc_core.forms import continuity, needs, reception, work_order
from dvc_core.forms.typesetting import TEMPLATES
from dvc_core.i18n import catalogue
from dvc_core.importing.reference import load_skills

SKILLS = {skill.code for skill in load_skills(REFERENCE)}
WORKS = {work["code"] for work in tomllib.loads((REFERENCE / "works.toml").read_text("utf-8"))["work"]}
ONLY_ON_PAPER = {
    "other": "the writer says in words what the boxes do not name",
    "unknown": "nobody could say it yet",
    "expected_done": "完了 without the resident's word: `Result.DONE` with `resident_agrees` left out",
    "left_at_eaves": "an addition to a result: what stands at the eaves is fetched on another day",
}


def codes(hint: object) -> Iterator[str]:
    """All the codes that a field may hold."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        yield from (member.value for member in hint)
    elif typing.get_origin(hint) is typing.Literal:
        yield from typing.get_args(hint)
    else:
        for inner in typing.get_args(hint):
            yield from codes(inner)


def said(form: type[msgspec.Struct], field: str) -> set[str]:
    """The codes of one field of a sheet."""
    return set(codes(typing.get_type_hints(form)[field]))


@pytest.mark.parametrize(
    ("form", "field", "known", "whole"),
    [
        (reception.VolunteerEntry, "insurance", set(Insurance), True),
        (reception.VolunteerEntry, "skills", SKILLS, False),
        (reception.VolunteerEntry, "licence", SKILLS, False),
        (needs.NeedEntry, "work_kinds", WORKS, False),
        (needs.SurveyEntry, "work_kinds", WORKS, False),
        (needs.NeedEntry, "survey", set(SurveyNeeded), True),
        (needs.NeedEntry, "sticker", set(HazardGrade), True),
        (needs.Sticker, "colour", set(HazardGrade), False),
        (continuity.BusinessRow, "state", set(FunctionState), True),
        (work_order.Report, "result", set(Result), True),
    ],
)
def test_a_sheets_codes_are_those_of_the_program(
    form: type[msgspec.Struct], field: str, known: set[str], *, whole: bool
) -> None:
    found = said(form, field)
    assert len(found) > 2
    assert found - known <= ONLY_ON_PAPER.keys()
    assert not whole or known <= found


@pytest.mark.parametrize(
    ("form", "field", "question"),
    [
        (reception.VolunteerEntry, "insurance", "insurance"),
        (reception.VolunteerEntry, "skills", "skill"),
        (reception.VolunteerEntry, "licence", "licence"),
        (needs.NeedEntry, "work_kinds", "work_kind"),
        (needs.NeedEntry, "survey", "survey_kind"),
        (needs.NeedEntry, "sticker", "sticker_kind"),
        (needs.Sticker, "colour", "colour"),
    ],
)
def test_each_code_has_its_box_and_its_word(form: type[msgspec.Struct], field: str, question: str) -> None:
    printed = "\n".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.typ")))
    boxes = [
        tuple(re.findall(r'"([\w-]+)"', listed))
        for listed in re.findall(rf'ticks\(\s*t,\s*"{question}",\s*\(([^)]*)\)', printed)
    ]
    boxes += [
        tuple(re.findall(r'"([\w-]+)"', listed))
        for listed in re.findall(r"#let work-codes = \(([^)]*)\)", printed)
        if question == "work_kind"
    ]
    assert boxes
    for each in boxes:
        assert set(each) == said(form, field)
        assert len(set(each)) == len(each)
    worded = {
        key.rsplit(".", 1)[-1]
        for key in catalogue("ja")
        if re.fullmatch(rf"forms\.\w+\.{question}\.[\w-]+", key)
    }
    assert worded == said(form, field)


def test_every_result_has_its_line_on_the_report() -> None:
    lines = re.findall(r'row\("([\w-]+)"', (TEMPLATES / "work_order.typ").read_text("utf-8"))
    assert set(lines) == said(work_order.Report, "result")
    roster = re.findall(r'"result_kind", \(([^)]*)\)', (TEMPLATES / "continuity.typ").read_text("utf-8"))
    assert set(re.findall(r'"([\w-]+)"', roster[0])) == set(Result)
