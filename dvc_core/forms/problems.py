"""What can go wrong between data and paper, as problems with words for the person at the printer."""

from dvc_core.domain.problem import Problem
from dvc_core.i18n import text


class PrintError(Exception):
    """A form that could not be made; nothing has changed. The caller shows `problem` in words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(text(f"problem.{problem.code}", **problem.facts))
        self.problem = problem


class PrintCancelled(PrintError):  # noqa: N818 - the person's own wish, not a fault
    """The person stopped the printing."""

    def __init__(self) -> None:
        super().__init__(Problem(code="print-cancelled", level="note"))
