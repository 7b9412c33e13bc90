"""回答一覧の文: what everyone of the center answers to what is asked every day; from `answers.toml`."""

from functools import lru_cache
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.manual.source import content

FILE = Path(__file__).parents[2] / "data" / "reference" / "answers.toml"
KNOWN = ("day", "hours", "places")
"""What an answer may have filled in."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question with its answer; `{day}`, `{hours}` and `{places}` stand for what is said today."""

    code: Code
    question: str
    answer: str
    source: str = ""
    confirmed: bool = False

    def said(self, facts: dict[str, str]) -> str:
        """The answer with today's facts; a brace that means nothing stays as it is."""
        words = self.answer
        for name in KNOWN:
            words = words.replace(f"{{{name}}}", facts[name])
        return words


class _File(msgspec.Struct, frozen=True):
    answer: tuple[Answer, ...] = ()


class Answers(msgspec.Struct, frozen=True):
    """The list in its order; `broken` when the file cannot be read: it is then empty."""

    items: tuple[Answer, ...]
    broken: bool = False


def read_answers(path: Path = FILE) -> Answers:
    """The council's answers."""
    try:
        return _read(content(str(path)))
    except OSError:
        return Answers((), broken=True)


@lru_cache(maxsize=4)
def _read(said: bytes) -> Answers:
    try:
        return Answers(msgspec.toml.decode(said, type=_File).answer)
    except (msgspec.MsgspecError, ValueError):
        return Answers((), broken=True)
