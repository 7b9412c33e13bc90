"""The process of its own that plans: `{"day": …, "seconds": …}` on stdin, one plan a line on stdout.

It opens no database and no file. It works at lower priority, since a scan at the door must never wait for it;
when nobody reads its plans any more, it ends.
"""

import os
import sys

import msgspec

from dvc_core.matching.model import Day, Plan
from dvc_core.matching.solve import solve

NICENESS = 10


class Task(msgspec.Struct, frozen=True):
    """What the process is told to do, and when it was asked, on the machine's monotonic clock."""

    day: Day
    seconds: float
    began: float


def main() -> None:
    """Read the task, tell plans until the best is proven or the time is over."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    # The solver's library writes a greeting of its own to stdout, which must hold plans only.
    plans = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(plan: Plan) -> None:
        try:
            plans.write(msgspec.json.encode(plan) + b"\n")
            plans.flush()
        except BrokenPipeError:
            # Plans are told from inside the solver, which an exception would not stop.
            os._exit(0)

    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    solve(task.day, task.seconds, tell, began=task.began)


if __name__ == "__main__":
    main()
