"""The council's words for reading lists: headings, what people write for yes and no, insurance plans, skills.

Data, not code: `data/reference/headings.toml` and `data/reference/skills.toml`. A council adds its own words
there.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.person_facts import HazardGrade, Insurance, Skill
from dvc_core.domain.sticker import StickerKind

FOLDER = Path(__file__).parents[2] / "data" / "reference"

Kind = Literal["volunteers", "needs", "stickers"]
Goes = Literal["value", "part", "also"]
Many = Literal["one", "first", "join"]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a column may hold and the words that head it; see the top of the file for how they are matched."""

    code: Code
    kinds: tuple[Kind, ...]
    goes: Goes
    many: Many
    words: tuple[str, ...]
    source: str


class InsuranceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for a plan; `plan` "unknown" says: insured, but the plan is not named."""

    code: Insurance
    words: tuple[str, ...]
    plan: Literal["unknown"] | None = None


class HazardWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for a colour of 応急危険度判定, strictest first."""

    code: HazardGrade
    words: tuple[str, ...]


class StickerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for what a paper speaks of."""

    code: StickerKind
    words: tuple[str, ...]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `headings.toml`."""

    noise: tuple[str, ...]
    groups: tuple[str, ...]
    total_rows: tuple[str, ...]
    example_rows: tuple[str, ...]
    empty: tuple[str, ...]
    undecided: tuple[str, ...]
    ditto: tuple[str, ...]
    unfilled: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    insurance: tuple[InsuranceWords, ...]
    hazard: tuple[HazardWords, ...]
    sticker: tuple[StickerWords, ...]
    field: tuple[Field, ...]


class Reference(msgspec.Struct, frozen=True):
    """The words and the skills of one council."""

    words: Words
    skills: tuple[Skill, ...]


@cache
def load_reference(folder: Path = FOLDER) -> Reference:
    """The council's words; read once.

    Raises:
        msgspec.ValidationError: when a file of reference data is not of this shape.
    """
    return Reference(
        words=msgspec.convert(_read(folder / "headings.toml"), Words), skills=load_skills(folder)
    )


@cache
def load_skills(folder: Path = FOLDER) -> tuple[Skill, ...]:
    """The table of licences, qualifications, abilities and vehicles, in its order."""
    return msgspec.convert(_read(folder / "skills.toml")["skill"], tuple[Skill, ...])


def _read(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
