"""What a file is, whatever its name says: encodings, delimiters, broken quotes, files that are no table."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from dvc_core.importing import grid, read
from tests.importing.sheets import NEED, PERSON, TODAY, book_of, codes, csv_of, only, values

HEAD = list(PERSON)
ROW = list(PERSON.values())


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("euc_jp", "euc_jp"),
        ("iso2022_jp", "iso2022_jp_ext"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("line", ["\r\n", "\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, said: str, delimiter: str, line: str) -> None:
    result = read("volunteers", csv_of([HEAD, ROW], encoding, delimiter, line), today=TODAY)

    assert (result.encoding, codes(result)) == (said, [])
    assert values(result)["name"] == "訓練 太郎"


def test_euc_that_could_be_cp932_too_is_told_by_its_half_width_kana() -> None:
    data = csv_of([["氏名", "電話"], ["訓練 太郎", "090-0000-0001"]], "euc_jp")
    assert data.decode("cp932").startswith("ｻ")

    result = read("volunteers", data, today=TODAY)
    assert (result.encoding, values(result)["name"]) == ("euc_jp", "訓練 太郎")


FAMILY = st.sampled_from(["訓練", "見本", "架空", "試験", "髙橋", "例"])
GIVEN = st.sampled_from(["太郎", "花子", "さくら", "ジョン", "健"])
NUMBERS = st.integers(0, 9999).map(lambda number: f"090-0000-{number:04}")
NOTES = st.text(alphabet="備考、。ab 1,\"\n'；;\t①～", max_size=20).map(str.strip)


@given(
    st.lists(st.tuples(FAMILY, GIVEN, NUMBERS, NOTES), min_size=1, max_size=12, unique_by=lambda row: row[2])
)
def test_a_list_says_the_same_in_every_encoding_and_as_a_workbook(people: list[tuple[str, ...]]) -> None:
    rows = [("氏名", "電話", "備考"), *((f"{a} {b}", number, note) for a, b, number, note in people)]
    files = [csv_of(rows, encoding) for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16")]
    files += [csv_of(rows, "utf-8", "\t"), book_of(rows)]

    read_rows = [read("volunteers", file, today=TODAY).good for file in files]

    assert len(read_rows[0]) == len(people)
    assert all(other == read_rows[0] for other in read_rows[1:])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n\r\n", "file-empty"),
        (b"%PDF-1.7\n...", "file-pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file-xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "file-locked",
        ),
        (b"\x89PNG\r\n\x1a\n", "file-picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "file-picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "file-picture"),
        (b"\x1f\x8b\x08" + bytes(20), "file-zip"),
        (b"{\\rtf1\\ansi", "file-not-table"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "file-html"),
        (b"PK\x03\x04" + bytes(100), "file-broken"),
        ("ただの文章です。\n二行目です。".encode(), "file-no-header"),
        (b"\x81\x00\x82\xff\xfe\x90" * 200, "file-encoding"),
        (csv_of([HEAD]), "file-no-rows"),
        (b"a" * (grid.MOST_BYTES + 1), "file-too-large"),
    ],
)
def test_what_is_no_list_is_told_with_what_to_do(data: bytes, code: str) -> None:
    result = read("volunteers", data, today=TODAY, file="名簿.xlsx")

    assert only(result)[0] == code
    assert result.problems[0].level == "error"
    assert (result.good, result.problems[0].file) == ((), "名簿.xlsx")


def _zip(*names: str, content: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("word/document.xml",), "file-zip"),
        (("mimetype", "content.xml"), "file-ods"),
        (("xl/workbook.bin",), "file-xlsb"),
        (("xl/workbook.xml",), "file-broken"),
    ],
)
def test_other_zips_are_named(names: tuple[str, ...], code: str) -> None:
    assert only(read("needs", _zip(*names), today=TODAY))[0] == code


def test_a_workbook_that_unpacks_to_far_more_is_not_opened() -> None:
    bomb = _zip("xl/workbook.xml", "xl/worksheets/sheet1.xml", content=bytes(grid.MOST_UNPACKED // 2 + 1))

    assert len(bomb) < 1_000_000
    assert only(read("needs", bomb, today=TODAY))[0] == "file-too-large-inside"


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    assert only(read("needs", tmp_path / "ない.csv", today=TODAY))[0] == "file-missing"
    assert only(read("needs", tmp_path, today=TODAY))[0] == "file-closed"


def test_too_many_rows_are_not_read_in_part() -> None:
    rows = [["氏名", "電話"], *([f"訓練 {n}", "090-0000-0001"] for n in range(grid.MOST_ROWS + 1))]

    assert only(read("volunteers", csv_of(rows), today=TODAY))[0] == "file-too-many-rows"


def test_line_breaks_in_cells_do_not_move_the_rows() -> None:
    rows = [["名簿\n（確定）"], HEAD, [*ROW[:-1], "一\n二\n三"], [], ["", *ROW[1:]]]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert values(result)["note"] == "一\n二\n三"
    assert [row.row for row in result.good] == [3]
    assert only(result) == ("name-missing", 5, "A")


def test_a_quote_that_is_never_closed_loses_nothing_silently() -> None:
    text = (
        "氏名,電話,備考\r\n訓練 太郎,090-0000-0001,良\r\n"
        '見本 花子,090-0000-0002,"早めに\r\n例 次郎,090-0000-0003,良\r\n架空 恵,090-0000-0004,良\r\n'
    )
    result = read("volunteers", text.encode(), today=TODAY)

    assert [values(result)["name"]] == ["訓練 太郎"]
    assert only(result)[:2] == ("row-quote", 3)
    assert "例 次郎,090-0000-0003" in dict(result.set_aside[0].cells)["備考"]


def test_a_quote_that_closes_in_another_row_is_told() -> None:
    text = (
        '"氏名","電話","備考"\r\n"訓練 太郎","090-0000-0001","良\r\n'
        '"見本 花子","090-0000-0002","良"\r\n"例 次郎","090-0000-0003","良"\r\n'
    )
    result = read("volunteers", text.encode(), today=TODAY)

    assert [row.row for row in result.good] == [3]
    assert only(result)[:2] == ("row-quote", 2)


def test_an_endless_quote_is_told_at_its_row() -> None:
    text = '氏名,電話\r\n訓練 太郎,090-0000-0001\r\n"' + "あ\r\n" * 60_000
    result = read("volunteers", text.encode(), today=TODAY)

    assert len(result.good) == 1
    assert only(result)[:2] == ("row-quote", 3)


def test_one_broken_cell_does_not_cost_the_list() -> None:
    data = csv_of([HEAD, *([f"訓練 太郎{mark}", *ROW[1:]] for mark in "一二三四五六七八九"), ROW])
    broken = data.replace("太郎五".encode(), b"\xe5\xa4")
    result = read("volunteers", broken, today=TODAY)

    assert len(result.set_aside) == 1
    assert only(result)[:2] == ("row-unreadable", 6)
    assert len(result.good) == 9


def test_text_that_excel_was_kept_from_eating() -> None:
    text = '氏名,電話\r\n訓練 太郎,"=""09000000001"""\r\n'
    result = read("volunteers", text.encode(), today=TODAY)

    assert (values(result)["phone"], codes(result)) == ("090-0000-0001", [])


