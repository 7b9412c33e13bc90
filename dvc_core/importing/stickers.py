"""A row of a list of papers (応急危険度判定): the town's list of red places (field2026 2.5).

Where a list has no column for the colour, its title says it: 「応急危険度判定　危険（赤）一覧」.
"""

import re
from collections.abc import Sequence
from datetime import date

from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import StickerColour, StickerKind
from dvc_core.domain.text import LINE, TextFault, clean
from dvc_core.importing.dates import FARTHEST, read_date
from dvc_core.importing.grid import Finding
from dvc_core.importing.reference import Reference
from dvc_core.importing.result import StickerValues
from dvc_core.importing.row import RowReader, fold, folded
from dvc_core.importing.volunteers import note_of

_IN_ADDRESS = re.compile("[<>]")
_MOST_COLOURS = 2


def read_sticker(
    row: RowReader, reference: Reference, today: date, titles: Sequence[str]
) -> StickerValues | None:
    """The values of a row, None when it must be set aside; what was found stands in `row.problems`."""
    address = _address(row)
    colour = _colour(row, reference, titles)
    reason = _reason(row)
    kind = _kind(row, reference, reason)
    posted = _posted(row, today)
    note = note_of(row)
    if row.failed or address is None or colour is None:
        return None
    return StickerValues(
        address=address, kind=kind, colour=colour, reason=reason, posted_on=posted, note=note
    )


def _address(row: RowReader) -> str | None:
    parts = [text for column in row.filled("address") if (text := row.line(column))]
    if not parts:
        if not row.told("address"):
            row.error("address-missing", row.place("address"))
        return None
    whole = clean("".join(parts), limit=LINE)
    column = row.place("address")
    if isinstance(whole, TextFault):
        if column is not None:
            row.fault(whole, column)
        return None
    if strange := _IN_ADDRESS.search(whole):
        row.error("address-odd", column, character=strange[0])
        return None
    return whole


def _colour(row: RowReader, reference: Reference, titles: Sequence[str]) -> StickerColour | None:
    """The strictest colour of the cell, else the one that the title names; without either the row waits."""
    column = row.first("colour", any_word=True)
    if column is not None:
        found = _colours_in(fold(row.text_of(column)), reference)
        if len(found) >= _MOST_COLOURS:
            row.note("hazard-several", column)
        if found:
            return found[0]
        row.error("sticker-colour-unclear", column)
        return None
    named = {colour for title in titles for colour in _colours_in(fold(title), reference)}
    if row.place("colour") is None and len(named) == 1:
        return named.pop()
    row.error("sticker-colour-missing", row.place("colour"))
    return None


def _colours_in(plain: str, reference: Reference) -> list[StickerColour]:
    """The colours that a text names, the strictest first; 「応急危険度判定」 itself is no 「危険」."""
    said = plain.replace("危険度", "")
    return [
        StickerColour(words.code.value)
        for words in reference.words.hazard
        if words.code is not HazardGrade.NONE and any(word in said for word in folded(words.words))
    ]


def _reason(row: RowReader) -> str:
    return "\n".join(text for column in row.filled("reason") if (text := row.text(column)))


def _kind(row: RowReader, reference: Reference, reason: str) -> StickerKind:
    """Of the building unless the list says otherwise; a reason that speaks of one thing is told."""
    column = row.first("sticker_kind")
    if column is not None:
        plain = fold(row.text_of(column))
        for words in reference.words.sticker:
            if any(word in plain for word in folded(words.words)):
                return words.code
        row.note("sticker-kind-unclear", column)
        row.keep(column, row.text_of(column))
        return StickerKind.BUILDING
    things = [words for words in reference.words.sticker if words.code is not StickerKind.BUILDING]
    if reason and any(word in fold(reason) for words in things for word in folded(words.words)):
        row.note("sticker-kind-assumed", row.place("reason"))
    return StickerKind.BUILDING


def _posted(row: RowReader, today: date) -> date | None:
    column = row.first("posted_on")
    if column is None or fold(row.text_of(column)) in row.words.undecided:
        return None
    read = read_date(row.cell(column), today, near=True)
    if isinstance(read, Finding):
        row.find(read, column, "error")
        return None
    if read.day > today:
        row.error("sticker-date-future", column, date=read.day.isoformat())
        return None
    if (today - read.day).days > FARTHEST:
        row.error("date-far", column, date=read.day.isoformat())
        return None
    for finding in read.notes:
        row.find(finding, column, "note")
    if read.rest:
        row.keep(column, row.text_of(column))
    return read.day
