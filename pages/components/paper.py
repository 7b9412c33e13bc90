"""What every sheet that a page prints carries: whose, when, by whom, the drill, a number of its own."""

from datetime import datetime
from typing import TypedDict

from dvc_core.access.sessions import Who
from dvc_core.domain.day import JAPAN
from pages._shell import services


class Furniture(TypedDict):
    """The fields that all forms share."""

    council: str
    printed_at: datetime
    printed_by: str
    drill: str | None


def now() -> datetime:
    """This moment, as sheets show it."""
    return services().clock.now().replace(microsecond=0)


def furniture(me: Who) -> Furniture:
    """The head and the foot."""
    return Furniture(
        council=services().council_name, printed_at=now(), printed_by=me.name, drill=services().drill
    )


def serial(letter: str) -> str:
    """A number by the moment of printing: two sheets of one list differ when the list may have."""
    return f"{letter}-{now().astimezone(JAPAN):%m%d-%H%M%S}"
