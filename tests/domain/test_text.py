"""Texts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.text import (
    TextFault,
    clean,
    digits,
    fault_of,
    kana,
    kana_key,
    name_key,
    phone,
    phone_key,
    plausible_phone,
)


@pytest.mark.parametrize("bad", ["あ\u202eい", "あ\u0000", "\u200bあ", "a\u2066b", "\ud800", "\x1b[31m"])
def test_characters_that_reorder_or_hide_are_forbidden(bad: str) -> None:
    assert fault_of(bad) == TextFault("text-forbidden")


def test_length_and_emptiness_are_told_with_numbers() -> None:
    assert clean("あ" * 201) == TextFault("text-too-long", 201, 200)
    assert clean(" 　", empty=False) == TextFault("text-empty")
    assert clean("  訓練　 太郎 ") == "訓練 太郎"
    assert clean("一行目\r\n二行目", lines=True) == "一行目\n二行目"


@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("０９０－００００－００００", "090-0000-0000", "09000000000"),
        ("+81 90-0000-0000", "090-0000-0000", "09000000000"),
        ("(042)000ー0000", "042-000-0000", "0420000000"),
        ("090 0000 0000", "090-0000-0000", "09000000000"),
    ],
)
def test_telephone_numbers(typed: str, shown: str, key: str) -> None:
    assert (phone(typed), phone_key(typed), plausible_phone(typed)) == (shown, key, True)


@pytest.mark.parametrize("typed", ["119", "9012345678", "000", "090-0000-00000", ""])
def test_numbers_that_cannot_be_dialled(typed: str) -> None:
    assert not plausible_phone(typed)


def test_kana_sorts_as_a_directory_does() -> None:
    names = ["かとう", "ガトウ", "かど", "カートウ", "あべ", "ｱﾍﾞ", "アべ", "ちょう", "ちよう"]
    ordered = sorted(names, key=kana_key)
    assert [kana(name)[0] for name in ordered][:3] == ["ア", "ア", "ア"]
    assert kana_key("ちょう").startswith(kana_key("チヨウ").partition("\x1f")[0])


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    for turn in (kana, phone, name_key, digits):
        assert turn(turn(text)) == turn(text)
    once = clean(text)
    if isinstance(once, str):
        assert clean(once) == once
