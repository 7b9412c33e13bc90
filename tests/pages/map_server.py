"""Serves the page of `map_app` in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.ports import free_ports
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of the running page; `folder` is an empty one for its files."""
    shutil.copy(Path(__file__).with_name("map_app.py"), folder / "app.py")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (port,) = free_ports(1)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
        try:
            return httpx.get(url, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    try:
        until(answers, seconds=60, what="the map's server")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
