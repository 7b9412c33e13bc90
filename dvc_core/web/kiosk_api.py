"""A tablet becomes a kiosk (`POST /api/kiosk/enrol`) and learns what it must know (`GET /api/kiosk/state`).

    enrol {code, label?} -> {kiosk_id, label, credential, database_id, council, drill, keys: [{key_id,
                             public_key_raw_b64url}]}
    state (Bearer)       -> {day, label, drill, keys, revoked: [16 hex digits], intake: {open, places_left}}
    state?waiting=N         the same; N scans wait in the tablet's outbox, for the chief's list
                            (intake is null in peacetime)

401: no such credential. 403: cut off. A code that gives nothing: 404 unknown, 409 used, 410 too late.
"""

import hashlib
import uuid
from datetime import date

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.access import kiosks
from dvc_core.access.kiosks import Caller
from dvc_core.access.passwords import one_time_code
from dvc_core.access.roles import KIOSK
from dvc_core.bootstrap import Services, installed
from dvc_core.commands.base import Actor, Answer
from dvc_core.commands.kiosk import Add, Enrol
from dvc_core.domain.attendance import Intake, intake_id
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.operation import Operation, current
from dvc_core.i18n import text
from dvc_core.ports import Reader
from dvc_core.queries.people import revoked_tokens
from dvc_core.tokens.addresses import local_addresses

LONGEST_BODY = 2000
DEFAULT_HTTPS_PORT = 8443
REVOKED_DIGITS = 16
LONGEST_NUMBER = 6
_STATUS = {
    "enrol-code-unknown": 404,
    "enrol-code-used": 409,
    "enrol-code-expired": 410,
    "kiosk-revoked": 410,
    "station-revoked": 410,
}
_NEVER = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown once when a place for a tablet was made; `answer` says whether it was."""

    answer: Answer
    kiosk_id: uuid.UUID | None = None
    code: str = ""
    enrol_url: str = ""
    credential: str = ""


class _Asked(msgspec.Struct):
    code: str
    label: str = ""


def kiosk_of(services: Services, authorization: str | None, *, waiting: int | None = None) -> Caller | None:
    """The kiosk behind a request's `Authorization` header, looked up now; its contact is noted.

    `waiting`: how many scans it says are still in its outbox, None when it does not say.
    """
    with services.reader() as reader:
        found = kiosks.caller(reader, authorization)
    if found is not None:
        kiosks.note_contact(services.database, found, now=services.wall.now(), waiting=waiting)
    return found


def _waiting(request: Request) -> int | None:
    said = request.query_params.get("waiting", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER else None


def kiosk_actor(caller: Caller) -> Actor:
    """A kiosk as commands know it: it may scan and nothing else.

    Ask `caller.cut_off` first: a cut-off kiosk keeps this role only so that what it sends can be kept apart.
    """
    return Actor(id=str(caller.kiosk.id), roles=frozenset({KIOSK.code}), kiosk_id=caller.kiosk.id)


def tablet_url(services: Services) -> str:
    """Where tablets find this program."""
    if services.https_url is not None:
        return services.https_url
    address = next(iter(local_addresses()), "127.0.0.1")
    return f"https://{address}:{DEFAULT_HTTPS_PORT}"


def make_place(
    services: Services,
    label: str,
    actor: Actor,
    *,
    command_id: uuid.UUID | None = None,
    credential: bool = False,
    source: str = "desk",
) -> Shown:
    """Make a place for a tablet: its code, the address to open there, and a credential if asked for."""
    command_id, code = command_id or uuid.uuid4(), one_time_code()
    secret = kiosks.new_credential()
    command = Add(
        label=label,
        code=kiosks.code_digest(code),
        expires_at=services.wall.now() + kiosks.CODE_LASTS,
        credential=secret.digest if credential else None,
    )
    answer = services.do(command, actor, command_id=command_id, source=source)
    made = next((entry.subject_id for entry in answer.entries if entry.kind == "kiosk.added"), None)
    if made is None or answer.result != "accepted":
        return Shown(answer=answer)
    return Shown(
        answer=answer,
        kiosk_id=made,
        code=code,
        enrol_url=f"{tablet_url(services)}/kiosk/#enrol={code}",
        credential=secret.spoken(command_id) if credential else "",
    )


def _keys(services: Services) -> list[dict[str, str]]:
    return [{"key_id": key.key_id, "public_key_raw_b64url": key.base64url} for key in services.keys.known]


def _problem(status: int, code: str, **facts: object) -> Response:
    key = f"refusal.{code}"
    shown = {
        "code": code,
        "level": "error",
        "message": text(key, **facts),
        "hint": text(f"{key}.next", **facts),
    }
    return JSONResponse({"ok": False, "code": code, "problems": [shown]}, status, headers=_NEVER)


def refused(refusal: Refusal, status: int | None = None) -> Response:
    """A refusal as the tablets' pages read it."""
    return _problem(status or _STATUS.get(refusal.code, 422), refusal.code, **refusal.facts)


