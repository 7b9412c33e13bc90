"""`edition.toml`: what an edition is called, whom it serves, and the functions of a BCP."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.problem import Fact, Problem
from dvc_core.manual.edition import UNCONFIRMED, BusinessFunction, Kind, Ownership, Unconfirmed
from dvc_core.manual.findings import Findings
from dvc_core.manual.source import Source
from dvc_core.manual.toml import line_of, parse_toml

FILE = "edition.toml"
_KEYS = ("name", "edition", "title", "council", "kind", "next_review", "changelog", "function")
_FUNCTION_KEYS = ("code", "name", "ownership", "consignor", "desk", "tolerable", "priority", "source")
_CODE = re.compile(r"[a-z0-9._-]{1,64}")
_SPAN = re.compile(r"([0-9]{1,4})(分|時間|日)")
_SPAN_MINUTES = {"分": 1, "時間": 60, "日": 1440}
_Words = TypeVar("_Words", bound=StrEnum)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What `edition.toml` says; None where it says nothing that can be used."""

    name: Code | None = None
    edition: Code | None = None
    title: str = ""
    council: str = ""
    kind: Kind | None = None
    next_review: date | None = None
    changelog: tuple[str, ...] = ()
    functions: tuple[BusinessFunction, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
    problems: tuple[Problem, ...] = ()


def is_code(written: str) -> bool:
    """Whether a word may stand in the journal: 1 to 64 of a-z, 0-9, dot, hyphen, underscore."""
    return _CODE.fullmatch(written) is not None


def read_settings(source: Source) -> Settings:
    """The settings of an edition, with a problem for each key that is missing or cannot be used."""
    table, broken = parse_toml(source)
    if broken:
        return Settings(problems=(*source.problems, *broken))
    found = Findings(source.name)
    reader = _Reader(source, found, table, _KEYS)
    kind = reader.choice("kind", Kind, "manual-kind-unknown")
    functions = _functions(source, found, table, kind)
    return Settings(
        name=reader.code("name"),
        edition=reader.code("edition"),
        title=reader.text("title") or "",
        council=reader.text("council") or "",
        kind=kind,
        next_review=reader.day("next_review"),
        changelog=reader.texts("changelog"),
        functions=functions,
        unconfirmed=tuple(_unconfirmed(source)),
        problems=(*source.problems, *found.problems),
    )


class _Reader:
    """The keys of one table of `edition.toml`, and what is wrong with them."""

    def __init__(
        self, source: Source, found: Findings, table: dict[str, Any], keys: tuple[str, ...], entry: int = 0
    ) -> None:
        self.source, self.found, self.table, self.entry = source, found, table, entry
        self.unconfirmed: list[str] = []
        for key in table.keys() - set(keys):
            self.wrong("manual-key-unknown", key, keys="、".join(keys))

    def wrong(self, code: str, key: str, **facts: Fact) -> None:
        """Note a problem at the line of a key."""
        line = line_of(self.source, key, "function" if self.entry else None, self.entry or 1)
        self.found.error(code, line, key=key, **facts)

    def text(self, key: str, *, needed: bool = True) -> str | None:
        """A text that is not empty."""
        value = self.table.get(key)
        if value is None and not needed:
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong("manual-key-missing" if value is None else "manual-key-text", key)
            return None
        if UNCONFIRMED in value:
            self.unconfirmed.append(key)
        return value.strip()

    def code(self, key: str) -> str | None:
        """A text that may stand in the journal."""
        value = self.text(key)
        if value is not None and not is_code(value):
            self.wrong("manual-key-code", key, value=value)
            return None
        return value

    def choice(self, key: str, kind: type[_Words], code: str) -> _Words | None:
        """One of the words of an enumeration; `code` is the problem of any other word."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            self.wrong(code, key, value=value)
            return None

    def day(self, key: str) -> date | None:
        """A date, as TOML has it or as a text; 未確認 is none."""
        value = self.table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            if not (isinstance(value, str) and UNCONFIRMED in value):
                self.wrong("manual-key-date" if key in self.table else "manual-key-missing", key)
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.table.get(key, [])
        entries = [value] if isinstance(value, str) else value
        if not (isinstance(entries, list) and all(isinstance(entry, str) for entry in entries)):
            self.wrong("manual-key-texts", key)
            return ()
        if key not in self.table:
            self.wrong("manual-key-missing", key)
        return tuple(entries)

    def minutes(self, key: str) -> int | None:
        """A span of time (`N分|N時間|N日`) in minutes; 未確認 is none."""
        value = self.text(key, needed=False)
        if value is None or UNCONFIRMED in value:
            return None
        if not (found := _SPAN.fullmatch(unicodedata.normalize("NFKC", value).replace(" ", ""))):
            self.wrong("manual-key-span", key, value=value)
            return None
        return int(found[1]) * _SPAN_MINUTES[found[2]]


def _functions(
    source: Source, found: Findings, table: dict[str, Any], kind: Kind | None
) -> tuple[BusinessFunction, ...]:
    entries = table.get("function", [])
    line = line_of(source, "code", "function")
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        found.error("manual-function-table", line_of(source, "function"))
        return ()
    if kind is Kind.CENTER and entries:
        found.error("manual-function-in-center", line)
    if kind is Kind.BCP and not entries:
        found.error("manual-function-none", line)
    functions: list[BusinessFunction] = []
    for number, entry in enumerate(entries, 1):
        reader = _Reader(source, found, entry, _FUNCTION_KEYS, number)
        function = _function(reader)
        if function is None:
            continue
        if any({function.code, function.name} & {other.code, other.name} for other in functions):
            reader.wrong("manual-function-twice", "code", name=function.name)
            continue
        functions.append(function)
    return tuple(functions)


def _function(reader: _Reader) -> BusinessFunction | None:
    code, name = reader.code("code"), reader.text("name")
    ownership = reader.choice("ownership", Ownership, "manual-ownership-unknown")
    consignor = reader.text("consignor", needed=ownership is Ownership.COMMISSIONED)
    desk, source = reader.text("desk", needed=False), reader.text("source", needed=False)
    minutes, priority = reader.minutes("tolerable"), reader.text("priority", needed=False)
    if ownership is Ownership.UNCONFIRMED:
        reader.unconfirmed.append("ownership")
    if code is None or name is None or ownership is None:
        return None
    return BusinessFunction(
        code=code,
        name=name,
        ownership=ownership,
        consignor=consignor,
        desk=desk,
        tolerable_minutes=minutes,
        priority=priority,
        source=source,
        unconfirmed_fields=tuple(key for key in _FUNCTION_KEYS if key in reader.unconfirmed),
    )


def _unconfirmed(source: Source) -> Iterator[Unconfirmed]:
    """The places marked 未確認, each with the name of the function that it stands in."""
    title = source.name
    for number, line in enumerate(source.lines, 1):
        key, _, value = (part.strip() for part in line.partition("="))
        value = value.strip("\"',")
        if key.startswith("[["):
            title = source.name
        elif key == "name":
            title = value
        elif not key.startswith("#") and (UNCONFIRMED in line or value == Ownership.UNCONFIRMED):
            yield Unconfirmed(file=source.name, line=number, field=key, text=value or key, title=title)
