"""The program with one more route: `POST /bare` inserts one row into a table of its own and commits.

It is what a scan is compared with: the same server, the same way from the loop into a thread, the same
database, writer and commit, and nothing else. `python -m tests.bench.bare_program start ...`.
"""

import itertools
import sys

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dvc_core import web
from dvc_core.bootstrap import installed
from dvc_core.cli import main

TABLE = "CREATE TABLE IF NOT EXISTS bare (key BIGINT PRIMARY KEY, said TEXT)"
_keys = itertools.count(1)


async def bare(request: Request) -> Response:
    """Keep the body."""
    body = await request.body()
    return await run_in_threadpool(_keep, body.decode())


def _keep(said: str) -> Response:
    key = next(_keys)
    with installed().database.engine.write() as connection:
        if key == 1:
            connection.run(TABLE, {})
        connection.run("INSERT INTO bare (key, said) VALUES ($key, $said)", {"key": key, "said": said})
        connection.commit()
    return Response(b"{}", media_type="application/json")


if __name__ == "__main__":
    web.all_routes().append(Route("/bare", bare, methods=["POST"]))  # the list is made once and kept
    sys.exit(main(sys.argv[1:]))
