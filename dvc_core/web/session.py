"""The session's cookie: named by scheme and database, since cookies belong to the host name, not the port."""

from starlette.requests import Request
from starlette.responses import Response

from dvc_core.access import sessions
from dvc_core.access.sessions import Who
from dvc_core.bootstrap import Services


def cookie_name(services: Services, scheme: str) -> str:
    """One name for each scheme and database: a drill beside the real thing keeps its own log-in."""
    return f"tasuki-{scheme}-{str(services.database.meta.database_id)[:8]}"


def station_cookie_name(services: Services, scheme: str) -> str:
    """The cookie of a 班の端末: beside a person's own, so that someone may log in there for a moment."""
    return f"tasuki-station-{scheme}-{str(services.database.meta.database_id)[:8]}"


def who_asks(request: Request, services: Services) -> Who | None:
    """Who sent this request, looked up now."""
    cookie = request.cookies.get(cookie_name(services, request.url.scheme))
    with services.reader() as reader:
        return sessions.who(reader, cookie, now=services.wall.now())


def set_cookie(response: Response, request: Request, services: Services, value: str) -> None:
    """HttpOnly and SameSite=Lax; Secure on https. It ends with the browser, or with the session."""
    response.set_cookie(
        cookie_name(services, request.url.scheme),
        value,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
