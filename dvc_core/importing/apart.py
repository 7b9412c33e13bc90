"""Reading in a process of its own: a long list or a hostile file never holds up the server (DESIGN 4).

The file's bytes go in and an `ImportResult` comes out; the process opens no database and is killed at its
deadline or when it is cancelled.
"""

import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.importing.reading import Locate, bytes_of, finished
from dvc_core.importing.reference import Kind
from dvc_core.importing.result import ImportResult

TIME_LIMIT = 120.0
"""Seconds; 5,000 rows take a few (tests/importing/test_figures.py prints them)."""

_LOOK_AGAIN = 0.05
_ROOT = Path(__file__).resolve().parents[2]


def read_apart(
    kind: Kind,
    source: Path | bytes,
    *,
    today: date,
    locate: Locate | None = None,
    file: str | None = None,
    time_limit: float = TIME_LIMIT,
    cancel: threading.Event | None = None,
) -> ImportResult:
    """Like `read`, in another process. Blocks the calling thread, not the interpreter.

    Cut off at the time limit the result has the problem `import-too-long`; cancelled or ended otherwise,
    `import-failed`.
    """
    name = file or (source.name if isinstance(source, Path) else None)
    data = bytes_of(source) if isinstance(source, Path) else source
    result = (
        ImportResult(kind=kind, problems=(data,))
        if isinstance(data, Problem)
        else _elsewhere(kind, data, today, time.monotonic() + time_limit, cancel)
    )
    return finished(result, name, locate)


def _elsewhere(
    kind: Kind, data: bytes, today: date, deadline: float, cancel: threading.Event | None
) -> ImportResult:
    worker = subprocess.Popen(  # noqa: S603 - this interpreter and a module of our own
        [sys.executable, "-m", "dvc_core.importing", kind, today.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    answers: list[bytes] = []
    # A thread sends and receives: communicate() with a time limit would forget what it has not sent yet.
    talk = threading.Thread(target=lambda: answers.append(worker.communicate(data)[0]), daemon=True)
    with worker:
        talk.start()
        try:
            while talk.is_alive() and time.monotonic() < deadline and not (cancel and cancel.is_set()):
                talk.join(_LOOK_AGAIN)
        finally:
            late = talk.is_alive() and time.monotonic() >= deadline
            worker.kill()
            talk.join()
    if late or worker.returncode != 0:
        return ImportResult(
            kind=kind, problems=(Problem(code="import-too-long" if late else "import-failed"),)
        )
    return msgspec.msgpack.decode(answers[0], type=ImportResult)
