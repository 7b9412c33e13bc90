"""Passwords: argon2, and a wait that grows with wrong tries."""

import secrets
import unicodedata
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")

FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
MINIMUM_LENGTH = 8

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: codes are read aloud and typed by hand."""


def hash_password(password: str) -> str:
    """The argon2 hash to keep."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is right; without an account the same time is spent: names cannot be guessed."""
    try:
        right = _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def next_try(wrong: int, last: datetime | None) -> datetime | None:
    """When the next try is allowed after this many wrong ones in a row; None: at once."""
    if wrong < FREE_TRIES or last is None:
        return None
    return last + min(timedelta(seconds=2 ** (wrong - FREE_TRIES + 1)), LONGEST_WAIT)


def one_time_code() -> str:
    """Twelve letters in three groups, about 59 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def as_code(typed: str) -> str:
    """A typed one-time code in its one spelling: capitals, half-width, hyphens for any dash or space."""
    letters = [c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum()]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, len(letters), 4))
