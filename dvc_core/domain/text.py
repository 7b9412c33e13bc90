"""What people type, made comparable: clean lines, kana in 五十音 order, telephone numbers, names, addresses.

Every text of every command passes `fault_of`, so that no screen, import or device can store what reorders a
printed line or what no column can show. What cannot be taken is a value, never an exception; cleaning what is
clean already changes nothing.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import msgspec

LINE: Final = 200
"""Characters of a line: a name, an address, a telephone number."""

NAME_LIMIT: Final = 60
KANA_LIMIT: Final = 80

TEXT: Final = 2000
"""Characters of a text of several lines: 困りごと, notes, reasons."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
_GAPS = re.compile(r"[\s\u3000]+")
_FOREIGN_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_NEVER_IN_A_NAME = re.compile(r"[0-9<>{}\[\]|\\^`=;$%&#@!?\"_*+/]")
_NEWER_THAN_PYTHON = 0x10000


class TextFault(msgspec.Struct, frozen=True):
    """Why a text cannot be taken: its code, how long it is and may be, and the character that is wrong."""

    code: str
    length: int = 0
    limit: int = 0
    character: str = ""


def _forbidden(mark: str) -> bool:
    """Control, direction and invisible characters, 外字, lone surrogates, what a wrong encoding has left."""
    if mark in "\n\t":
        return False
    kind = unicodedata.category(mark)
    if kind == "Cn":  # unassigned: noncharacters; a later Unicode may have filled the rest (new emoji)
        return ord(mark) < _NEWER_THAN_PYTHON or (ord(mark) & 0xFFFE) == 0xFFFE  # noqa: PLR2004
    return kind in {"Cc", "Cf", "Cs", "Co"} or mark == "\ufffd"


def fault_of(text: str, *, limit: int = TEXT) -> TextFault | None:
    """What forbids storing a text: a character that hides, reorders or breaks, or too many of them."""
    for mark in text.replace("\r\n", "\n"):
        if _forbidden(mark):
            return TextFault("text-forbidden", character=f"U+{ord(mark):04X}")
    return TextFault("text-too-long", len(text), limit) if len(text) > limit else None


def clean(text: str, *, limit: int = LINE, lines: bool = False, empty: bool = True) -> str | TextFault:
    """A text as it is stored: NFC, LF, no spaces at the ends, one line unless `lines`."""
    new = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text))
    if lines:
        new = "\n".join(line.strip() for line in _FOREIGN_SPACES.sub(" ", new).split("\n")).strip()
    else:
        new = _GAPS.sub(" ", new).strip()
    if not new and not empty:
        return TextFault("text-empty")
    return fault_of(new, limit=limit) or new


def name(text: str, *, limit: int = NAME_LIMIT) -> str | TextFault:
    """A person's name as written; digits and signs in it mean that another column or a script slipped in."""
    new = clean(text, limit=limit, empty=False)
    if isinstance(new, str) and (strange := _NEVER_IN_A_NAME.search(unicodedata.normalize("NFKC", new))):
        return TextFault("name-odd", character=strange[0])
    return new


