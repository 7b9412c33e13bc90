"""A council's Ed25519 keys: they sign the volunteers' QR codes (受付) and the block's status file (状況共有).

A key's id names the council and the key (`13210-a1b2`); its last four characters come from the key itself. A
drill has keys of its own (`drill-13210-a1b2`), so that a drill's card is never taken for a real one.
"""

import base64
import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from typing import Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DRILL_PREFIX = "drill-"
KEY_ID = re.compile(r"(?P<drill>drill-)?(?P<council>(?!drill-)[a-z0-9]{1,16})-(?P<short>[0-9a-z]{2,8})")
RAW_BYTES = 32


def encode(raw: bytes) -> str:
    """Bytes as base64url without padding, as keys and signatures stand in files and in a JWK."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Bytes of base64 or base64url text, padded or not.

    Raises:
        ValueError: if the text is neither.
    """
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except ValueError as broken:
        raise ValueError("not base64") from broken
    return raw


def council_of(key_id: str) -> str | None:
    """The council that a key id names, or None when it is no key id."""
    found = KEY_ID.fullmatch(key_id)
    return found["council"] if found else None


def is_drill(key_id: str) -> bool:
    """Whether a key id is a drill's."""
    return key_id.startswith(DRILL_PREFIX)


class PublicKey(msgspec.Struct, frozen=True):
    """The half of a key that anyone may have: 32 bytes and the id that goes with them."""

    key_id: str
    raw: bytes

    @classmethod
    def parse(cls, key_id: str, text: str) -> Self:
        """A key from its id and its base64url text, as another council hands it over.

        Raises:
            ValueError: if the id is none or the text is not 32 bytes.
        """
        raw = decode(text)
        if council_of(key_id) is None or len(raw) != RAW_BYTES:
            raise ValueError(f"not the public key {key_id!r}")
        return cls(key_id, raw)

    @property
    def council(self) -> str:
        """The council's code in the key id."""
        return council_of(self.key_id) or ""

    @property
    def base64url(self) -> str:
        """The 32 bytes as text, for the kiosk page: a "raw" key of WebCrypto, or the `x` of a JWK."""
        return encode(self.raw)

    def fingerprint(self) -> str:
        """Twelve groups of four digits, to be read out on the telephone (INTERFACES: status file).

        SHA-256 over the id, a zero byte and the 32 bytes; its number modulo 10**48.
        """
        digest = hashlib.sha256(self.key_id.encode() + b"\0" + self.raw).digest()
        digits = f"{int.from_bytes(digest) % 10**48:048d}"
        return " ".join(digits[start : start + 4] for start in range(0, 48, 4))

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this key's secret half signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey(msgspec.Struct, frozen=True):
    """A whole key. Its text never shows the secret half, so that no log or error message does."""

    key_id: str
    seed: bytes
    made_at: datetime

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id!r})"

    @property
    def public(self) -> PublicKey:
        """The half that verifies."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(self.key_id, key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The signature: 64 bytes, the same for the same message."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def short_name(raw: bytes) -> str:
    """Our own ids follow from the key, so that one flipped bit in a file cannot pass for another key."""
    return hashlib.sha256(raw).hexdigest()[:4]


def generate(
    council: str, made_at: datetime, *, drill: bool = False, taken: Collection[str] = ()
) -> SigningKey:
    """A new key of a council, with an id that is not among those taken."""
    if not re.fullmatch(r"[a-z0-9]{1,16}", council):
        raise ValueError(f"not a council code: {council!r}")
    while True:
        secret = Ed25519PrivateKey.generate()
        short = short_name(secret.public_key().public_bytes_raw())
        key_id = f"{DRILL_PREFIX if drill else ''}{council}-{short}"
        if key_id not in taken:
            return SigningKey(key_id, secret.private_bytes_raw(), made_at)
