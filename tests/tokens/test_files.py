"""Secret files: whole or not there."""

import os

import pytest

from dvc_core.tokens.files import set_aside, write_secret


def test_a_failed_write_leaves_the_old_file_and_no_half(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    write_secret(file, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_secret(file, b"new", replace=True)
    assert file.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


def test_nothing_is_overwritten_unasked(tmp_path):
    write_secret(tmp_path / "secret", b"old")
    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "secret", b"new")
    write_secret(tmp_path / "secret", b"new", replace=True)
    assert (tmp_path / "secret").read_bytes() == b"new"


def test_files_set_aside_keep_all_their_forms(tmp_path):
    for content in (b"first", b"second"):
        (tmp_path / "secret").write_bytes(content)
        set_aside(tmp_path / "secret")
    assert (tmp_path / "secret.broken-1").read_bytes() == b"first"
    assert (tmp_path / "secret.broken-2").read_bytes() == b"second"
