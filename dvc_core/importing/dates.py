"""Dates as lists hold them: Excel's, 和暦, full width, without a year, with words behind them.

Pure: `today` comes from the caller. A date that does not exist, or that can mean two days, is a fault and is
never guessed.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from dvc_core.domain.problem import Fact
from dvc_core.domain.text import kanji_number
from dvc_core.importing.grid import Cell, Finding, shown

OLDEST = 120
"""Years: nobody in a list is older."""

FARTHEST = 400
"""Days between today and a wished date; beyond it the year is a slip."""

_SERIAL_FROM, _SERIAL_TO = 5_000, 73_050  # 1913-09-08 to 2099-12-31
_ERAS: Final = {"明": (1867, 45), "大": (1911, 15), "昭": (1925, 64), "平": (1988, 31), "令": (2018, 99)}
"""The year before the first, and the last year of each era."""
_ERA_LETTERS: Final = dict(zip("mtshr", "明大昭平令", strict=True))
_ERA_NAMES: Final = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
_SIGN = r"\s*[-./年]\s*"
_MONTH_DAY = r"(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})(?!\d)\s*日?"
_ERA_DATE = re.compile(
    rf"(?P<era>明治|大正|昭和|平成|令和|[mtshr明大昭平令])\.?\s*(?P<year>元|\d{{1,2}}){_SIGN}{_MONTH_DAY}"
)
_ERA_SIX = re.compile(r"(?P<era>[mtshr])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_FULL_DATE = re.compile(rf"(?P<year>\d{{4}}){_SIGN}{_MONTH_DAY}")
_EIGHT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_SHORT_DATE = re.compile(r"(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})(?![\d./-])\s*日?")
_TWO_DIGIT_YEAR = re.compile(rf"\d{{2}}{_SIGN}{_MONTH_DAY}")
_YEAR_LAST = re.compile(r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_KANJI = re.compile("[一二三四五六七八九十]+(?=[年月日])")
_WEEKDAY = re.compile(r"^\s*[(]?\s*([月火水木金土日])(?:曜日?)?\s*(?:(?:・?祝日?)?[)]|・祝|$)")
_CLOCK = re.compile(r"^[\sT]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?")
_WEEKDAYS = "月火水木金土日"


class DateRead(msgspec.Struct, frozen=True):
    """A day, what was assumed to read it, and the words behind it (「午前」, 「以降」)."""

    day: date
    notes: tuple[Finding, ...] = ()
    rest: str = ""


def read_date(cell: Cell, today: date, *, near: bool) -> DateRead | Finding:
    """The date of a cell. `near`: a day of this operation, whose year may be left out; else a full date.

    A fault is a `Finding`: date-impossible, date-unclear, date-order, date-year.
    """
    if isinstance(cell, datetime):
        return DateRead(cell.date())
    if isinstance(cell, date):
        return DateRead(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell)) or _written(shown(cell), today, near=near)
    return _written(shown(cell), today, near=near)


def _serial(number: float) -> DateRead | None:
    """A date that a spreadsheet shows as its count of days since 1899-12-30."""
    if not _SERIAL_FROM <= number <= _SERIAL_TO:
        return None
    day = date(1899, 12, 30) + timedelta(days=int(number))
    return DateRead(day, (Finding("date-serial", {"date": day.isoformat()}),))


def _written(text: str, today: date, *, near: bool) -> DateRead | Finding:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    plain = _KANJI.sub(lambda found: str(kanji_number(found[0]) or found[0]), plain)
    plain = re.sub("[‐‑‒–—―−─]", "-", plain).removeprefix("西暦").strip()
    if _SERIAL.fullmatch(plain) and (read := _serial(float(plain))):
        return read
    if found := _YEAR_LAST.match(plain):
        return _year_last(found, plain)
    for pattern in (_ERA_DATE, _ERA_SIX, _FULL_DATE, _EIGHT):
        if found := pattern.match(plain):
            return _full(found, plain)
    if _TWO_DIGIT_YEAR.match(plain):
        return Finding("date-year")
    found = _SHORT_DATE.match(plain)
    if found and near:
        return _nearest(found, plain, today)
    return Finding("date-year") if found else Finding("date-unclear")


def _full(found: re.Match[str], plain: str) -> DateRead | Finding:
    parts = found.groupdict()
    year = 1 if parts["year"] == "元" else int(parts["year"])
    if era := parts.get("era"):
        sign = _ERA_LETTERS.get(era, era[0])
        before, last = _ERAS[sign]
        if not 1 <= year <= last:
            return Finding("date-era", {"era": _ERA_NAMES[sign], "last": last})
        year += before
    return _day(year, int(parts["month"]), int(parts["day"]), plain[found.end() :])


def _year_last(found: re.Match[str], plain: str) -> DateRead | Finding:
    """11/24/2026 from a tool that speaks English; 11/3/2026 may mean two days and is not guessed."""
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    rest = plain[found.end() :]
    if first == second or second > 12:  # noqa: PLR2004 - months
        return _day(year, first, second, rest)
    if first > 12:  # noqa: PLR2004
        return _day(year, second, first, rest)
    return Finding("date-order", {"one": f"{year}/{first}/{second}", "other": f"{year}/{second}/{first}"})


def _nearest(found: re.Match[str], plain: str, today: date) -> DateRead | Finding:
    """The year in which the day is nearest to today."""
    days = []
    for year in (today.year, today.year + 1, today.year - 1):
        read = _day(year, int(found["month"]), int(found["day"]), plain[found.end() :])
        if isinstance(read, DateRead):
            days.append(read)
    if not days:
        return Finding("date-impossible")
    read = min(days, key=lambda read: abs(read.day - today))
    assumed = Finding("date-year-assumed", {"date": read.day.isoformat()})
    return msgspec.structs.replace(read, notes=(*read.notes, assumed))


def _day(year: int, month: int, day: int, rest: str) -> DateRead | Finding:
    try:
        read = date(year, month, day)
    except ValueError:
        return Finding("date-impossible")
    notes: tuple[Finding, ...] = ()
    rest = _CLOCK.sub("", rest)
    if weekday := _WEEKDAY.match(rest):
        rest = rest[weekday.end() :]
        if _WEEKDAYS[read.weekday()] != weekday[1]:
            facts: dict[str, Fact] = {"written": weekday[1], "is": _WEEKDAYS[read.weekday()]}
            notes = (Finding("date-weekday", {"date": read.isoformat(), **facts}),)
    return DateRead(read, notes, rest.strip())


def birth_fault(birth: date, today: date) -> Finding | None:
    """Why nobody in the list can have been born then."""
    if birth > today:
        return Finding("birth-future", {"date": birth.isoformat()})
    if today.year - birth.year > OLDEST:
        return Finding("birth-too-old", {"date": birth.isoformat(), "limit": OLDEST})
    return None
