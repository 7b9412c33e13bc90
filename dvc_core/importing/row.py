"""One row being read: cells by field, what was found on the way, and the words that no value could hold."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from dvc_core.domain.problem import Fact, Level, Problem
from dvc_core.domain.text import LINE, TEXT, Phone, TextFault, clean, printable
from dvc_core.importing.grid import Broken, Cell, Finding, is_blank, shown
from dvc_core.importing.headings import Column
from dvc_core.importing.phones import phones_in
from dvc_core.importing.reference import Words

_UNKNOWN_IS_NOTHING = {
    *("name", "surname", "kana", "phone", "address", "birth_date"),
    *("emergency", "emergency_name", "emergency_phone"),
}
_TEMPLATE = re.compile(r"[年月日時分歳才名人()（）/:：・~〜\s]+")


class RowReader:
    """The cells of one row. A problem of level `error` sets the whole row aside."""

    def __init__(
        self, number: int, cells: list[Cell], columns: tuple[Column, ...], words: "FoldedWords"
    ) -> None:
        self.number = number
        self.problems: list[Problem] = []
        self.kept: list[str] = []
        self.also: dict[str, str] = {}
        self.extra: dict[str, str] = {}
        self.words = words
        self._cells = cells
        self._columns: dict[str, list[Column]] = {}
        for column in columns:
            if column.field is not None:
                self._columns.setdefault(column.field.code, []).append(column)
            self._broken(column)

    @property
    def failed(self) -> bool:
        """Whether the row must be set aside."""
        return any(problem.level == "error" for problem in self.problems)

    # -- what a person must know

    def error(self, code: str, column: Column | None = None, **facts: Fact) -> None:
        """Something that must be mended before the row can be taken."""
        self._say("error", code, column, facts)

    def note(self, code: str, column: Column | None = None, **facts: Fact) -> None:
        """Something that was assumed or left open."""
        self._say("note", code, column, facts)

    def find(self, finding: Finding, column: Column, level: Level) -> None:
        """What reading a cell came upon."""
        self._say(level, finding.code, column, finding.facts)

    def _say(self, level: Level, code: str, column: Column | None, facts: dict[str, Fact]) -> None:
        place: dict[str, Fact] = {}
        if column is not None:
            place = {"heading": printable(column.heading), "value": printable(self.text_of(column))}
        self.problems.append(
            Problem(
                code=code,
                level=level,
                facts={**place, **facts},
                row=self.number,
                column=column.letter if column else None,
            )
        )

    def keep(self, column: Column, words: str) -> None:
        """Words that a value cannot hold; they go into the row's note under their heading."""
        self.kept.append(f"{printable(column.heading, 30)}: {' '.join(words.split())}")

    def told(self, *fields: str) -> bool:
        """Whether something has been said of a column of these fields."""
        letters = {column.letter for field in fields for column in self.columns(field)}
        return any(problem.column in letters for problem in self.problems)

    def place(self, *fields: str) -> Column | None:
        """The column where something of these fields would stand."""
        return next((column for field in fields for column in self.columns(field)), None)

    # -- cells

    def columns(self, field: str) -> list[Column]:
        """The columns of a field, from the left."""
        return self._columns.get(field, [])

    def cell(self, column: Column) -> Cell:
        """The cell as the file holds it."""
        return self._cells[column.index] if column.index < len(self._cells) else None

    def text_of(self, column: Column) -> str:
        """The cell as a person reads it, trimmed."""
        return shown(self.cell(column)).strip()

    def filled(self, field: str, *, any_word: bool = False) -> Iterator[Column]:
        """The columns of a field whose cell says something; 「なし」 says nothing unless `any_word`.

        「同上」 and its like are an error: whose row is meant, nobody knows once the list is sorted.
        """
        for column in self.columns(field):
            cell = self.cell(column)
            if is_blank(cell) or isinstance(cell, Broken) or self.words.is_unfilled(shown(cell)):
                continue
            plain = fold(shown(cell))
            if plain in self.words.ditto and field != "note":
                self.error("ditto", column)
            elif plain in self.words.undecided and field in _UNKNOWN_IS_NOTHING:
                continue
            elif any_word or plain not in self.words.empty:
                yield column

    def first(self, field: str, *, any_word: bool = False) -> Column | None:
        """The first column of a field whose cell says something."""
        return next(self.filled(field, any_word=any_word), None)

    def line(self, column: Column, limit: int = LINE) -> str | None:
        """A cell as one clean line; an error where it cannot be taken."""
        return self._taken(clean(self.text_of(column), limit=limit), column)

    def text(self, column: Column, limit: int = TEXT) -> str | None:
        """A cell as a clean text of several lines."""
        return self._taken(clean(self.text_of(column), limit=limit, lines=True), column)

    def _taken(self, text: str | TextFault, column: Column) -> str | None:
        if isinstance(text, TextFault):
            self.fault(text, column)
            return None
        return text or None

    def fault(self, fault: TextFault, column: Column) -> None:
        """A text that cannot be taken, as an error."""
        self.error(fault.code, column, length=fault.length, limit=fault.limit, character=fault.character)

    # -- telephone numbers, which stand in every list

    def phone(self, field: str) -> str | None:
        """The first number of a field, a mobile one before others; further ones and words are kept."""
        read: list[tuple[Column, Phone]] = []
        for column in self.filled(field):
            read += [(column, number) for number in self._phones(column)]
        if not read:
            return None
        chosen = next((pair for pair in read if _is_mobile(pair[1])), read[0])
        for column, number in read:
            if number.digits != chosen[1].digits:
                self.keep(column, number.shown)
        if chosen[1].restored:
            self.note("phone-zero", chosen[0], shown=chosen[1].shown)
        return chosen[1].shown

    def _phones(self, column: Column) -> tuple[Phone, ...]:
        read = phones_in(self.text_of(column))
        if read.fault is not None:
            self.fault(read.fault, column)
            return ()
        if read.words:
            self.keep(column, self.text_of(column))
        return read.numbers

    # -- what is neither a value nor lost

    def keep_others(self, columns: tuple[Column, ...]) -> None:
        """Fields that are no values go under their code, columns that nobody knows under their heading."""
        for column in columns:
            cell = self.cell(column)
            if is_blank(cell):
                continue
            if column.field is None:
                heading = column.heading or column.letter
                self.extra[self._free(heading, column)] = shown(cell).strip()
            elif column.field.goes == "also" and not self.words.is_unfilled(shown(cell)):
                code = column.field.code
                before = self.also.get(code)
                self.also[code] = f"{before} {self.text_of(column)}" if before else self.text_of(column)
                if fold(shown(cell)) in self.words.ditto:
                    self.note("ditto-kept", column)

    def _free(self, heading: str, column: Column) -> str:
        return heading if heading not in self.extra else f"{heading} ({column.letter})"

    def _broken(self, column: Column) -> None:
        cell = self.cell(column)
        if isinstance(cell, Broken) and column.field is not None:
            self._say("error" if column.field.goes != "also" else "note", cell.code, column, {})


class FoldedWords:
    """The words for nothing, not yet, as above, yes and no, folded for comparing."""

    def __init__(self, words: Words) -> None:
        self.empty = frozenset(map(fold, words.empty))
        self.undecided = frozenset(map(fold, words.undecided))
        self.ditto = frozenset(map(fold, words.ditto))
        self.yes = frozenset(map(fold, words.yes))
        self.no = frozenset(map(fold, words.no))
        self.totals = frozenset(map(fold, words.total_rows))
        self.examples = frozenset(map(fold, words.example_rows))
        self._unfilled = frozenset(map(fold, words.unfilled))

    def is_unfilled(self, text: str) -> bool:
        """What a form prints for people to ring or to fill: 「男・女」, 「　年　月　日」."""
        return bool(_TEMPLATE.fullmatch(text)) or fold(text) in self._unfilled


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Width, case, spaces and full stops do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("。.")


def _is_mobile(number: Phone) -> bool:
    return len(number.digits) == 11  # noqa: PLR2004 - 090, 080, 070, 060, 050


@cache
def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of the reference data, folded once."""
    return tuple(map(fold, words))
