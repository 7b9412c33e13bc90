"""Japanese addresses as text: one spelling for many, and the numbers that follow a 町.

What a receptionist hears and what a form tool exports is 「本町1-2-3」, 「本町一丁目２番３号」 or
「本町１丁目 2の3 コーポ」. This module knows spelling only, no place; `geocode` holds the words against the
table of towns.
"""

import re
import unicodedata
from typing import Final

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.geo.reference import read_kanji

LIMIT: Final = 200
"""Characters an address may have; the longest that people write, with building and room, stay far below."""

# fmt: off
PREFECTURES: Final = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)
"""In the order of their JIS numbers: the first two digits of a city's code."""
# fmt: on

_KANJI = "〇一二三四五六七八九十"
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HYPHENS = re.compile("[‐‑‒–—―−─━﹣]")
_LONG_SOUND = re.compile(rf"(?<=[0-9{_KANJI}])ー(?=[0-9{_KANJI}])")
_AROUND_HYPHEN = re.compile(rf"(?<=[0-9{_KANJI}]) ?- ?(?=[0-9{_KANJI}])")

# One character for one, so that a place in the folded text is the same place in the text.
_FOLD = str.maketrans(
    "ヶヵがガヵノ之乃櫻綠關國澤戀邊邉濱學榮壽廣禮臺冨嶋嶌髙𠮷﨑嵜埜栁圓藏寶龜",
    "ケケケケケののの桜緑関国沢恋辺辺浜学栄寿広礼台富島島高吉崎崎野柳円蔵宝亀",
)

_POSTCODE = re.compile(r"^(?:〒 ?[0-9]{3}-?[0-9]{4}|[0-9]{3}-[0-9]{4}) ?")
_PREFECTURE = re.compile("^(" + "|".join(PREFECTURES) + ") ?")
_MUNICIPALITY = re.compile(
    r"^(?:[^0-9\s]{1,4}?郡)?(?P<name>[^0-9\s]{1,6}?(?:市市|市|区)(?![営立民内])|(?<=郡)[^0-9\s]{1,5}?[町村])"
)

_ONES = "一二三四五六七八九"
_KANJI_NUMBER = f"(?:[{_ONES}]?十[{_ONES}]?|[〇{_ONES}]+)"
# A kanji numeral counts only where a sign of an address follows: 「三井ビル」 holds no number.
_NUMBER = rf"(?:[0-9]+(?![0-9]|号[室棟館]|[階棟室F])|{_KANJI_NUMBER}(?=丁|番|号|の|-|,|、|\s|$))"
_CHOME = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>丁目|丁|番地|番|号)?")
_MORE = re.compile(rf"(?P<between>番地の?|番|号|の|-|,|、)?(?P<number>{_NUMBER})")
_LAST_UNIT = re.compile(r"番地|番|号(?![室棟館])")


class Numbers(msgspec.Struct, frozen=True):
    """What follows a 町: a first number, the numbers after it, and the rest (building, room).

    `chome` says that the first number is written as 丁目, `lot` that it is written as 番, 番地 or 号.
    """

    first: int | None
    chome: bool
    lot: bool
    more: tuple[int, ...]
    tail: str


def check(text: str) -> Problem | None:
    """Why this text cannot be read as an address at all, else None."""
    if not text.strip():
        return Problem(code="address-empty")
    if len(text) > LIMIT:
        return Problem(code="address-too-long", facts={"length": len(text), "limit": LIMIT})
    strange = next((mark for mark in text if _strange(mark)), None)
    if strange is not None:
        return Problem(code="address-control", facts={"character": f"U+{ord(strange):04X}"})
    return None


def printable(text: str) -> str:
    """The text without control characters, for showing what could not be read."""
    return " ".join("".join(mark for mark in text if not _strange(mark)).split())


def clean(text: str) -> str:
    """One width, one hyphen, single spaces; cleaning twice changes nothing more."""
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", text))
    plain = _HYPHENS.sub("-", plain)
    plain = " ".join(plain.split())
    plain = _LONG_SOUND.sub("-", plain)
    return _AROUND_HYPHEN.sub("-", plain)


def fold(text: str) -> str:
    """The text for comparing: ヶ=ケ=が, の=ノ=之, old forms of characters; same length as the text."""
    return text.translate(_FOLD)


def split_head(text: str) -> tuple[str | None, str]:
    """The prefecture, if one is written, and what follows postcode and prefecture."""
    rest = text[found.end() :] if (found := _POSTCODE.match(text)) else text
    found = _PREFECTURE.match(rest)
    return (found[1], rest[found.end() :]) if found else (None, rest)


def municipality(text: str) -> str | None:
    """The city, ward, town or village that a text begins with, as far as its spelling shows one."""
    found = _MUNICIPALITY.match(text)
    return found["name"] if found else None


def read_numbers(text: str) -> Numbers | None:
    """The numbers after a 町, or None when what follows cannot belong to it (「本町小学校」, 「境港」)."""
    found = _CHOME.match(text)
    if not found:
        return (
            Numbers(first=None, chome=False, lot=False, more=(), tail=text.strip())
            if not text or text[0] in " ,、"
            else None
        )
    unit = found["unit"] or ""
    more: list[int] = []
    rest = text[found.end() :]
    # 「1丁目2」 and 「1 2」 need nothing between; every later number needs one of the signs.
    rest = rest.lstrip()
    while (step := _MORE.match(rest)) and (step["between"] or not more):
        more.append(_value(step["number"]))
        rest = rest[step.end() :]
    if last := _LAST_UNIT.match(rest):
        rest = rest[last.end() :]
    return Numbers(
        first=_value(found["number"]),
        chome=unit.startswith("丁"),
        lot=unit in ("番", "番地", "号"),
        more=tuple(more),
        tail=_tail(rest),
    )


def _strange(mark: str) -> bool:
    """Cc, Cf (right-to-left marks among them), Cs, Co, Cn: nothing that a person writes in an address."""
    return unicodedata.category(mark)[0] == "C" and mark not in "\t\r\n"


def _value(number: str) -> int:
    return int(number) if number[0].isascii() else read_kanji(number)


def _tail(rest: str) -> str:
    return rest.lstrip(" -,、の").strip()
