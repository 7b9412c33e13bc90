"""Users' text in every field of every form: printed whole, wrapped, never interpreted, never an error."""

import itertools
import types
import typing
import unicodedata
from collections import Counter
from datetime import date, datetime
from enum import StrEnum

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.forms import FORMS, kind_of, render, render_here
from dvc_core.forms import data as d
from tests.forms import pdf, samples

MATRIX = samples.modules("TSK1")
DAY = samples.DAY
AS_IT_IS = {"modules": MATRIX, "head_hash": samples.HASH, "url": "https://192.0.2.10/", "language": "ja"}
"""Fields that no person writes: the code, the hash, the program's own address, the labels' language."""


def filled(cls: type, words: typing.Callable[[], str]) -> typing.Any:
    """A struct with every field set, every text from `words`; two items in every list."""
    return cls(
        **{name: value(hint, words, AS_IT_IS.get(name)) for name, hint in typing.get_type_hints(cls).items()}
    )


def value(hint: typing.Any, words: typing.Callable[[], str], fixed: typing.Any = None) -> typing.Any:
    parts, origin = typing.get_args(hint), typing.get_origin(hint)
    simple = {
        str: words,
        int: lambda: 7,
        bool: lambda: True,
        datetime: lambda: samples.MORNING,
        date: lambda: DAY,
    }
    if fixed is not None:
        made = fixed
    elif hint is d.MapSketch:
        made = msgspec.structs.replace(samples.sketch(), note=words(), attribution=words())
    elif hint in simple:
        made = simple[hint]()
    elif origin is typing.Literal:
        made = parts[0]
    elif isinstance(hint, type) and issubclass(hint, StrEnum):
        made = next(iter(hint))
    elif origin is tuple:
        made = tuple(value(parts[0], words) for _ in range(2))
    elif origin in {types.UnionType, typing.Union}:
        made = value(next(part for part in parts if part is not type(None)), words)
    else:
        made = filled(hint, words)
    return made


def marked(words: str) -> typing.Callable[[], str]:
    """The words between two marks of their own, so that each field is found by itself."""
    numbers = itertools.count(100)
    return lambda: f"〔{(n := next(numbers))}{words}{n}〕"


HOSTILE = {
    "typst": "#panic(1) #let a=1 $x^2$ `r` <l> @r ~ // /* */ [ ] { } *_太_* = 見 - 項 + 番 \\u{41} --- ...",
    "others": "<script>alert(1)</script>&amp; {seq}{n}{at} =cmd|' /C calc'!A0 +1 @SUM(A1) '\"\n行二",
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_every_text_is_printed_as_it_was_written(kind: str, words: str) -> None:
    given_texts: list[str] = []
    make = marked(words)

    def remembered() -> str:
        given_texts.append(make())
        return given_texts[-1]

    pages = pdf.pages(render_here(kind, filled(FORMS[kind], remembered)))
    printed = pdf.squeezed("".join(pages))
    assert len(given_texts) >= 5, "a sheet's own furniture alone has as many"
    parted = [one for one in given_texts if pdf.squeezed(one) not in printed]
    # A row that goes on over the page has head and foot in the middle of its cells' words.
    assert len(parted) <= min(6 * (len(pages) - 1), len(given_texts) / 2)
    assert all(pdf.squeezed(piece) in printed for one in parted for piece in (one[:5], one[-4:]))


EDGE = 10 * 72 / 25.4
"""Points. The margin is 15 mm; the empty half of a bracket or stop may stand in it."""

LONG = {
    "words": "とても長い文を書く人がいます。" * 30,
    "runs": "W" * 150 + "。" * 70 + "（" * 70 + "ッ" * 70 + "ー" * 70 + "!" * 70,
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("long", LONG.values(), ids=LONG)
def test_long_text_wraps_and_nothing_is_cut(kind: str, long: str, tmp_path) -> None:
    texts = itertools.count()

    def counted() -> str:
        next(texts)
        return long

    made = render_here(kind, filled(FORMS[kind], counted))
    pages = pdf.words(made, tmp_path)
    printed, fields = Counter(letter for page in pages for word, *_ in page for letter in word), next(texts)
    for letter, count in Counter(long).items():
        assert printed[letter] >= fields * count, letter
    for page, boxes in zip(pdf.reader(made).pages, pages, strict=True):
        wide, high = (float(side) for side in page.mediabox[2:])
        for word, left, top, right, bottom in boxes:
            if word not in {"訓", "練", "訓練"}:  # the watermark's letters
                assert left >= EDGE, word
                assert top >= EDGE / 2, word
                assert right <= wide - EDGE, word
                assert bottom <= high - EDGE / 2, word


UNSEEN = {
    "direction": ("\u202e逆さま\u202c\u2066中\u2069\u200f\u200e", "逆さま中"),
    "control": ("鐘\x07と\x1b[31m零\x00", "鐘と[31m零"),
    "surrogate": ("半\ud800分", "半分"),
    "joiners": ("幅\u200bな\u200dし\ufeff\u00ad字", "幅なし字"),
    "loose voicing": ("か\u3099く\u3099", "がぐ"),
    "old kanji": ("髙﨑 神", "髙﨑 神"),
    "line separators": ("一\u2028二\u2029三\r\n四\r五", "一二三四五"),
}


@pytest.mark.parametrize(("words", "seen"), UNSEEN.values(), ids=UNSEEN)
def test_what_is_printed_is_what_one_sees(words: str, seen: str) -> None:
    order = msgspec.structs.replace(samples.WORK_ORDER, household=words, leader=words)
    for made in (render_here("work_order", order), render("work_order", order)):
        printed = "".join(pdf.text(made).split())
        assert "".join(seen.split()) in printed
        assert not [letter for letter in printed if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}]


def test_letters_beyond_the_font_are_no_error() -> None:
    """Where the machine has a font for them they are printed (the tests' machine has Noto CJK)."""
    order = msgspec.structs.replace(samples.WORK_ORDER, leader="김민수 𠮷野 😀 مرحبا")
    made = render_here("work_order", order)
    assert "見本市見本町九丁目0番0号" in pdf.text(made)
    assert "김민수" in pdf.text(made)
    assert "𠮷野" in pdf.text(made)


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=15)
def test_any_text_makes_a_sheet(one: str, other: str) -> None:
    order = msgspec.structs.replace(
        samples.WORK_ORDER, address=one, work=(other, one), leader=other, serial=one, drill=other
    )
    assert render_here("work_order", order).startswith(b"%PDF")
    card = d.Card(number=one, modules=MATRIX, name=other, note=one)
    cards = msgspec.structs.replace(samples.cards(1), cards=(card,), council=other, center=one)
    assert render_here("volunteer_cards", cards).startswith(b"%PDF")


@pytest.mark.parametrize("kind", FORMS)
def test_no_word_of_the_catalogue_is_missing(kind: str) -> None:
    full = filled(FORMS[kind], lambda: "字")
    blank = [form for form in samples.BLANK if kind_of(form) == kind]
    for form in (full, *blank):
        for language in LANGUAGES if kind in FOR_VOLUNTEERS else LANGUAGES[:1]:
            printed = pdf.text(render_here(kind, msgspec.structs.replace(form, language=language)))
            assert "forms." not in printed
            assert "{" not in printed


LANGUAGES = ("ja", "easy", "en")
FOR_VOLUNTEERS = {"volunteer_cards", "volunteer_form", "work_order", "report_form"}
