"""Which column is what: the headings of real forms and form tools held against the council's words.

「連絡の取れる携帯電話番号をご記入ください」 is the telephone, 「お名前（ふりがな）」 the kana. What fits two
fields equally well is not guessed: a person decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.domain.text import printable
from dvc_core.importing.reference import Field, Kind, Words

LONGEST_HEADING = 200
"""Characters; a form tool's question with its explanation stays below, a paragraph of a title does not."""

_NUMBERING = re.compile(r"^\s*(?:q|問|設問|質問)?\s*[0-9]{1,2}\s*[-.):、]?\s*(?=[^0-9\s])")
_NOT_LETTERS = re.compile(r"[^\w〒#]|_")
_BRACKETS = re.compile(r"[(\[【〔<「].*?[)\]】〕>」]", re.DOTALL)
_LIST_SIGNS = re.compile(r"[・/、,&]|と|及び|および")
_BESIDE_OTHERS = {"fax", "postal_code"}
_STANDS_IN = {"kana": "name", "place": "address"}


class Rank(NamedTuple):
    """How well a word fits a heading: whole, by how many joined words, by how many characters."""

    exact: bool
    parts: int
    length: int


class Column(msgspec.Struct, frozen=True):
    """One column of a table: its place from 0, its heading as written, the field it holds if any."""

    index: int
    heading: str
    field: Field | None = None

    @property
    def letter(self) -> str:
        """A, B, … Z, AA, … as spreadsheets name it."""
        name, number = "", self.index + 1
        while number:
            number, rest = divmod(number - 1, 26)
            name = chr(ord("A") + rest) + name
        return name


