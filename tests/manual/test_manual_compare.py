"""What a new edition adds, removes, changes and moves."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dvc_core.manual.compare import Difference, diff
from dvc_core.manual.edition import Edition
from tests.manual.story import edition, step


def manual(root: Path, *steps: str, chapter: str = "01-hajime.md", **more: str) -> Edition:
    root.mkdir(parents=True, exist_ok=True)
    texts = {chapter: steps, **{name.replace("_", "-") + ".md": (text,) for name, text in more.items()}}
    files: dict[str, str | bytes] = {"01-hajime.md": ""}
    return edition(root, files | {name: "# 章\n\n" + "".join(text) for name, text in texts.items()})


A, B, C, D = (step(step_id=letter, title=letter) for letter in "abcd")


def lists(found: Difference) -> tuple[tuple[str, ...], ...]:
    return found.added, found.removed, found.changed, found.moved


def test_the_same_is_the_same(tmp_path: Path) -> None:
    assert lists(diff(manual(tmp_path / "1", A, B), manual(tmp_path / "2", A, B))) == ((), (), (), ())


def test_added_and_removed(tmp_path: Path) -> None:
    found = diff(manual(tmp_path / "1", A, B), manual(tmp_path / "2", C, B, D))
    assert lists(found) == (("c", "d"), ("a",), (), ())


def test_what_stands_behind_a_new_step_has_not_moved(tmp_path: Path) -> None:
    assert lists(diff(manual(tmp_path / "1", A, B, C), manual(tmp_path / "2", D, A, B, C))) == (
        ("d",),
        (),
        (),
        (),
    )


def test_every_field_and_the_text_count_as_changes(tmp_path: Path) -> None:
    base = {"step_id": "a", "title": "題", "fields": "- 担当班: 受付\n- 期限: 開設-2時間\n- 様式: 受付票"}
    before = manual(tmp_path / "0", step(**base))
    for number, (changed, named) in enumerate(
        {
            ("title", "別の題"): "title",
            ("body", "別の文。"): "body_markdown",
            ("fields", base["fields"].replace("-2", "-3")): "deadline",
            ("fields", base["fields"].replace("受付票", "名札")): "forms",
            ("fields", base["fields"] + "\n- 前提: b"): "requires",
            ("fields", base["fields"] + "\n- 条件: 地震"): "conditions",
            ("fields", base["fields"] + "\n- 完了の証拠: 写真"): "evidence",
        }.items(),
        1,
    ):
        key, value = changed
        found = diff(before, manual(tmp_path / str(number), step(**{**base, key: value})))
        assert lists(found) == ((), (), ("a",), ())
        assert found.fields == {"a": (named,)}


def test_another_way_to_write_the_same_is_no_change(tmp_path: Path) -> None:
    before = manual(tmp_path / "1", step(fields="- 担当班: 受付\n- 期限: 開設-2時間"))
    after = manual(tmp_path / "2", step(fields="- 担当班: reception\n- 期限: 開設－２ｈ"))
    assert lists(diff(before, after)) == ((), (), (), ())


def test_moved_within_to_another_chapter_and_to_another_section(tmp_path: Path) -> None:
    before = manual(tmp_path / "1", A, B, C, D)
    within = manual(tmp_path / "2", B, C, D, A)
    chapter = manual(tmp_path / "3", A, B, C, x="", **{"02_tsugi": D})
    section = manual(tmp_path / "4", A, B, C, step(step_id="d", title="d", fields="- 担当班: 統括"))
    assert lists(diff(before, within)) == ((), (), (), ("a",))
    assert lists(diff(before, chapter)) == ((), (), (), ("d",))
    assert lists(diff(before, section)) == ((), (), (), ("d",))


def test_what_is_changed_and_moved_is_told_as_changed(tmp_path: Path) -> None:
    after = manual(tmp_path / "2", B, step(step_id="a", title="別の題"))
    assert lists(diff(manual(tmp_path / "1", A, B), after)) == ((), (), ("a",), ())


def test_a_chapter_with_another_number_moves_nothing(tmp_path: Path) -> None:
    before = manual(tmp_path / "1", A, B)
    assert lists(diff(before, manual(tmp_path / "2", A, B, chapter="03-hajime.md"))) == ((), (), (), ())


@given(st.permutations("abcdef"))
def test_the_fewest_steps_are_said_to_have_moved(tmp_path_factory: object, order: list[str]) -> None:
    root = tmp_path_factory.mktemp("m")  # type: ignore[attr-defined]
    before = manual(root / "1", *(step(step_id=letter) for letter in "abcdef"))
    after = manual(root / "2", *(step(step_id=letter) for letter in order))
    moved = set(diff(before, after).moved)
    rest = [letter for letter in order if letter not in moved]
    assert rest == sorted(rest)
    longest = max(
        len(kept)
        for mask in range(64)
        if (kept := [letter for place, letter in enumerate(order) if mask >> place & 1]) == sorted(kept)
    )
    assert len(moved) == 6 - longest


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_each_step_stands_in_one_list(tmp_path_factory: object, one: list[str], other: list[str]) -> None:
    root = tmp_path_factory.mktemp("m")  # type: ignore[attr-defined]
    before = manual(root / "1", *(step(step_id=letter) for letter in one))
    after = manual(root / "2", *(step(step_id=letter, body=f"{len(one)}") for letter in other))
    found = diff(before, after)
    assert set(found.added) == set(other) - set(one)
    assert set(found.removed) == set(one) - set(other)
    assert set(found.changed) == set(one) & set(other)
    assert found.moved == ()
