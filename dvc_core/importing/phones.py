"""Telephone numbers inside a cell: two of them, with 「妻」 behind one, an extension, or rounded away."""

import re
import unicodedata

import msgspec

from dvc_core.domain.text import Phone, TextFault, digits, read_phone

_SEPARATORS = re.compile(r"[/、,;\n・]|または|又は|\bor\b")
_RUN = re.compile(r"\+?[(\d][\d()\-‐‑‒–—―−─ー. ]{7,}\d")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)")
_IN_BRACKETS = re.compile(r"^\(([^()]*)\)$")
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+\d+")
_TWO_NUMBERS = 19


class PhonesIn(msgspec.Struct, frozen=True):
    """The numbers of a text, why one of them cannot be read, and the words beside them."""

    numbers: tuple[Phone, ...] = ()
    fault: TextFault | None = None
    words: str = ""


def phones_in(text: str) -> PhonesIn:
    """Every number of a text; a text without one has the fault `phone-none`."""
    whole = read_phone(text)
    if isinstance(whole, Phone):
        return PhonesIn((whole,))
    plain = unicodedata.normalize("NFKC", text)
    if _ROUNDED.search(plain.casefold()):
        return PhonesIn(fault=TextFault("phone-rounded"))
    runs: list[str] = []
    words: list[str] = []
    for piece in _SEPARATORS.split(plain):
        for run in _RUN.findall(piece):
            runs += run.split() if len(digits(run)) >= _TWO_NUMBERS else [run]
        beside = _EMPTY_BRACKETS.sub(" ", _RUN.sub(" ", piece)).strip(" :")
        words += _IN_BRACKETS.sub(r"\1", beside).split()
    read = [read_phone(run) for run in runs]
    numbers = tuple(number for number in read if isinstance(number, Phone))
    faults = [fault for fault in read if isinstance(fault, TextFault)]
    if not read:
        faults = [whole]
    return PhonesIn(numbers, faults[0] if faults else None, " ".join(words))
