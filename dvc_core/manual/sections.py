"""班: data and not code, since every council cuts them its own way (practice 1.1); from `sections.toml`."""

from functools import lru_cache
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.problem import Problem
from dvc_core.manual.findings import Findings
from dvc_core.manual.source import Source, content, read_source
from dvc_core.manual.toml import line_of, parse_toml

FILE = Path(__file__).parents[2] / "data" / "reference" / "sections.toml"


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One 班. `role` is the role whose people work it; a 班 that is not `enabled` is not formed for now."""

    code: Code
    name: str
    order: int
    role: Code
    enabled: bool = True
    source: str = ""
    confirmed: bool = False


class Sections(msgspec.Struct, frozen=True):
    """All 班 in their order, and what is wrong with the list."""

    items: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()

    def find(self, written: str) -> Section | None:
        """The 班 that a text names by name or by code; 班 at the end may stand or be left out."""
        names = {written, written.removesuffix("班")}
        return next((item for item in self.items if names & {item.name, item.code}), None)

    def names(self) -> str:
        """The names of those that are formed, for a message."""
        return "、".join(item.name for item in self.items if item.enabled)


def read_sections(path: Path = FILE) -> Sections:
    """The list of 班. A list that cannot be read is empty and says why."""
    try:
        return _sections(path.name, content(str(path)))
    except OSError:
        return Sections((), (Problem(code="manual-sections-missing", file=path.name),))


@lru_cache(maxsize=8)
def _sections(name: str, content: bytes) -> Sections:
    """The same bytes are the same list: screens ask for it at every redraw."""
    source = read_source(name, content)
    table, broken = parse_toml(source)
    entries = table.get("section")
    items: list[Section] = []
    problems = [*source.problems, *broken]
    if not broken and not (isinstance(entries, list) and entries):
        problems.append(Problem(code="manual-sections-missing", file=name))
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        if isinstance(read := _entry(source, number, entry, items), Problem):
            problems.append(read)
        else:
            items.append(read)
    return Sections(tuple(sorted(items, key=lambda item: item.order)), tuple(problems))


def _entry(source: Source, number: int, entry: object, before: list[Section]) -> Section | Problem:
    found = Findings(source.name)
    line = line_of(source, "code", "section", number)
    try:
        item = msgspec.convert(entry, Section)
    except msgspec.ValidationError:
        found.error("manual-section-entry", line, number=number)
        return found.problems[0]
    if any({item.code, item.name} & {other.code, other.name} for other in before):
        found.error("manual-section-entry-twice", line, name=item.name)
        return found.problems[0]
    return item
