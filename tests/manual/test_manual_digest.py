"""The digest stands for every word of an edition, and for nothing that changes when it is saved elsewhere."""

import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dvc_core.manual.source import digest, read_source
from tests.manual.story import CHAPTER, SETTINGS, edition

Files = dict[str, str]
words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\ufeff"), max_size=12)
lines = st.lists(st.sampled_from(["か\u3099", "が", "a", "b", "\n", " ", "é", "未確認"]) | words, max_size=6)
texts = lines.map("".join)
names = st.sampled_from([f"{number:02}-{key}.md" for number in range(4) for key in ("a", "b", "が")])
folders = st.dictionaries(names, texts, min_size=1, max_size=4)


def digest_of(files: Files) -> str:
    return digest(read_source(name, text.encode()) for name, text in files.items())


def plain(files: Files) -> Files:
    """What two folders have in common when they say the same."""
    return {
        unicodedata.normalize("NFC", name): unicodedata.normalize("NFC", text) for name, text in files.items()
    }


@given(folders, folders)
def test_two_editions_have_one_digest_only_when_they_say_the_same(one: Files, other: Files) -> None:
    assert (digest_of(one) == digest_of(other)) is (plain(one) == plain(other))


@given(folders, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(files: Files, shuffled: st.DataObject) -> None:
    found = list(files.items())
    shuffled.shuffle(found)  # type: ignore[attr-defined]
    assert digest_of(dict(found)) == digest_of(files)


@given(folders, st.data())
def test_renaming_a_file_changes_it(files: Files, data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(sorted(files)))
    new = data.draw(names)
    assume(new not in files)
    renamed = {new if name == old else name: text for name, text in files.items()}
    assert digest_of(renamed) != digest_of(files)


@given(st.text("abc\n", max_size=8), st.text("abc\n", min_size=1, max_size=8), st.text("abc\n", max_size=8))
def test_moving_text_from_file_to_file_changes_it(start: str, moved: str, end: str) -> None:
    before = {"01-a.md": start + moved, "02-b.md": end}
    after = {"01-a.md": start, "02-b.md": moved + end}
    assert digest_of(before) != digest_of(after)


def test_text_that_moves_into_a_name_changes_it() -> None:
    assert digest_of({"01-a.md": "b", "02.md": ""}) != digest_of({"01-a.mdb": "", "02.md": ""})


@given(texts, st.integers(0, 40), words.filter(bool))
def test_any_word_put_in_changes_it(text: str, place: int, word: str) -> None:
    changed = text[:place] + word + text[place:]
    assume(unicodedata.normalize("NFC", changed) != unicodedata.normalize("NFC", text))
    assert digest_of({"01-a.md": changed}) != digest_of({"01-a.md": text})


@given(folders)
def test_another_system_changes_nothing(files: Files) -> None:
    same = digest_of(files)
    assert digest_of({name: text.replace("\n", "\r\n") for name, text in files.items()}) == same
    assert digest_of({name: text.replace("\n", "\r") for name, text in files.items()}) == same
    assert digest_of({name: unicodedata.normalize("NFD", text) for name, text in files.items()}) == same
    assert digest_of({unicodedata.normalize("NFD", name): text for name, text in files.items()}) == same
    assert digest_of({name: "\ufeff" + text for name, text in files.items()}) == same


def test_it_is_made_as_it_is_described() -> None:
    framed = b"".join(
        part
        for name, text in (("01-a.md", "か\n".encode()), ("edition.toml", b""))
        for part in (
            *(len(name).to_bytes(8, "big"), name.encode(), b"T"),
            *(len(text).to_bytes(8, "big"), text),
        )
    )
    expected = hashlib.sha256(b"tasuki-manual/1\n" + framed).hexdigest()
    assert digest_of({"edition.toml": "", "01-a.md": "か\r\n"}) == expected


def test_bytes_that_are_no_text_are_told_from_the_text_they_resemble() -> None:
    broken = digest([read_source("01-a.md", b"\xff")])
    assert broken != digest([read_source("01-a.md", "�".encode())])
    assert broken != digest([read_source("01-a.md", b"\xfe")])


@pytest.mark.parametrize(
    "files",
    [
        {"edition.toml": SETTINGS + "\n"},
        {"01-hajime.md": CHAPTER.replace("机を4つ", "机を5つ")},
        {"01-hajime.md": CHAPTER + "\u202e"},
        {"02-tsugi.md": "\n"},
        {"01-hajime.md": "", "01-hajimari.md": CHAPTER},
    ],
)
def test_whatever_changes_in_the_folder_shows(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert edition(tmp_path / "a", files).digest != edition(tmp_path / "b").digest
    assert edition(tmp_path / "c").digest == edition(tmp_path / "b", folder="x/y").digest
