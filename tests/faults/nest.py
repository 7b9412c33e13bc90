"""Where the killed processes come from: `python -m tests.faults.nest`.

A round needs a real process with the real store, not a second of imports each time. This process imports all
once and opens nothing. For each line `DATA TURN SAID ERRORS URL` (tab between, URL may be empty) it forks a
worker that writes to the two files, answers `pid N`, waits until that worker has ended, and answers
`ended N` with its code, or minus its signal.
"""

import os
import sys
import traceback
from pathlib import Path

from tests.faults import worker


def _become(data: str, turn: str, said: str, errors: str, url: str) -> None:
    """Go on as the worker: its own output, nothing of the nest's."""
    for path, how, number in (
        (os.devnull, os.O_RDONLY, 0),
        (said, os.O_WRONLY, 1),
        (errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 2),
    ):
        file = os.open(path, how, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.pop("TASUKI_DATABASE_URL", None)
    if url:
        os.environ["TASUKI_DATABASE_URL"] = url
    worker.main(Path(data), int(turn))


def main() -> None:
    """Until the input ends."""
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _become(*line.rstrip("\n").split("\t"))
            except BaseException:  # noqa: BLE001 - whatever it was, it is told and the child ends here
                traceback.print_exc()
            finally:
                os._exit(1)
        print("pid", pid, flush=True)
        print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
