"""A tablet becomes a 班の端末: the chief's code and the device's own public key, once, for a cookie.

    POST /api/station/enrol {code, public_key} -> {label, desk}, and the cookie (HttpOnly, SameSite=Lax)
    GET  /api/station                          -> {label, desk} of this browser's cookie, or 401

A code that gives nothing: 404 unknown, 409 used, 410 too late or cut off. 422: the key is none.
"""

import uuid

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.access import device_keys, kiosks, stations
from dvc_core.access.passwords import one_time_code
from dvc_core.bootstrap import Services, installed
from dvc_core.commands.base import Actor
from dvc_core.commands.station import Add, Enrol
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.station import credential_id
from dvc_core.web.kiosk_api import Shown, refused, tablet_url
from dvc_core.web.session import station_cookie_name

LONGEST_BODY = 2000
LASTS = 180 * 24 * 3600
"""Seconds that a browser keeps the cookie; the chief ends it earlier."""

_NEVER = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class _Asked(msgspec.Struct):
    code: str
    public_key: str


def make_station(services: Services, label: str, section: str, actor: Actor) -> Shown:
    """Make a place for a tablet at a desk: its code and the address to open there."""
    code = one_time_code()
    command = Add(
        label=label,
        section=section,
        code=kiosks.code_digest(code),
        expires_at=services.wall.now() + kiosks.CODE_LASTS,
    )
    answer = services.do(command, actor)
    made = next((entry.subject_id for entry in answer.entries if entry.kind == "station.added"), None)
    if made is None or answer.result != "accepted":
        return Shown(answer=answer)
    url = f"{tablet_url(services)}/station/#enrol={code}"
    return Shown(answer=answer, kiosk_id=made, code=code, enrol_url=url)


async def enrol(request: Request) -> Response:
    """POST: the code of the chief's screen and the device's key become a cookie, once."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LONGEST_BODY:
            return refused(Refusal("enrol-code-unknown"), 413)
    return await run_in_threadpool(_enrol, request, raw)


def _enrol(request: Request, raw: bytes) -> Response:
    services = installed()
    try:
        asked = msgspec.json.decode(raw, type=_Asked)
    except msgspec.MsgspecError:
        return refused(Refusal("enrol-code-unknown"), 400)
    with services.reader() as reader:
        refusal = stations.refused_code(reader, asked.code, now=services.wall.now())
    if refusal is None and device_keys.public_key(asked.public_key) is None:
        refusal = Refusal("enrol-key-bad")
    if refusal is not None:
        return refused(refusal)
    secret, command_id = kiosks.new_credential(), uuid.uuid4()
    command = Enrol(
        code=kiosks.code_digest(asked.code), credential=secret.digest, public_key=asked.public_key
    )
    answer = services.do(command, Actor(id="public"), command_id=command_id, source="kiosk")
    if answer.refusal is not None:
        return refused(answer.refusal)
    cookie = f"{credential_id(command_id)}.{secret.secret}"
    at = _seen(services, cookie)
    assert at is not None
    stations.note_contact(services.database, at, now=services.wall.now())
    desk = at.desk.name if at.desk else ""
    response = JSONResponse({"label": at.label, "desk": desk}, headers=_NEVER)
    response.set_cookie(
        station_cookie_name(services, request.url.scheme),
        cookie,
        max_age=LASTS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response


def _seen(services: Services, cookie: str | None) -> stations.Seen | None:
    with services.reader() as reader:
        return stations.seen(reader, cookie, now=services.wall.now(), reference=services.reference)


def station(request: Request) -> Response:
    """GET: which station this browser is, so that it is not enrolled anew by mistake."""
    services = installed()
    at = _seen(services, request.cookies.get(station_cookie_name(services, request.url.scheme)))
    if at is None or at.cut_off:
        return refused(Refusal("station-unknown"), 401)
    desk = at.desk.name if at.desk else ""
    return JSONResponse({"label": at.label, "desk": desk}, headers=_NEVER)


routes: list[BaseRoute] = [
    Route("/api/station/enrol", enrol, methods=["POST"]),
    Route("/api/station", station, methods=["GET"]),
]
