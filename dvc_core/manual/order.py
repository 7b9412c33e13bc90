"""前提: which step comes before which. Ids used twice, ids that no step has, steps that wait in a ring."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from dvc_core.domain.problem import Problem
from dvc_core.manual.fields import REQUIRES, ReadStep
from dvc_core.manual.findings import Findings


def once(steps: Iterable[ReadStep]) -> tuple[list[ReadStep], list[Problem]]:
    """Each id's first step, and a problem for every other that uses the id again."""
    kept: dict[str, ReadStep] = {}
    problems: list[Problem] = []
    for read in steps:
        first = kept.setdefault(read.step.id, read)
        if first is not read:
            found = Findings(read.step.file)
            where = f"{first.step.file} の {first.step.line} 行目"
            found.error("manual-id-twice", read.step.line, id=read.step.id, where=where)
            problems += found.problems
    return list(kept.values()), problems


def check_order(steps: Iterable[ReadStep], broken_ids: frozenset[str]) -> list[Problem]:
    """A problem for each 前提 that names no step, and for each ring of steps that wait for each other.

    An id in `broken_ids` stands in the manual but has a problem of its own, so it is not called missing.
    """
    by_id = {read.step.id: read for read in steps}
    problems: list[Problem] = []
    graph: dict[str, set[str]] = {}
    for step_id, read in by_id.items():
        graph[step_id] = {required for required in read.step.requires if required in by_id}
        missing = [code for code in read.step.requires if code not in by_id and code not in broken_ids]
        problems += [_problem("manual-requires-unknown", read, required=code) for code in missing]
    while ring := _ring(graph):
        # The step that stands first in the manual names the ring; without its link the next ring shows.
        start = min(range(len(ring) - 1), key=lambda place: list(by_id).index(ring[place]))
        turned = [*ring[start:-1], *ring[:start], ring[start]]
        problems.append(_problem("manual-requires-ring", by_id[turned[0]], ring=" → ".join(turned)))
        graph[turned[0]].discard(turned[1])
    return problems


def _ring(graph: dict[str, set[str]]) -> list[str]:
    """One ring: each step, then one that it requires, the first again at the end; empty without one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib lists each step before the one that requires it.
        return list(reversed(error.args[1]))
    return []


def _problem(code: str, read: ReadStep, **facts: str) -> Problem:
    line = read.lines.get(REQUIRES, read.step.line)
    return Problem(code=code, facts={"id": read.step.id, **facts}, file=read.step.file, line=line)
