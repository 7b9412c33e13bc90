"""Editions from folders: one, its check for the command line, and all that lie in `manuals/`."""

import os
import unicodedata
from pathlib import Path
from typing import Any

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.i18n import describe
from dvc_core.manual import settings
from dvc_core.manual.assemble import Files, assemble, in_order
from dvc_core.manual.edition import Edition
from dvc_core.manual.findings import Findings
from dvc_core.manual.sections import Sections, read_sections
from dvc_core.manual.source import content

# Files that systems and editors leave in every folder; they are neither read nor worth a word.
_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini"}


def read(folder: Path, sections: Sections | None = None) -> Edition:
    """The edition in a folder, whatever its state: what cannot be used is a problem in it.

    Args:
        folder: `manuals/<name>/<edition>`.
        sections: the 班 of the council; those of `data/reference/sections.toml` when none are given.
    """
    sections = read_sections() if sections is None else sections
    files, problems = _files(folder)
    place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links and may fail on them
    edition = assemble(files, sections.items, _plain(place.parent.name), _plain(place.name))
    problems += sections.problems
    if not problems:
        return edition
    return msgspec.structs.replace(edition, problems=in_order([*problems, *edition.problems]))


def check(folder: Path, sections: Sections | None = None, *, approved: str | None = None) -> dict[str, Any]:
    """The answer of `manual check` (INTERFACES), `ok` and `problems` included.

    `approved` is the digest under which this name and edition were approved, where they were. `unconfirmed`
    counts the places marked 未確認 and `unconfirmed_places` lists them.
    """
    edition = read(folder, sections)
    return {
        "ok": edition.usable and edition.status(approved) == "ok",
        "problems": [describe(problem) for problem in edition.problems],
        "name": edition.name,
        "edition": edition.edition,
        "digest": edition.digest,
        "status": edition.status(approved),
        "steps": len(edition.steps),
        "unconfirmed": len(edition.unconfirmed),
        "step_ids": [step.id for step in edition.steps],
        "unconfirmed_places": [msgspec.to_builtins(place) for place in edition.unconfirmed],
    }


def library(root: Path, sections: Sections | None = None) -> tuple[Edition, ...]:
    """All editions below `manuals/`, broken ones beside good ones, by folder. A missing root has none."""
    sections = read_sections() if sections is None else sections
    found: list[Edition] = []
    for folder in sorted(path for path in _folders(root) for path in _folders(path)):
        edition = read(folder, sections)
        same = next((e for e in found if (e.name, e.edition) == (edition.name, edition.edition)), None)
        if same is not None:
            twice = Problem(
                code="manual-edition-twice", facts={"other": same.folder}, file=settings.FILE, line=1
            )
            edition = msgspec.structs.replace(edition, problems=(twice, *edition.problems))
        found.append(edition)
    return tuple(found)


def _files(folder: Path) -> tuple[Files, list[Problem]]:
    """The files of an edition, and what is wrong with the folder."""
    problems: list[Problem] = []
    files: list[tuple[str, bytes]] = []
    if not folder.is_dir():
        return (), [Problem(code="manual-folder-missing", facts={"folder": _plain(str(folder))})]
    for entry in _entries(folder):
        name = _plain(entry.name)
        if name.startswith((".", "~")) or name.lower() in _LEFT_BY_SYSTEMS:
            continue
        found = Findings(name)
        belongs = name == settings.FILE or name.lower().endswith(".md")
        if not (belongs and entry.is_file()):
            found.note("manual-file-ignored", 1, name=name)
        else:
            try:
                files.append((name, content(entry.path)))
            except OSError:
                found.error("manual-file-unreadable", 1, name=name)
        problems += found.problems
    return tuple(files), problems


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _folders(root: Path) -> list[Path]:
    return [Path(e.path) for e in _entries(root) if e.is_dir() and not e.name.startswith(".")]


def _plain(name: str) -> str:
    """A file's name as it can be shown: a name in another encoding loses what cannot be."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
