"""Lists of papers (応急危険度判定) as towns and technical groups hand them on."""

from datetime import date
from typing import Any

import pytest

from dvc_core.importing import Located, load_reference, read, with_places
from dvc_core.importing.headings import matcher
from dvc_core.importing.result import ImportResult, StickerValues
from tests.importing.make_samples import SAMPLES
from tests.importing.sheets import NEED, TODAY, book_of, codes, csv_of, only, values

PAPER = {
    "住所": "小金井市本町1-0-0",
    "判定結果": "危険（赤）",
    "種類": "建物",
    "判定理由": "柱のかたむき",
    "判定日": "2026/11/20",
    "備考": "",
}


def paper(**cells: Any) -> ImportResult:
    row = PAPER | cells
    return read("stickers", book_of([list(row), list(row.values())]), today=TODAY)


def listed(*rows: list[Any]) -> ImportResult:
    return read("stickers", csv_of(rows), today=TODAY)


def test_a_clean_row_says_nothing() -> None:
    result = paper()
    assert codes(result) == []
    assert values(result) == {
        "address": "小金井市本町1-0-0",
        "town": None,
        "kind": "building",
        "colour": "red",
        "reason": "柱のかたむき",
        "posted_on": date(2026, 11, 20),
        "note": None,
    }


def test_a_towns_list_with_its_title_its_total_and_its_faults() -> None:
    result = read("stickers", SAMPLES / "stickers_red.csv", today=TODAY)
    assert (result.header_row, result.rows_read, result.skipped) == (3, 7, (11,))
    assert [row.row for row in result.good] == [4, 5, 6]
    assert [row.row for row in result.set_aside] == [7, 8, 9]
    assert codes(result, "error") == ["sticker-colour-unclear", "address-missing", "sticker-date-future"]
    assert result.repeated == (10,), "the same house written in another way"
    found = [row.values for row in result.good]
    assert [(v.kind, v.colour) for v in found if isinstance(v, StickerValues)] == [
        ("building", "red"),
        ("building", "yellow"),
        ("toppling", "red"),
    ]
    assert result.good[0].also["number"] == "1"


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("赤", "red"),
        ("危険", "red"),
        ("要注意", "yellow"),
        ("黄色", "yellow"),
        ("調査済（緑）", "green"),
        ("RED", "red"),
    ],
)
def test_colours(written: str, colour: str) -> None:
    assert values(paper(判定結果=written))["colour"] == colour


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("建築物", "building"),
        ("A3", "building"),
        ("転倒危険物", "toppling"),
        ("落下物", "falling"),
        ("ブロック塀", "toppling"),
    ],
)
def test_kinds(written: str, kind: str) -> None:
    assert values(paper(種類=written))["kind"] == kind


@pytest.mark.parametrize(
    ("column", "written", "code", "letter"),
    [
        ("住所", "", "address-missing", "A"),
        ("住所", "本町<1", "address-odd", "A"),
        ("判定結果", "", "sticker-colour-missing", "B"),
        ("判定結果", "半壊", "sticker-colour-unclear", "B"),
        ("判定日", "2026/11/25", "sticker-date-future", "E"),
        ("判定日", "2026/2/30", "date-impossible", "E"),
        ("判定日", "2001/1/1", "date-far", "E"),
        ("判定日", "きのう", "date-unclear", "E"),
    ],
)
def test_what_cannot_be_is_set_aside_with_its_cells(
    column: str, written: str, code: str, letter: str
) -> None:
    result = paper(**{column: written})
    assert only(result) == (code, 2, letter)
    assert result.problems[0].level == "error"
    assert len(result.set_aside) == 1
    assert result.good == ()


def test_what_is_left_open_is_told() -> None:
    assert only(paper(種類="その他の物"))[0] == "sticker-kind-unclear"
    assert only(paper(判定結果="赤・黄"))[0] == "hazard-several"
    assert values(paper(判定結果="赤・黄"))["colour"] == "red"
    assert values(paper(判定日="不明"))["posted_on"] is None
    result = listed(["住所", "判定結果", "理由"], ["本町1-2-3", "赤", "瓦の落下"])
    assert codes(result) == ["sticker-kind-assumed"]
    assert values(result)["kind"] == "building"


def test_a_list_of_one_colour_says_it_in_its_title() -> None:
    head = ["住所", "理由", "判定日"]
    row = ["小金井市本町1-2-3", "柱", "2026/11/20"]
    result = listed(["応急危険度判定　危険（赤）一覧", "", ""], head, row)
    assert values(result)["colour"] == "red"
    unsaid = listed(["応急危険度判定　一覧", "", ""], head, row)
    assert codes(unsaid, "error") == ["sticker-colour-missing"]
    both = listed(["赤・黄の一覧", "", ""], head, row)
    assert codes(both, "error") == ["sticker-colour-missing"]


def test_a_list_without_addresses_is_no_list() -> None:
    result = listed(["町", "判定結果", "判定日"], ["本町", "赤", "2026/11/20"])
    assert codes(result, "error") == ["stickers-no-address"]
    assert (result.good, result.set_aside) == ((), ())


def test_a_list_of_needs_is_told_to_be_one() -> None:
    needs = [list(NEED), list(NEED.values())]
    assert codes(read("stickers", csv_of(needs), today=TODAY)) == ["file-of-needs"]


def test_one_paper_of_a_building_counts_once_and_two_things_are_two() -> None:
    head = list(PAPER)
    one = list(PAPER.values())
    other_day = list((PAPER | {"判定日": "2026/11/21"}).values())
    result = listed(head, one, other_day)
    assert codes(result, "error") == ["same-sticker"]
    tiles = list((PAPER | {"種類": "落下", "判定理由": "瓦"}).values())
    glass = list((PAPER | {"種類": "落下", "判定理由": "ガラス"}).values())
    assert len(listed(head, one, tiles, glass).good) == 3


def test_towns_are_found_as_those_of_needs_are() -> None:
    result = with_places(paper(), lambda address: Located(town=f"{address}の町"))
    assert values(result)["town"] == "小金井市本町1-0-0の町"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("建物所在地", "address"),
        ("応急危険度判定の結果", "colour"),
        ("判定（赤・黄・緑）", "colour"),
        ("判定理由", "reason"),
        ("判定年月日", "posted_on"),
        ("調査日", "posted_on"),
        ("貼り紙の種類", "sticker_kind"),
        ("整理番号", "number"),
        ("備考", "note"),
    ],
)
def test_headings_of_papers(heading: str, field: str) -> None:
    found = matcher(load_reference().words, "stickers").best(heading)
    assert [each.code for _, each in found] == [field]
