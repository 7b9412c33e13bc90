"""Floor 1: words. `text(key, **facts)` over the catalogues `ja/`, `easy/` (やさしい日本語) and `en/`.

A catalogue is a folder of TOML files, one a capability, so that a rule's words stand near each other. Keys
are dotted (`problem.row-empty.hint`); facts are inserted by `{name}`. Every key stands in `ja`; `easy` and
`en` hold what volunteers read. A missing key is a defect that a test finds, and never an empty screen: the
key itself is shown.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from dvc_core.domain.problem import Problem

Language = Literal["ja", "easy", "en"]


class MissingTextError(KeyError):
    """A key that no catalogue of the language holds."""


def _flatten(prefix: str, table: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            # A table's own text stands under "_", so that `a.b` and `a.b.hint` can both be keys.
            flat.update({k.removesuffix("._"): v for k, v in _flatten(f"{name}.", value).items()})
        else:
            flat[name] = str(value)
    return flat


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of one language by key."""
    texts: dict[str, str] = {}
    for source in sorted(files(__package__).joinpath(language).iterdir(), key=lambda entry: entry.name):
        if source.name.endswith(".toml"):
            new = _flatten("", tomllib.loads(source.read_text(encoding="utf-8")))
            twice = texts.keys() & new.keys()
            if twice:
                raise ValueError(f"{language}/{source.name} repeats {sorted(twice)}")
            texts.update(new)
    return texts


def text(key: str, language: Language = "ja", /, **facts: object) -> str:
    """The words for a key, with facts inserted. Volunteers' languages fall back to Japanese.

    A fact that is a code is told by its word where the catalogue has one (`fact.<name>.<code>`).

    Raises:
        MissingTextError: if not even the Japanese catalogue has the key.
    """
    words = catalogue(language).get(key) or catalogue("ja").get(key)
    if words is None:
        raise MissingTextError(key)
    known = catalogue("ja")
    told = {
        name: known.get(f"fact.{name}.{value}", value) if type(value) is str else value
        for name, value in facts.items()
    }
    return words.format_map(_Facts(told))


def has_text(key: str) -> bool:
    """Whether the Japanese catalogue holds the key."""
    return key in catalogue("ja")


def describe(problem: Problem) -> dict[str, object]:
    """A problem as INTERFACES.md shows it: code, level, message, hint and where it stands."""
    shown: dict[str, object] = {
        "code": problem.code,
        "level": problem.level,
        "message": text(f"problem.{problem.code}", **problem.facts),
        "hint": text(f"problem.{problem.code}.hint", **problem.facts),
    }
    for place in ("file", "line", "row", "column"):
        if (value := getattr(problem, place)) is not None:
            shown[place] = value
    return shown


class _Facts(dict[str, object]):
    """A fact that a text names and a caller forgot stays visible as {name} instead of breaking the screen."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
