"""`tasuki start`: open the database, say where the program answers, serve until it is stopped."""

import argparse
import asyncio
import json
import os
import socket
import sys

import uvicorn

from dvc_core import bootstrap
from dvc_core.access import sessions
from dvc_core.cli import remote
from dvc_core.cli.reply import FINE, Reply, cannot_run, standalone


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8501, help="このパソコン用 (127.0.0.1)")
    parser.add_argument("--https-port", type=int, default=8443, help="タブレット用 (HTTPS)")
    parser.add_argument("--ca-port", type=int, default=8080, help="証明書を配るポート")


@standalone("start", "たすきを起動する", _arguments, speaks_itself=True)
def start(arguments: argparse.Namespace) -> Reply:
    """Serve until SIGTERM or Ctrl-C."""
    # Streamlit and the server log to stdout as they please: it belongs to our one line alone.
    arguments.stdout, sys.stdout = sys.stdout, sys.stderr
    services = bootstrap.build(bootstrap.config_for(arguments.data))
    bootstrap.install(services)
    os.chdir(bootstrap.ROOT)
    sys.path.insert(0, str(bootstrap.ROOT))
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", arguments.port))
    except OSError:
        services.close()
        return cannot_run("port-busy", port=arguments.port)
    import app  # noqa: PLC0415 - the ASGI app is made only where it is served

    server = uvicorn.Server(
        uvicorn.Config(app.app, log_config=None, access_log=False, lifespan="on", ws="websockets-sansio")
    )
    asyncio.run(_serve(server, sock, services, arguments))
    return Reply(exit_code=FINE)


async def _serve(
    server: uvicorn.Server, sock: socket.socket, services: bootstrap.Services, arguments: argparse.Namespace
) -> None:
    serving = asyncio.create_task(server.serve([sock]))
    while not server.started and not serving.done():
        await asyncio.wait([serving], timeout=0.02)
    code = sessions.setup_code(services.database)
    remote.announce(services.config.data, arguments.port)
    said = {
        "url": f"http://127.0.0.1:{arguments.port}",
        "https_url": None,
        "ca_url": None,
        "pid": os.getpid(),
        "database_id": str(services.database.meta.database_id),
        "setup_code": code,
    }
    if arguments.json:
        line = json.dumps({"ok": True, **said, "problems": []}) + "\n"
    else:
        line = f"このパソコン: {said['url']}\n" + (f"初期コード: {code}\n" if code else "")
    arguments.stdout.write(line)
    arguments.stdout.flush()
    await serving
    remote.withdraw(services.config.data)
