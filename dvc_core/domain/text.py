"""What people type, made comparable: clean lines, kana in 五十音 order, telephone numbers, names.

Every text of every command passes `fault_of`, so that no screen, import or device can store what reorders a
printed line or what no column can show.
"""

import re
import unicodedata
from typing import Literal

import msgspec

LINE = 200
"""Characters of a line: a name, an address, a telephone number."""

TEXT = 2000
"""Characters of a text of several lines: 困りごと, notes, reasons."""

FaultCode = Literal["text-empty", "text-too-long", "text-forbidden"]

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOICED = str.maketrans(
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
    "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ",
)
_SPACES = re.compile(r"\s+")
_NOT_DIGIT = re.compile(r"\D")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ－", "-"))


class TextFault(msgspec.Struct, frozen=True):
    """Why a text cannot be taken: its code, how long it is and may be."""

    code: FaultCode
    length: int = 0
    limit: int = 0


def _forbidden(character: str) -> bool:
    if character in "\n\t":
        return False
    kind = unicodedata.category(character)
    return character in _BIDI or character in _INVISIBLE or kind in ("Cc", "Cs", "Cn", "Co")


def fault_of(text: str, *, limit: int = TEXT) -> TextFault | None:
    """What forbids storing a text: control and direction characters, or too many characters."""
    if any(_forbidden(character) for character in text.replace("\r\n", "\n")):
        return TextFault("text-forbidden")
    return TextFault("text-too-long", len(text), limit) if len(text) > limit else None


def clean(text: str, *, limit: int = LINE, lines: bool = False, empty: bool = True) -> str | TextFault:
    """A text as it is stored: NFC, LF, no spaces at the ends, one line unless `lines`."""
    new = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        new = _SPACES.sub(" ", new.replace("\u3000", " "))
    if not new and not empty:
        return TextFault("text-empty")
    return fault_of(new, limit=limit) or new


def kana(text: str) -> str:
    """ふりがな as full-width katakana, with one space between the parts."""
    wide = unicodedata.normalize("NFKC", text)
    turned = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in wide)
    return _SPACES.sub(" ", turned).strip()


def kana_key(text: str) -> str:
    """The sort key of 五十音順: without spaces; voiced and small kana count only between equal words."""
    whole = kana(text).replace(" ", "").replace("・", "")
    plain = whole.translate(_SMALL).translate(_VOICED).replace("ー", "")
    return f"{plain}\x1f{whole}" if plain != whole else plain


def kana_search(text: str) -> str:
    """The part of `kana_key` that a search begins with."""
    return kana_key(text).partition("\x1f")[0]


def digits(text: str) -> str:
    """The digits of a text, full-width ones included."""
    return _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def phone(text: str) -> str:
    """A telephone number as people write it, half-width with hyphens; +81 becomes 0."""
    narrow = unicodedata.normalize("NFKC", text.translate(_HYPHENS)).translate(_HYPHENS).strip()
    narrow = re.sub(r"^\+81[- ]?(\(0\))?0?", "0", narrow)
    return re.sub(r"[()\s]+", "-", narrow).strip("-")


def phone_key(text: str) -> str:
    """The digits by which two telephone numbers are compared."""
    return digits(phone(text))


def plausible_phone(text: str) -> bool:
    """Whether it can be a Japanese number: 10 or 11 digits from 0."""
    key = phone_key(text)
    return len(key) in (10, 11) and key.startswith("0")


def name_key(text: str) -> str:
    """A name for proposing duplicates: NFKC without spaces. Old and new forms of a kanji are not merged."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()
