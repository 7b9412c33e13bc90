"""What the program does by itself, by the clock on the wall: a verified backup while a center is at work.

Of several processes on one server one sees to it; when that one ends, the next look of another takes over.
"""

import logging
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from dvc_core.bootstrap import ROOT, Services
from dvc_core.ports import StoreError
from dvc_core.store import backup

LOOK_SECONDS = 20.0
KEPT = 24
"""Automatic backups that stay; those that a person made are never removed."""
BEGINNING = "auto-"
LONGEST_VERIFY = 1800.0

_log = logging.getLogger(__name__)


class Jobs:
    """While inside: a thread that looks every few seconds whether something is due."""

    def __init__(self, services: Services, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._services = services
        self._look_seconds = look_seconds
        self._end = threading.Event()
        self._last: tuple[datetime, int] | None = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_failed: object) -> None:
        """End the thread; a backup that is being made is finished first."""
        self._end.set()
        self._thread.join(timeout=LONGEST_VERIFY)

    def _run(self) -> None:
        while not self._end.wait(self._look_seconds):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the thread must live: a server comes back, a disk gets room
                # The health page says how old the last backup is.
                _log.warning("a job could not be done; it is tried again", exc_info=True)

    def look(self) -> Path | None:
        """Make what is due, if it falls to this process; the backup that was made."""
        services = self._services
        every = timedelta(minutes=services.config.backup_minutes)
        if not every or not services.database.engine.holds("jobs"):
            return None
        now, head = services.wall.now(), services.database.head()[0]
        if self._last is None:
            self._last = _newest(services.config.data / "backups")
        last = self._last
        if head == 0 or (last is not None and (head == last[1] or now - last[0] < every)):
            return None
        folder = services.config.data / "backups"
        target = folder / f"{BEGINNING}{backup.default_name(now, head)}"
        backup.back_up(
            services.database, target, data=services.config.data, now=now, verified=_verified_apart
        )
        self._last = (now, head)
        for old in sorted(folder.glob(f"{BEGINNING}*.zip"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return target


def _newest(folder: Path) -> tuple[datetime, int] | None:
    """When the newest backup of the folder was made, and where the journal stood, by its manifest."""
    found = backup.newest(folder)
    return None if found is None else (found.backed_up_at, found.head_seq)


def _verified_apart(path: Path, now: datetime) -> None:
    """Open it in a process of its own: folding a whole journal would hold up the screens."""
    command = [sys.executable, "-m", "dvc_core.store.verifying", str(path), now.isoformat()]
    done = subprocess.run(  # noqa: S603 - our own module, on a file that we have just written
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST_VERIFY,
        check=False,
    )
    if done.returncode != 0:
        raise StoreError("backup-bad", file=path.name, part=done.stdout.strip()[-100:] or "verify")
