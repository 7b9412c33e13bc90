"""Facts about people and houses as codes: what forms and lists say in many words."""

import re
import unicodedata
from enum import StrEnum
from functools import cache
from typing import Literal

import msgspec

from dvc_core.domain.kernel import Code


class Insurance(StrEnum):
    """ボランティア活動保険, the plan that was shown or declared (practice 4.1)."""

    DISASTER = "disaster"
    BASIC = "basic"
    INFECTION = "infection"
    NONE = "none"
    UNKNOWN = "unknown"


class HazardGrade(StrEnum):
    """応急危険度判定 of a building; `none`: not graded (practice 4.8)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"


class Skill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A licence, qualification, ability or vehicle, from `data/reference/skills.toml`.

    `easy` and `en` are its names for who reads やさしい日本語 or English; empty: only `name` is known.
    `words` is what people write for it; one that begins with = counts only where it stands alone. `trait` is
    the mark that matching looks at.
    """

    code: Code
    name: str
    words: tuple[str, ...]
    source: str
    easy: str = ""
    en: str = ""
    implies: tuple[Code, ...] = ()
    trait: Literal["driver", "truck"] | None = None


class SkillsRead(msgspec.Struct, frozen=True):
    """The codes that a text names, in the table's order, and the pieces that hold no word of the table."""

    codes: tuple[Code, ...] = ()
    unknown: tuple[str, ...] = ()


_BETWEEN = re.compile(r"[、,;\n\t|/・+。]+|\s{2,}|及び|および")
_NOT = re.compile(
    r"(?:なし|無し|無|不可|不携帯|できない|できません|ありません|持っていない|未経験|苦手|×)[)]?$"
)
_NOTHING = re.compile(
    r"[-ー―‐]*|(?:特に)?(?:なし|無し|無|ありません|ない)|いいえ|×|その他|未記入|no(?:ne)?|n/a"
)


def skills_in(text: str, table: tuple[Skill, ...]) -> SkillsRead:
    """What a cell or a line says of skills; a piece that denies one (「チェーンソー不可」) is not counted."""
    found: set[Code] = set()
    unknown: list[str] = []
    for piece in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        plain = "".join(piece.casefold().split())
        if _NOTHING.fullmatch(plain):
            continue
        here = [] if _NOT.search(plain) else _skills_of(plain, table)
        if not here:
            unknown.append(piece.strip())
        for skill in here:
            found.update((skill.code, *skill.implies))
    return SkillsRead(tuple(skill.code for skill in table if skill.code in found), tuple(unknown))


def _skills_of(plain: str, table: tuple[Skill, ...]) -> list[Skill]:
    """Longest words first, each part of the text once: 「大型二輪」 is not also 「大型」."""
    alone, inside = _index(table)
    here = list(alone.get(plain, ()))
    for word, skill in inside:
        if word in plain:
            here.append(skill)
            plain = plain.replace(word, " ")
    return here


@cache
def _index(table: tuple[Skill, ...]) -> tuple[dict[str, list[Skill]], list[tuple[str, Skill]]]:
    """Words that count where they stand alone, and the others, longest first."""
    alone: dict[str, list[Skill]] = {}
    inside: list[tuple[str, Skill]] = []
    for skill in table:
        for word in skill.words:
            folded = unicodedata.normalize("NFKC", word).casefold()
            if folded.startswith("="):
                alone.setdefault(folded[1:], []).append(skill)
            else:
                inside.append((folded, skill))
    return alone, sorted(inside, key=lambda pair: -len(pair[0]))
