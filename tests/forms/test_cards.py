"""Volunteers' cards: codes that decode from paper, drawn as vectors, the number and three languages."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.forms import PrintError, render_here
from dvc_core.forms import data as d
from dvc_core.forms.drawing import qr_svg
from tests.forms import pdf, samples


def payloads(count: int) -> list[str]:
    return [f"TSK1:{n:03d}:{samples.HASH}" for n in range(1, count + 1)]


@pytest.mark.parametrize("drill", [None, "見本合同訓練"])
def test_every_code_decodes_from_the_printed_sheet(drill: str | None, tmp_path) -> None:
    sheets = pdf.rendered(render_here("volunteer_cards", samples.cards(17, drill=drill)), tmp_path)
    assert len(sheets) == 3
    assert sorted(code for sheet in sheets for code in pdf.codes(sheet)) == payloads(17)


def test_codes_decode_after_a_fax(tmp_path) -> None:
    sheet = pdf.rendered(render_here("volunteer_cards", samples.cards(8)), tmp_path, 200, mono=True)[0]
    assert sorted(pdf.codes(sheet)) == payloads(8)


def test_codes_are_drawings_and_large_enough(tmp_path) -> None:
    made = render_here("volunteer_cards", samples.cards(8))
    assert pdf.pictures(made) == 0
    # At 12 % of the height of a 480-line picture a code still reads; 30 mm is that at a quarter of a metre.
    sheet = pdf.rendered(made, tmp_path, 254)[0]
    corners = pdf.zxingcpp.read_barcodes(sheet)[0].position
    assert corners.top_right.x - corners.top_left.x >= 300


def test_a_card_says_number_phone_and_both_ways_in_three_languages() -> None:
    card = d.Card(number="012", modules=samples.modules("TSK1"))
    printed = pdf.text(
        render_here("volunteer_cards", msgspec.structs.replace(samples.cards(1), cards=(card,)))
    )
    for words in (
        "受付番号",
        "012",
        samples.PHONE,
        "見本市災害ボランティアセンター",
        "来たときも、帰るときも、このカード",
        "くる とき も かえる とき も この カード",
        "Use this same card to arrive and to leave.",
    ):
        assert words in printed
    assert "見本 花子" not in printed


def test_a_name_stands_on_the_card_only_when_given() -> None:
    card = d.Card(number="012", modules=samples.modules("TSK1"), name="見本 花子", note="見本高校")
    printed = pdf.text(
        render_here("volunteer_cards", msgspec.structs.replace(samples.cards(1), cards=(card,)))
    )
    assert "見本 花子" in printed
    assert "見本高校" in printed


def test_a_drill_stands_on_every_card() -> None:
    printed = pdf.text(render_here("volunteer_cards", samples.cards(8, drill="見本合同訓練")))
    assert printed.count("訓練 見本市災害ボランティアセンター") == 8


def test_a_border_around_the_matrix_changes_nothing() -> None:
    plain = samples.modules("TSK1")
    wide = "0" * (len(plain) + 8)
    bordered = (*[wide] * 4, *(f"0000{row}0000" for row in plain), *[wide] * 4)
    assert qr_svg(bordered) == qr_svg(plain)


@given(st.text(alphabet="ABC-0123456789abcdef", min_size=1, max_size=200))
@settings(max_examples=15)
def test_the_drawing_is_the_matrix(payload: str) -> None:
    modules = samples.modules(payload)
    path = qr_svg(modules).partition(' d="')[2].partition('"')[0]
    drawn = [list("0" * len(modules)) for _ in modules]
    for run in path.split("z")[:-1]:
        start, _, width = run.removeprefix("M").partition("h")
        x, y = (int(number) - 4 for number in start.split())
        for column in range(x, x + int(width.partition("v")[0])):
            drawn[y][column] = "1"
    assert tuple("".join(row) for row in drawn) == modules


@pytest.mark.parametrize(
    "modules", [(), ("01", "10"), ("0" * 25,) * 25, ("1" * 25,) * 24, ("1" * 25,) * 24 + ("12" + "1" * 23,)]
)
def test_a_broken_matrix_is_refused_in_words(modules: d.Modules) -> None:
    cards = msgspec.structs.replace(samples.cards(1), cards=(d.Card(number="012", modules=modules),))
    with pytest.raises(PrintError, match="QRコード") as refused:
        render_here("volunteer_cards", cards)
    assert refused.value.problem.code == "print-code-broken"
