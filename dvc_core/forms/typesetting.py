"""From data to PDF in this process: one sheet takes some tens of milliseconds, with the GIL released.

Users' text reaches typst as JSON inputs and never as source. One font, IPAexGothic from the wheel
`matplotlib-fontja`, so that a form looks the same on every machine; the system's fonts are asked only for
letters outside JIS X 0213, which that font lacks (a Korean name, an emoji).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import typst

from dvc_core.domain.problem import Problem
from dvc_core.forms.data import FORMS, BusinessSheet, Form, OutRoster, kind_of
from dvc_core.forms.drawing import draw_map, qr_svg
from dvc_core.forms.problems import PrintError
from dvc_core.forms.work_order import MapSketch
from dvc_core.i18n import catalogue, text

TEMPLATES = Path(__file__).parent / "templates"
FONT_WHEEL, FONT_FILE = "matplotlib-fontja", "ipaexg.ttf"
TOKYO = ZoneInfo("Asia/Tokyo")
WEEKDAYS = "月火水木金土日"

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_LINES = {9: " ", 13: "\n", 0x2028: "\n", 0x2029: "\n"}
# Kana with a loose voicing mark (file names and forms of macOS) is composed; whole-text NFC would replace the
# old forms of kanji in people's names (神, 海, 都 of the compatibility block) by the new ones.
_LOOSE_MARK = re.compile("[\u3041-\u30ff][\u3099\u309a]")


def render_here(kind: str, data: Form) -> bytes:
    """The form as PDF bytes, made in this process; for one sheet or few.

    Raises:
        PrintError: with a problem in words, when the form cannot be made.
        TypeError: when the data is not that form's.
    """
    if type(data) is not FORMS.get(kind):
        raise TypeError(f"{kind}: {type(data).__name__}")
    return render_pack_here([data])


def render_pack_here(forms: Sequence[Form]) -> bytes:
    """Several forms in one PDF, each numbered by its own pages, in the order given."""
    if not forms:
        raise PrintError(Problem(code="print-nothing"))
    document = msgspec.json.encode({"forms": [_typst_values(form) for form in forms]}).decode()
    inputs = {"document": document, "words": _words()}
    try:
        return typst.compile(
            TEMPLATES / "main.typ",
            root=TEMPLATES,
            font_paths=_fonts(beyond_japanese=not _in_font(document)),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            timestamp=forms[0].printed_at,
            pdf_tags=False,
        )
    except typst.TypstError as failure:
        raise PrintError(Problem(code="print-failed", facts={"reason": failure.message[:300]})) from failure


@cache
def _words() -> str:
    """The catalogue's words for forms, by language."""
    languages = ("ja", "easy", "en")
    words = {
        language: {key: value for key, value in catalogue(language).items() if key.startswith("forms.")}
        for language in languages
    }
    return msgspec.json.encode(words).decode()


@cache
def _fonts(*, beyond_japanese: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=beyond_japanese,
        include_embedded_fonts=beyond_japanese,
        font_paths=[_font_folder()],
    )


def _font_folder() -> Path:
    try:
        found = [entry for entry in files(FONT_WHEEL) or () if entry.name == FONT_FILE]
    except PackageNotFoundError:
        found = []
    if not found or not (path := Path(str(found[0].locate()))).is_file():
        raise PrintError(Problem(code="print-font-missing", facts={"package": FONT_WHEEL}))
    return path.parent


def _in_font(words: str) -> bool:
    """Whether all letters are of JIS X 0213, which IPAexGothic covers but for two brackets."""
    try:
        words.encode("shift_jis_2004")
    except UnicodeEncodeError:
        return False
    return not set("⦅⦆") & set(words)


def _typst_values(form: Form) -> dict[str, Any]:
    values = msgspec.to_builtins(form, builtin_types=(date, datetime))
    values["kind"] = kind_of(form)
    if isinstance(form, BusinessSheet):
        for row, line in zip(form.rows, values["rows"], strict=True):
            line["left"] = _time_left(row.due_at, form.as_of)
        values["elapsed"] = _span(form.as_of - form.started_at) if form.started_at else None
    if isinstance(form, OutRoster):
        for team, line in zip(form.teams, values["teams"], strict=True):
            line["left"] = _time_left(team.expected_at, form.as_of)
    shown: dict[str, Any] = _shown(values)
    return shown


def _shown(value: Any) -> Any:  # noqa: ANN401 - the walk over what JSON can hold
    """Values as the templates take them: clean text, instants of Tokyo, codes and maps as drawings."""
    match value:
        case str():
            return _clean(value)
        case datetime():
            return _instant(value)
        case date():
            return {"date": _day(value), "short": f"{value.month}/{value.day}"}
        case list() | tuple():
            return [_shown(item) for item in value]
        case dict():
            return dict(_entries(value))
        case _:
            return value


def _entries(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if key == "modules":
            yield "code", qr_svg(tuple(value))
        elif key == "sketch" and value is not None:
            yield key, _shown(draw_map(msgspec.convert(value, MapSketch)))
        else:
            yield key, _shown(value)


def _clean(words: str) -> str:
    """Text that shows what is there: no control, no direction override, no lone surrogate."""
    words = words.replace("\r\n", "\n").translate(_LINES)
    words = _LOOSE_MARK.sub(lambda found: unicodedata.normalize("NFC", found.group()), words)
    return "".join(
        letter for letter in words if letter == "\n" or unicodedata.category(letter) not in _UNSEEN
    )


def _instant(moment: datetime) -> dict[str, str]:
    if moment.tzinfo is None:
        raise ValueError("a form shows aware instants only")
    local = moment.astimezone(TOKYO)
    time = f"{local:%H:%M}"
    day = _day(local.date())
    return {"full": f"{day}{time}", "date": day, "time": time, "short": f"{local.month}/{local.day} {time}"}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def _time_left(due: datetime | None, as_of: datetime) -> dict[str, Any] | None:
    if due is None:
        return None
    late = due < as_of
    words = text("forms.common.late_by" if late else "forms.common.time_left", span=_span(abs(due - as_of)))
    return {"late": late, "words": words}


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    size = "days" if days else "hours" if hours else "minutes"
    return text(f"forms.common.span_{size}", days=days, hours=hours, minutes=rest)
