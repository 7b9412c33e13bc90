"""The volunteer's QR code: what it says, who issued it, how it is drawn and read (受付・帰着).

Text of a code, ASCII, all of it in QR's alphanumeric set and unchanged by a typing scanner whose keyboard
layout is another one (letters, digits, `.` and `-` only):

    TSK1.<KEY ID>.<TOKEN>.<SIGNATURE>      TSK1.13210-A1B2.<26 characters>.<103 characters>

- `TSK1`: format, version 1. KEY ID: upper-cased id of the council's key (`dvc_core.tokens.keys`).
- TOKEN: 16 random bytes, base32 (RFC 4648, A-Z 2-7) without padding. No name, no number.
- SIGNATURE: Ed25519, 64 bytes, base32 without padding, over the ASCII bytes before the last dot.

So a page can check it with WebCrypto: split at the last dot, decode the signature, `verify("Ed25519", key,
signature, bytes of the rest)`, the key imported as "raw" from `PublicKey.base64url`. Spare bits at the end of
base32 text must be zero, and the text is read in upper case after NFKC, because scanners type with Caps Lock
or full-width input switched on.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

from dvc_core.tokens.keys import PublicKey, SigningKey, council_of, is_drill

TOKEN_BYTES = 16
_SIGNATURE_BYTES = 64
_MARK = "TSK1."
_LONGEST = 512
_SHAPE = re.compile(r"TSK1\.(?P<key>[A-Z0-9-]{4,31})\.(?P<token>[A-Z2-7]{26})\.(?P<signature>[A-Z2-7]{103})")
_ANY_VERSION = re.compile(r"TSK[0-9]{1,3}\.")

Reading = Literal["ours", "foreign", "not_ours", "forged", "unreadable"]
Reason = Literal["", "other_council", "other_key", "drill_card", "real_card", "cut_off", "other_version"]


class Verdict(msgspec.Struct, frozen=True):
    """What a scanned text turned out to be. `token` and `key_id` are set as far as they could be read.

    `foreign` is a code of this system under a key that is not ours: another council's, a drill's in a real
    center (and the other way round), or a key that this data folder does not hold; `reason` says which.
    `forged` names our key and its signature does not fit. `not_ours` is some other QR code.
    """

    reading: Reading
    token: bytes | None = None
    key_id: str | None = None
    reason: Reason = ""

    @property
    def words(self) -> str:
        """The catalogue's key for this verdict; with `.next` what to do. Takes the fact `key_id`."""
        return f"token.{self.reading}{'.' if self.reason else ''}{self.reason}"


def issue(key: SigningKey, token: bytes) -> str:
    """The text of a volunteer's code.

    Raises:
        ValueError: if the token has not 16 bytes.
    """
    if len(token) != TOKEN_BYTES:
        raise ValueError(f"a token has {TOKEN_BYTES} bytes, not {len(token)}")
    signed = f"{_MARK}{key.key_id.upper()}.{_base32(token)}"
    return f"{signed}.{_base32(key.sign(signed.encode('ascii')))}"


def read(payload: str, known: Iterable[PublicKey]) -> Verdict:
    """Tell whose code a text is. `known`: this database's own keys, present and retired (`KeyRing.known`)."""
    text = unicodedata.normalize("NFKC", payload[: _LONGEST + 1]).strip().upper()
    if not text or not text.isprintable():
        return Verdict("unreadable")
    if len(payload) > _LONGEST or not _ANY_VERSION.match(text):
        return Verdict("not_ours")
    found = _SHAPE.fullmatch(text)
    token = _bytes(found["token"], TOKEN_BYTES) if found else None
    if found is None or token is None or council_of(found["key"].lower()) is None:
        return Verdict("unreadable", reason="cut_off" if text.startswith(_MARK) else "other_version")
    key_id = found["key"].lower()
    keys = {key.key_id: key for key in known}
    if key_id not in keys:
        return Verdict("foreign", token, key_id, _whose(key_id, keys))
    signature = _bytes(found["signature"], _SIGNATURE_BYTES)
    signed = text.rpartition(".")[0].encode("ascii")
    genuine = signature is not None and keys[key_id].verify(signature, signed)
    return Verdict("ours" if genuine else "forged", token, key_id)


def _whose(key_id: str, ours: Iterable[str]) -> Reason:
    own = list(ours)
    if own and council_of(key_id) not in {council_of(mine) for mine in own}:
        return "other_council"
    if own and is_drill(key_id) != is_drill(own[0]):
        return "drill_card" if is_drill(key_id) else "real_card"
    return "other_key"


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")


def _bytes(text: str, size: int) -> bytes | None:
    """Bytes of base32 text, only from its one spelling: else a changed last letter could pass unseen."""
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    return raw if len(raw) == size and _base32(raw) == text else None
