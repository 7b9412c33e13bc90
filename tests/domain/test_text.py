"""Texts as people type them: what is taken, what is refused with its reason, what counts as the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain import text
from dvc_core.domain.text import (
    Phone,
    TextFault,
    address_key,
    clean,
    digits,
    fault_of,
    is_kana,
    kana,
    kana_key,
    kana_search,
    name_key,
    phone,
    phone_key,
    plausible_phone,
    read_phone,
)


@pytest.mark.parametrize(
    ("bad", "character"),
    [
        ("あ\u202eい", "U+202E"),  # direction
        ("a\u2066b", "U+2066"),
        ("あ\u0000", "U+0000"),  # control
        ("\x1b[31m", "U+001B"),
        ("\u200bあ", "U+200B"),  # no width
        ("あ\ufeff", "U+FEFF"),
        ("\ud800", "U+D800"),  # half a character
        ("外\ue000字", "U+E000"),  # 外字: another machine shows something else
        ("\ufffe", "U+FFFE"),
        ("訓練\ufffd郎", "U+FFFD"),  # what a wrong encoding left
    ],
)
def test_characters_that_hide_or_reorder_are_refused_by_name(bad: str, character: str) -> None:
    assert fault_of(bad) == TextFault("text-forbidden", character=character)
    assert clean(bad) == TextFault("text-forbidden", character=character)
    assert len(text.printable(bad)) == len(bad) - 1


def test_length_and_emptiness_are_told_with_numbers() -> None:
    assert clean("あ" * 201) == TextFault("text-too-long", 201, 200)
    assert clean("あ" * 201, limit=201) == "あ" * 201
    assert clean(" 　", empty=False) == TextFault("text-empty")
    assert clean(" 　") == ""


def test_a_line_is_one_line_and_a_text_keeps_its_lines() -> None:
    assert clean("  訓練　 太郎 ") == "訓練 太郎"
    assert clean("本町1丁目\r\nコーポ\t201") == "本町1丁目 コーポ 201"
    assert clean("一行目 \r\n\u3000二行目\u2028三行目\n", lines=True) == "一行目\n二行目\n三行目"


def test_a_composed_character_is_one_character() -> None:
    assert clean("か\u3099") == "が"
    assert clean("葛\U000e0100城") == "葛\U000e0100城"  # the form that a family register uses


@pytest.mark.parametrize("odd", ["訓練 太郎2", "<script>", "=HYPERLINK(1)", "a@b", "訓練／見本"])
def test_a_name_holds_no_digits_and_no_signs(odd: str) -> None:
    assert isinstance(fault := text.name(odd), TextFault)
    assert fault.code == "name-odd"
    assert fault.character in unicodedata.normalize("NFKC", odd)


@pytest.mark.parametrize(
    "name", ["訓練 太郎", "O’Neill Anne-Marie", "ジョン・スミス", "髙橋　花子", "見本（旧姓 例）"]
)
def test_names_of_many_kinds_are_taken(name: str) -> None:
    assert text.name(name) == name.replace("\u3000", " ")


# ----------------------------------------------------------------------------------------------- phone


@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("０９０－００００－００００", "090-0000-0000", "09000000000"),
        ("+81 90-0000-0000", "090-0000-0000", "09000000000"),
        ("+81(0)90-0000-0000", "090-0000-0000", "09000000000"),
        ("0081 3 0000 0000", "03-0000-0000", "0300000000"),
        ("819000000000", "090-0000-0000", "09000000000"),
        ("(042)000ー0000", "042-000-0000", "0420000000"),
        ("042（000）0000", "042-000-0000", "0420000000"),
        ("090 0000 0000", "090-0000-0000", "09000000000"),
        ("09000000000", "090-0000-0000", "09000000000"),
        ("0420000000", "0420000000", "0420000000"),  # where its hyphens stand depends on the town
        ("0300000000", "03-0000-0000", "0300000000"),
        ("0120000000", "0120-000-000", "0120000000"),
        ("08000000000", "0800-000-0000", "08000000000"),
        ("TEL：042-000-0000", "042-000-0000", "0420000000"),
        ("携帯電話 090-0000-0000", "090-0000-0000", "09000000000"),
        ("\u202d090-0000-0000\u202c", "090-0000-0000", "09000000000"),  # copied from a phone's address book
        ("000-0000-0000", "000-0000-0000", "00000000000"),
    ],
)
def test_telephone_numbers(typed: str, shown: str, key: str) -> None:
    assert read_phone(typed) == Phone(key, shown)
    assert (phone_key(typed), plausible_phone(typed)) == (key, True)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("9000000001", "090-0000-0001"), ("90-0000-0001", "090-0000-0001"), ("420000001", "0420000001")],
)
def test_the_zero_that_a_spreadsheet_lost_is_put_back_and_said(typed: str, shown: str) -> None:
    assert read_phone(typed) == Phone(digits(shown), shown, restored=True)
    assert phone_key(typed) == digits(shown)
    assert not plausible_phone(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone-none"),
        ("なし", "phone-none"),
        ("119", "phone-length"),
        ("000", "phone-length"),
        ("090-0000-000", "phone-length"),
        ("090-0000-00000", "phone-length"),
        ("020-0000-0000", "phone-implausible"),
        ("+1 212 000 0000", "phone-foreign"),
        ("042-000-0000 / 090-0000-0000", "phone-several"),
        ("090-0000-0000（妻）", "phone-words"),
    ],
)
def test_numbers_that_cannot_be_dialled(typed: str, code: str) -> None:
    assert isinstance(fault := read_phone(typed), TextFault)
    assert fault.code == code
    assert not plausible_phone(typed)


def test_a_number_at_the_desk_stays_as_it_was_typed() -> None:
    assert phone("（042）000ー0000") == "042-000-0000"
    assert phone("+81 90-0000-0000") == "090-0000-0000"


# ------------------------------------------------------------------------------------------------ kana


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("くんれん　たろう", "クンレン タロウ"),
        ("ｸﾝﾚﾝ ﾀﾛｳ", "クンレン タロウ"),
        ("ｶﾞｯﾂﾎﾟｰｽﾞ", "ガッツポーズ"),
        ("か゛く", "ガク"),
        ("サト―", "サトー"),
        ("さゝき いすゞ", "サヽキ イスヾ"),
        ("Smith ジョン", "Smith ジョン"),
    ],
)
def test_kana_in_one_spelling(typed: str, turned: str) -> None:
    assert kana(typed) == turned
    assert is_kana(typed) == ("Smith" not in typed)


def test_kana_sorts_as_a_directory_does() -> None:
    ordered = ["あべ", "かあと", "カード", "かとう", "ガトウ", "ハート", "ハアト", "バート", "パート", "ん"]
    assert sorted(sorted(ordered), key=kana_key) == ordered
    assert kana_key("あべ") == kana_key("ｱﾍﾞ") == kana_key("アベ")
    assert kana_key("さとー") < kana_key("さとお") < kana_key("さとおか")
    assert kana_key("きゃく") < kana_key("きやく") < kana_key("ぎゃく")
    assert kana_key("いすゞ") > kana_key("いすす")
    assert kana_key("くんれん たろう") == kana_key("ｸﾝﾚﾝﾀﾛｳ")
    assert kana_key("") == ""


def test_a_search_finds_what_was_heard() -> None:
    assert kana_key("がっこう").startswith(kana_search("かつ"))
    assert kana_key("ショー").startswith(kana_search("しょお"))


# ------------------------------------------------------------------------------- what counts as the same


def test_names_that_may_be_one_person() -> None:
    assert name_key("髙橋　花子") == name_key("高橋花子")
    assert name_key("渡邉 一") == name_key("渡辺一") == name_key("渡邊・一")
    assert name_key("葛\U000e0100城") == name_key("葛城")
    assert name_key("Anne Ｓｍｉｔｈ") == name_key("anne smith")


@pytest.mark.parametrize(
    ("one", "other"), [("斎藤", "斉藤"), ("龍一", "竜一"), ("島田", "嶋田"), ("さくら", "サクラ")]
)
def test_names_that_families_hold_apart_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_addresses_that_may_be_one_house() -> None:
    house = address_key("小金井市本町1-2-3")
    assert address_key("小金井市本町一丁目２番３号") == house
    assert address_key("〒000-0000　小金井市 本町１丁目2の3") == house
    assert address_key("小金井市本町１ー２−３") == house
    assert address_key("小金井市本町1-2-4") != house
    assert address_key("三鷹市下連雀ヶ丘") == address_key("三鷹市下連雀ケ丘")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_normalising_twice_changes_nothing(typed: str) -> None:
    for turn in (kana, phone, name_key, address_key, digits, kana_search):
        assert turn(turn(typed)) == turn(typed), turn
    for lines in (False, True):
        once = clean(typed, lines=lines)
        assert isinstance(once, TextFault) or clean(once, lines=lines) == once
    read = read_phone(typed)
    assert isinstance(read, TextFault) or read_phone(read.shown) == Phone(read.digits, read.shown)


@given(st.from_regex(r"\A0(90|80|70|50|42|3)[0-9]{7,8}\Z"), st.sampled_from(["-", " ", "ー", "（", "　"]))
def test_any_spelling_of_a_number_has_one_key(number: str, joint: str) -> None:
    plain = read_phone(number)
    spelled = read_phone(f"{number[:3]}{joint}{number[3:7]}{joint}{number[7:]}")
    if isinstance(plain, Phone) and isinstance(spelled, Phone):
        assert plain.digits == spelled.digits
    else:
        assert isinstance(plain, TextFault) == isinstance(spelled, TextFault)
