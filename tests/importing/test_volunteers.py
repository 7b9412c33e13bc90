"""Volunteers' rows as people fill them in."""

from datetime import date, datetime

import pytest

from dvc_core.domain.person_facts import Insurance
from dvc_core.importing import read
from tests.importing.sheets import TODAY, codes, csv_of, only, person, values


def test_a_clean_row_says_nothing() -> None:
    result = person()

    assert codes(result) == []
    assert values(result) == {
        "name": "訓練 太郎",
        "kana": "クンレン タロウ",
        "phone": "090-0000-0001",
        "birth_date": date(1988, 4, 1),
        "age": 38,
        "insurance": Insurance.DISASTER,
        "emergency_name": "訓練 花子",
        "emergency_phone": "090-0000-0002",
        "skills": (),
        "note": None,
    }


# --------------------------------------------------------------------------------------------- name


@pytest.mark.parametrize(
    ("written", "name", "kana"),
    [
        ("　訓練　太郎 ", "訓練 太郎", ""),
        ("訓練 太郎（くんれん たろう）", "訓練 太郎", "クンレン タロウ"),
        ("くんれん たろう\n訓練 太郎", "訓練 太郎", "クンレン タロウ"),
        ("訓練\n太郎", "訓練 太郎", ""),
        ("訓練 太郎／くんれん たろう", "訓練 太郎", "クンレン タロウ"),
        ("クンレン タロウ・訓練 太郎", "訓練 太郎", "クンレン タロウ"),
        ("訓練 太郎 様", "訓練 太郎", ""),
        ("見本（旧姓 例）", "見本（旧姓 例）", ""),
        ("ジョン・スミス", "ジョン・スミス", ""),
    ],
)
def test_names_as_written(written: str, name: str, kana: str) -> None:
    result = person(氏名=written, ふりがな="")

    assert (values(result)["name"], values(result)["kana"], codes(result)) == (name, kana, [])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "name-missing"),
        ("なし", "name-missing"),
        ("訓練 太郎、見本 花子", "name-several"),
        ("訓練 太郎／花子", "name-several"),
        ("訓練 太郎・訓練 花子", "name-several"),
        ("訓練 太郎\n見本 花子", "name-several"),
        ("訓練 太郎 ほか3名", "name-several"),
        ("訓練夫妻", "name-several"),
        ("〃", "ditto"),
        ("同上", "ditto"),
        ("090-0000-0001", "name-odd"),
        ("<script>alert(1)</script>太郎", "name-several"),
        ("<b>太郎", "name-odd"),
        ("訓練\u202e太郎", "text-forbidden"),
        ("訓練\u200b太郎", "text-forbidden"),
        ("訓" * 61, "text-too-long"),
    ],
)
def test_names_that_cannot_be_taken_set_the_row_aside(written: str, code: str) -> None:
    result = person(氏名=written)

    assert only(result) == (code, 2, "A")
    assert result.good == ()
    assert dict(result.set_aside[0].cells).get("電話") == "090-0000-0001"


def test_kana_that_is_none_is_told() -> None:
    result = person(ふりがな="訓練たろう")

    assert only(result) == ("kana-odd", 2, "B")
    assert values(result)["kana"] == "訓練タロウ"


# -------------------------------------------------------------------------------------------- phone


@pytest.mark.parametrize("written", [9000000001, "9000000001", "９００００００００１", 9000000001.0])
def test_the_zero_that_excel_ate(written: object) -> None:
    result = person(電話=written)

    assert only(result)[0] == "phone-zero"
    assert result.problems[0].level == "note"
    assert values(result)["phone"] == result.problems[0].facts["shown"] == "090-0000-0001"


def test_a_mobile_number_goes_before_a_fixed_one_and_nothing_is_lost() -> None:
    result = person(電話="042-000-0001（自宅）／090-0000-0001（妻）")

    assert values(result)["phone"] == "090-0000-0001"
    assert "042-000-0001" in values(result)["note"]
    assert "妻" in values(result)["note"]


def test_two_numbers_with_a_space_between_them() -> None:
    result = person(電話="042-000-0001 090-0000-0001")

    assert (values(result)["phone"], codes(result)) == ("090-0000-0001", [])
    assert values(result)["note"] == "電話: 042-000-0001"


