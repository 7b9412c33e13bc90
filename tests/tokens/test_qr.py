"""The volunteer's code: ours, another's, a drill's, forged, or no code of ours at all."""

import secrets
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.i18n import text
from dvc_core.tokens.keys import SigningKey, generate
from dvc_core.tokens.qr import Verdict, issue, read

NOW = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)
KOGANEI = generate("13210", NOW)
CHOFU = generate("13208", NOW)
DRILL = generate("13210", NOW, drill=True)
KNOWN = (KOGANEI.public,)
TOKEN = bytes(range(16))
CARD = issue(KOGANEI, TOKEN)


def normal(payload: str) -> str:
    return unicodedata.normalize("NFKC", payload).strip().upper()


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=16, max_size=16))
def test_a_token_comes_back_from_its_code(token):
    assert read(issue(KOGANEI, token), KNOWN) == Verdict("ours", token, KOGANEI.key_id)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(CARD) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") | st.characters()
)
def test_a_changed_character_is_never_ours(place, character):
    changed = CARD[:place] + character + CARD[place + 1 :]
    if normal(changed) != CARD:
        assert read(changed, KNOWN).reading != "ours"


def test_every_single_change_of_the_last_letter_is_seen():
    """The last letter of base32 holds spare bits: a lenient decoder takes eight of them for the same."""
    for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
        if character != CARD[-1]:
            assert read(CARD[:-1] + character, KNOWN).reading == "forged"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(CARD)), st.integers(0, len(CARD)))
def test_a_part_of_a_code_is_never_ours(start, end):
    if CARD[start:end] != CARD:
        assert read(CARD[start:end], KNOWN).reading in {"unreadable", "not_ours"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600))
def test_any_text_gets_a_verdict(payload):
    assert read(payload, KNOWN).reading in {"unreadable", "not_ours"}


def test_a_code_holds_no_name_and_is_alphanumeric_for_a_qr():
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert set(CARD) <= allowed
    assert len(CARD) == 146


def test_another_councils_code_is_foreign():
    card = issue(CHOFU, TOKEN)
    assert read(card, KNOWN) == Verdict("foreign", TOKEN, CHOFU.key_id, "other_council")


def test_a_drills_code_is_foreign_in_the_real_center_and_the_other_way_round():
    assert read(issue(DRILL, TOKEN), KNOWN).reason == "drill_card"
    verdict = read(CARD, (DRILL.public,))
    assert (verdict.reading, verdict.reason) == ("foreign", "real_card")


def test_a_key_of_ours_that_this_machine_does_not_hold_is_told_as_such():
    lost = generate("13210", NOW, taken={KOGANEI.key_id})
    assert read(issue(lost, TOKEN), KNOWN) == Verdict("foreign", TOKEN, lost.key_id, "other_key")
    assert read(CARD, ()).reading == "foreign"


def test_a_retired_key_still_reads():
    newer = generate("13210", NOW, taken={KOGANEI.key_id})
    assert read(CARD, (newer.public, KOGANEI.public)).reading == "ours"


def test_our_key_id_over_another_signature_is_forged():
    forger = SigningKey(KOGANEI.key_id, secrets.token_bytes(32), NOW)
    verdict = read(issue(forger, TOKEN), KNOWN)
    assert verdict == Verdict("forged", TOKEN, KOGANEI.key_id)


def test_a_signature_of_another_token_is_forged():
    other = issue(KOGANEI, bytes(16))
    mixed = CARD.rpartition(".")[0] + "." + other.rpartition(".")[2]
    assert read(mixed, KNOWN).reading == "forged"


@pytest.mark.parametrize(
    "typed",
    [
        CARD.lower(),  # Caps Lock
        CARD + "\r\n",  # the scanner's own Enter
        "".join(chr(ord(letter) + 0xFEE0) for letter in CARD),  # full-width input switched on
    ],
)
def test_a_typing_scanner_with_the_wrong_mode_still_reads(typed):
    assert read(typed, KNOWN).reading == "ours"


@pytest.mark.parametrize(
    "payload", ["https://example.invalid/", "012", "TASUKI", "日本", "WIFI:S:x;;", "x" * 5000]
)
def test_some_other_code_is_not_ours(payload):
    assert read(payload, KNOWN) == Verdict("not_ours")


@pytest.mark.parametrize("payload", ["", "  \n", "\x00", "TSK1.\x00", "a\u202eb"])
def test_nothing_and_control_characters_are_unreadable(payload):
    assert read(payload, KNOWN).reading == "unreadable"


@pytest.mark.parametrize("end", [5, 20, 60, 145])
def test_a_code_cut_off_in_typing_says_so(end):
    assert read(CARD[:end], KNOWN).reason == "cut_off"


def test_two_codes_typed_into_one_field_are_not_read_as_one():
    assert read(CARD + CARD, KNOWN).reading == "unreadable"


def test_a_later_version_says_so():
    assert read("TSK2" + CARD[4:], KNOWN).reason == "other_version"


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_token_of_another_size_is_not_issued(size):
    with pytest.raises(ValueError, match="16 bytes"):
        issue(KOGANEI, bytes(size))


@pytest.mark.parametrize("language", ["ja", "easy", "en"])
def test_every_verdict_has_words_in_every_language(language):
    payloads = [CARD, issue(CHOFU, TOKEN), issue(DRILL, TOKEN), "x", "", CARD[:30], "TSK2" + CARD[4:]]
    payloads += [issue(generate("13210", NOW, taken={KOGANEI.key_id}), TOKEN), CARD[:-1] + "!"]
    payloads.append(issue(SigningKey(KOGANEI.key_id, bytes(32), NOW), TOKEN))
    verdicts = [read(payload, KNOWN) for payload in payloads] + [read(CARD, (DRILL.public,))]
    assert {verdict.reading for verdict in verdicts} == {
        "ours",
        "foreign",
        "not_ours",
        "forged",
        "unreadable",
    }
    shown = {
        text(f"{verdict.words}{part}", language, key_id=verdict.key_id)
        for verdict in verdicts
        for part in ("", ".next")
    }
    assert all("{" not in words for words in shown)
    assert len({verdict.words for verdict in verdicts}) == 10
