"""回答一覧の文: what a council writes is read, filled in, and never breaks a screen."""

from pathlib import Path

import pytest

from dvc_core.manual.answers import KNOWN, read_answers

FACTS = {"day": "8月6日（木）", "hours": "09:00〜12:00", "places": "あと 35 人"}


def test_the_shipped_answers_have_their_source_and_stand_on_no_unknown_fact() -> None:
    answers = read_answers()
    assert not answers.broken
    assert len(answers.items) >= 12
    assert len({each.code for each in answers.items}) == len(answers.items)
    for each in answers.items:
        assert each.source
        assert "{" not in each.said(FACTS)
        if "未確認" in each.answer:
            assert not each.confirmed


def test_todays_facts_stand_in_the_answer() -> None:
    said = next(each for each in read_answers().items if each.code == "volunteer").said(FACTS)
    assert all(FACTS[name] in said for name in KNOWN)


@pytest.mark.parametrize("written", ["[[answer]", "[[answer]]\ncode = 1", "\x00", "[[answer]]\nwhat = 'x'"])
def test_a_broken_file_is_empty_and_says_so(tmp_path: Path, written: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(written, encoding="utf-8")
    assert read_answers(path).broken
    assert read_answers(tmp_path / "none.toml").broken


def test_a_brace_of_ones_own_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        '[[answer]]\ncode = "a"\nquestion = "q"\nanswer = "{phone} {0} {places}"\n', encoding="utf-8"
    )
    assert read_answers(path).items[0].said(FACTS) == "{phone} {0} あと 35 人"
