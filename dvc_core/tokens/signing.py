"""Signed documents: the status file `tasuki-board/1` that councils of a block send each other (INTERFACES).

The signature is Ed25519 over the canonical JSON of the document without its `signature`: sorted keys, no
spaces, UTF-8. It stands in the document as base64url text; `key_id` names the key.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from dvc_core.tokens.keys import PublicKey, SigningKey, decode, encode, short_name

SIGNATURE = "signature"
SignatureVerdict = Literal["valid", "forged", "unknown_key"]


class NotCanonicalError(ValueError):
    """The document has no one spelling: a fraction, a key that is no text, half a character."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one spelling of a document, without its signature.

    Raises:
        NotCanonicalError: if JSON has no one spelling for it.
    """
    unsigned = {key: value for key, value in document.items() if key != SIGNATURE}
    try:
        text = json.dumps(
            unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as broken:
        raise NotCanonicalError(str(broken)) from broken


def sign(document: Mapping[str, Any], key: SigningKey) -> dict[str, Any]:
    """The document with `key_id` and `signature`.

    Raises:
        NotCanonicalError: also for fractions, which other languages spell differently.
    """
    signed = {**document, "key_id": key.key_id}
    signed.pop(SIGNATURE, None)
    _refuse_fractions(signed)
    signed[SIGNATURE] = encode(key.sign(canonical(signed)))
    return signed


def verify(document: Mapping[str, Any], known: Iterable[PublicKey]) -> SignatureVerdict:
    """Whether the key that the document names signed it; a council's key speaks for that council only."""
    key_id = document.get("key_id")
    key = next((key for key in known if key.key_id == key_id), None)
    if key is None:
        return "unknown_key"
    if document.get("council_code", key.council) != key.council:
        return "forged"
    try:
        signature = decode(str(document.get(SIGNATURE, "")))
        return "valid" if key.verify(signature, canonical(document)) else "forged"
    except ValueError:
        return "forged"


def carried(found: Mapping[str, Any]) -> PublicKey | None:
    """The key that the file brings along, when it fits its own id."""
    try:
        key = PublicKey.parse(str(found.get("key_id")), str(found.get("public_key")))
    except ValueError:
        return None
    return key if key.key_id.endswith(f"-{short_name(key.raw)}") else None


def spelled_plainly(found: Mapping[str, Any]) -> bool:
    """Base64 leaves bits over at its end; only the spelling without them passes: no other character."""
    said = str(found.get(SIGNATURE, ""))
    try:
        return encode(decode(said)) == said.strip().rstrip("=").replace("+", "-").replace("/", "_")
    except ValueError:
        return False


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise NotCanonicalError(f"a fraction has no one spelling in JSON: {value}")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise NotCanonicalError(f"a key that is no text: {key!r}")
            _refuse_fractions(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_fractions(inner)