def test_several_columns_of_telephones() -> None:
    rows = [
        ["氏名", "自宅電話", "携帯電話"],
        ["訓練 太郎", "042-000-0001", "090-0000-0001"],
        ["見本 花子", "042-000-0002", ""],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert [row.values.phone for row in result.good] == ["090-0000-0001", "042-000-0002"]
    assert result.good[0].values.note == "自宅電話: 042-000-0001"


@pytest.mark.parametrize("written", ["", "なし", "-", "無し", "不明", "未定"])
def test_a_missing_telephone_is_asked_for(written: str) -> None:
    result = person(電話=written)

    assert only(result) == ("phone-missing", 2, "C")
    assert (result.problems[0].level, values(result)["phone"]) == ("note", None)
    assert result.problems[0].facts["name"] == "訓練 太郎"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("090-0000-000", "phone-length"),
        ("020-0000-0000", "phone-implausible"),
        ("+1 212 000 0000", "phone-foreign"),
        ("9.00E+09", "phone-rounded"),
        ("たぶん携帯", "phone-none"),
        ("同上", "ditto"),
    ],
)
def test_telephones_that_cannot_be_right_set_the_row_aside(written: str, code: str) -> None:
    assert only(person(電話=written)) == (code, 2, "C")


# -------------------------------------------------------------------------------- birth date and age


@pytest.mark.parametrize(
    "written",
    [
        "1988/4/1",
        "1988年4月1日",
        "S63.4.1",
        "昭和63年4月1日",
        "昭和六十三年四月一日",
        "１９８８／０４／０１",
        "19880401",
        "S630401",
        datetime(1988, 4, 1),  # noqa: DTZ001
        date(1988, 4, 1),
        "1988-04-01 00:00:00",
        "1988/4/1（38歳）",
    ],
)
def test_birth_dates_of_every_spelling(written: object) -> None:
    result = person(生年月日=written)

    assert (values(result)["birth_date"], codes(result)) == (date(1988, 4, 1), [])


def test_excels_own_number_of_a_day_is_told() -> None:
    result = person(生年月日=32234)

    assert (values(result)["birth_date"], codes(result)) == (date(1988, 4, 1), ["date-serial"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1988/2/30", "date-impossible"),
        ("平成2年2月30日", "date-impossible"),
        ("昭和65年1月1日", "date-era"),
        ("63.4.1", "date-year"),
        ("4月1日", "date-year"),
        ("3/4/1988", "date-order"),
        ("ひみつ", "date-unclear"),
        ("2027/1/1", "birth-future"),
        ("1876/1/1", "birth-too-old"),
        ("1988/4/1 ごろ", "date-with-words"),
    ],
)
def test_birth_dates_that_cannot_be(written: str, code: str) -> None:
    result = person(生年月日=written, 年齢="")

    assert only(result) == (code, 2, "D")
    assert result.problems[0].level == "error"


def test_an_unknown_birth_date_is_none() -> None:
    result = person(生年月日="不明", 年齢="不明", 緊急連絡先電話="不明")

    assert codes(result) == []
    assert (values(result)["birth_date"], values(result)["age"]) == (None, None)
    assert values(result)["emergency_phone"] is None


def test_an_age_alone() -> None:
    for written, age in (("38", 38), ("３８歳", 38), (38.0, 38), ("満38才", 38), ("0", 0)):
        result = person(生年月日="", 年齢=written)
        assert (values(result)["age"], values(result)["birth_date"], codes(result)) == (age, None, [])


@pytest.mark.parametrize(("written", "code"), [("150", "age-impossible"), ("-3", "age-impossible")])
def test_ages_that_cannot_be(written: str, code: str) -> None:
    assert only(person(生年月日="", 年齢=written)) == (code, 2, "E")


@pytest.mark.parametrize(("written", "code"), [("30代", "age-decade"), ("成人", "age-unclear")])
def test_an_age_in_words_is_kept(written: str, code: str) -> None:
    result = person(生年月日="", 年齢=written)

    assert only(result) == (code, 2, "E")
    assert (values(result)["age"], values(result)["note"]) == (None, f"年齢: {written}")


def test_an_old_list_carries_old_ages() -> None:
    result = person(年齢="35")

    assert only(result) == ("age-birth", 2, "E")
    assert (result.problems[0].level, values(result)["age"]) == ("note", 38)


def test_nobody_guesses_whether_someone_is_a_minor() -> None:
    result = person(年齢="16")

    assert only(result) == ("age-birth-minor", 2, "E")
    assert result.problems[0].facts["age"] == 38
    assert len(result.set_aside) == 1


def test_the_birthday_decides_the_age() -> None:
    assert values(person(生年月日="2008/11/24", 年齢=""))["age"] == 18
    assert values(person(生年月日="2008/11/25", 年齢=""))["age"] == 17
    # The form was filled in before the birthday.
    assert codes(person(生年月日="2008/11/24", 年齢="17")) == ["age-birth"]


# ---------------------------------------------------------------------------- insurance and emergency


