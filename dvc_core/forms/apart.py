"""Printing in a process of its own: hundreds of cards or a long chronology never hold up the server.

Data goes in and PDF bytes come out; the process opens no database, can be stopped at any moment and is killed
at its deadline (DESIGN 4).
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.forms.data import FORMS, Form
from dvc_core.forms.problems import PrintCancelled, PrintError

TIME_LIMIT = 120.0
"""Seconds; 300 cards and 2,000 chronology rows take a few on an idle machine, more on a busy one."""

LOOK_AGAIN = 0.05
ROOT = Path(__file__).resolve().parents[2]


def render(
    kind: str, data: Form, *, time_limit: float = TIME_LIMIT, cancel: threading.Event | None = None
) -> bytes:
    """The form as PDF bytes, made in another process. Blocks the calling thread, not the interpreter.

    Raises:
        PrintCancelled: when `cancel` is set before the PDF is there.
        PrintError: at the time limit, or when the form cannot be made; with a problem in words.
        TypeError: when the data is not that form's.
    """
    if type(data) is not FORMS.get(kind):
        raise TypeError(f"{kind}: {type(data).__name__}")
    return render_pack([data], time_limit=time_limit, cancel=cancel)


def render_pack(
    forms: Sequence[Form], *, time_limit: float = TIME_LIMIT, cancel: threading.Event | None = None
) -> bytes:
    """Several forms in one PDF, in the order given; else like `render`."""
    request = msgspec.json.encode(_sendable(msgspec.to_builtins(list(forms))))
    worker = subprocess.Popen(
        [sys.executable, "-m", "dvc_core.forms"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    with worker, ThreadPoolExecutor(1) as talking:
        try:
            # In a thread: `communicate` with a timeout forgets unsent input at its second call (Python 3.11).
            answer = talking.submit(worker.communicate, request)
            pdf, words = _wait(answer, time.monotonic() + time_limit, cancel)
        finally:
            worker.kill()
    if worker.returncode != 0:
        raise PrintError(_problem_from(words))
    return pdf


def _wait(
    answer: Future[tuple[bytes, bytes]], deadline: float, cancel: threading.Event | None
) -> tuple[bytes, bytes]:
    while True:
        if cancel is not None and cancel.is_set():
            raise PrintCancelled
        if time.monotonic() >= deadline:
            raise PrintError(Problem(code="print-too-long"))
        try:
            return answer.result(LOOK_AGAIN)
        except TimeoutError:
            continue


def _sendable(value: object) -> object:
    """Lone surrogates have no UTF-8; the sheet would not show them either."""
    match value:
        case str():
            return value.encode("utf-8", "ignore").decode()
        case list() | tuple():
            return [_sendable(item) for item in value]
        case dict():
            return {key: _sendable(item) for key, item in value.items()}
        case _:
            return value


def _problem_from(words: bytes) -> Problem:
    try:
        return msgspec.json.decode(words.strip().rpartition(b"\n")[2], type=Problem)
    except msgspec.DecodeError:
        return Problem(code="print-failed", facts={"reason": words.decode("utf-8", "replace")[-300:]})
