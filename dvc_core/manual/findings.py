"""What is found wrong in one file while it is read."""

from dvc_core.domain.problem import Fact, Problem


class Findings:
    """Problems of one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(self, code: str, line: int, /, **facts: Fact) -> None:
        """Something a person must mend before the edition can be approved."""
        self.problems.append(Problem(code=code, facts=facts, file=self.file, line=line))

    def note(self, code: str, line: int, /, **facts: Fact) -> None:
        """Something that is read all the same, and that a person should know."""
        self.problems.append(Problem(code=code, level="note", facts=facts, file=self.file, line=line))
