"""Needs' rows as telephone desks, 民生委員 and form tools hand them in."""

from datetime import date, datetime

import pytest

from dvc_core.domain.problem import Problem
from dvc_core.importing import Located, read, with_places
from tests.importing.sheets import NEED, TODAY, codes, csv_of, need, only, values


def test_a_clean_row_says_nothing() -> None:
    result = need()

    assert codes(result) == []
    assert values(result) == {
        "name": "見本 ハル",
        "phone": "042-000-0001",
        "address": "小金井市本町1-0-0",
        "town": None,
        "trouble": "家の中に泥が入った。",
        "wanted_date": date(2026, 11, 26),
        "people_min": 5,
        "people_max": 6,
        "hazard_grade": "green",
        "note": None,
    }


# ------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("written", "least", "most"),
    [
        ("5~6名", 5, 6),
        ("５～６人", 5, 6),
        ("5〜6", 5, 6),
        ("5-6名", 5, 6),
        ("5名から6名", 5, 6),
        ("6、5人", 5, 6),
        ("3", 3, 3),
        (3, 3, 3),
        (3.0, 3, 3),
        ("３名", 3, 3),
        ("三名", 3, 3),
        ("十二人", 12, 12),
    ],
)
def test_numbers_of_people(written: object, least: int, most: int) -> None:
    result = need(必要人数=written)

    assert (values(result)["people_min"], values(result)["people_max"], codes(result)) == (least, most, [])


@pytest.mark.parametrize(
    ("written", "least", "most", "code"),
    [
        ("10名以上", 10, None, "people-no-most"),
        ("少なくとも4人", 4, None, "people-no-most"),
        ("5名まで", None, 5, "people-no-least"),
        ("女性を含む4名", 4, 4, "people-with-words"),
        ("4人×2日", 4, 4, "people-with-words"),
        ("未定", None, None, "people-undecided"),
        ("調査後", None, None, "people-undecided"),
        ("男性2名、女性1名", None, None, "people-unclear"),
        ("たくさん", None, None, "people-unclear"),
    ],
)
def test_what_numbers_cannot_say_is_told_and_kept(
    written: str, least: int | None, most: int | None, code: str
) -> None:
    result = need(必要人数=written)

    assert only(result) == (code, 2, "F")
    assert result.problems[0].level == "note"
    assert (values(result)["people_min"], values(result)["people_max"]) == (least, most)
    assert values(result)["note"] == f"必要人数: {written}"


def test_no_number_at_all_is_told() -> None:
    result = need(必要人数="")

    assert only(result) == ("people-missing", 2, "F")
    assert values(result)["people_min"] is None


@pytest.mark.parametrize("written", [datetime(2026, 5, 6), "5月6日"])  # noqa: DTZ001
def test_a_range_that_excel_took_for_a_date(written: object) -> None:
    result = need(必要人数=written)

    assert (values(result)["people_min"], values(result)["people_max"]) == (5, 6)
    assert codes(result) == ["people-date"]


def test_a_date_that_no_range_can_be_is_not_guessed() -> None:
    result = need(必要人数="6月5日")

    assert (values(result)["people_min"], codes(result)) == (None, ["people-unclear"])


@pytest.mark.parametrize(("written", "code"), [("0", "people-zero"), ("500名", "people-many")])
def test_numbers_that_cannot_be(written: str, code: str) -> None:
    assert only(need(必要人数=written)) == (code, 2, "F")
    assert need(必要人数=written).good == ()


def test_two_columns_of_numbers() -> None:
    head = ["氏名", "電話", "住所", "困りごと", "最少人数", "最大人数"]
    body = ["見本 ハル", "042-000-0001", "本町1", "泥"]
    result = read("needs", csv_of([head, [*body, "3", "5"]]), today=TODAY)
    assert (values(result)["people_min"], values(result)["people_max"]) == (3, 5)

    turned = read("needs", csv_of([head, [*body, "5", "3"]]), today=TODAY)
    assert only(turned)[0] == "people-order"


# --------------------------------------------------------------------------------------- wanted date


@pytest.mark.parametrize(
    ("written", "day", "notes"),
    [
        ("2026/11/26", date(2026, 11, 26), []),
        (datetime(2026, 11, 26, 9, 30), date(2026, 11, 26), []),  # noqa: DTZ001
        ("R8/11/26", date(2026, 11, 26), []),
        ("令和8年11月26日(木)", date(2026, 11, 26), []),
        ("11/26", date(2026, 11, 26), ["date-year-assumed"]),
        ("１１月２６日（木）", date(2026, 11, 26), ["date-year-assumed"]),
        ("1/5", date(2027, 1, 5), ["date-year-assumed"]),
        (46352, date(2026, 11, 26), ["date-serial"]),
        ("11/26/2026 9:30:00", date(2026, 11, 26), []),
        ("2026/11/26（金）", date(2026, 11, 26), ["date-weekday"]),
        ("2026/11/26 午前", date(2026, 11, 26), ["date-with-words"]),
        ("11/26〜11/28", date(2026, 11, 26), ["date-year-assumed", "date-with-words"]),
        ("2026/11/20", date(2026, 11, 20), ["date-past"]),
        ("未定", None, ["date-undecided"]),
        ("なるべく早く", None, ["date-undecided"]),
        ("土日ならいつでも", None, ["date-words"]),
        ("", None, []),
    ],
)
def test_wished_days(written: object, day: date | None, notes: list[str]) -> None:
    result = need(希望日=written)

    assert (values(result)["wanted_date"], codes(result)) == (day, notes)
    assert all(problem.level == "note" for problem in result.problems)


