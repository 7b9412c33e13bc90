"""A council's keys: made once, kept for the owner only, told apart from a drill's and another council's."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.i18n import describe
from dvc_core.tokens.keyring import load, open_ring, save
from dvc_core.tokens.keys import PublicKey, SigningKey, council_of, decode, encode, generate, is_drill

NOW = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_a_key_id_names_council_and_key_and_follows_from_the_key():
    key = generate("13210", NOW)
    assert council_of(key.key_id) == "13210"
    assert not is_drill(key.key_id)
    assert len(key.key_id) == len("13210-a1b2")
    assert generate("13210", NOW).key_id != key.key_id


def test_a_drill_has_key_ids_of_its_own():
    key = generate("13210", NOW, drill=True)
    assert key.key_id.startswith("drill-13210-")
    assert is_drill(key.key_id)
    assert council_of(key.key_id) == "13210"


@pytest.mark.parametrize("council", ["", "小金井", "13210-x", "A", "1" * 17])
def test_a_council_code_that_a_key_id_cannot_hold_is_refused(council):
    with pytest.raises(ValueError, match="council code"):
        generate(council, NOW)


def test_a_new_key_never_takes_an_id_in_use(monkeypatch):
    first = generate("13210", NOW)
    seeds = iter([first, generate("13210", NOW)])

    class Next:
        @staticmethod
        def generate():
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            return Ed25519PrivateKey.from_private_bytes(next(seeds).seed)

    monkeypatch.setattr("dvc_core.tokens.keys.Ed25519PrivateKey.generate", Next.generate)
    assert generate("13210", NOW, taken={first.key_id}).key_id != first.key_id


def test_the_secret_half_is_in_no_text_of_the_key():
    key = generate("13210", NOW)
    for shown in (repr(key), str(key), f"{key}", repr([key])):
        assert encode(key.seed) not in shown
        assert key.seed.hex() not in shown
        assert repr(key.seed) not in shown


def test_the_fingerprint_is_twelve_groups_of_four_digits_and_belongs_to_one_key_and_id():
    public = SigningKey("13210-a1b2", bytes(range(32)), NOW).public
    groups = public.fingerprint().split(" ")
    assert [len(group) for group in groups] == [4] * 12
    assert all(group.isascii() and group.isdigit() for group in groups)
    assert public.fingerprint() == PublicKey(public.key_id, public.raw).fingerprint()
    assert PublicKey("13208-a1b2", public.raw).fingerprint() != public.fingerprint()
    assert generate("13210", NOW).public.fingerprint() != public.fingerprint()


def test_the_fingerprint_stays_what_was_read_out_on_the_telephone():
    """Frozen: a release that computes it another way would make every compared key look exchanged."""
    public = PublicKey("13210-a1b2", bytes(range(32)))
    assert public.fingerprint() == "4089 8206 6623 9163 4909 6764 5777 7500 8708 4157 4128 6953"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_survive_their_text(raw):
    assert decode(encode(raw)) == raw
    assert decode(encode(raw) + "==") == raw


@pytest.mark.parametrize("text", ["é", "a", "ab!d", "ab cd"])
def test_text_that_is_no_base64_is_refused(text):
    with pytest.raises(ValueError, match="base64"):
        decode(text)


def test_a_public_key_comes_back_from_what_another_council_hands_over():
    public = generate("13208", NOW).public
    assert PublicKey.parse(public.key_id, public.base64url) == public


@pytest.mark.parametrize(
    ("key_id", "text"), [("13208", "A" * 43), ("13208-a1b2", "A" * 42), ("..", "A" * 43)]
)
def test_something_that_is_no_public_key_is_refused(key_id, text):
    with pytest.raises(ValueError, match=r"public key|base64"):
        PublicKey.parse(key_id, text)


def test_a_signature_fits_only_its_message_and_key():
    key, other = generate("13210", NOW), generate("13210", NOW)
    signature = key.sign(b"message")
    assert key.public.verify(signature, b"message")
    assert not key.public.verify(signature, b"another")
    assert not other.public.verify(signature, b"message")
    assert not key.public.verify(b"short", b"message")
    assert not PublicKey("13210-a1b2", b"short").verify(signature, b"message")


def test_the_first_start_makes_a_key_and_the_next_one_opens_it(folder):
    first = open_ring(folder, "13210", NOW)
    again = open_ring(folder, "13210", NOW + timedelta(days=1))
    assert again == first
    assert again.known == (first.current.public,)
    assert again.problems == ()


def test_the_secret_file_is_readable_by_its_owner_only(folder):
    ring = open_ring(folder, "13210", NOW)
    secret = folder / f"{ring.current.key_id}.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_secret_file_that_others_could_read_is_closed_and_told(folder):
    ring = open_ring(folder, "13210", NOW)
    secret = folder / f"{ring.current.key_id}.key"
    secret.chmod(0o644)
    again = open_ring(folder, "13210", NOW)
    assert [(problem.code, problem.level) for problem in again.problems] == [
        ("key-readable-by-others", "note")
    ]
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert again.current == ring.current


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'{"format":"tasuki-key/1"}'])
def test_a_broken_secret_is_set_aside_and_its_cards_are_still_known(folder, damage):
    ring = open_ring(folder, "13210", NOW)
    secret = folder / f"{ring.current.key_id}.key"
    secret.write_bytes(damage)
    again = open_ring(folder, "13210", NOW + timedelta(days=1))
    assert [(problem.code, problem.level) for problem in again.problems] == [("key-broken", "error")]
    assert again.current.key_id != ring.current.key_id
    assert ring.current.public in again.known
    assert (folder / f"{secret.name}.broken-1").read_bytes() == damage
    shown = describe(again.problems[0])
    assert ring.current.key_id in str(shown["message"])
    assert open_ring(folder, "13210", NOW).problems == ()


def test_a_secret_put_back_from_the_backup_is_used_again(folder):
    ring = open_ring(folder, "13210", NOW)
    secret = folder / f"{ring.current.key_id}.key"
    whole = secret.read_bytes()
    secret.write_bytes(whole[:20])
    open_ring(folder, "13210", NOW + timedelta(days=1))
    secret.write_bytes(whole)
    secret.chmod(0o600)
    assert {key.key_id for key in load(folder, "13210")[0]} >= {ring.current.key_id}


def test_one_flipped_bit_of_the_secret_is_seen(folder):
    ring = open_ring(folder, "13210", NOW)
    secret = folder / f"{ring.current.key_id}.key"
    other = encode(bytes([ring.current.seed[0] ^ 1]) + ring.current.seed[1:])
    secret.write_text(secret.read_text().replace(encode(ring.current.seed), other))
    assert [problem.code for problem in open_ring(folder, "13210", NOW).problems] == ["key-broken"]


def test_a_broken_public_file_is_set_aside_and_the_secret_stands_in(folder):
    ring = open_ring(folder, "13210", NOW)
    (folder / f"{ring.current.key_id}.pub").write_bytes(b"garbage")
    again = open_ring(folder, "13210", NOW)
    assert [problem.code for problem in again.problems] == ["key-public-broken"]
    assert again.known == ring.known


def test_keys_of_another_council_or_of_a_drill_are_left_alone(folder):
    folder.mkdir()
    for key in (generate("13208", NOW), generate("13210", NOW, drill=True)):
        save(folder, key)
    ring = open_ring(folder, "13210", NOW)
    assert [problem.code for problem in ring.problems] == ["key-of-another"] * 2
    assert ring.known == (ring.current.public,)
    assert council_of(ring.current.key_id) == "13210"
    assert len(list(folder.glob("*.key"))) == 3


def test_the_newest_key_signs_and_the_older_one_is_still_known(folder):
    old = open_ring(folder, "13210", NOW).current
    new = generate("13210", NOW + timedelta(days=400), taken={old.key_id})
    save(folder, new)
    ring = open_ring(folder, "13210", NOW)
    assert ring.current == new
    assert set(ring.known) == {old.public, new.public}


def test_a_key_is_never_overwritten(folder):
    ring = open_ring(folder, "13210", NOW)
    with pytest.raises(FileExistsError):
        save(folder, ring.current)


def test_every_problem_of_the_folder_has_its_words(folder):
    folder.mkdir()
    save(folder, generate("13208", NOW))
    (folder / "x.pub").write_bytes(b"")
    (folder / "13210-a1b2.key").write_bytes(b"")
    (folder / "13210-a1b2.key").chmod(0o644)
    problems = open_ring(folder, "13210", NOW).problems
    assert {problem.code for problem in problems} == {
        "key-broken", "key-of-another", "key-public-broken", "key-readable-by-others"
    }  # fmt: skip
    for problem in problems:
        shown = describe(problem)
        assert "{" not in f"{shown['message']}{shown['hint']}"
