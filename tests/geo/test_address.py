"""Spelling: one form for many, and what belongs to the numbers behind a 町."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.geo import address
from dvc_core.geo.address import Numbers, check, clean, fold, municipality, read_numbers, split_head

MARKS = st.sampled_from(
    [*"0123456789０９一二三十〇丁目番号の-－ー―‐−  　\n\tｱコポ本町府中市区ヶケが𠮷︀", "か", "\u3099"]
)


@given(st.one_of(st.text(max_size=60), st.text(MARKS, max_size=40)))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(MARKS, max_size=40))
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(MARKS, max_size=40))
def test_any_text_has_numbers_or_none_but_never_a_fault(text):
    found = read_numbers(clean(text))
    assert found is None or isinstance(found, Numbers)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("本町１－２－３", "本町1-2-3"),
        ("本町1ー2ｰ3", "本町1-2-3"),
        ("本町一ー二", "本町一-二"),
        ("本町1 – 2 ― 3", "本町1-2-3"),
        ("　本町\n1丁目　2番\t3号 ", "本町 1丁目 2番 3号"),
        ("本町1-2 コーポ・センター", "本町1-2 コーポ・センター"),
        ("辻󠄀町②", "辻町2"),
    ],
)
def test_one_form_for_many(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", (None, False, False, (), "")),
        ("1-2-3", (1, False, False, (2, 3), "")),
        ("1", (1, False, False, (), "")),
        ("一丁目二番三号", (1, True, False, (2, 3), "")),
        ("1丁目2番地の3", (1, True, False, (2, 3), "")),
        ("5番36号", (5, False, True, (36,), "")),
        ("1丁目2-3-101号室", (1, True, False, (2, 3), "101号室")),
        ("十二の三", (12, False, False, (3,), "")),
        ("1丁目三井荘", (1, True, False, (), "三井荘")),
        (" 見本ビル", (None, False, False, (), "見本ビル")),
        ("4-2 見本コーポ101", (4, False, False, (2,), "見本コーポ101")),
    ],
)
def test_the_numbers_behind_a_town(text, numbers):
    assert read_numbers(text) == Numbers(*numbers)


@pytest.mark.parametrize("text", ["小学校", "三井荘", "港市", "南町1", "十十", "市営住宅2"])
def test_what_cannot_belong_to_a_town(text):
    assert read_numbers(text) is None


@pytest.mark.parametrize(
    ("text", "prefecture", "rest"),
    [
        ("〒184-0004 東京都小金井市本町", "東京都", "小金井市本町"),
        ("〒1840004小金井市", None, "小金井市"),
        ("184-0004 小金井市", None, "小金井市"),
        ("京都府見本市", "京都府", "見本市"),
        ("本町1", None, "本町1"),
    ],
)
def test_postcode_and_prefecture_come_off(text, prefecture, rest):
    assert split_head(text) == (prefecture, rest)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("西東京市田無町1", "西東京市"),
        ("武蔵村山市本町", "武蔵村山市"),
        ("四日市市本町", "四日市市"),
        ("市川市見本", "市川市"),
        ("杉並区西荻北", "杉並区"),
        ("西多摩郡瑞穂町箱根ケ崎", "瑞穂町"),
        ("見本市営住宅", None),
        ("どこか1-2", None),
    ],
)
def test_the_city_that_a_text_begins_with(text, name):
    assert municipality(text) == name


def test_there_are_forty_seven_prefectures_in_order():
    assert len(set(address.PREFECTURES)) == 47
    assert address.PREFECTURES[13 - 1] == "東京都"
    assert address.PREFECTURES[47 - 1] == "沖縄県"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "address-empty"),
        (" \n　", "address-empty"),
        ("本" * 201, "address-too-long"),
        ("本町\x001", "address-control"),
        ("本町\u202e1", "address-control"),
        ("本町\u200b1", "address-control"),
    ],
)
def test_what_is_no_address_is_said(text, code):
    problem = check(text)
    assert problem is not None
    assert (problem.code, problem.level) == (code, "error")


def test_what_people_write_is_an_address():
    assert check("本町1-2-3\n見本コーポ 101") is None
    assert check("本" * 200) is None