class HeadingMatcher:
    """The words of one council for one kind of list."""

    def __init__(self, words: Words, kind: Kind) -> None:
        self._noise = sorted((self._letters(word) for word in words.noise), key=len, reverse=True)
        self._groups = {self._letters(word) for word in words.groups}
        self._patterns = [
            (tuple(self._letters(part) for part in word.removeprefix("=").split("+")), word[0] == "=", field)
            for field in words.field
            if kind in field.kinds
            for word in field.words
        ]
        self._by_code = {field.code: field for field in words.field if kind in field.kinds}
        self._known: dict[str, dict[str, tuple[Rank, Field]]] = {}

    @staticmethod
    def _letters(text: str) -> str:
        return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())

    def plain(self, heading: str) -> str:
        """A heading without width, spaces, signs, numbering and 「ご記入ください」."""
        wide = unicodedata.normalize("NFKC", heading).casefold()
        letters = self._letters(_NUMBERING.sub("", wide))
        for word in self._noise:
            rest = letters.replace(word, "")
            letters = rest or letters
        return letters

    def is_group(self, heading: str) -> bool:
        """Whether it is the upper line of a heading in two lines: 緊急連絡先 over 氏名 and 電話."""
        return self.plain(heading) in self._groups

    def fits(self, heading: str) -> dict[str, tuple[Rank, Field]]:
        """Each field that the heading may mean, with its best rank."""
        found = self._known.get(heading)
        if found is None:
            found = self._known[heading] = {}
            if heading.strip() and len(heading) <= LONGEST_HEADING:
                for rank, field in self._ranks(self.plain(heading)):
                    if field.code not in found or rank > found[field.code][0]:
                        found[field.code] = (rank, field)
        return found

    def _ranks(self, plain: str) -> Iterable[tuple[Rank, Field]]:
        for parts, whole_only, field in self._patterns:
            length = sum(map(len, parts))
            if len(parts) == 1 and plain == parts[0]:
                yield Rank(exact=True, parts=1, length=length), field
            elif not whole_only and all(part in plain for part in parts):
                yield Rank(exact=False, parts=len(parts), length=length), field

    def best(self, heading: str) -> list[tuple[Rank, Field]]:
        """The field that fits best; several when they fit equally well or the heading names two things."""
        fits = list(self.fits(heading).values())
        if not fits:
            return []
        top = max(rank for rank, _ in fits)
        best = [(rank, field) for rank, field in fits if rank == top]
        if len(best) == 1 and not top.exact and top.parts == 1:
            several = [pair for code, pair in self._listed(heading).items() if code not in _BESIDE_OTHERS]
            return several or best
        return best

    def _listed(self, heading: str) -> dict[str, tuple[Rank, Field]]:
        """The fields that a heading like 「住所・電話番号」 lists, each named in full."""
        outside = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", heading))
        listed: dict[str, tuple[Rank, Field]] = {}
        for piece in _LIST_SIGNS.split(outside):
            exact = [(rank, field) for rank, field in self.fits(piece).values() if rank.exact]
            if exact:
                rank, field = max(exact, key=lambda pair: pair[0])
                listed[field.code] = (rank, field)
        return listed

    def score(self, headings: Sequence[str]) -> int:
        """How much of a header a row is: two for each value, one for each other field. 0: it is none.

        A header names at least two fields, one of them a value.
        """
        fields = {
            field.code: field
            for heading in headings
            for rank, field in self.best(heading)[:1]
            if rank.exact or len(self.plain(heading)) <= _much_longer(rank)
        }
        values = sum(field.goes != "also" for field in fields.values())
        return 2 * values + len(fields) - values if values and len(fields) > 1 else 0

    def assign(
        self, headings: Sequence[str], *, empty: frozenset[int] = frozenset()
    ) -> tuple[list[Column], list[Problem]]:
        """Each column with its field, and what a person must decide or know about the headings.

        `empty` columns hold nothing below their heading: a form tool's own 「名前」 beside the question's.
        """
        problems: list[Problem] = []
        chosen: dict[int, tuple[Rank, Field]] = {}
        for index, heading in enumerate(headings):
            best = self.best(heading)
            if len(best) > 1:
                names = " / ".join(sorted(field.code for _, field in best))
                problems.append(_said("heading-ambiguous", index, heading, "error", fields=names))
            elif best:
                chosen[index] = best[0]
        self._stand_in(headings, chosen)
        problems += _once(headings, chosen, empty)
        columns = []
        for index, heading in enumerate(headings):
            field = chosen[index][1] if index in chosen else None
            columns.append(Column(index, _one_line(heading), field))
            told = any(problem.column == columns[-1].letter for problem in problems)
            if field is None and heading.strip() and not told:
                problems.append(_said("heading-unknown", index, heading, "note"))
        return columns, problems

    def _stand_in(self, headings: Sequence[str], chosen: dict[int, tuple[Rank, Field]]) -> None:
        """「氏名（ふりがな）」 heads the name where no other column does, 「活動場所」 the address."""
        codes = {field.code for _, field in chosen.values()}
        for index, (rank, field) in list(chosen.items()):
            code = _STANDS_IN.get(field.code)
            target = code and self._by_code.get(code)
            if not target or target.code in codes or (code == "name" and "surname" in codes):
                continue
            if code != "name" or "name" in self.fits(headings[index]):
                chosen[index] = (rank, target)
                codes.add(target.code)


def _much_longer(rank: Rank) -> int:
    """A sentence in a cell of someone's answer may hold a heading's word; a heading is mostly that word."""
    return 40 if rank.parts > 1 else 6 * rank.length + 12


def _once(
    headings: Sequence[str], chosen: dict[int, tuple[Rank, Field]], empty: frozenset[int]
) -> list[Problem]:
    """Of several columns for a field that has one, the best fitting with content keeps it."""
    problems = []
    by_code: dict[str, list[int]] = {}
    for index, (_, field) in chosen.items():
        if field.many == "one":
            by_code.setdefault(field.code, []).append(index)
    for indexes in by_code.values():
        keeps = max(indexes, key=lambda index: (index not in empty, chosen[index][0], -index))
        for index in indexes:
            if index != keeps:
                del chosen[index]
                kept = Column(keeps, "").letter
                problems.append(_said("heading-twice", index, headings[index], "note", kept=kept))
    return problems


def _said(code: str, index: int, heading: str, level: str, **facts: str) -> Problem:
    return Problem(
        code=code,
        level="error" if level == "error" else "note",
        facts={"heading": printable(heading), **facts},
        column=Column(index, "").letter,
    )


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


@cache
def matcher(words: Words, kind: Kind) -> HeadingMatcher:
    """The matcher of one council's words, made once."""
    return HeadingMatcher(words, kind)
