"""Every sheet, filled or blank: number, page, time, council; big, black on white, marked in a drill."""

from functools import cache
from itertools import combinations

import msgspec
import pytest

from dvc_core.forms import FORMS, Form, kind_of, render_here
from tests.forms import pdf, samples

DRILL = "見本合同訓練"
CASES = [pytest.param(form, id=f"filled-{kind_of(form)}") for form in samples.FILLED] + [
    pytest.param(form, id=f"blank-{kind_of(form)}") for form in samples.BLANK
]


@cache
def made(form: Form, **changes: object) -> bytes:
    return render_here(kind_of(form), msgspec.structs.replace(form, **changes))


def serials(form: Form) -> list[str]:
    return [form.serial] if hasattr(form, "serial") else [copy.number for copy in form.copies]


def test_samples_cover_every_form() -> None:
    assert {kind_of(form) for form in samples.FILLED} == set(FORMS)


@pytest.mark.parametrize("form", CASES)
def test_each_page_says_what_it_is(form: Form) -> None:
    texts = pdf.pages(made(form))
    for page in texts:
        assert "見本市社会福祉協議会" in page
        assert "印刷 2026年8月1日（土）09:30" in page
        assert any(serial in page for serial in serials(form))
        assert "訓練の用紙" not in page
    counted = [page.partition("ページ")[0].rsplit(maxsplit=1)[-1] for page in texts]
    per_serial = len(texts) // len(serials(form))
    assert counted == [f"{n}／{per_serial}" for n in range(1, per_serial + 1)] * len(serials(form))


@pytest.mark.parametrize("form", CASES)
def test_a4_twelve_points_and_black_on_white(form: Form) -> None:
    document = pdf.reader(made(form, drill=DRILL))
    for page in document.pages:
        assert sorted(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) == [210, 297]
        assert min(pdf.sizes(page)) >= 12
        assert {value for colour in pdf.colours(page, document) for value in colour} <= {0.0, 1.0}


@pytest.mark.parametrize("form", CASES)
def test_a_drill_marks_every_page(form: Form) -> None:
    plain, drill = pdf.reader(made(form)), pdf.reader(made(form, drill=DRILL))
    for page in drill.pages:
        assert f"訓練 {DRILL}" in page.extract_text()
        assert "これは訓練の用紙です" in page.extract_text()
        assert 170 in pdf.sizes(page)
    assert all(170 not in pdf.sizes(page) for page in plain.pages)


@pytest.mark.parametrize("form", CASES)
def test_no_word_lies_on_another(form: Form, tmp_path) -> None:
    for page in pdf.words(made(form), tmp_path):
        for (one, *a), (other, *b) in combinations(page, 2):
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            # Boxes of letters are a little taller than the letters, so lines may touch by a point or two.
            assert wide < 2 or high < 5, (one, other)


@pytest.mark.parametrize("form", CASES[:4])
def test_the_same_data_make_the_same_bytes(form: Form) -> None:
    assert render_here(kind_of(form), form) == made(form)


@pytest.mark.parametrize("form", [form for form in CASES if "work_order" in form.id or "report" in form.id])
@pytest.mark.parametrize("drill", [None, DRILL])
def test_order_and_report_are_two_sides_of_one_sheet(form, drill: str | None) -> None:
    assert len(pdf.pages(made(form, drill=drill))) == (2 if kind_of(form) == "work_order" else 1)


@pytest.mark.parametrize("drill", [None, DRILL])
@pytest.mark.parametrize("language", ["ja", "easy", "en"])
def test_the_volunteer_form_is_one_page_in_every_language(language: str, drill: str | None) -> None:
    assert len(pdf.pages(made(samples.BLANK[0], language=language, drill=drill))) == 2


def test_status_and_business_are_one_page_each() -> None:
    assert len(pdf.pages(made(samples.STATUS, drill=DRILL))) == 1
    assert len(pdf.pages(made(samples.BUSINESS, drill=DRILL))) == 1


def test_forms_are_black_after_a_fax(tmp_path) -> None:
    """At 200 dpi in two tones as much ink is left as in grey: nothing was grey, nothing vanished."""
    sheet = made(samples.STATUS, drill=DRILL)
    grey = pdf.rendered(sheet, tmp_path, 200)[0].histogram()
    (tmp_path / "fax").mkdir()
    fax = pdf.rendered(sheet, tmp_path / "fax", 200, mono=True)[0].histogram()
    ink = sum(count * (255 - shade) / 255 for shade, count in enumerate(grey))
    # Without shades of grey the edges of letters grow a little.
    assert fax[0] == pytest.approx(ink, rel=0.15)


def test_numbers_beside_japanese_are_found_by_a_search() -> None:
    assert "活動班 3 が出発した（5名）" in pdf.text(made(samples.chronology(4)))
    assert "5〜6名" in pdf.text(made(samples.FILLED[8]))
