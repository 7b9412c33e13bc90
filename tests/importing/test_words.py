"""What reading can say, it can say in Japanese; what the council's words say, the code can hold."""

import ast
import re
from pathlib import Path

import msgspec
import pytest

from dvc_core import importing
from dvc_core.domain.kernel import Code
from dvc_core.domain.person_facts import Insurance, Skill, skills_in
from dvc_core.i18n import catalogue, describe, has_text
from dvc_core.importing import NeedValues, StickerValues, VolunteerValues, load_reference, load_skills
from dvc_core.importing.headings import matcher
from dvc_core.importing.reference import Field
from tests.importing.sheets import need, person

SOURCES = sorted(Path(importing.__file__).parent.glob("*.py"))
TEXT = Path(importing.__file__).parents[1] / "domain" / "text.py"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _codes() -> set[str]:
    """Every text in the code that is spelled like a problem's code and stands where one is made."""
    found = set()
    for path in [*SOURCES, TEXT]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", value):
                found.add(value)
    return found - {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"}


CODES = sorted(_codes() | {"file-of-needs", "file-of-volunteers"})


def test_codes_are_found_at_all() -> None:
    assert {"file-pdf", "ditto-kept", "phone-length", "people-date", "text-forbidden"} <= set(CODES)
    assert len(CODES) > 80


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_words_and_a_hint(code: str) -> None:
    assert has_text(f"problem.{code}")
    assert has_text(f"problem.{code}.hint")


def test_no_words_are_kept_for_problems_that_cannot_happen() -> None:
    own = (Path(importing.__file__).parents[1] / "i18n" / "ja" / "importing.toml").read_text(encoding="utf-8")
    worded = set(re.findall(r"^\[problem\.([a-z-]+)\]$", own, re.MULTILINE))

    assert worded - set(CODES) == {"ditto"}


@pytest.mark.parametrize(
    "result",
    [
        person(氏名="", 電話="119", 生年月日="1988/2/30", 年齢="200", 保険="加入"),
        person(氏名="訓練\u202e", 電話=9000000001, 生年月日="32234", 年齢="35"),
        person(年齢="16", 生年月日="2027/1/1", 備考="けん玉"),
        need(必要人数="500", 希望日="2026/11/26（金）午前", 住所="<", 応急危険度判定="赤・黄"),
        need(必要人数="10名以上", 希望日="11/3/2026", 住所="", 困りごと=""),
        need(必要人数="5月6日", 希望日="昭和70年1月1日"),
        need(必要人数="女性4名", 希望日="2029/1/1", 困りごと="泥" * 3000),
    ],
)
def test_messages_are_filled_in(result: importing.ImportResult) -> None:
    assert result.problems
    for problem in result.problems:
        shown = describe(problem)
        assert not PLACEHOLDER.search(str(shown["message"])), shown
        assert not PLACEHOLDER.search(str(shown["hint"])), shown


@pytest.mark.parametrize("values", [VolunteerValues, NeedValues, StickerValues])
def test_every_value_has_a_name(values: type) -> None:
    assert all(has_text(f"importing.field.{field}") for field in values.__struct_fields__)


def test_every_heading_that_is_known_has_a_name() -> None:
    fields = {field.code for field in load_reference().words.field}
    assert len(fields) > 50
    assert [code for code in sorted(fields) if not has_text(f"importing.field.{code}")] == []


def test_every_insurance_has_a_name() -> None:
    assert all(has_text(f"importing.insurance.{code}") for code in Insurance)
    assert has_text("importing.kind.needs")
    assert len(catalogue("ja")) > 100


# ------------------------------------------------------------------------------- the council's words

WORDS = load_reference().words


@pytest.mark.parametrize("kind", ["volunteers", "needs"])
def test_no_heading_of_the_table_means_two_fields(kind: str) -> None:
    headings = matcher(WORDS, kind)
    for field in WORDS.field:
        if kind in field.kinds:
            for word in field.words:
                if "+" not in word:
                    best = {found.code for _, found in headings.best(word.removeprefix("="))}
                    assert best == {field.code}, word


@pytest.mark.parametrize(("kind", "values"), [("volunteers", VolunteerValues), ("needs", NeedValues)])
def test_every_value_can_be_headed(kind: str, values: type) -> None:
    headed = {field.code for field in WORDS.field if kind in field.kinds}
    assert set(values.__struct_fields__) <= headed


def test_every_field_has_its_source() -> None:
    assert all(field.source for field in WORDS.field)
    assert {type(field) for field in WORDS.field} == {Field}


def test_skills_have_codes_names_words_and_sources() -> None:
    table = load_skills()

    assert all(msgspec.convert(skill.code, Code) and skill.name and skill.source for skill in table)
    assert len({skill.code for skill in table}) == len(table)
    assert {implied for skill in table for implied in skill.implies} <= {skill.code for skill in table}
    assert {skill.trait for skill in table} == {None, "driver", "truck"}


@pytest.mark.parametrize("skill", load_skills(), ids=lambda skill: skill.code)
def test_each_word_of_a_skill_means_that_skill(skill: Skill) -> None:
    for word in (*skill.words, skill.name):
        plain = word.removeprefix("=")
        assert skill.code in skills_in(plain, load_skills()).codes, plain


def test_the_longest_word_counts_alone() -> None:
    table = load_skills()

    assert skills_in("大型二輪", table).codes == ("licence_motorcycle",)
    assert skills_in("手話通訳", table).codes == ("sign_language",)
    assert skills_in("チェーンソーはできません、介護", table).codes == ("care",)
    assert skills_in("チェーンソーはできません、介護", table).unknown == ("チェーンソーはできません",)
    assert skills_in("", table) == skills_in("特になし", table) == skills_in("－", table)
