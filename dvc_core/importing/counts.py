"""Numbers of people and ages as lists hold them: 5~6名, 10名以上, 未定, ３５歳, 30代."""

import re
import unicodedata
from datetime import date, datetime

import msgspec

from dvc_core.domain.text import kanji_number
from dvc_core.importing.dates import OLDEST
from dvc_core.importing.grid import Cell, Finding, shown

MOST_PEOPLE = 300
"""More for one need is a slip of the keys, or the day's total."""

_TILDES = str.maketrans(dict.fromkeys("~〜～‐‑‒–—―−─ー", "-"))
_UNIT = "(?:名様|名|人|にん|めい)?"
_ABOUT = re.compile(
    "^(?:約|およそ|だいたい|最低でも)|(?:程度|くらい|ぐらい|ほど|前後|位|ずつ|を希望|希望|必要|です)+$"
)
_RANGE = re.compile(rf"(\d+){_UNIT}(?:-|から|,|、|・|or|か|または)(\d+){_UNIT}(?:まで)?")
_ONE = re.compile(rf"(\d+){_UNIT}")
_LEAST = re.compile(rf"(?:最低|最少|少なくとも)(\d+){_UNIT}|(\d+){_UNIT}(?:以上|から|-|より多く|超|\+)")
_MOST = re.compile(rf"(?:最大|最高|多くて|多くても)(\d+){_UNIT}|(\d+){_UNIT}(?:以下|以内|まで|未満)")
_ONE_AMONG = re.compile("(?<![0-9])([0-9]+)(?:名|人)")
_KANJI = re.compile("[一二三四五六七八九十]+(?=[名人])")
_AGE = re.compile(r"(?:満)?(\d{1,3})(?:歳|才|さい|)(?:\d{1,2}(?:か月|ヶ月|カ月))?")
_DECADE = re.compile(r"(\d{1,2})0?(?:歳)?(?:代|台)(?:前半|半ば|後半)?")


class People(msgspec.Struct, frozen=True):
    """How many are asked for; None is not known. `kept` says that the words say more than the numbers."""

    least: int | None = None
    most: int | None = None
    notes: tuple[Finding, ...] = ()
    kept: bool = False


def read_people(cell: Cell) -> People | Finding:
    """The number of people of a cell; the fault is people-unclear, people-zero or people-many."""
    if isinstance(cell, datetime | date):
        return _people_in_date(cell.month, cell.day, shown(cell))
    plain = "".join(unicodedata.normalize("NFKC", shown(cell)).translate(_TILDES).split())
    plain = _KANJI.sub(lambda found: str(kanji_number(found[0]) or found[0]), plain)
    if found := re.fullmatch(r"(\d{1,2})月(\d{1,2})日", plain):
        return _people_in_date(int(found[1]), int(found[2]), plain)
    about = _ABOUT.sub("", plain)
    people = _numbers(about) or _one_among(plain)
    if people is None:
        return Finding("people-unclear")
    return _checked(msgspec.structs.replace(people, kept=people.kept or about != plain))


def _numbers(about: str) -> People | None:
    if found := _RANGE.fullmatch(about):
        least, most = sorted((int(found[1]), int(found[2])))
        return People(least, most)
    if found := _ONE.fullmatch(about):
        return People(int(found[1]), int(found[1]))
    if found := _LEAST.fullmatch(about):
        return People(int(found[1] or found[2]), None, (Finding("people-no-most"),), kept=True)
    if found := _MOST.fullmatch(about):
        return People(None, int(found[1] or found[2]), (Finding("people-no-least"),), kept=True)
    return None


def _one_among(plain: str) -> People | None:
    """「女性を含む4名」: one number of people among other words, which are kept."""
    among = _ONE_AMONG.findall(plain)
    if len(among) != 1:
        return None
    number = int(among[0])
    return People(number, number, (Finding("people-with-words", {"number": number}),), kept=True)


def _people_in_date(month: int, day: int, text: str) -> People | Finding:
    """「5-6」 that a spreadsheet took for the sixth of May."""
    if month < day:
        return People(month, day, (Finding("people-date", {"least": month, "most": day, "written": text}),))
    return Finding("people-unclear")


def _checked(people: People) -> People | Finding:
    most = max(people.least or 0, people.most or 0)
    if most == 0:
        return Finding("people-zero")
    if most > MOST_PEOPLE:
        return Finding("people-many", {"number": most, "limit": MOST_PEOPLE})
    return msgspec.structs.replace(people, least=people.least or None)


def read_age(cell: Cell) -> int | Finding:
    """The age of a cell in full years; the fault is age-unclear, age-decade (「30代」) or age-impossible."""
    plain = "".join(unicodedata.normalize("NFKC", shown(cell)).split())
    if found := _AGE.fullmatch(plain):
        age = int(found[1])
        return age if age <= OLDEST else Finding("age-impossible", {"age": age, "limit": OLDEST})
    if _DECADE.fullmatch(plain):
        return Finding("age-decade")
    if re.fullmatch(r"-\d+(?:歳|才)?", plain):
        return Finding("age-impossible", {"age": int(re.sub("[^-0-9]", "", plain)), "limit": OLDEST})
    return Finding("age-unclear")