def test_a_formula_that_nobody_has_calculated_sets_its_row_aside() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["氏名", "電話", "希望サイズ"])
    sheet.append(["=A9", "090-0000-0001", "=B9"])
    sheet.append(["訓練 太郎", "090-0000-0002", "#REF!"])
    sheet["B3"].data_type = "s"
    made = io.BytesIO()
    book.save(made)
    result = read("volunteers", made.getvalue(), today=TODAY)

    error = next(problem for problem in result.problems if problem.level == "error")
    assert (error.code, error.row, error.column, error.facts["value"]) == ("cell-formula", 2, "A", "=A9")
    assert dict(result.set_aside[0].cells)["氏名"] == "=A9"
    assert [row.row for row in result.good] == [3]


def test_a_cell_that_excel_could_not_calculate_is_an_error() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["氏名", "電話"])
    sheet.append(["訓練 太郎", "x"])
    sheet["B2"].value = "#N/A"
    assert sheet["B2"].data_type == "e"
    made = io.BytesIO()
    book.save(made)

    assert only(read("volunteers", made.getvalue(), today=TODAY)) == ("cell-failed", 2, "B")


def test_a_sheet_formatted_down_to_its_last_row_reads_at_once() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(NEED))
    sheet.append(list(NEED.values()))
    sheet.cell(1_048_576, 3).number_format = "@"
    made = io.BytesIO()
    book.save(made)

    assert len(read("needs", made.getvalue(), today=TODAY).good) == 1
