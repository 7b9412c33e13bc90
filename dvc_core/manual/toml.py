"""TOML that people edit: the table, or the line at which it breaks; and the line of a key, for messages."""

import re
import tomllib
from typing import Any

from dvc_core.domain.problem import Problem
from dvc_core.manual.findings import Findings
from dvc_core.manual.source import Source

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def parse_toml(source: Source) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The table of a TOML text; empty, with the line of the first mistake, when it is none."""
    try:
        return tomllib.loads(source.text), ()
    except (ValueError, RecursionError) as error:
        # An error "at end of document" has no line of its own: what was never closed began before it.
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else len(source.lines)
        shown = source.lines[line - 1].strip()[:40] if line <= len(source.lines) else ""
        found = Findings(source.name)
        found.error("manual-toml-broken", line, text=shown)
        return {}, tuple(found.problems)


def line_of(source: Source, key: str, table: str | None = None, number: int = 1) -> int:
    """The line of a key, at the top or in the nth `[[table]]`; where the key is missing, that of its table.

    The top's keys end where the first table begins.
    """
    heads = [
        index
        for index, line in enumerate(source.lines)
        if table and re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)
    ]
    start = heads[number - 1] if number <= len(heads) else 0
    for index in range(start, len(source.lines)):
        line = source.lines[index]
        if line.lstrip().startswith("[") and index != start:
            break
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return index + 1
    return start + 1
