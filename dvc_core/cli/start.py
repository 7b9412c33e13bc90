"""`tasuki start`: open the database, say where the program answers, serve until it is stopped."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TextIO

import msgspec

from dvc_core import bootstrap
from dvc_core.access import sessions
from dvc_core.bootstrap import Services
from dvc_core.cli import remote
from dvc_core.cli.reply import CANNOT_RUN, FINE, Reply, cannot_run, standalone, with_problems
from dvc_core.domain.problem import Problem
from dvc_core.i18n import describe, text
from dvc_core.ports import StoreError
from dvc_core.tokens import certificates
from dvc_core.tokens.certificates import Certificates
from dvc_core.web.ca_pages import CaPort
from dvc_core.web.listeners import Listening, ServedCertificate, StartFailedError, serve
from dvc_core.web.sockets import Bound, PortError, Ports, bind


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=None, help="このパソコン用 (127.0.0.1)。ふだんは 8501")
    parser.add_argument("--https-port", type=int, default=None, help="タブレット用 (HTTPS)。ふだんは 8443")
    parser.add_argument(
        "--second", default=None, metavar="DIR", help="変更ログを写す、別のディスクのフォルダー"
    )
    parser.add_argument("--ca-port", type=int, default=None, help="証明書を配るポート。ふだんは 8080")


@standalone("start", "たすきを起動する", _arguments, speaks_itself=True)
def start(arguments: argparse.Namespace) -> Reply:
    """Serve until SIGTERM or Ctrl-C."""
    config = bootstrap.config_for(arguments.data)
    if arguments.second:
        config = msgspec.structs.replace(config, second=Path(arguments.second).absolute())
    return serve_center(arguments, config)


def serve_center(arguments: argparse.Namespace, config: bootstrap.Config) -> Reply:
    """Serve the center (or the drill) of a configuration on the ports asked for."""
    # Streamlit and the server log to stdout as they please: it belongs to our one line alone.
    spoken, sys.stdout = sys.stdout, sys.stderr
    ports = Ports(http=arguments.port, https=arguments.https_port, ca=arguments.ca_port)
    try:
        bound = bind(ports)
    except PortError as error:
        return _failed(spoken, with_problems([error.problem], {}, []), arguments)
    try:
        services = bootstrap.build(config)
    except StoreError as error:
        bound.close()
        return _failed(spoken, cannot_run(error.code, **error.facts), arguments)
    try:
        bootstrap.install(services)
        _ready_for_streamlit()
        asyncio.run(_serve(bound, services, arguments, spoken))
    except StartFailedError as error:
        return _failed(spoken, with_problems([error.problem], {}, []), arguments)
    finally:
        remote.withdraw(config.data)
    return Reply(exit_code=FINE)


def _failed(spoken: TextIO, reply: Reply, arguments: argparse.Namespace) -> Reply:
    reply.exit_code = CANNOT_RUN
    if arguments.json:
        print(json.dumps(reply.answer(), ensure_ascii=False), file=spoken, flush=True)
    for problem in reply.problems:
        sys.stderr.write(f"{problem['message']} {problem['hint']}\n")
    return reply


def _ready_for_streamlit() -> None:
    # Streamlit finds the script and its settings from the working directory.
    os.chdir(bootstrap.ROOT)
    if str(bootstrap.ROOT) not in sys.path:
        sys.path.insert(0, str(bootstrap.ROOT))


def _of_store(services: Services) -> list[Problem]:
    """What was mended as the store was opened, and a second folder that is not there."""
    found = [Problem(code="mended", level="note", facts={"said": said}) for said in services.mended]
    second = services.config.second
    if second is not None and not second.is_dir():
        found.append(Problem(code="second-away", level="note", facts={"folder": str(second)}))
    foreign = [] if services.database.engine.sole_writer else services.foreign_keys()
    if foreign:
        found.append(Problem(code="keys-foreign", level="note", facts={"keys": "、".join(foreign)}))
    return found


async def _serve(bound: Bound, services: Services, arguments: argparse.Namespace, spoken: TextIO) -> None:
    import app  # noqa: PLC0415 - the ASGI app is made only where it is served

    folder = services.config.data / "certificates"

    def refresh() -> Certificates:
        return certificates.ensure(folder, services.council_name, services.wall.now())

    certificate = ServedCertificate(refresh)
    ca = CaPort(
        certificate=lambda: certificate.current,
        now=services.wall.now,
        council=services.council_name,
        https_port=bound.port("https"),
        ca_port=bound.port("ca"),
        drill=services.drill,
    )

    def ready(listening: Listening) -> None:
        services.https_url = listening.https_url
        remote.announce(services.config.data, bound.port("http"))
        _say(listening, services, certificate.current, arguments, spoken)

    await serve(app.app, ca.app(), bound, certificate, ready)


def _say(
    listening: Listening,
    services: Services,
    certificate: Certificates,
    arguments: argparse.Namespace,
    spoken: TextIO,
) -> None:
    code = sessions.setup_code(services.database)
    problems = [
        describe(problem) for problem in (*_of_store(services), *listening.notes, *certificate.problems)
    ]
    said = {
        "ok": True,
        "url": listening.url,
        "https_url": listening.https_url,
        "ca_url": listening.ca_url,
        "pid": os.getpid(),
        "database_id": str(services.database.meta.database_id),
        "setup_code": code,
        "problems": problems,
    }
    words = [
        text("start.ready", url=listening.url),
        text("start.tablets", url=listening.https_url),
        text("start.trust", url=listening.ca_url, fingerprint=certificate.fingerprint),
        *([text("start.setup", code=code)] if code else []),
        *[f"{problem['message']} {problem['hint']}" for problem in problems],
    ]
    line = json.dumps(said, ensure_ascii=False) if arguments.json else "\n".join(words)
    print(line, file=spoken, flush=True)
