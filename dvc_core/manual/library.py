"""Editions from folders: one, its check for the command line, and all that lie in `manuals/`."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.i18n import describe
from dvc_core.manual import settings
from dvc_core.manual.chapter import WrittenChapter, read_chapter
from dvc_core.manual.edition import Edition, Unconfirmed
from dvc_core.manual.fields import Context, ReadStep, read_step
from dvc_core.manual.findings import Findings
from dvc_core.manual.order import check_order, once
from dvc_core.manual.sections import Sections, read_sections
from dvc_core.manual.source import Source, digest, read_source

# Files that systems and editors leave in every folder; they are neither read nor worth a word.
_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini"}


def read(folder: Path, sections: Sections | None = None) -> Edition:
    """The edition in a folder, whatever its state: what cannot be used is a problem in it.

    Args:
        folder: `manuals/<name>/<edition>`.
        sections: the 班 of the council; those of `data/reference/sections.toml` when none are given.
    """
    sections = read_sections() if sections is None else sections
    sources, problems = _sources(folder)
    first = next((source for source in sources if source.name == settings.FILE), None)
    if first is None:
        problems.append(Problem(code="manual-settings-missing", file=settings.FILE, line=1))
    said = settings.Settings() if first is None else settings.read_settings(first)
    chapters = [read_chapter(source) for source in sources if source is not first]
    context = Context(kind=said.kind, sections=sections, functions=said.functions)
    steps, twice, found = _steps(chapters, context)
    broken = frozenset(step_id for chapter in chapters for step_id in chapter.broken_ids)
    problems += [*sections.problems, *said.problems, *twice, *found, *check_order(steps, broken)]
    problems += [problem for chapter in chapters for problem in chapter.problems]
    problems += _whole(folder, said, chapters, steps)
    place = _absolute(folder)
    return Edition(
        name=said.name or _plain(place.parent.name),
        edition=said.edition or _plain(place.name),
        title=said.title,
        council=said.council,
        kind=said.kind,
        next_review=said.next_review,
        changelog=said.changelog,
        digest=digest(sources),
        chapters=tuple(chapter.chapter for chapter in chapters),
        steps=tuple(read.step for read in steps),
        functions=said.functions,
        unconfirmed=tuple(_open_places(said, chapters, steps)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0))),
        folder=f"{_plain(place.parent.name)}/{_plain(place.name)}",
    )


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


def _sources(folder: Path) -> tuple[list[Source], list[Problem]]:
    """The files of an edition in the order of their names, and what is wrong with the folder."""
    problems: list[Problem] = []
    sources: list[Source] = []
    if not folder.is_dir():
        return [], [Problem(code="manual-folder-missing", facts={"folder": _plain(str(folder))})]
    for path in _entries(folder):
        name = _plain(path.name)
        if name.startswith((".", "~")) or name.lower() in _LEFT_BY_SYSTEMS:
            continue
        found = Findings(name)
        belongs = name == settings.FILE or name.lower().endswith(".md")
        if not (belongs and path.is_file()):
            found.note("manual-file-ignored", 1, name=name)
        else:
            try:
                sources.append(read_source(name, path.read_bytes()))
            except OSError:
                found.error("manual-file-unreadable", 1, name=name)
        problems += found.problems
    names = [source.name for source in sources]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    problems += [Problem(code="manual-file-twice", file=name, line=1) for name in twice]
    return sorted(sources, key=lambda source: source.name), problems


def _steps(
    chapters: Iterable[WrittenChapter], context: Context
) -> tuple[list[ReadStep], list[Problem], list[Problem]]:
    """The steps of all chapters in order, the problems of doubled ids, and those of fields."""
    steps: list[ReadStep] = []
    problems: list[Problem] = []
    for chapter in chapters:
        found = Findings(chapter.chapter.file)
        for written in chapter.steps:
            step = read_step(written, chapter.chapter.key, chapter.chapter.file, context, found)
            steps += [step] if step is not None else []
        problems += found.problems
    kept, twice = once(steps)
    return kept, twice, problems


def _whole(
    folder: Path, said: settings.Settings, chapters: list[WrittenChapter], steps: list[ReadStep]
) -> list[Problem]:
    """What concerns the edition as a whole: no chapter, no step, a folder of another name."""
    found = Findings(settings.FILE)
    if not folder.is_dir():
        return []
    if not chapters:
        found.error("manual-chapters-none", 1)
    elif not steps:
        found.error("manual-steps-none", 1)
    place = _absolute(folder)
    for key, value, called in (("name", said.name, place.parent.name), ("edition", said.edition, place.name)):
        if value is not None and value != called:
            found.note("manual-folder-name", 1, key=key, value=value, folder=_plain(called))
    return found.problems


def _open_places(
    said: settings.Settings, chapters: list[WrittenChapter], steps: list[ReadStep]
) -> Iterator[Unconfirmed]:
    """All places marked 未確認, in the order of files and lines."""
    yield from said.unconfirmed
    places = [place for chapter in chapters for place in chapter.unconfirmed]
    places += [place for step in steps for place in step.unconfirmed]
    yield from sorted(places, key=lambda place: (place.file, place.line))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _folders(root: Path) -> list[Path]:
    return [path for path in _entries(root) if path.is_dir() and not path.name.startswith(".")]


def _absolute(folder: Path) -> Path:
    return Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links and may fail on them


def _plain(name: str) -> str:
    """A file's name as it can be shown: a name in another encoding loses what cannot be."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
