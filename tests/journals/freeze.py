"""`python -m tests.journals.freeze EXPORT NAME [ENTRIES]`: freeze the beginning of an exported journal.

EXPORT is the folder of `tasuki export`, NAME the day of the release. It is run with the version that is about
to be released, before anything of it is changed: the rows are what this version makes of the journal.
"""

import gzip
import json
import sys
from pathlib import Path

import msgspec

from dvc_core.replay import fold
from dvc_core.store.journal import Entry

USUAL = 860
"""Entries; with those of the demonstration nearly every kind is among them."""


def freeze(export: Path, target: Path, count: int) -> None:
    """Write the two files of `target`."""
    lines = (export / "journal.jsonl").read_bytes().splitlines()[:count]
    folded = fold(msgspec.json.decode(line, type=Entry) for line in lines)
    rows = {
        cls.table: sorted((msgspec.to_builtins(row) for row in found.values()), key=lambda row: row["id"])
        for cls, found in folded.items()
        if found
    }
    target.mkdir(parents=True, exist_ok=True)
    said = json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()
    (target / "journal.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines) + b"\n", 9, mtime=0))
    (target / "rows.json.gz").write_bytes(gzip.compress(said, 9, mtime=0))


if __name__ == "__main__":
    freeze(
        Path(sys.argv[1]),
        Path(__file__).parent / sys.argv[2],
        int(sys.argv[3]) if len(sys.argv) > 3 else USUAL,
    )
