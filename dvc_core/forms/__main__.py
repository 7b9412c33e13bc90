"""Printing as a process of its own: a JSON list of forms in, the PDF out, or a problem on stderr."""

import sys

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.forms.data import Form
from dvc_core.forms.problems import PrintError
from dvc_core.forms.typesetting import render_pack_here


def main() -> int:
    """0 with a PDF, 1 with a problem, 2 when the data is no list of forms."""
    try:
        forms = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Form])
    except msgspec.DecodeError as failure:
        return _say(Problem(code="print-data-broken", facts={"reason": str(failure)[:300]}), 2)
    try:
        pdf = render_pack_here(forms)
    except PrintError as failure:
        return _say(failure.problem, 1)
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    return 0


def _say(problem: Problem, status: int) -> int:
    sys.stderr.buffer.write(msgspec.json.encode(problem) + b"\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
