"""Signed documents: one spelling, one signature, a council's key for that council only."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.tokens.keys import decode, generate
from dvc_core.tokens.signing import NotCanonicalError, canonical, sign, verify

NOW = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)
KOGANEI = generate("13210", NOW)
CHOFU = generate("13208", NOW)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
documents = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(
        lambda key: key not in {"signature", "key_id", "council_code"}
    ),
    values,
    max_size=5,
)


def test_the_canonical_form_is_sorted_without_spaces_in_utf8():
    document = {"state": {"名": "小金井", "a": [1, None, True]}, "number": 3, "signature": "x"}
    assert canonical(document) == '{"number":3,"state":{"a":[1,null,true],"名":"小金井"}}'.encode()


@settings(max_examples=60, deadline=None)
@given(documents)
def test_a_signed_document_survives_being_written_and_read(document):
    signed = sign(document, KOGANEI)
    assert verify(json.loads(json.dumps(signed, indent=3)), [CHOFU.public, KOGANEI.public]) == "valid"


@settings(max_examples=60, deadline=None)
@given(documents, st.text(st.characters(exclude_categories=["Cs"]), max_size=8), values)
def test_any_change_is_seen(document, key, value):
    signed = sign(document, KOGANEI)
    changed = {**signed, key: value}
    if key not in {"signature", "key_id", "council_code"} and canonical(changed) != canonical(signed):
        assert verify(changed, [KOGANEI.public]) == "forged"


def test_someone_elses_program_verifies_it_from_the_description_alone():
    signed = sign({"format": "tasuki-board/1", "council_code": "13210", "number": 1}, KOGANEI)
    signature = decode(signed.pop("signature"))
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    Ed25519PublicKey.from_public_bytes(KOGANEI.public.raw).verify(signature, text)


def test_signing_again_replaces_key_and_signature():
    first = sign({"number": 1}, KOGANEI)
    assert verify(sign(first, CHOFU), [CHOFU.public]) == "valid"


def test_a_key_that_nobody_compared_is_unknown():
    assert verify(sign({"number": 1}, CHOFU), [KOGANEI.public]) == "unknown_key"
    assert verify({"number": 1}, [KOGANEI.public]) == "unknown_key"
    assert verify({"key_id": ["x"]}, [KOGANEI.public]) == "unknown_key"


def test_a_councils_key_does_not_speak_for_another_council():
    assert verify(sign({"council_code": "13208"}, KOGANEI), [KOGANEI.public]) == "forged"
    assert verify(sign({"council_code": "13210"}, KOGANEI), [KOGANEI.public]) == "valid"


@pytest.mark.parametrize("signature", [None, "", "?", 7, [], "A" * 86])
def test_a_missing_or_broken_signature_is_forged(signature):
    assert verify({"key_id": KOGANEI.key_id, "signature": signature}, [KOGANEI.public]) == "forged"


def test_another_base64_spelling_of_the_signature_is_read():
    signed = sign({"number": 1}, KOGANEI)
    standard = signed["signature"].replace("-", "+").replace("_", "/") + "=="
    assert verify({**signed, "signature": standard}, [KOGANEI.public]) == "valid"


@pytest.mark.parametrize(
    "document",
    [{"a": 0.5}, {"a": [{"b": float("nan")}]}, {"a": {1: 2}}, {"a": "\ud800"}, {"a": {1, 2}}, {1: 1, "a": 2}],
)
def test_what_has_no_one_spelling_is_not_signed(document):
    with pytest.raises(NotCanonicalError):
        sign(document, KOGANEI)


def test_a_hostile_document_is_forged_and_no_error():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    hostile = {"key_id": KOGANEI.key_id, "signature": "A" * 86, "a": deep}
    assert verify(hostile, [KOGANEI.public]) == "forged"
    while deep:  # taken apart by hand: freeing it in one go would recurse as well
        deep = deep[0]
