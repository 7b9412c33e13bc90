"""Kiosk, registration form, a station's enrolment and the wall as static pages, and the kiosk's QR decoder.

Each page is one set of files (its own, the common ones, its words of the catalogue as a module) under an
address that holds the set's digest, so that a browser may keep them for ever and never mixes two versions.
The kiosk's service worker gets the list and the digest, and keeps the page when the server cannot be reached.

The QR decoder is zxing.min.js of the installed package `nicegui-scanner` (MIT; the file is a build of
@zxing/library, MIT, a port of Apache-2.0 ZXing). Nothing of it is copied here.
"""

import gzip
import hashlib
import json
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from importlib import metadata
from pathlib import Path
from string import Template
from typing import Any, get_args

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core import bootstrap
from dvc_core.i18n import Language, catalogue, text
from dvc_core.tokens.picture import svg
from dvc_core.tokens.qr import read

STATIC = Path(__file__).with_name("static")
DECODER = "/kiosk/vendor/zxing.min.js"
ADMISSION = tuple(
    f"refusal.{code}"
    for code in ("not-arrived", "insurance-missing", "guardian-missing", "intake-closed", "intake-full")
)
"""Why someone is not taken in today, as the kiosk says it to them."""
WORDS = {
    "kiosk": ("kiosk_page.", "token.", "scan.flag.", "scan.review.", *ADMISSION),
    "register": ("register_page.",),
    "station": ("station_page.",),
    "wall": ("wall_page.", "phase."),
}

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NEVER = "no-store"
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}
_LONGEST_REQUEST = 2048

_PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SCRIPT_POLICY = (
    "default-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'"
)
_PAGE = {
    **_PLAIN,
    "Content-Security-Policy": f"{_SCRIPT_POLICY}; style-src 'self'; img-src 'self' blob:; "
    "worker-src 'self'; manifest-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types tasuki",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class PageFile:
    """One file of a page, as it is sent."""

    content_type: str
    body: bytes

    @cached_property
    def digest(self) -> str:
        """Sixteen hex digits of the content."""
        return hashlib.sha256(self.body).hexdigest()[:16]


class PageSet:
    """The files of one page, read once a process; paths are below `/NAME/files/DIGEST/`."""

    def __init__(self, name: str, static: Path = STATIC) -> None:
        self.name = name
        self._static = static

    @cached_property
    def files(self) -> dict[str, PageFile]:
        """All that the page loads, by path; the page itself and its service worker stand apart."""
        found = {"words.js": _file("words.js", _words(*WORDS[self.name]))}
        for folder in ("common", self.name):
            for source in sorted((self._static / folder).iterdir()):
                if source.name not in {"index.html", "sw.js"}:
                    found[f"{folder}/{source.name}"] = _file(source.name, source.read_bytes())
        return found

    @cached_property
    def digest(self) -> str:
        """Changes with any byte of the page, its words or the decoder."""
        whole = hashlib.sha256()
        for path, file in sorted(self.files.items()):
            whole.update(f"{path}\0{file.digest}\0".encode())
        for apart in ("index.html", "sw.js"):
            source = self._static / self.name / apart
            whole.update(source.read_bytes() if source.is_file() else b"")
        whole.update(decoder().digest.encode() if self.name == "kiosk" else b"")
        return whole.hexdigest()[:16]

    @property
    def base(self) -> str:
        """Where the files are."""
        return f"/{self.name}/files/{self.digest}"

    @property
    def kept(self) -> list[str]:
        """The addresses that the service worker keeps; the page itself first."""
        return [f"/{self.name}/", *(f"{self.base}/{path}" for path in self.files), decoder_address()]

    def page(self, drill: str | None = None) -> bytes:
        """index.html with the addresses of its files; a drill's says so before anything can be entered."""
        words = text(f"{self.name}_page.drill", name=drill) if drill else ""
        mark = text(f"{self.name}_page.drill_mark") if drill else ""
        return self._filled(
            "index.html",
            base=self.base,
            drill=escape(drill or ""),
            in_drill="true" if drill else "false",
            unless_drill="" if drill else "hidden",
            drill_words=escape(words),
            drill_mark=escape(mark),
        )

    def worker(self, drill: str | None = None) -> bytes:
        """The service worker with the version and the list that it keeps; a drill's page is another one."""
        of = f"-{hashlib.sha256(drill.encode()).hexdigest()[:8]}" if drill else ""
        return self._filled("sw.js", version=f"{self.digest}{of}", kept=json.dumps(self.kept))

    def _filled(self, name: str, **facts: str) -> bytes:
        facts |= {"decoder": decoder_address()}
        template = Template((self._static / self.name / name).read_text(encoding="utf-8"))
        return template.substitute(facts).encode("utf-8")


@cache
def decoder() -> PageFile:
    """The decoder of the installed package; empty when it is missing, and the server decodes instead."""
    try:
        listed = metadata.files("nicegui-scanner") or []
    except metadata.PackageNotFoundError:
        listed = []
    found = [Path(str(entry.locate())) for entry in listed if entry.name == "zxing.min.js"]
    return _file("zxing.min.js", found[0].read_bytes() if found else b"")


def decoder_address() -> str:
    """The decoder's address with its digest, so that a new package is a new address."""
    return f"{DECODER}?v={decoder().digest}"


def routes_of(static: Path = STATIC) -> list[BaseRoute]:
    """The routes of the pages, from the files of one folder; role `public`."""
    kiosk, register, station, wall = (PageSet(name, static) for name in WORDS)
    return [
        Route("/kiosk", _to("/kiosk/")),
        Route("/kiosk/", _page(kiosk, _ASK_AGAIN)),
        Route("/kiosk/sw.js", _service_worker(kiosk)),
        Route("/kiosk/files/{digest}/{path:path}", _files(kiosk)),
        Route(DECODER, _decoder),
        Route("/register", _to("/register/")),
        Route("/register/", _page(register, _NEVER)),
        Route("/register/files/{digest}/{path:path}", _files(register)),
        Route("/register/code", _code, methods=["POST"]),
        Route("/station", _to("/station/")),
        Route("/station/", _page(station, _NEVER)),
        Route("/station/files/{digest}/{path:path}", _files(station)),
        Route("/wall", _to("/wall/")),
        Route("/wall/", _page(wall, _NEVER)),
        Route("/wall/files/{digest}/{path:path}", _files(wall)),
    ]


Answer = Callable[[Request], Response]


def _drill() -> str | None:
    """The drill's name; the pages are also served where no center is (their own tests)."""
    return bootstrap.installed().drill if bootstrap.is_installed() else None


def _to(address: str) -> Answer:
    return lambda _request: RedirectResponse(address, status_code=308)


def _page(pages: PageSet, caching: str) -> Answer:
    # The form is never kept by the browser: going back must not show what the person before has typed.
    def answer(request: Request) -> Response:
        file = PageFile("text/html; charset=utf-8", pages.page(_drill()))
        return _send(request, file, _PAGE | {"Cache-Control": caching})

    return answer


def _service_worker(pages: PageSet) -> Answer:
    def answer(request: Request) -> Response:
        file = PageFile("text/javascript; charset=utf-8", pages.worker(_drill()))
        headers = {
            **_PLAIN,
            "Cache-Control": _NEVER,
            "Service-Worker-Allowed": "/kiosk/",
            "Content-Security-Policy": _SCRIPT_POLICY,
        }
        return _send(request, file, headers)

    return answer


def _files(pages: PageSet) -> Answer:
    def answer(request: Request) -> Response:
        file = pages.files.get(request.path_params["path"])
        if file is None or request.path_params["digest"] != pages.digest:
            return Response(status_code=404, headers={"Cache-Control": _NEVER})
        # A worker has the policy of its own file.
        headers = {**_PLAIN, "Cache-Control": _FOREVER, "Content-Security-Policy": _SCRIPT_POLICY}
        return _send(request, file, headers)

    return answer


def _decoder(request: Request) -> Response:
    file = decoder()
    if not file.body:
        return Response(status_code=404, headers={"Cache-Control": _NEVER})
    named = request.query_params.get("v") == file.digest
    return _send(request, file, {**_PLAIN, "Cache-Control": _FOREVER if named else _ASK_AGAIN})


def _send(request: Request, file: PageFile, headers: dict[str, str]) -> Response:
    headers = headers | {"Content-Type": file.content_type, "Vary": "Accept-Encoding"}
    if headers["Cache-Control"] == _ASK_AGAIN:
        headers["ETag"] = f'"{file.digest}"'
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(file.body), headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.body, headers=headers)


async def _code(request: Request) -> Response:
    """The picture of a code just given out: `{payload}` in the body, never in an address or a log."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _LONGEST_REQUEST:
            return Response(status_code=413, headers={"Cache-Control": _NEVER})
    return await run_in_threadpool(_picture, raw)


class _Shown(msgspec.Struct):
    payload: str


def _picture(raw: bytes) -> Response:
    headers = {**_PLAIN, "Cache-Control": _NEVER}
    try:
        payload = msgspec.json.decode(raw, type=_Shown).payload
    except msgspec.MsgspecError:
        return Response(status_code=400, headers=headers)
    # Whoever it belongs to, it must have the shape of a volunteer's code: this route draws nothing else.
    if read(payload, ()).token is None:
        return Response(status_code=400, headers=headers)
    return Response(svg(payload, "QR"), headers=headers | {"Content-Type": "image/svg+xml"})


def _file(name: str, body: bytes) -> PageFile:
    suffix = Path(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return PageFile(kind if kind == "image/png" else f"{kind}; charset=utf-8", body)


@cache
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def _words(*beginnings: str) -> bytes:
    """The words of the catalogue that a page shows, as a module: {language: {key: text}}."""
    words: dict[str, dict[str, Any]] = {
        language: {key: text for key, text in catalogue(language).items() if key.startswith(beginnings)}
        for language in get_args(Language)
    }
    return f"export default {json.dumps(words, ensure_ascii=False, sort_keys=True)};\n".encode()


routes: list[BaseRoute] = routes_of()
