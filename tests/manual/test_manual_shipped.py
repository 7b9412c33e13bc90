"""The editions that ship: whole, in order, and honest about what the council has not yet settled."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dvc_core.domain.deadline import Daily, Moment, Relative
from dvc_core.manual.edition import UNCONFIRMED, Edition, Kind, Ownership, Phase
from dvc_core.manual.library import library, read
from dvc_core.manual.render import render
from dvc_core.manual.sections import read_sections

ROOT = Path(__file__).parents[2] / "manuals"
CENTER, BCP = ROOT / "koganei" / "2026-1", ROOT / "koganei-bcp" / "2026-1"


@pytest.fixture(scope="module")
def center() -> Edition:
    return read(CENTER)


@pytest.fixture(scope="module")
def bcp() -> Edition:
    return read(BCP)


both = pytest.mark.parametrize("folder", [CENTER, BCP], ids=["center", "bcp"])


def test_all_editions_are_found_and_none_has_a_problem() -> None:
    found = library(ROOT)
    assert [(edition.folder, edition.kind) for edition in found] == [
        ("koganei/2026-1", Kind.CENTER),
        ("koganei-bcp/2026-1", Kind.BCP),
    ]
    assert [edition.problems for edition in found] == [(), ()]


@both
def test_every_step_says_who_when_what_and_how_one_knows(folder: Path) -> None:
    for step in read(folder).steps:
        assert step.section_code is not None, step.id
        assert step.deadline is not None, step.id
        assert step.evidence, step.id
        assert len([line for line in step.body_markdown.split("\n") if line.strip()]) >= 2, step.id


@both
def test_no_step_is_due_before_what_must_come_first(folder: Path) -> None:
    """Counted on a plausible run: decision after three days, opening on day six, closing on day forty."""
    start = datetime(2026, 7, 28, tzinfo=UTC)
    run = {Moment.DISASTER: 0, Moment.DECISION: 3, Moment.OPENING: 6, Moment.CLOSING: 40}
    steps = {step.id: step for step in read(folder).steps}

    def due(step_id: str) -> datetime:
        deadline = steps[step_id].deadline
        assert isinstance(deadline, Relative), step_id
        return start + timedelta(days=run[deadline.moment]) + deadline.span

    for step in steps.values():
        for required in step.requires:
            if isinstance(step.deadline, Daily):
                assert not isinstance(steps[required].deadline, Daily), step.id
            else:
                assert due(required) <= due(step.id), (required, step.id)


@both
def test_every_mark_in_the_texts_is_on_the_list(folder: Path) -> None:
    edition = read(folder)
    written = [
        (path.name, number)
        for path in sorted(folder.iterdir())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (UNCONFIRMED in line or '"unconfirmed"' in line) and not line.startswith("#")
    ]
    assert sorted((place.file, place.line) for place in edition.unconfirmed) == sorted(written)
    marked = {place.step_id for place in edition.unconfirmed if place.step_id}
    assert marked == {step.id for step in edition.steps if step.unconfirmed}


@both
def test_the_screen_shows_no_left_over_marks(folder: Path) -> None:
    edition = read(folder)
    texts = [step.body_markdown for step in edition.steps]
    texts += [chapter.introduction_markdown for chapter in edition.chapters]
    for text in texts:
        shown = render(text)
        assert not re.search(r"\*\*|\[ \]|\[x\]|^- ", shown, re.MULTILINE), text
        assert "http" not in shown


def test_every_source_that_a_step_names_is_explained_at_the_end() -> None:
    last = (CENTER / "99-shutten.md").read_text(encoding="utf-8")
    for path in CENTER.glob("*.md"):
        for named in re.findall(r"（出典: ([^）]*)）", path.read_text(encoding="utf-8")):
            for source in named.split("、"):
                assert re.sub("^[0-9]+年", "", source)[:3] in last, (path.name, source)


class TestCenter:
    """The manual of the center."""

    def test_it_leads_from_the_disaster_to_the_closing(self, center: Edition) -> None:
        assert len(center.steps) >= 60
        moments = [step.deadline.moment for step in center.steps if isinstance(step.deadline, Relative)]
        assert set(moments) == set(Moment)
        assert center.steps[0].deadline == Relative(Moment.DISASTER, 1)
        assert center.steps[-1].deadline is not None

    def test_the_steps_that_the_program_knows_are_there(self, center: Edition) -> None:
        decision, opening = center.step("secchi-handan"), center.step("kaisetsu")
        assert decision is not None
        assert opening is not None
        assert decision.deadline == Relative(Moment.DISASTER, 72)
        assert all(word in decision.body_markdown for word in ("考え中", "設置する", "設置しない"))
        assert opening.deadline == Relative(Moment.OPENING)
        assert center.step("heisho-handan") is not None
        assert center.step("heisho") is not None

    def test_the_day_has_its_hours(self, center: Edition) -> None:
        day = {
            step.id: f"{step.deadline.at:%H:%M}" for step in center.steps if isinstance(step.deadline, Daily)
        }
        assert day["chorei"] == "08:00"
        assert day["uketsuke-kaishi"] < day["uketsuke-shimekiri"] < day["kichaku-kakunin"] < day["zentai-mtg"]
        packs = [step for step in center.steps if "停電セット" in step.forms]
        assert [step.id for step in packs] == ["teiden-asa", "teiden-shimekiri", "teiden-okuridashi"]
        assert day["uketsuke-shimekiri"] < day["teiden-shimekiri"]
        assert day["okuridashi-mainichi"] < day["teiden-okuridashi"]

    def test_every_section_that_is_formed_has_work(self, center: Edition) -> None:
        formed = {item.code for item in read_sections().items if item.enabled}
        assert {step.section_code for step in center.steps} == formed

    def test_earthquake_and_flood_have_steps_of_their_own(self, center: Edition) -> None:
        conditions = {condition for step in center.steps for condition in step.conditions}
        assert conditions == {"地震", "水害"}


class TestBcp:
    """The plan for the council's own business."""

    def test_it_has_the_functions_of_the_councils_plan(self, bcp: Edition) -> None:
        whose = {function.name: function.ownership for function in bcp.functions}
        commissioned = {"自立相談サポートセンター", "小金井にし地域包括支援センター", "日常生活自立支援事業"}
        assert {name for name, own in whose.items() if own is Ownership.COMMISSIONED} == commissioned
        own = {name for name, owner in whose.items() if owner is Ownership.OWN}
        assert own == {"法人全体", "物品貸出", "会員・広報"}
        assert len(whose) == 12

    def test_every_function_has_steps_and_a_commissioned_one_in_all_phases_with_a_talk(
        self, bcp: Edition
    ) -> None:
        for function in bcp.functions:
            steps = [step for step in bcp.steps if step.function_code == function.code]
            assert len(steps) >= 2, function.name
            if function.ownership is Ownership.COMMISSIONED:
                assert function.consignor
                assert {step.phase for step in steps} >= {Phase.H24, Phase.H72, Phase.W1, Phase.M1}, (
                    function.name
                )
                talks = [step for step in steps if "委託者との協議の記録" in step.forms]
                assert talks[0].phase is Phase.H24, function.name

    def test_no_figure_is_invented(self, bcp: Edition) -> None:
        for function in bcp.functions:
            assert function.tolerable_minutes is None
            assert {"tolerable", "priority"} <= set(function.unconfirmed_fields)
