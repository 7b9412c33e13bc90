"""Problems in people's own data (a spreadsheet, a manual, an address): values in a list, never exceptions."""

from typing import Literal

import msgspec

Level = Literal["error", "note"]
Fact = str | int | float | bool | None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person must mend. Words: `problem.<code>` and `problem.<code>.hint` in the catalogue.

    `line`, `row` and `column` count from 1, as an editor or a spreadsheet shows them.
    """

    code: str
    level: Level = "error"
    facts: dict[str, Fact] = {}
    file: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None
