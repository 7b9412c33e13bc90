"""The better answer: HiGHS on the model of the day, from the greedy answer on, with a bound that is proven.

highspy is imported here and nowhere else, and only the process of its own (`python -m dvc_core.matching`)
imports this module: a solver takes a whole core, and must be stoppable from outside.
"""

from collections.abc import Callable
from time import monotonic

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsVarType

from dvc_core.matching.atoms import lay_out
from dvc_core.matching.compose import Draft
from dvc_core.matching.explain import explained
from dvc_core.matching.greedy import greedy, polish
from dvc_core.matching.mip import DayModel
from dvc_core.matching.model import Day, Plan, Status
from dvc_core.matching.score import simple_bound

PAUSE = 0.5
"""Seconds between two plans on the way, so that explaining them does not take the solver's time."""

RESERVE = 0.7
"""Seconds kept back for the solver to stop and the last plan to be explained."""

PROVEN = 1e-4
"""The gap at which a plan counts as the best there is."""

LARGE = 8_000
"""Columns from which the day is rehearsed on a part of them; 200 people and 60 visits have about 4,000."""

REHEARSAL = 0.5
"""Share of the time that a rehearsal may take at most."""

GOOD = 1e-3
"""The gap at which a rehearsal is good enough."""

SPARSE = 8
"""Beside the columns that look useful, a rehearsal keeps every so many of the others."""

ALIKE = 1e-6
"""Points that are no difference between two plans."""


def solve(day: Day, seconds: float, emit: Callable[[Plan], None], began: float | None = None) -> None:
    """Tell the greedy plan at once, then better ones, the last of them within about `seconds` of `began`."""
    began = monotonic() if began is None else began
    field = lay_out(day)
    start = greedy(field)
    loose = simple_bound(day)
    emit(explained(start, "greedy", loose, monotonic() - began))
    left = seconds - (monotonic() - began) - RESERVE
    if left <= 0:
        return
    if not field.jobs or not field.atoms:
        bound = explained(start, "optimal", 0.0, 0.0).objective
        emit(explained(start, "optimal", bound, monotonic() - began))
        return
    _Search(DayModel(field), start, loose, began, emit).run(left)


class _Search:
    """One run of the solver, telling each better plan as it is found."""

    def __init__(
        self, model: DayModel, start: Draft, bound: float, began: float, emit: Callable[[Plan], None]
    ) -> None:
        self.model, self.best, self.bound, self.began, self.emit = model, start, bound, began, emit
        self.told_at = began
        self.whole = True
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.silent()

    def run(self, seconds: float) -> None:
        """Solve and tell the last plan; whatever happens it is not worse than the greedy one."""
        until = monotonic() + seconds
        self._pass_model()
        self.highs.cbMipImprovingSolution += self._improved
        if len(self.model.model.points) > LARGE:
            self._rehearse(until)
        self._solve(until, PROVEN)
        proven = self.highs.getModelStatus() == HighsModelStatus.kOptimal
        self._tighten(self.highs.getInfo().mip_dual_bound)
        self._tell("optimal" if proven else "feasible")

    def _solve(self, until: float, gap: float) -> None:
        """Run from the best plan so far."""
        self.highs.clearSolver()
        solution = highspy.HighsSolution()
        solution.col_value = self.model.encode(self.best)
        solution.value_valid = True
        self.highs.setSolution(solution)
        self.highs.setOptionValue("time_limit", max(0.1, until - monotonic()))
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.run()
        found = list(self.highs.getSolution().col_value)
        if len(found) == len(self.model.model.points) and self.highs.getInfo().primal_solution_status:
            self._keep(found)

    def _rehearse(self, until: float) -> None:
        """On a large day, first only with columns that the relaxed model likes or the greedy plan uses.

        The whole model would spend most of its time on its bound while the plan stays greedy. The relaxed
        model's value is a bound for all; the bound of the small model holds for nothing else.
        """
        highs, most = self.highs, np.array(self.model.model.most)
        every = np.arange(len(most), dtype=np.int32)
        highs.setOptionValue("solve_relaxation", True)
        highs.setOptionValue("time_limit", max(0.1, until - monotonic()))
        highs.run()
        relaxed = highs.getModelStatus() == HighsModelStatus.kOptimal
        value = np.array(highs.getSolution().col_value)
        highs.setOptionValue("solve_relaxation", False)
        if not relaxed:
            return
        self._tighten(highs.getInfo().objective_function_value)
        used = (value > ALIKE) | (np.array(self.model.encode(self.best)) > ALIKE)
        used[::SPARSE] = True
        highs.changeColsBounds(len(most), every, np.zeros(len(most)), np.where(used, most, 0.0))
        self.whole = False
        self._solve(monotonic() + (until - monotonic()) * REHEARSAL, GOOD)
        self.whole = True
        highs.changeColsBounds(len(most), every, np.zeros(len(most)), most)
        self._tell("feasible")

    def _pass_model(self) -> None:
        model, highs = self.model.model, self.highs
        count = len(model.points)
        every = np.arange(count, dtype=np.int32)
        highs.addVars(count, np.zeros(count), np.array(model.most, dtype=float))
        # HiGHS is told to minimise: signs of bounds are then the same in every state of the run.
        highs.changeColsCost(count, every, -np.array(model.points))
        highs.changeColsIntegrality(count, every, np.full(count, HighsVarType.kInteger))
        highs.addRows(
            len(model.lower),
            np.array(model.lower),
            np.array(model.upper),
            len(model.columns),
            np.array(model.starts[:-1], dtype=np.int32),
            np.array(model.columns, dtype=np.int32),
            np.array(model.factors),
        )

    def _tighten(self, dual: float) -> None:
        """A smaller value that no plan of the day can exceed, out of what HiGHS could prove."""
        if np.isfinite(dual):
            self.bound = min(self.bound, self.model.model.constant - dual)

    def _tell(self, status: Status) -> None:
        self.emit(explained(self.best, status, self.bound, monotonic() - self.began))
        self.told_at = monotonic()

    def _keep(self, values: list[float]) -> None:
        draft = polish(self.model.decode(values))
        if draft.points() > self.best.points() + ALIKE:
            self.best = draft

    def _improved(self, event: highspy.highs.HighsCallbackEvent) -> None:
        now = monotonic()
        if now - self.told_at < PAUSE:
            return
        before = self.best.points()
        self._keep(list(event.data_out.mip_solution))
        if self.whole:
            self._tighten(event.data_out.mip_dual_bound)
        if self.best.points() > before:
            self._tell("feasible")
