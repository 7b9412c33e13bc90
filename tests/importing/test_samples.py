"""The three sample lists, as three people at a center would hand them in."""

from pathlib import Path

import pytest

from dvc_core.domain.person_facts import HazardGrade, Insurance
from dvc_core.importing import as_answer, read
from tests.importing.make_samples import SAMPLE_FILES, SAMPLES
from tests.importing.sheets import TODAY, codes, values


@pytest.mark.parametrize("name", SAMPLE_FILES)
def test_a_sample_is_what_its_script_makes(name: str) -> None:
    assert (SAMPLES / name).read_bytes() == SAMPLE_FILES[name]()


def test_a_form_tools_export() -> None:
    result = read("volunteers", SAMPLES / "volunteers_form_utf8.csv", today=TODAY)

    assert (result.encoding, result.sheet, result.header_row) == ("utf-8-sig", None, 1)
    assert [row.row for row in result.good] == [2, 3, 4, 6]
    assert result.rows_read == 7
    first = values(result)
    assert (first["name"], first["kana"], first["phone"]) == ("訓練 太郎", "クンレン タロウ", "090-0000-0001")
    assert (str(first["birth_date"]), first["age"]) == ("1988-04-01", 38)
    assert first["insurance"] is Insurance.DISASTER
    assert (first["emergency_name"], first["emergency_phone"]) == ("訓練 花子", "090-0000-0002")
    assert first["skills"] == ("licence_car", "nursing")
    assert result.good[0].also["emergency_relation"] == "妻"
    assert result.good[0].extra == {"Tシャツのサイズ": "L"}
    assert values(result, 1)["note"] == "高校生です。\n父と行きます。"
    assert values(result, 1)["phone"] == "090-0000-0030"
    jiro = values(result, 2)
    assert jiro["skills"] == ("licence_car", "licence_large", "light_truck", "chainsaw")
    assert "火おこし" in jiro["note"]
    assert "042-000-0004" in jiro["note"]
    assert values(result, 3)["insurance"] is Insurance.UNKNOWN

    assert [row.row for row in result.set_aside] == [5, 8]
    assert dict(result.set_aside[0].cells)["生年月日（西暦）"] == "1990/2/30"
    assert result.repeated == (7,)
    assert codes(result, "error") == ["date-impossible", "name-several"]
    assert all(problem.file == "volunteers_form_utf8.csv" for problem in result.problems)


def test_a_paper_list_of_a_group_typed_into_excel() -> None:
    result = read("volunteers", SAMPLES / "volunteers_group_cp932.csv", today=TODAY)

    assert (result.encoding, result.header_row) == ("cp932", 6)
    assert result.titles[0] == ("災害ボランティア団体参加者名簿",)
    assert "見本大学ボランティア会" in result.titles[1]
    headings = {column.heading: column.field for column in result.columns}
    assert headings["緊急連絡先 氏名"] == "emergency_name"
    assert headings["緊急連絡先 電話"] == "emergency_phone"
    assert headings["氏名 （ふりがな）"] == "name"
    # Line breaks inside cells do not move the numbers of the rows.
    assert [row.row for row in result.good] == [7, 8, 9, 12]
    assert [row.row for row in result.set_aside] == [10, 11]
    assert values(result, 0)["name"] == "訓練 一郎"
    assert values(result, 0)["kana"] == "クンレン イチロウ"
    assert result.good[0].also["leader"] == "○"
    assert values(result, 1)["phone"] == "090-0000-1002"
    assert result.skipped == (13, 14, 15)
    assert {"ditto", "age-impossible"} == set(codes(result, "error"))


def test_a_list_of_needs_from_the_telephone_desk() -> None:
    result = read("needs", SAMPLES / "needs_phone.xlsx", today=TODAY)

    assert (result.encoding, result.sheet, result.header_row) == (None, "ニーズ一覧", 4)
    assert [row.row for row in result.good] == [5, 6, 7, 8, 10]
    first = values(result)
    assert (first["people_min"], first["people_max"], str(first["wanted_date"])) == (5, 6, "2026-11-25")
    assert first["hazard_grade"] is HazardGrade.GREEN
    assert (values(result, 1)["phone"], str(values(result, 1)["wanted_date"])) == ("0420002002", "2026-11-26")
    undecided = values(result, 2)
    assert (undecided["people_min"], undecided["people_max"], undecided["wanted_date"]) == (None, None, None)
    assert (values(result, 3)["people_min"], values(result, 3)["people_max"]) == (10, None)
    assert values(result, 3)["hazard_grade"] is HazardGrade.RED
    assert (values(result, 4)["people_min"], values(result, 4)["people_max"]) == (5, 6)
    assert [row.row for row in result.set_aside] == [9]
    assert codes(result, "error") == ["address-missing", "date-impossible"]
    assert "rows-hidden" in codes(result, "note")


@pytest.mark.parametrize(
    ("kind", "name", "fields"),
    [
        (
            "volunteers",
            "volunteers_form_utf8.csv",
            "name kana phone birth_date age insurance emergency_name emergency_phone skills note",
        ),
        (
            "needs",
            "needs_phone.xlsx",
            "name phone address town trouble wanted_date people_min people_max hazard_grade note",
        ),
        ("stickers", "stickers_red.csv", "address town kind colour reason posted_on note"),
    ],
)
def test_the_answer_has_the_fields_that_scripts_rely_on(kind: str, name: str, fields: str) -> None:
    answer = as_answer(read(kind, Path(SAMPLES / name), today=TODAY))

    assert {
        "kind",
        "encoding",
        "sheet",
        "header_row",
        "columns",
        "rows_read",
        "good",
        "set_aside",
        "rows",
    } <= set(answer)
    assert answer["kind"] == kind
    assert answer["good"] == len(answer["rows"])
    assert all(set(row) == {"row", "values"} for row in answer["rows"])
    assert all(list(row["values"]) == fields.split() for row in answer["rows"])
    assert {"heading", "field"} == set(answer["columns"][0])
    first = answer["rows"][0]["values"]
    if kind == "volunteers":
        assert (first["birth_date"], first["insurance"], first["skills"]) == (
            "1988-04-01",
            "disaster",
            ["licence_car", "nursing"],
        )
    elif kind == "stickers":
        found = (first["kind"], first["colour"], first["posted_on"])
        assert found == ("building", "red", "2026-07-20")
    else:
        assert (first["wanted_date"], first["hazard_grade"], first["town"]) == ("2026-11-25", "green", None)
