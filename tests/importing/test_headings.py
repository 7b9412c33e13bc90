"""Headings of real forms and form tools, and where a header stands in a sheet."""

import pytest
from openpyxl import Workbook

from dvc_core.importing import load_reference, read
from dvc_core.importing.headings import Column, matcher
from tests.importing.sheets import NEED, PERSON, TODAY, book_of, codes, csv_of, only, saved, values

HEAD = list(PERSON)
ROW = list(PERSON.values())


def _fields(kind: str, heading: str) -> list[str]:
    return sorted(field.code for _, field in matcher(load_reference().words, kind).best(heading))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("お名前（漢字）", "name"),
        ("1. 参加者のお名前", "name"),
        ("ふりがな ※全角", "kana"),
        ("お名前（ふりがな）", "kana"),
        ("フリガナ　＊必須", "kana"),
        ("連絡の取れる携帯電話番号をご記入ください", "phone"),
        ("Q5 当日連絡のつく電話番号（必須）", "phone"),
        ("電話・FAX", "phone"),
        ("ＴＥＬ", "phone"),
        ("〒・住所", "address"),
        ("生年月日（西暦でご記入ください）", "birth_date"),
        ("年齢（歳）", "age"),
        ("ボランティア保険に加入していますか？", "insurance"),
        ("ボランティア\n活動保険", "insurance"),
        ("保険に加入していない方は、センターでの加入を希望しますか", "insurance_wish"),
        ("健康保険証", "health_card"),
        ("緊急連絡先（氏名・続柄・電話）", "emergency"),
        ("緊急連絡先の氏名", "emergency_name"),
        ("緊急連絡先の電話番号", "emergency_phone"),
        ("緊急時に連絡できる方のお名前", "emergency_name"),
        ("緊急連絡先との続柄", "emergency_relation"),
        ("保護者の氏名", "guardian_name"),
        ("お持ちの資格や特技があれば教えてください（複数選択可）", "skills"),
        ("運転免許をお持ちですか", "skills"),
        ("資格・特技", "skills"),
        ("備考（質問があればお書きください）", "note"),
        ("所属団体・企業", "group"),
        ("活動履歴\n（新・継）", "first_time"),
        ("災害ボランティアの経験はありますか", "experience"),
        ("活動を希望する日", "days"),
        ("タイムスタンプ", "received_at"),
        ("メールアドレス", "email"),
        ("責任者に○", "leader"),
        ("個人情報の取り扱いに同意しますか", "agreed"),
    ],
)
def test_headings_of_volunteers(heading: str, field: str) -> None:
    assert _fields("volunteers", heading) == [field]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("依頼者", "name"),
        ("依頼者氏名", "name"),
        ("依頼者の連絡先", "phone"),
        ("依頼者住所", "address"),
        ("被災した家の住所", "place"),
        ("作業場所（住所と異なる場合）", "place"),
        ("困りごと", "trouble"),
        ("どんなことでお困りですか", "trouble"),
        ("ご依頼内容", "trouble"),
        ("作業内容", "work"),
        ("希望する日時", "wanted_date"),
        ("活動希望日", "wanted_date"),
        ("必要人数", "people"),
        ("何人くらい必要ですか", "people"),
        ("最少人数", "people_min"),
        ("建物の応急危険度判定（赤・黄・緑）", "hazard_grade"),
        ("受付者", "received_by"),
        ("ニーズ番号", "number"),
        ("世帯構成", "household"),
        ("駐車場の有無", "conditions"),
    ],
)
def test_headings_of_needs(heading: str, field: str) -> None:
    assert _fields("needs", heading) == [field]


@pytest.mark.parametrize("kind", ["volunteers", "needs"])
def test_the_names_of_our_own_fields_are_headings_too(kind: str) -> None:
    own = PERSON_FIELDS if kind == "volunteers" else NEED_FIELDS
    assert [_fields(kind, name) for name in own] == [[name] for name in own]


PERSON_FIELDS = [
    *("name", "kana", "phone", "birth_date", "age", "insurance"),
    *("emergency_name", "emergency_phone", "skills", "note"),
]
NEED_FIELDS = [
    *("name", "phone", "address", "town", "trouble", "wanted_date"),
    *("people_min", "people_max", "hazard_grade", "note"),
]


