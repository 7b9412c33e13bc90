"""The records: journal and tables as the doctor finds them, against change log, copy and backups.

What is beside the journal tells what the journal alone cannot: that it was written anew as a whole.
"""

from collections.abc import Mapping
from pathlib import Path

from dvc_core.health.check import Check, bad, fine, warn
from dvc_core.ports import StoreError
from dvc_core.store import changelog
from dvc_core.store.archive import Manifest, read_manifest
from dvc_core.store.doctor import Report
from dvc_core.store.journal import Head


def of_report(report: Report) -> list[Check]:
    """Chain, head, readable, tables: what one reading of the database says."""
    return [
        Check(
            code=each.code,
            state="fine" if each.ok else "broken",
            level="ok" if each.ok else "bad",
            facts=each.facts,
        )
        for each in report.checks
    ]


def log(code: str, path: Path | None, hashes: Mapping[int, str], head: Head, *, whole: bool) -> Check | None:
    """A file of the change log, frame by frame, against the journal's hashes by number.

    `whole`: the file must have every entry; where several processes write each has its own.
    """
    found = changelog.survey(path) if path is not None and path.is_file() else None
    if found is None or found.whose is None:
        return None if found is None else bad(code, "unreadable")
    logged = {entry.seq: entry.hash for frame in found.frames for entry in frame.change().entries}
    differing = sorted(seq for seq, hash_ in logged.items() if hashes.get(seq, hash_) != hash_)
    ahead = [seq for seq in logged if seq > head[0]]
    missing = sorted(hashes.keys() - logged.keys()) if whole else []
    if differing:
        return bad(code, "differs", seq=differing[0], count=len(differing))
    if ahead:
        return bad(code, "ahead", count=len(ahead), head=head[0])
    if found.lost:
        return bad(code, "damaged", bytes=found.lost)
    return (
        warn(code, "gap", count=len(missing), seq=missing[0]) if missing else fine(code, entries=len(logged))
    )


def manifests(folder: Path) -> tuple[list[tuple[str, Manifest]], list[str]]:
    """The backups of a folder that can be read, and the names of those that cannot."""
    good, broken = [], []
    for path in sorted(folder.glob("*.zip")):
        try:
            good.append((path.name, read_manifest(path)))
        except StoreError:
            broken.append(path.name)
    return good, broken


def known(
    backups: list[tuple[str, Manifest]], broken: list[str], hashes: Mapping[int, str], database_id: str
) -> Check:
    """The heads that backups noted, against the journal: a chain made anew as a whole is seen here."""
    if broken:
        return bad("known", "unreadable", file=broken[0], count=len(broken))
    own = [(name, each) for name, each in backups if each.database_id == database_id and each.head_seq]
    if not own:
        return warn("known", "none")
    for name, each in own:
        there = hashes.get(each.head_seq)
        if there is None:
            return bad("known", "cut", file=name, seq=each.head_seq)
        if there != each.head_hash:
            return bad("known", "rewritten", file=name, seq=each.head_seq)
    return fine("known", count=len(own))
