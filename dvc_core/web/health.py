"""`GET /health`: whether the program answers, without login and without anything about people."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.bootstrap import installed


def health(_request: Request) -> Response:
    """INTERFACES.md: `{ok, database_id, engine, head_seq}`."""
    services = installed()
    seq, _ = services.database.head()
    return JSONResponse(
        {
            "ok": True,
            "database_id": str(services.database.meta.database_id),
            "engine": services.database.engine.name,
            "head_seq": seq,
        },
        headers={"Cache-Control": "no-store"},
    )


routes: list[BaseRoute] = [Route("/health", health)]
