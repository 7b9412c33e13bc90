"""An edition from its files: settings, chapters, steps, and all that is wrong with them together."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from dvc_core.domain.problem import Problem
from dvc_core.manual import settings
from dvc_core.manual.chapter import WrittenChapter, read_chapter
from dvc_core.manual.edition import Edition, Unconfirmed
from dvc_core.manual.fields import Context, ReadStep, read_step
from dvc_core.manual.findings import Findings
from dvc_core.manual.order import check_order, once
from dvc_core.manual.sections import Section, Sections
from dvc_core.manual.source import digest, read_source

Files = tuple[tuple[str, bytes], ...]
"""Names and contents."""


# A page asks at every rerun, and reading 15 chapters takes 100 ms. The key is every byte that is read, so
# that an edition which changed under its approval is seen at once.
@lru_cache(maxsize=64)
def assemble(files: Files, sections: tuple[Section, ...], name: str, edition: str) -> Edition:
    """The edition that some files make up, in the folder `name/edition`. Equal files give the same object."""
    sources = sorted((read_source(file, data) for file, data in files), key=lambda source: source.name)
    first = next((source for source in sources if source.name == settings.FILE), None)
    said = settings.Settings() if first is None else settings.read_settings(first)
    chapters = [read_chapter(source) for source in sources if source is not first]
    context = Context(kind=said.kind, sections=Sections(sections), functions=said.functions)
    steps, problems = _steps(chapters, context)
    broken = frozenset(step_id for chapter in chapters for step_id in chapter.broken_ids)
    problems += [*said.problems, *check_order(steps, broken)]
    problems += [problem for chapter in chapters for problem in chapter.problems]
    problems += _whole(said, chapters, steps, name, edition)
    if first is None:
        problems.append(Problem(code="manual-settings-missing", file=settings.FILE, line=1))
    return Edition(
        name=said.name or name,
        edition=said.edition or edition,
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
        problems=in_order(problems),
        folder=f"{name}/{edition}",
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems as one mends them: by file and line."""
    return tuple(sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0)))


def _steps(chapters: Iterable[WrittenChapter], context: Context) -> tuple[list[ReadStep], list[Problem]]:
    """The steps of all chapters in order, each id once, and what is wrong with ids and fields."""
    steps: list[ReadStep] = []
    problems: list[Problem] = []
    for chapter in chapters:
        found = Findings(chapter.chapter.file)
        for written in chapter.steps:
            step = read_step(written, chapter.chapter.key, chapter.chapter.file, context, found)
            steps += [step] if step is not None else []
        problems += found.problems
    kept, twice = once(steps)
    return kept, [*problems, *twice]


def _whole(
    said: settings.Settings, chapters: list[WrittenChapter], steps: list[ReadStep], name: str, edition: str
) -> list[Problem]:
    """What concerns the edition as a whole: no chapter, no step, another folder, a file twice."""
    found = Findings(settings.FILE)
    if not chapters:
        found.error("manual-chapters-none", 1)
    elif not steps:
        found.error("manual-steps-none", 1)
    for key, value, folder in (("name", said.name, name), ("edition", said.edition, edition)):
        if value is not None and value != folder:
            found.note("manual-folder-name", 1, key=key, value=value, folder=folder)
    names = [chapter.chapter.file for chapter in chapters]
    twice = dict.fromkeys(file for file in names if names.count(file) > 1)
    return [*found.problems, *(Problem(code="manual-file-twice", file=file, line=1) for file in twice)]


def _open_places(
    said: settings.Settings, chapters: list[WrittenChapter], steps: list[ReadStep]
) -> Iterator[Unconfirmed]:
    """All places marked 未確認, in the order of files and lines."""
    yield from said.unconfirmed
    places = [place for chapter in chapters for place in chapter.unconfirmed]
    places += [place for step in steps for place in step.unconfirmed]
    yield from sorted(places, key=lambda place: (place.file, place.line))
