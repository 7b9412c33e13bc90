"""A row of a list of needs: the city's telephone lists, 民生委員's rounds, form tools (practice 3.4)."""

import re
import unicodedata
from datetime import date

from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.text import LINE, TextFault, clean, printable
from dvc_core.importing.counts import read_people
from dvc_core.importing.dates import FARTHEST, read_date
from dvc_core.importing.grid import Finding
from dvc_core.importing.headings import Column
from dvc_core.importing.names import read_name
from dvc_core.importing.reference import Reference
from dvc_core.importing.result import NeedValues
from dvc_core.importing.row import RowReader, fold, folded
from dvc_core.importing.volunteers import note_of

_IN_ADDRESS = re.compile("[<>]")
_AT_HOME = {"自宅", "依頼者宅", "本人宅", "住所と同じ", "ご自宅"}
_MOST_COLOURS = 2


def read_need(row: RowReader, reference: Reference, today: date) -> NeedValues | None:
    """The values of a row, None when it must be set aside; what was found stands in `row.problems`."""
    name, kana = read_name(row, person=False)
    if kana:
        row.also["kana"] = kana
    phone = row.phone("phone")
    address = _address(row)
    trouble = _trouble(row)
    wanted = _wanted(row, today)
    least, most = _people(row)
    hazard = _hazard(row, reference)
    note = note_of(row)
    if row.failed or name is None or address is None or trouble is None:
        return None
    if phone is None:
        row.note("phone-missing", row.place("phone"), name=printable(name))
    return NeedValues(
        name=name,
        phone=phone,
        address=address,
        trouble=trouble,
        wanted_date=wanted,
        people_min=least,
        people_max=most,
        hazard_grade=hazard,
        note=note,
    )


def _address(row: RowReader) -> str | None:
    """Where the work is, else the parts of the address in the order of their columns."""
    elsewhere = _elsewhere(row)
    columns = [elsewhere] if elsewhere else list(row.filled("address"))
    parts = [text for column in columns if (text := row.line(column))]
    if not parts:
        if not row.told("address", "place"):
            row.error("address-missing", row.place("address", "place"))
        return None
    whole = clean(_joined(parts), limit=LINE)
    if isinstance(whole, TextFault):
        row.fault(whole, columns[0])
        return None
    if strange := _IN_ADDRESS.search(whole):
        row.error("address-odd", columns[0], character=strange[0])
        return None
    return whole


def _elsewhere(row: RowReader) -> Column | None:
    """The column of a place of work that differs from the home; the home is kept for the telephone call.

    Here 「同上」 means the address of the same row.
    """
    column = next(iter(row.columns("place")), None)
    if column is None:
        return None
    plain = fold(row.text_of(column))
    if not plain or plain in row.words.ditto | row.words.empty | _AT_HOME:
        return None
    for home in row.filled("address"):
        if row.text_of(home) != row.text_of(column):
            row.keep(home, row.text_of(home))
    return column


def _joined(parts: list[str]) -> str:
    """A building goes after the number with a space, a 町 directly after its city."""
    whole = parts[0]
    for part in parts[1:]:
        gap = " " if whole[-1].isdecimal() or whole[-1] in "番号地" else ""
        whole += gap + part
    return whole


def _trouble(row: RowReader) -> str | None:
    """What the resident is in need of; a list that only knows the work (作業内容) gives that."""
    columns = list(row.filled("trouble")) or list(row.filled("work"))
    parts = [text for column in columns if (text := row.text(column))]
    if not parts and not row.told("trouble", "work"):
        row.error("trouble-missing", row.place("trouble", "work"))
    return "\n".join(parts) or None


def _wanted(row: RowReader, today: date) -> date | None:
    column = row.first("wanted_date")
    if column is None:
        return None
    text = row.text_of(column)
    if fold(text) in row.words.undecided:
        row.note("date-undecided", column)
        row.keep(column, text)
        return None
    read = read_date(row.cell(column), today, near=True)
    if isinstance(read, Finding):
        _unread_date(row, read, column)
        return None
    if abs((read.day - today).days) > FARTHEST:
        row.error("date-far", column, date=read.day.isoformat())
        return None
    for finding in read.notes:
        row.find(finding, column, "note")
    if read.day < today:
        row.note("date-past", column, date=read.day.isoformat())
    if read.rest:
        row.note("date-with-words", column, date=read.day.isoformat(), words=printable(read.rest))
        row.keep(column, text)
    return read.day


def _unread_date(row: RowReader, finding: Finding, column: Column) -> None:
    """A date that cannot be is an error; 「土日ならいつでも」 is none, and is kept for the telephone call."""
    if finding.code == "date-unclear" and not re.search(
        "[0-9]", unicodedata.normalize("NFKC", row.text_of(column))
    ):
        row.note("date-words", column)
        row.keep(column, row.text_of(column))
    else:
        row.find(finding, column, "error")


def _people(row: RowReader) -> tuple[int | None, int | None]:
    """From one column (「5~6名」) or from two; what is not known yet is no error."""
    least = most = None
    if column := row.first("people"):
        least, most = _people_of(row, column)
    for field in ("people_min", "people_max"):
        if column := row.first(field):
            low, high = _people_of(row, column)
            least, most = (low, most) if field == "people_min" else (least, high)
    if least is not None and most is not None and least > most:
        column = row.first("people_max") or row.first("people_min")
        row.error("people-order", column, least=least, most=most)
    if least is None and most is None and not row.told("people", "people_min", "people_max"):
        row.note("people-missing", row.place("people", "people_min"))
    return least, most


def _people_of(row: RowReader, column: Column) -> tuple[int | None, int | None]:
    text = row.text_of(column)
    if fold(text) in row.words.undecided:
        row.note("people-undecided", column)
        row.keep(column, text)
        return None, None
    read = read_people(row.cell(column))
    if isinstance(read, Finding):
        unclear = read.code == "people-unclear"
        row.find(read, column, "note" if unclear else "error")
        if unclear:
            row.keep(column, text)
        return None, None
    for finding in read.notes:
        row.find(finding, column, "note")
    if read.kept:
        row.keep(column, text)
    return read.least, read.most


def _hazard(row: RowReader, reference: Reference) -> HazardGrade:
    """The strictest colour that is named: a place may carry several papers (field2026 2.5)."""
    column = row.first("hazard_grade", any_word=True)
    if column is None:
        return HazardGrade.NONE
    text = row.text_of(column)
    plain = fold(text).replace("危険度", "")
    if plain in {str(grade) for grade in HazardGrade}:
        return HazardGrade(plain)
    named = [words for words in reference.words.hazard if any(word in plain for word in folded(words.words))]
    colours = [words for words in named if words.code is not HazardGrade.NONE]
    if not colours:
        if not named and plain not in row.words.undecided | row.words.empty:
            row.note("hazard-unclear", column)
            row.keep(column, text)
        return HazardGrade.NONE
    if len(colours) >= _MOST_COLOURS:
        row.note("hazard-several", column)
    if plain not in folded(colours[0].words):
        row.keep(column, text)
    return colours[0].code
