"""The command line beside a running program: it asks over loopback, with a token only the owner can read."""

import argparse
import http.client
import json
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dvc_core.bootstrap import Services, installed
from dvc_core.cli.reply import COMMANDS, Reply

RUNNING = "running.json"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PATIENCE_SECONDS = 600


def announce(data: Path, port: int) -> None:
    """Write where this program listens and its token, readable by the owner alone."""
    path = data / RUNNING
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"port": port, "token": secrets.token_urlsafe(32), "pid": os.getpid()}, file)


def withdraw(data: Path) -> None:
    """Remove this process's own announcement when it ends; another program's stays."""
    try:
        said = json.loads((data / RUNNING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if said.get("pid") == os.getpid():
        (data / RUNNING).unlink(missing_ok=True)


def _announced(data: Path) -> dict[str, Any] | None:
    try:
        said = json.loads((data / RUNNING).read_text(encoding="utf-8"))
        return {"port": int(said["port"]), "token": str(said["token"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask_running(arguments: argparse.Namespace) -> Reply | None:
    """The running program's answer; None when no program of this data folder runs."""
    where = _announced(arguments.data)
    if where is None:
        return None
    said = {
        key: str(value) if isinstance(value, Path) else value
        for key, value in vars(arguments).items()
        if key not in ("command", "subcommand")
    }
    connection = http.client.HTTPConnection("127.0.0.1", where["port"], timeout=PATIENCE_SECONDS)
    try:
        connection.request(
            "POST",
            "/api/cli",
            body=json.dumps({**said, "cwd": str(Path.cwd())}),
            headers={"Authorization": f"Bearer {where['token']}", "Content-Type": "application/json"},
        )
        response = connection.getresponse()
        body = response.read()
    except OSError:
        return None  # it was killed: the announcement is old
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        return None
    return msgspec.json.decode(body, type=Reply)


def _answer(services: Services, said: dict[str, Any]) -> Reply:
    command = COMMANDS[said["name"]]
    arguments = argparse.Namespace(**said)
    arguments.data = Path(arguments.data)
    assert command.work is not None
    return command.work(services, arguments)


def cli_route(request: Request) -> Response:
    """POST /api/cli from this machine with the token of the data folder."""
    services = installed()
    where = _announced(services.config.data)
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    here = request.client is not None and request.client.host in LOOPBACK
    if where is None or not here or not secrets.compare_digest(token, where["token"]):
        return JSONResponse({"ok": False}, status_code=403)
    return Response(msgspec.json.encode(_answer(services, request.state.said)), media_type="application/json")


async def _cli(request: Request) -> Response:
    request.state.said = await request.json()
    return await run_in_threadpool(cli_route, request)


routes = [Route("/api/cli", _cli, methods=["POST"])]
