"""`python -m tests.bench [NAME ...]`: runs every `bench_*.py` of this folder and prints one table.

A module offers `run() -> list[Row]`. One that fails becomes a row that says why; the exit code stays 0, since
a benchmark is there to be read and never to stop a build.
"""

import importlib
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.bench.table import Row, markdown

FOLDER = Path(__file__).parent


def found(folder: Path = FOLDER) -> list[str]:
    """The names of the benchmarks: `bench_map.py` is `map`."""
    return sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))


def rows_of(name: str, package: str = "tests.bench") -> list[Row]:
    """One benchmark's rows, or one row with its error."""
    print(f"bench: {name} ...", file=sys.stderr, flush=True)
    try:
        rows: list[Row] = importlib.import_module(f"{package}.bench_{name}").run()
    except Exception as failure:  # noqa: BLE001 - whatever it is, the other benchmarks are still wanted
        traceback.print_exc()
        return [Row(what=name, error=f"{type(failure).__name__}: {failure}")]
    return rows


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks, or all."""
    known = found()
    unknown = [name for name in arguments if name not in known]
    rows = [Row(what=name, error=f"ありません（あるのは {', '.join(known)}）") for name in unknown]
    for name in known:
        if not arguments or name in arguments:
            rows += rows_of(name)
    machine = f"{platform.system()} {platform.machine()} · {os.cpu_count()} cores"
    print(f"Python {platform.python_version()} · {machine}\n")
    print(markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