@pytest.mark.parametrize(
    ("kind", "heading", "fields"),
    [
        ("needs", "住所・電話番号", ["address", "phone"]),
        ("volunteers", "年齢・性別", ["age", "gender"]),
        ("volunteers", "氏名／住所", ["address", "name"]),
    ],
)
def test_a_heading_that_names_two_things_is_left_to_a_person(
    kind: str, heading: str, fields: list[str]
) -> None:
    assert _fields(kind, heading) == fields


def test_an_ambiguous_column_is_told_with_both_fields_and_kept() -> None:
    rows = [["氏名", "電話", "年齢・性別"], ["訓練 太郎", "090-0000-0001", "38・男"]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert only(result) == ("heading-ambiguous", 1, "C")
    assert (result.problems[0].level, result.problems[0].facts["fields"]) == ("error", "age / gender")
    assert result.good[0].extra == {"年齢・性別": "38・男"}


def test_an_unknown_column_is_told_and_kept() -> None:
    rows = [["氏名", "電話", "好きな色", "", "好きな色"], ["訓練 太郎", "090-0000-0001", "赤", "メモ", "青"]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert codes(result) == ["heading-unknown", "heading-unknown"]
    assert [problem.level for problem in result.problems] == ["note", "note"]
    assert result.good[0].extra == {"好きな色": "赤", "D": "メモ", "好きな色 (E)": "青"}


def test_two_columns_for_one_field() -> None:
    rows = [["氏名", "年齢", "電話", "参加者の年齢"], ["訓練 太郎", "38", "090-0000-0001", "39"]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert only(result) == ("heading-twice", 1, "D")
    assert result.problems[0].facts["kept"] == "B"
    assert (values(result)["age"], result.good[0].extra) == (38, {"参加者の年齢": "39"})


def test_a_form_tools_own_empty_column_gives_way_to_the_question() -> None:
    rows = [
        ["ID", "開始時刻", "メール", "名前", "参加される方のお名前を教えてください", "携帯番号"],
        ["1", "11/20/2026 9:00", "anonymous", "", "訓練 太郎", "090-0000-0001"],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert only(result) == ("heading-twice", 1, "D")
    assert values(result)["name"] == "訓練 太郎"


@pytest.mark.parametrize(
    ("kind", "rows", "code"),
    [
        ("volunteers", [list(NEED), list(NEED.values())], "file-of-needs"),
        ("needs", [list(PERSON), list(PERSON.values())], "file-of-volunteers"),
    ],
)
def test_a_list_of_the_other_kind_is_not_taken(kind: str, rows: list[list[str]], code: str) -> None:
    result = read(kind, csv_of(rows), today=TODAY)

    assert only(result) == (code, 1, None)
    assert (result.rows_read, result.good) == (0, ())


def test_a_name_in_two_columns() -> None:
    head = ["姓", "名", "セイ", "メイ", "携帯電話"]
    result = read(
        "volunteers", csv_of([head, ["訓練", "太郎", "くんれん", "たろう", "090-0000-0001"]]), today=TODAY
    )

    assert (values(result)["name"], values(result)["kana"]) == ("訓練 太郎", "クンレン タロウ")


def test_titles_above_the_header_are_found_and_kept() -> None:
    titles = [["ボランティア名簿"], ["氏名と電話は必ず書いてください"], [], ["令和8年11月24日現在"]]
    result = read("volunteers", csv_of([*titles, HEAD, ROW]), today=TODAY)

    assert (result.header_row, result.good[0].row) == (5, 6)
    assert [title[0] for title in result.titles] == [title[0] for title in titles if title]


def test_a_header_in_two_lines_of_merged_cells() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "ボランティア名簿"
    sheet.merge_cells("A1:G1")
    for cell, text in {"A2": "No", "B2": "氏名", "C2": "電話", "D2": "緊急連絡先", "G2": "備考"}.items():
        sheet[cell] = text
    sheet.merge_cells("D2:F2")
    for area in ("A2:A3", "B2:B3", "C2:C3", "G2:G3"):
        sheet.merge_cells(area)
    for cell, text in {"D3": "氏名", "E3": "続柄", "F3": "電話"}.items():
        sheet[cell] = text
    sheet.append([1, "訓練 太郎", "090-0000-0001", "訓練 花子", "妻", "090-0000-0002", "左利き"])
    result = read("volunteers", saved(book), today=TODAY)

    assert (result.header_row, codes(result)) == (3, [])
    assert [column.field for column in result.columns] == [
        "number", "name", "phone", "emergency_name", "emergency_relation", "emergency_phone", "note",
    ]  # fmt: skip
    assert values(result)["emergency_name"] == "訓練 花子"
    assert values(result)["emergency_phone"] == "090-0000-0002"
    assert values(result)["note"] == "左利き"


def test_a_cell_merged_over_several_rows_counts_for_each_but_not_a_name() -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["氏名", "電話", "所属"],
        ["訓練 太郎", "090-0000-0001", "見本大学"],
        ["訓練 花子", "090-0000-0002", None],
        [None, "090-0000-0003", None],
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C4")
    sheet.merge_cells("A3:A4")
    result = read("volunteers", saved(book), today=TODAY)

    assert [row.also["group"] for row in result.good] == ["見本大学", "見本大学"]
    assert only(result) == ("name-missing", 4, "A")


def test_the_sheet_with_the_best_header_is_read_and_the_others_named() -> None:
    book = book_of(
        [["使い方"], ["氏名の欄に書く"]], 名簿=[["名簿"], HEAD, ROW], 控え=[["氏名", "電話"], ["例 次郎", ""]]
    )
    result = read("volunteers", book, today=TODAY)

    assert (result.sheet, result.header_row, values(result)["name"]) == ("名簿", 2, "訓練 太郎")
    assert codes(result) == ["sheet-not-read"]
    assert result.problems[0].facts == {"sheet": "控え", "read": "名簿"}


def test_a_hidden_sheet_waits_behind_a_visible_one() -> None:
    book = Workbook()
    first = book.active
    first.title = "前回"
    first.append(HEAD)
    first.append(ROW)
    first.append(ROW)
    first.sheet_state = "hidden"
    now = book.create_sheet("今回")
    now.append(["氏名", "電話"])
    now.append(["見本 花子", "090-0000-0002"])
    result = read("volunteers", saved(book), today=TODAY)

    assert (result.sheet, codes(result)) == ("今回", ["sheet-not-read"])


def test_hidden_rows_are_read_and_told() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(HEAD)
    for number in range(3):
        sheet.append(["訓練 太郎", "", f"090-0000-000{number}"])
    sheet.row_dimensions[3].hidden = True
    result = read("volunteers", saved(book), today=TODAY)

    assert len(result.good) == 3
    assert only(result) == ("rows-hidden", 3, None)


def test_empty_rows_header_again_totals_and_examples_are_no_people() -> None:
    rows = [
        HEAD,
        ["記入例", *ROW[1:]],
        ROW,
        [],
        [" ", "", "　"],
        HEAD,
        ["見本 花子", "", "090-0000-0009"],
        ["合計", "", "", "", "2名"],
        ["以下余白"],
        [],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert [row.row for row in result.good] == [3, 7]
    assert [(problem.code, problem.row) for problem in result.problems] == [
        ("row-example", 2),
        ("row-header", 6),
        ("row-total", 8),
        ("row-total", 9),
    ]
    assert (result.rows_read, result.skipped, result.set_aside) == (2, (2, 6, 8, 9), ())


def test_unfilled_lines_of_a_printed_form_are_no_people() -> None:
    rows = [
        ["No", "新・継", "性別", "氏名", "年齢", "電話", "保険"],
        ["1", "新", "女", "訓練 花子", "38", "090-0000-0001", "加入済・未加入"],
        ["2", "新・継", "男・女", "", "　　歳", "", "加入済・未加入"],
        ["3", "新・継", "男・女", "", "　　歳", "", "加入済・未加入"],
        ["4", "新・継", "男", "", "　　歳", "", "加入済・未加入"],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert [row.row for row in result.good] == [2]
    assert result.skipped == (3, 4)
    assert [row.row for row in result.set_aside] == [5]  # someone has written 「男」 there
    assert codes(result) == ["rows-unfilled", "name-missing"]


def test_cells_beyond_the_header_are_kept() -> None:
    result = read("needs", csv_of([list(NEED), [*NEED.values(), "はみ出し"]]), today=TODAY)

    assert "はみ出し" in result.good[0].extra.values()


def test_letters_of_columns() -> None:
    assert [Column(index, "").letter for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