def printable(text: str, limit: int = 40) -> str:
    """The text for showing inside a message: one line, nothing hidden, cut with an ellipsis."""
    plain = " ".join("".join(mark for mark in text if mark.isspace() or not _forbidden(mark)).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _settled(plainer: Callable[[str], str], text: str) -> str:
    """Turned until it stays: what a step takes away may bring two characters together that are one."""
    while (turned := plainer(text)) != text:
        text = turned
    return text


# ------------------------------------------------------------------------------------------------ kana

_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_SPACED_MARKS: Final = str.maketrans({"\u309b": "\u3099", "\u309c": "\u309a"})
_KANA = re.compile("[ァ-ヺー・ヽヾ \u3099\u309a]+")
_DASH_AFTER_KANA = re.compile(r"(?<=[ァ-ヺー])[-‐‑‒–—―−─━]")
_SMALL: Final = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_ROWS: Final = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリヰ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレヱ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL: Final = {mark: vowel for vowel, marks in _ROWS.items() for mark in marks}
_VOICED: Final = {"\u3099": "1", "\u309a": "2"}
_BEHIND: Final = "\x1f"
"""Sorts before every kana, so that a short word goes before the longer one that begins with it."""


def kana(text: str) -> str:
    """ふりがな in full-width katakana, one space between the parts; what is not kana (「Smith」) stays."""

    def plainer(typed: str) -> str:
        wide = unicodedata.normalize("NFKC", typed.translate(_SPACED_MARKS)).translate(_KATAKANA)
        return " ".join(_DASH_AFTER_KANA.sub("ー", wide).split())

    return _settled(plainer, text)


def is_kana(text: str) -> bool:
    """Whether the text, once turned by `kana`, is kana and nothing else."""
    return bool(_KANA.fullmatch(kana(text)))


def kana_key(text: str) -> str:
    """Sorts by code point in the order of 五十音 (after JIS X 4061); begins with `kana_search`.

    Between equals 清音 goes before 濁音 before 半濁音, then 長音 before small kana before full size. Spaces
    do not count, since lists write them or not.
    """
    plain, voices, sizes = _weigh(text)
    return f"{plain}{_BEHIND}{voices}{sizes}" if plain else ""


def kana_search(text: str) -> str:
    """The part of `kana_key` that a search begins with: no 濁点, no small kana, 長音 as its vowel."""
    return _weigh(text)[0]


def _weigh(text: str) -> tuple[str, str, str]:
    """Each kana's base, then its 清濁 and its size as ranks, one digit a kana."""
    plain: list[str] = []
    voices: list[str] = []
    sizes: list[str] = []
    for mark in unicodedata.normalize("NFD", kana(text)):
        if mark in _VOICED and voices:
            voices[-1] = _VOICED[mark]
        if mark in " ・" or unicodedata.combining(mark):
            continue
        if mark == "ー" and plain:
            plain.append(_VOWEL.get(plain[-1], plain[-1]))
            sizes.append("0")
        elif mark == "ヽ" and plain:
            plain.append(plain[-1])
            sizes.append("2")
        else:
            plain.append(_SMALL.get(mark, mark).upper())
            sizes.append("1" if mark in _SMALL else "3")
        voices.append("0")
    return "".join(plain), "".join(voices), "".join(sizes)


# ----------------------------------------------------------------------------------------------- phone

_NOT_DIGIT = re.compile("[^0-9]")
_PLAIN_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−─━﹣－ー〜～~", "-"))
_LABELS = re.compile(r"(?i)\b(?:tel|phone)\b|[☎☏📞📱]|(?:携帯|自宅|固定|勤務先)?電話(?:番号)?|携帯|自宅")
_BARE_COUNTRY = re.compile("81[1-9][0-9]{8,9}")
_MOBILE_LENGTH, _LAND_LENGTH, _TWO_NUMBERS = 11, 10, 19
_MOBILE_START = re.compile("0[5-9]0")
_MOBILE = re.compile("0[5-9]0[0-9]{8}|000[0-9]{8}")
_LAND = re.compile("0[1-9][0-9]{8}|000[0-9]{7}")
_LOST_ZERO = re.compile("[5-9]0[0-9]{8}|[1-9][0-9]{8}")
_TYPED_GROUPS = 3


class Phone(msgspec.Struct, frozen=True):
    """A telephone number in Japan: `digits` to search by, `shown` to read.

    `restored` says that the leading 0 was missing, as a spreadsheet loses it, and was put back.
    Numbers in 000 belong to nobody; samples and drills use them.
    """

    digits: str
    shown: str
    restored: bool = False


def read_phone(text: str) -> Phone | TextFault:
    """One telephone number in any spelling: full width, brackets, +81, a lost leading 0.

    Faults: `phone-none` (no digit), `phone-words` (words beside it), `phone-foreign`, `phone-several`,
    `phone-length`, `phone-implausible`.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN_HYPHENS)).translate(_PLAIN_HYPHENS)
    plain = "".join(mark for mark in plain if unicodedata.category(mark) != "Cf")
    plain = _LABELS.sub(" ", plain).strip(" :.,;-")
    groups = re.findall("[0-9]+", plain)
    number = "".join(groups)
    if not number:
        return TextFault("phone-none")
    if len(number) >= _TWO_NUMBERS:
        return TextFault("phone-several", len(number))
    if words := re.sub(r"[0-9+\-()\s.:]", "", plain):
        return TextFault("phone-words", character=printable(words))
    if plain.startswith("+") or number.startswith("0081") or _BARE_COUNTRY.fullmatch(number):
        at_home = _without_country(groups)
        if at_home is None:
            return TextFault("phone-foreign")
        groups, number = at_home, "".join(at_home)
    restored = bool(_LOST_ZERO.fullmatch(number))
    if restored:
        groups, number = ["0" + groups[0], *groups[1:]], "0" + number
    return _phone_fault(number) or Phone(number, _grouped(number, groups), restored)


def phone(text: str) -> str:
    """A telephone number as people write it, half-width with hyphens; +81 becomes 0."""

    def plainer(typed: str) -> str:
        narrow = unicodedata.normalize("NFKC", typed.translate(_PLAIN_HYPHENS)).translate(_PLAIN_HYPHENS)
        narrow = re.sub(r"^\+81[- ]?(\(0\))?0?", "0", narrow.strip())
        return re.sub(r"[()\s]+", "-", narrow).strip("-")

    return _settled(plainer, text)


def phone_key(text: str) -> str:
    """The digits by which two telephone numbers are compared; a lost leading 0 is put back."""
    read = read_phone(text)
    return read.digits if isinstance(read, Phone) else digits(phone(text))


def plausible_phone(text: str) -> bool:
    """Whether it can be dialled in Japan as it stands."""
    read = read_phone(text)
    return isinstance(read, Phone) and not read.restored


def digits(text: str) -> str:
    """The digits of a text, full-width ones included, half width."""
    return _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def _phone_fault(number: str) -> TextFault | None:
    short_mobile = len(number) == _LAND_LENGTH and _MOBILE_START.match(number)
    if len(number) not in (_LAND_LENGTH, _MOBILE_LENGTH) or short_mobile:
        return TextFault("phone-length", len(number))
    if not (_MOBILE.fullmatch(number) or _LAND.fullmatch(number)):
        return TextFault("phone-implausible", len(number))
    return None


def _without_country(groups: list[str]) -> list[str] | None:
    """The groups of a number that began with +81 or 0081, as in Japan; None for another country."""
    number = "".join(groups).removeprefix("00")
    if not number.startswith("81"):
        return None
    rest = number.removeprefix("81").removeprefix("0")
    kept = [group for group in groups[1:] if group != "0"]
    if kept and "".join(kept).removeprefix("0") == rest:
        return ["0" + kept[0].removeprefix("0"), *kept[1:]]
    return ["0" + rest]


def _grouped(number: str, groups: list[str]) -> str:
    """With hyphens as it was typed, else where its kind says where they stand (area codes differ by town)."""
    if len(groups) == _TYPED_GROUPS and all(1 < len(group) <= 4 for group in groups):  # noqa: PLR2004
        return "-".join(groups)
    if len(number) == _MOBILE_LENGTH:
        cuts = (4, 7) if number.startswith("0800") else (3, 7)
    elif number.startswith(("0120", "0570", "0990")):
        cuts = (4, 7)
    elif number.startswith(("03", "06")):
        cuts = (2, 6)
    else:
        return number
    return "-".join((number[: cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]))


# -------------------------------------------------------------------------------------- comparing keys

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINTS = re.compile(r"[\s・･.,、]+")

# Forms of one character that one family writes now this way and now that, all read alike. Left apart: 斎 and
# 斉, 龍 and 竜, 島 and 嶋, which families hold to be different names.
# fmt: off
_FORMS: Final = str.maketrans(
    "髙﨑嵜𠮷德濵濱邊邉齋齊澤廣櫻國眞惠榮條瀨淺淸黑槇彌壽禮龜藏圓會冨栁舘曾",
    "高崎崎吉徳浜浜辺辺斎斉沢広桜国真恵栄条瀬浅清黒槙弥寿礼亀蔵円会富柳館曽",
)
_ADDRESS_FORMS: Final = str.maketrans("ヶヵがガヵノ之乃", "ケケケケケののの")
# fmt: on
_KANJI_NUMBER = re.compile("[一二三四五六七八九十]+(?=丁目|丁|番|号)")
_NUMBER_SIGNS = re.compile("(?<=[0-9])(?:丁目|丁|番地の?|番|号|の)(?![室棟館])")
_DASH_IN_NUMBERS = re.compile(r"(?<=[0-9一二三四五六七八九十])[‐‑‒–—―−─━﹣ー]")
_POSTCODE = re.compile("^〒?[0-9]{3}-?[0-9]{4}(?=[^0-9-])")
_TENS_AND_ONES = re.compile("(?:([二三四五六七八九]?)(十))?([一二三四五六七八九]?)")
_ONES: Final = "〇一二三四五六七八九"


def name_key(text: str) -> str:
    """A name for proposing duplicates, never for saying that two people are one.

    Width, spaces, letter case and the forms of a few characters do not count; kanji, hiragana and katakana
    stay different.
    """

    def plainer(name: str) -> str:
        plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", name)).translate(_FORMS)
        return _JOINTS.sub("", plain).casefold()

    return _settled(plainer, text)


def address_key(text: str) -> str:
    """An address for proposing duplicates: 「本町一丁目２番３号」 and 「本町1-2-3」 are one."""

    def plainer(address: str) -> str:
        plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", address)).translate(_FORMS)
        plain = re.sub(r"[\s、,]+", "", _DASH_IN_NUMBERS.sub("-", plain.translate(_ADDRESS_FORMS)))
        plain = _KANJI_NUMBER.sub(lambda found: str(kanji_number(found[0])), _POSTCODE.sub("", plain))
        return re.sub("-{2,}", "-", _NUMBER_SIGNS.sub("-", plain)).strip("-").casefold()

    return _settled(plainer, text)


_PREFECTURE = re.compile("^(?:東京都|北海道|(?:京都|大阪)府|[^0-9-]{2,3}県)")
_CITY = re.compile("^(?:[^0-9-]{1,4}?郡[^0-9-]{1,5}?[町村]|[^0-9-]{1,6}?(?:市市|市))?(?:[^0-9-]{1,4}?区)?")
_ONLY_CHOME = re.compile("丁目?$")


def house_key(text: str) -> str:
    """An address without its prefecture and city, for finding one house in two lists; empty for no house.

    One list writes 「小金井市本町1-2-3」, another 「本町一丁目2番3号」. The city must agree by its code.
    """
    if _ONLY_CHOME.search(text.strip()):
        return ""
    whole = address_key(text)
    rest = _PREFECTURE.sub("", whole)
    found = _CITY.match(rest)
    town = rest[found.end() :] if found else rest
    town = town if town and not town[0].isdecimal() else rest
    town = town.removeprefix("大字").removeprefix("字")
    return town if any(mark.isdecimal() for mark in town) else ""


def same_beginning(one: str, other: str) -> bool:
    """Whether one of two house keys goes on where the other ends: a room, a building, a number left out."""
    short, long = sorted((one, other), key=len)
    if not short or short == long or not long.startswith(short):
        return False
    return not (short[-1].isdecimal() and long[len(short)].isdecimal())


def kanji_number(text: str) -> int | None:
    """「十二」 is 12; up to 99; None for what is no such number."""
    found = _TENS_AND_ONES.fullmatch(text)
    if not text or found is None:
        return None
    tens = _ONES.index(found[1] or "一") * 10 if found[2] else 0
    return tens + (_ONES.index(found[3]) if found[3] else 0)
