"""The status file `tasuki-board/1`: written from a state, read from bytes of anyone (情報共有)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn

import msgspec

from dvc_core.domain.board import FileReading, Signed
from dvc_core.domain.board_facts import Amount, Told
from dvc_core.domain.kernel import Code

FORMAT = "tasuki-board/1"
MOST_BYTES = 65_536
"""A whole state takes about one kilobyte; what is larger is another file."""


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    format: Literal["tasuki-board/1"]
    council_code: Code
    key_id: Code
    number: Amount
    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    state: Told


def document(council_code: str, number: int, as_of: datetime, told: Told, public_key: str) -> dict[str, Any]:
    """What is signed. `public_key`: 32 bytes as base64url; `as_of` to the second, in UTC."""
    return {
        "format": FORMAT,
        "council_code": council_code,
        "number": number,
        "as_of": as_of.astimezone(UTC).isoformat(timespec="seconds"),
        "state": msgspec.to_builtins(told),
        "public_key": public_key,
    }


def written(signed: dict[str, Any]) -> bytes:
    """The bytes of a signed document, in the one spelling that is signed, with its line end."""
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def _no_fraction(said: str) -> NoReturn:
    raise ValueError(f"a fraction: {said[:20]}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice, and readers differ in which one they take")
    return found


def opened(raw: bytes) -> dict[str, Any] | None:
    """The document in a file, or None when it is none: too large, no JSON object, fractions, a key twice."""
    if len(raw) > MOST_BYTES:
        return None
    try:
        found = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def reading(
    raw: bytes, found: dict[str, Any] | None, *, signed: Signed, content: bytes, public_key: str | None
) -> FileReading:
    """A file in the words of the rules.

    `content` is the canonical document (empty: none), `public_key` the hex of the key that verifies. A
    document that the format does not allow is forged, whoever signed it.
    """
    digest = hashlib.sha256(content or raw).hexdigest()
    try:
        told = msgspec.convert(found, _Envelope)
    except msgspec.MsgspecError:
        return FileReading(digest=digest, signed=Signed.FORGED)
    return FileReading(
        digest=digest,
        signed=signed,
        council_code=told.council_code,
        key_id=told.key_id,
        public_key=public_key,
        number=told.number,
        as_of=told.as_of,
        told=told.state,
    )
