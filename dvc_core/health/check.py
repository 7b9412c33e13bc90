"""One answered question about the center's data or machine."""

from typing import Literal

import msgspec

from dvc_core.i18n import text

Level = Literal["ok", "warn", "bad"]
ORDER: tuple[Level, ...] = ("bad", "warn", "ok")


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A question (`code`), what was found (`state`) and how bad that is; words under `doctor.<code>.<state>`.

    `warn` asks for attention; only `bad` makes `tasuki doctor` end with 1.
    """

    code: str
    state: str
    level: Level
    facts: dict[str, str | int] = {}

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return self.level != "bad"

    @property
    def said(self) -> str:
        """What was found, in a sentence."""
        return text(f"doctor.{self.code}.{self.state}", **self.facts)

    @property
    def means(self) -> str:
        """What that means for the center."""
        return text(f"doctor.{self.code}.{self.state}.means", **self.facts)

    @property
    def todo(self) -> str:
        """What to do; empty while all is well."""
        return "" if self.level == "ok" else text(f"doctor.{self.code}.{self.state}.todo", **self.facts)


def fine(code: str, state: str = "fine", **facts: str | int) -> Check:
    """Well."""
    return Check(code=code, state=state, level="ok", facts=facts)


def warn(code: str, state: str, **facts: str | int) -> Check:
    """To be looked at."""
    return Check(code=code, state=state, level="warn", facts=facts)


def bad(code: str, state: str, **facts: str | int) -> Check:
    """Broken."""
    return Check(code=code, state=state, level="bad", facts=facts)


def by_need(checks: list[Check]) -> list[Check]:
    """What must be mended first; else in the order they were asked."""
    return sorted(checks, key=lambda check: ORDER.index(check.level))
