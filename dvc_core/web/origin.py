"""The door before every page and route: only our own pages may act, and only under this machine's own names.

A page of another site, open in the same browser, could otherwise send commands with the visitor's cookie, or
open Streamlit's websocket (which makes Streamlit ask the internet for its own address). And a site whose name
is turned to point at this machine ("DNS rebinding") would be a page of our own: it is known by its name.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from dvc_core.domain.problem import Problem
from dvc_core.i18n import describe

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OUR_OWN = frozenset({"same-origin", "none"})  # none: typed into the address line, or a bookmark
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<host>[^\[\]:/?#@\s]+))(?::(?P<port>[0-9]{1,5}))?")
_WEB_SCHEME = {"ws": "http", "wss": "https"}


class OriginGuard:
    """Pure ASGI middleware, the outermost one. `names`: host names by which this machine is reached, now.

    An address in digits is always taken: a browser that was tricked has a name in its address line. Without
    `Origin` only programs may act: those that bring their own credential (`Authorization: Bearer`), and those
    of this machine.
    """

    def __init__(self, app: ASGIApp, names: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 with words."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, refusal)

    def _refusal(self, scope: Scope) -> Problem | None:
        hosts = _values(scope, b"host")
        here = split_host(hosts[0], _scheme(scope)) if len(hosts) == 1 else None
        if here is None or not self._known(here[0]):
            return Problem(code="host-unknown", facts={"host": ", ".join(hosts)[:100]})
        if scope["type"] == "http" and scope["method"] in _READS:
            return None
        origins = _values(scope, b"origin")
        site = _values(scope, b"sec-fetch-site")
        if not origins and not site:
            return None if _is_program(scope) else Problem(code="origin-missing")
        ours = all(_origin(origin) == (_scheme(scope), *here) for origin in origins)
        if ours and len(origins) <= 1 and all(each in _OUR_OWN for each in site):
            return None
        return Problem(code="origin-foreign", facts={"address": f"{_scheme(scope)}://{hosts[0]}"})

    def _known(self, host: str) -> bool:
        return is_address(host) or host == "localhost" or host in self._names()


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key == name]


def _scheme(scope: Scope) -> str:
    scheme = str(scope.get("scheme", "http"))
    return _WEB_SCHEME.get(scheme, scheme)


def split_host(authority: str, scheme: str) -> tuple[str, int] | None:
    """Host and port of `host:port`, `[::1]:port` or `host`; None when it is none of them."""
    found = _AUTHORITY.fullmatch(authority.lower())
    if found is None:
        return None
    return found["six"] or found["host"].rstrip("."), int(found["port"] or _DEFAULT_PORTS.get(scheme, 0))


def is_address(host: str) -> bool:
    """Whether a host is written in digits, and so cannot be a name that someone turned our way."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _origin(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an Origin; None for `null` and whatever is none."""
    scheme, separator, authority = origin.partition("://")
    place = split_host(authority, scheme) if separator else None
    return (scheme.lower(), *place) if place else None


def _is_program(scope: Scope) -> bool:
    if any(value[:7].lower() == "bearer " for value in _values(scope, b"authorization")):
        return True
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped is not None and mapped.is_loopback


async def _refuse(scope: Scope, send: Send, problem: Problem) -> None:
    if scope["type"] == "websocket":
        await send(
            {"type": "websocket.close", "code": 1008}
        )  # the server makes it a 403; no page can read more
        return
    shown = describe(problem)
    headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if any("application/json" in value for value in _values(scope, b"accept")):
        body = json.dumps({"ok": False, "problems": [shown]}, ensure_ascii=False).encode()
        headers.append((b"content-type", b"application/json"))
    else:
        body = f"{shown['message']}\n{shown['hint']}\n".encode()
        headers.append((b"content-type", b"text/plain; charset=utf-8"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
