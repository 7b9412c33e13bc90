"""A process on a small file system of its own: `unshare --mount python -m tests.faults.disk_worker FOLDER`.

It mounts a tmpfs of a few megabytes that no other process sees, fills it, works on, frees it, works on, opens
anew, and prints what it met as one JSON line.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from dvc_core.bootstrap import Config, Services, build
from dvc_core.i18n import text
from dvc_core.ports import StoreError
from dvc_core.store import changelog, journal
from dvc_core.store.doctor import examine
from dvc_core.store.duck import DuckEngine
from dvc_core.store.gathered import gather
from tests.faults.worker import envelopes, start_operation

SIZE = 24
"""Megabytes."""
MOST = 400


def _register(services: Services, nth: int) -> list[str]:
    answers = services.run_all(envelopes(0, 0, nth))
    assert all(answer.result == "accepted" for answer in answers), answers
    return [str(answer.command_id) for answer in answers]


def _fill(ballast: Path) -> None:
    """Take what is left, to the last byte."""
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                continue


def _until_full(services: Services, confirmed: list[str], first: int) -> tuple[int, str, str]:
    """Work until the store says no; the batch, the code and the words it was refused with."""
    for nth in range(first, first + MOST):
        try:
            confirmed += _register(services, nth)
        except StoreError as error:
            return nth, error.code, text(f"store.{error.code}", **error.facts)
    raise AssertionError("the disk never became full")


def _stored(services: Services) -> list[str]:
    with services.database.engine.snapshot() as connection:
        found = {str(entry.command_id) for entry in journal.read_all(connection, services.council_id)}
    return sorted(found)


def _seen(services: Services) -> list[str]:
    """What can be read while the disk is full; a checkpoint that met it makes the engine open anew first."""
    for _ in range(2):
        try:
            return _stored(services)
        except StoreError as error:
            code = error.code
    raise AssertionError(f"nothing can be read: {code}")


def main(folder: Path) -> dict[str, object]:
    """What happened, for the test to judge."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)], check=True)
    config, ballast = Config(data=folder / "data"), folder / "ballast"
    services = build(config)
    start_operation(services)
    confirmed: list[str] = []
    for nth in range(5):
        confirmed += _register(services, nth)
    _fill(ballast)
    failed, code, words = _until_full(services, confirmed, 5)
    free = os.statvfs(folder).f_bavail
    assert isinstance(services.database.engine, DuckEngine)
    services.database.engine.checkpoint()
    seen_full = _seen(services)
    assert services.database.log is not None
    ballast.unlink()
    told: dict[str, object] = {"code": code, "words": words, "free_blocks": free, "seen_full": seen_full}
    for nth in (failed, failed + 1):
        confirmed += _register(services, nth)
    told["confirmed"] = confirmed
    # What the change log could not take went before the next frame: from it alone all would come back.
    log = changelog.survey(services.database.log.path)
    told["log"] = log.head[0] == services.database.head()[0] and services.database.log.behind == 0
    told["log_entries"] = len(gather(log.frames).entries) == services.database.head()[0]
    services.close()
    services = build(config)
    told["after"] = _stored(services)
    told["failed"] = [str(envelope.command_id) for envelope in envelopes(0, 0, failed)]
    told["doctor"] = examine(services.database).ok
    told["again"] = [answer.result for answer in services.run_all(envelopes(0, 0, failed))]
    services.close()
    return told


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), ensure_ascii=False))