async def enrol(request: Request) -> Response:
    """POST: the code of the chief's screen becomes a credential, once."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LONGEST_BODY:
            return _problem(413, "enrol-code-unknown")
    return await run_in_threadpool(_enrol, raw)


def _enrol(raw: bytes) -> Response:
    services = installed()
    try:
        asked = msgspec.json.decode(raw, type=_Asked)
    except msgspec.MsgspecError:
        return _problem(400, "enrol-code-unknown")
    now = services.wall.now()
    with services.reader() as reader:
        refusal = kiosks.refused_code(reader, asked.code, now=now)
    if refusal is not None:
        return refused(refusal)
    secret, command_id = kiosks.new_credential(), uuid.uuid4()
    command = Enrol(code=kiosks.code_digest(asked.code), credential=secret.digest, label=asked.label)
    answer = services.do(command, Actor(id="public"), command_id=command_id, source="kiosk")
    if answer.refusal is not None:
        return refused(answer.refusal)
    spoken = secret.spoken(command_id)
    caller = kiosk_of(services, f"Bearer {spoken}")
    assert caller is not None
    with services.reader() as reader:
        label = kiosks.label_of(reader, caller.kiosk.id)
    return JSONResponse(
        {
            "kiosk_id": str(caller.kiosk.id),
            "label": label,
            "credential": spoken,
            "database_id": str(services.database.meta.database_id),
            "council": services.council_id,
            "drill": services.drill,
            "keys": _keys(services),
        },
        headers=_NEVER,
    )


def state(request: Request) -> Response:
    """GET: the day, the keys, the revoked codes and the places left."""
    services = installed()
    caller = kiosk_of(services, request.headers.get("authorization"), waiting=_waiting(request))
    if caller is None:
        return _problem(401, "kiosk-unknown")
    if caller.cut_off:
        return _problem(403, "kiosk-revoked")
    day = activity_day(services.clock.now())
    with services.reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        revoked = revoked_tokens(reader, operation.id) if operation else []
        places = _intake(reader, operation, day)
        label = kiosks.label_of(reader, caller.kiosk.id)
    return JSONResponse(
        {
            "day": day.isoformat(),
            "label": label,
            "drill": services.drill,
            "keys": _keys(services),
            "revoked": [_revoked_entry(token) for token in revoked],
            "intake": places,
        },
        headers=_NEVER,
    )


def _intake(reader: Reader, operation: Operation | None, day: date) -> dict[str, bool | int | None] | None:
    if operation is None:
        return None
    row = reader.get(Intake, intake_id(operation.id, day))
    return {"open": row is None or row.closed_at is None, "places_left": row.left if row else None}


def _revoked_entry(token: str) -> str:
    """Enough of a digest for the tablet to know a code, and nothing to make one from."""
    return hashlib.sha256(bytes.fromhex(token)).hexdigest()[:REVOKED_DIGITS]


routes: list[BaseRoute] = [
    Route("/api/kiosk/enrol", enrol, methods=["POST"]),
    Route("/api/kiosk/state", state, methods=["GET"]),
]