def test_words_about_the_day_are_kept() -> None:
    assert values(need(希望日="2026/11/26 午前"))["note"] == "希望日: 2026/11/26 午前"
    assert values(need(希望日="土日ならいつでも"))["note"] == "希望日: 土日ならいつでも"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2月30日", "date-impossible"),
        ("2062/11/26", "date-far"),
        ("11/3/2026", "date-order"),
        ("来週3日", "date-unclear"),
    ],
)
def test_days_that_cannot_be_set_the_row_aside(written: str, code: str) -> None:
    assert only(need(希望日=written)) == (code, 2, "E")
    assert need(希望日=written).good == ()


# --------------------------------------------------------------------------------- place and trouble


@pytest.mark.parametrize(
    ("column", "written", "code", "letter"),
    [
        ("依頼者氏名", "", "name-missing", "A"),
        ("住所", "", "address-missing", "C"),
        ("住所", "不明", "address-missing", "C"),
        ("住所", "同上", "ditto", "C"),
        ("住所", "本町1<script>", "address-odd", "C"),
        ("住所", "本町\u202e1", "text-forbidden", "C"),
        ("住所", "本" * 201, "text-too-long", "C"),
        ("困りごと", "", "trouble-missing", "D"),
        ("困りごと", "泥" * 2001, "text-too-long", "D"),
    ],
)
def test_without_name_place_or_trouble_a_person_must_look(
    column: str, written: str, code: str, letter: str
) -> None:
    result = need(**{column: written})

    assert only(result) == (code, 2, letter)
    assert (result.good, len(result.set_aside)) == ((), 1)


def test_an_address_in_several_columns() -> None:
    head = ["氏名", "電話", "郵便番号", "市区町村", "住所", "建物名", "困りごと"]
    row = ["見本 ハル", "042-000-0001", "000-0000", "小金井市", "本町１－０－０", "コーポ例101", "泥"]
    result = read("needs", csv_of([head, row]), today=TODAY)

    assert values(result)["address"] == "小金井市本町１－０－０ コーポ例101"
    assert result.good[0].also["postal_code"] == "000-0000"


def test_the_place_of_the_work_goes_before_the_home() -> None:
    head = ["氏名", "電話", "依頼者住所", "活動場所", "困りごと"]
    body = ["見本 ハル", "042-000-0001", "国分寺市本町1-0-0"]
    rows = [
        head,
        [*body, "小金井市東町1-0-0", "泥"],
        [*body, "同上", "塀"],
        [*body, "自宅", "庭"],
        [*body, "", "畳"],
    ]
    result = read("needs", csv_of(rows), today=TODAY)

    assert [row.values.address for row in result.good] == ["小金井市東町1-0-0", *["国分寺市本町1-0-0"] * 3]
    assert result.good[0].values.note == "依頼者住所: 国分寺市本町1-0-0"

    alone = read(
        "needs", csv_of([["氏名", "電話", "活動場所", "困りごと"], [*body[:2], "本町1", "泥"]]), today=TODAY
    )
    assert [column.field for column in alone.columns] == ["name", "phone", "address", "trouble"]
    assert values(alone)["address"] == "本町1"


def test_a_list_that_only_knows_the_work() -> None:
    head = ["氏名", "電話", "住所", "作業内容"]
    result = read("needs", csv_of([head, ["見本 ハル", "042-000-0001", "本町1", "泥出し"]]), today=TODAY)

    assert (values(result)["trouble"], result.good[0].also["work"]) == ("泥出し", "泥出し")


def test_a_household_may_be_named_as_it_is() -> None:
    for name in ("見本夫妻", "本町2丁目自治会", "見本 太郎・花子"):
        assert (values(need(依頼者氏名=name))["name"], codes(need(依頼者氏名=name))) == (name, [])


def test_trouble_keeps_its_lines_and_may_hold_any_sign() -> None:
    written = "1) 泥\n2) <畳> =運び出し"
    assert values(need(困りごと=written))["trouble"] == written


@pytest.mark.parametrize(
    ("written", "grade", "note"),
    [
        ("緑", "green", None),
        ("調査済（緑）", "green", None),
        ("黄色", "yellow", None),
        ("要注意", "yellow", None),
        ("赤紙", "red", None),
        ("危険", "red", None),
        ("未判定", "none", None),
        ("なし", "none", None),
        ("", "none", None),
        ("応急危険度判定：緑", "green", None),
        ("黄・赤（塀）", "red", "hazard-several"),
        ("紫", "none", "hazard-unclear"),
        ("red", "red", None),
    ],
)
def test_the_paper_on_the_house(written: str, grade: str, note: str | None) -> None:
    result = need(応急危険度判定=written)

    assert (values(result)["hazard_grade"], codes(result)) == (grade, [note] if note else [])
    if written in {"黄・赤（塀）", "赤紙"}:
        assert written in values(result)["note"]


# ----------------------------------------------------------------------------------------- the town


def _locate(address: str) -> Located:
    if "本町" in address:
        return Located("本町一丁目")
    return Located(None, (Problem(code="address-unknown"),))


def test_the_town_comes_from_whoever_knows_the_map() -> None:
    rows = [list(NEED), list(NEED.values()), [*list(NEED.values())[:2], "どこか9", *list(NEED.values())[3:]]]
    plain = read("needs", csv_of(rows), today=TODAY, file="表.csv")
    located = read("needs", csv_of(rows), today=TODAY, file="表.csv", locate=_locate)

    assert [row.values.town for row in located.good] == ["本町一丁目", None]
    assert [(p.code, p.level, p.row, p.file) for p in located.problems] == [
        ("address-unknown", "note", 3, "表.csv")
    ]
    assert with_places(plain, _locate) == located
    assert [row.digest for row in plain.good] == [row.digest for row in located.good]
