"""The key of an enrolled tablet: made in its browser, never given out by it, asked for a signature each time.

ECDSA on P-256 with SHA-256, as WebCrypto signs: a cookie that was copied elsewhere comes without it.
"""

import base64
import binascii
import secrets
import uuid

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

_HALF = 32


def challenge() -> str:
    """A fresh word to sign."""
    return secrets.token_urlsafe(24)


def message(credential_id: uuid.UUID, word: str) -> bytes:
    """What the tablet signs; `station.js` writes the same."""
    return f"tasuki-station|{credential_id}|{word}".encode()


def public_key(spoken: str) -> ec.EllipticCurvePublicKey | None:
    """A key on P-256 from its base64url (SPKI); None for anything else."""
    try:
        key = load_der_public_key(_bytes(spoken))
    except (ValueError, UnsupportedAlgorithm):
        return None
    right = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    return key if isinstance(key, ec.EllipticCurvePublicKey) and right else None


def signed(spoken_key: str, credential_id: uuid.UUID, word: str, signature: str) -> bool:
    """Whether the holder of the key signed this very word."""
    key = public_key(spoken_key)
    try:
        raw = _bytes(signature)
    except ValueError:
        return False
    if key is None or len(raw) != 2 * _HALF:
        return False
    halves = (int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), message(credential_id, word), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _bytes(spoken: str) -> bytes:
    try:
        return base64.b64decode(spoken + "=" * (-len(spoken) % 4), altchars=b"-_", validate=True)
    except binascii.Error as bad:
        raise ValueError("no base64url") from bad