@pytest.mark.parametrize(
    ("written", "plan", "note"),
    [
        ("天災・地震補償プラン", "disaster", None),
        ("加入済（天災型）", "disaster", None),
        ("基本＋天災", "disaster", None),
        ("基本プラン", "basic", None),
        ("加入済(基本・天災なし)", "basic", None),
        ("特定感染症重点プラン", "infection", None),
        ("加入していない", "none", None),
        ("いいえ", "none", None),
        ("無", "none", None),
        ("なし", "none", None),
        ("未加入（現地で加入を希望）", "none", None),
        ("わからない", "unknown", None),
        ("", "unknown", None),
        ("加入済・未加入", "unknown", None),
        ("加入している", "unknown", "insurance-plan"),
        ("はい", "unknown", "insurance-plan"),
        ("○", "unknown", "insurance-plan"),
        ("Aプラン", "unknown", "insurance-plan"),
        ("共済の方です", "unknown", "insurance-unclear"),
        ("入っている / 入っていない", "unknown", "insurance-unclear"),
        ("disaster", "disaster", None),
    ],
)
def test_insurance_in_many_words(written: str, plan: str, note: str | None) -> None:
    result = person(保険=written)

    assert values(result)["insurance"] == plan
    assert codes(result) == ([note] if note else [])
    assert (values(result)["note"] or "") == (f"保険: {written}" if note else "")


@pytest.mark.parametrize(
    ("written", "name", "phone", "relation"),
    [
        ("訓練 花子（妻）090-0000-0002", "訓練 花子", "090-0000-0002", "妻"),
        ("訓練 花子　９００００００００２", "訓練 花子", "090-0000-0002", None),
        ("訓練 花子\n042-000-0002", "訓練 花子", "042-000-0002", None),
        ("090-0000-0002", None, "090-0000-0002", None),
        ("訓練 花子", "訓練 花子", None, None),
    ],
)
def test_whom_to_call_from_one_cell(
    written: str, name: str | None, phone: str | None, relation: str | None
) -> None:
    rows = [["氏名", "電話", "緊急連絡先"], ["訓練 太郎", "090-0000-0001", written]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    read_values = values(result)
    assert (read_values["emergency_name"], read_values["emergency_phone"]) == (name, phone)
    assert result.good[0].also.get("emergency_relation") == relation


# --------------------------------------------------------------------------------------------- skills


@pytest.mark.parametrize(
    ("written", "skills", "note"),
    [
        ("軽トラ、普通免許", ("licence_car", "light_truck"), None),
        ("看護師, 手話", ("nursing", "sign_language"), None),
        ("チェーンソー;介護福祉士", ("chainsaw", "care"), None),
        ("通訳（英語）", ("interpreting", "interpreting.en"), None),
        ("普通・大型・自二", ("licence_car", "licence_large", "licence_motorcycle"), None),
        ("特になし", (), None),
        ("大工\nけん玉", ("building",), "資格・特技: けん玉"),
        ("チェーンソー不可", (), "資格・特技: チェーンソー不可"),
    ],
)
def test_skills_in_many_words(written: str, skills: tuple[str, ...], note: str | None) -> None:
    rows = [["氏名", "電話", "資格・特技"], ["訓練 太郎", "090-0000-0001", written]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert (values(result)["skills"], values(result)["note"]) == (skills, note)
    assert codes(result) == (["skills-unknown"] if note else [])


def test_a_circle_under_a_heading_says_the_heading() -> None:
    head = ["氏名", "電話", "特技 [手話]", "特技 [パソコン]", "軽トラックを出せますか", "運転免許"]
    rows = [
        head,
        ["訓練 太郎", "090-0000-0001", "○", "", "はい", "有"],
        ["見本 花子", "090-0000-0002", "", "1", "いいえ", "無"],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert [row.values.skills for row in result.good] == [
        ("licence_car", "light_truck", "sign_language"),
        ("computer",),
    ]
    assert codes(result) == []


# ----------------------------------------------------------------------------------------- the whole


def test_every_error_of_a_row_is_told_at_once() -> None:
    result = person(氏名="", 電話="119", 生年月日="1988/2/30", 年齢="200")

    assert codes(result) == ["name-missing", "phone-length", "date-impossible", "age-impossible"]
    assert {problem.row for problem in result.problems} == {2}


def test_words_that_no_value_holds_end_in_the_note() -> None:
    result = person(年齢="30代", 生年月日="", 保険="加入している", 備考="左利き")

    assert values(result)["note"] == "左利き\n年齢: 30代\n保険: 加入している"


def test_a_message_shows_the_cell_but_never_more_than_a_line_of_it() -> None:
    result = person(電話="x\n" + "あ" * 500 + "\u202e")

    shown = result.problems[0].facts["value"]
    assert isinstance(shown, str)
    assert (len(shown), "\n" in shown, "\u202e" in shown) == (40, False, False)


def test_a_wrong_kind_of_list_is_noticed() -> None:
    needs = [["依頼者", "困りごと", "必要人数"], ["見本 ハル", "泥出し", "5"]]

    assert only(read("volunteers", csv_of(needs), today=TODAY))[0] == "file-no-header"
