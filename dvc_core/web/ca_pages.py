"""The small plain port: the council's CA, how a tablet comes to trust it, and the way to the real address.

設営: the one who sets a tablet up opens this page once, before anything else. It serves nothing about people
and takes nothing in. On the HTTPS side one picture belongs to it: it shows only where the CA is trusted.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.i18n import text
from dvc_core.tokens.addresses import host_names, local_addresses
from dvc_core.tokens.certificates import Certificates
from dvc_core.tokens.picture import svg
from dvc_core.web.origin import is_address, split_host

CA_NAME = "tasuki-ca.crt"
_STEPS = 4
_TOKYO = ZoneInfo("Asia/Tokyo")
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STATIC = files("dvc_core.web").joinpath("static/ca")


class Device(msgspec.Struct, frozen=True):
    """How one kind of device comes to trust the CA; also for the printed sheet."""

    code: str
    name: str
    steps: tuple[str, ...]


def devices() -> tuple[Device, ...]:
    """Every kind of device that has its steps in the catalogue."""
    return tuple(
        Device(
            code, text(f"trust.{code}"), tuple(text(f"trust.{code}.{step}") for step in range(1, _STEPS + 1))
        )
        for code in text("trust.devices").split()
    )


class CaPort(msgspec.Struct, frozen=True, kw_only=True):
    """What the port tells. `certificate` gives the one in use; `now` is the wall's clock."""

    certificate: Callable[[], Certificates]
    now: Callable[[], datetime]
    council: str
    https_port: int
    ca_port: int
    drill: str | None = None

    def app(self) -> Starlette:
        """The app of this port."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route(f"/{CA_NAME}", self.ca),
                Route("/ca.css", stylesheet),
                Route("/{path:path}", self.elsewhere),
            ]
        )

    def page(self, request: Request) -> Response:
        """GET /: the steps."""
        certificate = self.certificate()
        host = _host(request)
        https_url, ca_url = f"https://{host}:{self.https_port}", f"http://{host}:{self.ca_port}"
        drill = f'<p class="drill">訓練：{escape(self.drill)}</p>' if self.drill else ""
        ends = certificate.ca_ends_at.astimezone(_TOKYO)
        groups = certificate.fingerprint.split(" ")
        filled = Template(_STATIC.joinpath("index.html").read_text(encoding="utf-8")).substitute(
            drill=drill,
            council=escape(self.council),
            https_url=https_url,
            ca_url=ca_url,
            moment=f"{self.now():%H%M%S%f}",  # or a browser shows what it found last time
            devices="".join(_block(device, _kind(request)) for device in devices()),
            note=escape(text("trust.note")),
            fingerprint="".join(f"<span>{group}</span> " for group in groups),
            ends=f"{ends.year}年{ends.month}月{ends.day}日",
            ca_code=svg(ca_url, "はじめての端末で開く住所の QR コード"),
            https_code=svg(https_url, "準備のできた端末で開く住所の QR コード"),
        )
        policy = (
            f"default-src 'none'; style-src 'self'; img-src {https_url} data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(filled, headers={**_HEADERS, "Content-Security-Policy": policy})

    def ca(self, _request: Request) -> Response:
        """GET the CA itself, in DER. Without Content-Disposition, or an iPad files it away as a download."""
        content = self.certificate().ca_der
        return Response(content, media_type="application/x-x509-ca-cert", headers=_HEADERS)

    def elsewhere(self, request: Request) -> Response:
        """GET anything else: the same path at the HTTPS address."""
        query = f"?{request.url.query}" if request.url.query else ""
        target = f"https://{_host(request)}:{self.https_port}{request.scope['raw_path'].decode()}{query}"
        return RedirectResponse(target, status_code=307, headers=_HEADERS)


def stylesheet(_request: Request) -> Response:
    """GET the page's stylesheet."""
    return Response(_STATIC.joinpath("ca.css").read_bytes(), media_type="text/css", headers=_HEADERS)


def trusted(_request: Request) -> Response:
    """GET on the HTTPS side: a picture that a device shows only when it trusts the CA."""
    content = _STATIC.joinpath("trusted.svg").read_bytes()
    return Response(content, media_type="image/svg+xml", headers=_HEADERS)


def _host(request: Request) -> str:
    """The host the visitor used, if it is one of ours; a made-up one must not become a link."""
    place = split_host(request.headers.get("host", ""), "http")
    if place is not None and (is_address(place[0]) or place[0] in {"localhost", *host_names()}):
        return f"[{place[0]}]" if ":" in place[0] else place[0]
    return next(iter(map(str, local_addresses())), "127.0.0.1")


def _kind(request: Request) -> str:
    """Which device's steps to open first. An iPad calls itself a Macintosh."""
    agent = request.headers.get("user-agent", "")
    marks = {"Android": "android", "CrOS": "chromebook", "Windows": "windows"}
    return next((kind for mark, kind in marks.items() if mark in agent), "ipad")


def _block(device: Device, kind: str) -> str:
    steps = "".join(f"<li>{escape(step)}</li>" for step in device.steps)
    opened = " open" if device.code == kind else ""
    return f"<details{opened}><summary>{escape(device.name)}</summary><ol>{steps}</ol></details>"


routes: list[BaseRoute] = [Route("/trusted.svg", trusted)]
