"""暗証番号: four to six digits by which a person takes a station over (交代). It opens nothing else.

So few digits are no secret by themselves. They work only on an enrolled tablet, wrong tries are counted for
the person and for the tablet, and after `DEAD_AFTER` in a row the number is dead until it is chosen anew.
"""

import re
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from dvc_core.domain.account import Account, OperatorReading, PasswordHash
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp, Technical

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
DEAD_AFTER = 20
"""Wrong tries in a row: with 9,974 numbers of four digits to choose from, one guesser in 500 hits."""

_SHAPE = re.compile(r"[0-9]{4,6}")
_UP, _DOWN = "01234567890", "09876543210"


class Pin(Technical, frozen=True, kw_only=True):
    """The hash of a person's number; the id is the account's."""

    table: ClassVar[str] = "pin"
    hash: str
    set_at: datetime


class PinTries(Technical, frozen=True, kw_only=True):
    """Wrong tries in a row, of a person or on a station."""

    table: ClassVar[str] = "pin_tries"
    wrong: int = 0
    last_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When the next try is allowed; None: at once."""
        if self.wrong < FREE_TRIES or self.last_at is None:
            return None
        doubled: timedelta = FIRST_WAIT * (1 << min(self.wrong - FREE_TRIES, 10))
        return self.last_at + min(doubled, LONGEST_WAIT)


class PinSet(Event, frozen=True, kw_only=True):
    """A person has a number to take stations over with."""

    kind: ClassVar[str] = "account.pin_set"
    subject: ClassVar[type[Row]] = Account

    def evolve(self, row: Account, stamp: Stamp) -> Account:
        """Nothing of the account itself changes."""
        return row


def fault(pin: str) -> str | None:
    """Why these digits are none to choose: `pin-shape`, or `pin-weak` for 0000 and 1234."""
    if not _SHAPE.fullmatch(pin):
        return "pin-shape"
    return "pin-weak" if len(set(pin)) == 1 or pin in _UP or pin in _DOWN else None


def choose(
    account: Account | None,
    hashed: PasswordHash,
    tries: PinTries,
    *,
    now: datetime,
    reading: OperatorReading | None = None,
) -> Decision:
    """A new number; wrong tries with the old one are forgotten."""
    if account is None or account.disabled_at is not None:
        return Refusal("account-unknown")
    rows = (Pin(id=account.id, hash=hashed, set_at=now), msgspec.structs.replace(tries, wrong=0))
    return Outcome(events=(PinSet(id=account.id),), rows=(*rows, *((reading,) if reading else ())))
