"""`POST /api/registrations`: the write-only form on a council tablet (受付, practice 3.2).

The card's token follows from the command's id under the database's secret, so that sending the same paper
again gives the same number and the same code.
"""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, get_args

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.bootstrap import Services, installed
from dvc_core.commands.base import Actor, Answer, Envelope
from dvc_core.commands.volunteer import NewCard, RegisterSelf
from dvc_core.domain.day import activity_day
from dvc_core.domain.person_facts import Insurance, Skill
from dvc_core.domain.problem import Fact
from dvc_core.domain.text import plausible_phone
from dvc_core.domain.volunteer import ADULT, Person, Registered, Traits, age_on
from dvc_core.i18n import Language, text
from dvc_core.importing.reference import load_skills
from dvc_core.tokens import qr
from dvc_core.web.kiosk_api import kiosk_of

LARGEST = 20_000
OLDEST = 120
NOBODY = uuid.UUID(int=0)
Short = Annotated[str, msgspec.Meta(max_length=100)]
PUBLIC = Actor(id="public")
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What the form sends; `language` is what the person reads."""

    language: Language = "ja"
    command_id: uuid.UUID
    name: Short
    kana: Short = ""
    phone: Short = ""
    age: Annotated[int, msgspec.Meta(ge=0, le=OLDEST)] | None = None
    birth_date: date | None = None
    guardian_name: Short = ""
    guardian_phone: Short = ""
    guardian_consents: bool = False
    emergency_name: Short = ""
    emergency_phone: Short = ""
    insurance: Insurance = Insurance.UNKNOWN
    health_ok: bool = False
    health: Annotated[str, msgspec.Meta(max_length=500)] = ""
    skills: Annotated[list[Short], msgspec.Meta(max_length=60)] = []
    licence: Short = ""
    vehicle: Literal["none", "car", "truck", "motorcycle", "bicycle"] = "none"
    driver: bool = False
    truck: bool = False
    seats: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0


def problems_of(form: Form, today: date) -> list[str]:
    """Fields that are missing or cannot be, in the order of the form."""
    age = age_on(form.birth_date, today) if form.birth_date else form.age
    minor = age is not None and age < ADULT
    checks = {
        "name": bool(form.name.strip()),
        "phone": plausible_phone(form.phone) or form.phone.strip().startswith("+"),
        "age": age is not None and 0 <= age <= OLDEST,
        "guardian_name": not minor or bool(form.guardian_name.strip()),
        "guardian_consents": not minor or form.guardian_consents,
        "emergency_name": bool(form.emergency_name.strip()),
    }
    return [field for field, fine in checks.items() if not fine]


def _token(services: Services, command_id: uuid.UUID) -> bytes:
    secret = bytes.fromhex(services.database.meta.content_key)
    return hmac.new(secret, b"card" + command_id.bytes, hashlib.sha256).digest()[: qr.TOKEN_BYTES]


def register(services: Services, form: Form) -> tuple[Answer, str]:
    """Store one registration and sign its card; the same form again gives the same card."""
    today = activity_day(services.clock.now())
    token = _token(services, form.command_id)
    key = services.keys.current
    known = {skill.code for skill in load_skills(services.config.reference)}
    age = age_on(form.birth_date, today) if form.birth_date else form.age
    person = Person(
        id=NOBODY,
        name=form.name,
        kana=form.kana,
        phone=form.phone,
        birth_date=form.birth_date,
        age=form.age,
        guardian_name=form.guardian_name,
        guardian_phone=form.guardian_phone,
        emergency_name=form.emergency_name,
        emergency_phone=form.emergency_phone,
        health=form.health,
        licence=form.licence,
    )
    traits = Traits(
        minor=age is not None and age < ADULT,
        guardian_consents=form.guardian_consents,
        insurance=form.insurance,
        health_ok=form.health_ok,
        driver=form.driver,
        truck=form.truck,
        seats=form.seats,
        skills=tuple(code for code in form.skills if code in known),
    )
    command = RegisterSelf(person=person, traits=traits, card=NewCard(token=token.hex(), key_id=key.key_id))
    answer = services.run(
        Envelope(
            command_id=form.command_id, command=command, actor=PUBLIC, station="register", source="kiosk"
        )
    )
    return answer, qr.issue(key, token)


async def registrations(request: Request) -> Response:
    """Take one form."""
    body = await request.body()
    return await run_in_threadpool(_registrations, request, body)


def _registrations(request: Request, body: bytes) -> Response:
    services = installed()
    caller = kiosk_of(services, request.headers.get("authorization"))
    if caller is not None and caller.cut_off:
        return JSONResponse({"code": "kiosk-cut-off"}, status_code=401)
    form = _read(body, activity_day(services.clock.now()))
    if isinstance(form, Response):
        return form
    answer, payload = register(services, form)
    if answer.refusal is not None:
        said = answer.refusal
        column = str(said.facts.get("field", "")).replace("-", "_")
        shown = _said(f"refusal.{said.code}", f"refusal.{said.code}.next", form.language, said.facts)
        return _answer([{"code": said.code, "level": "error", "column": column, **shown}], 422)
    made = next((event for event in answer.events if isinstance(event, Registered)), None)
    if made is None:
        return _problems([("form-other-content", None)], 409, form.language)
    return JSONResponse({"command_id": str(form.command_id), "number": made.number, "payload": payload})


def _read(body: bytes, today: date) -> Form | Response:
    """The form, or what is wrong with it."""
    if len(body) > LARGEST:
        return _problems([("form-bad", None)], 413, "ja")
    try:
        form = msgspec.json.decode(body, type=Form)
    except msgspec.MsgspecError:
        return _problems([("form-bad", None)], 422, _language(body))
    wrong = [(f"form-{field.replace('_', '-')}", field) for field in problems_of(form, today)]
    return _problems(wrong, 422, form.language) if wrong else form


class _Spoken(msgspec.Struct):
    language: Language = "ja"


def _language(body: bytes) -> Language:
    """The language of a form that cannot be read otherwise."""
    try:
        return msgspec.json.decode(body, type=_Spoken).language
    except msgspec.MsgspecError:
        return "ja"


def _said(message: str, hint: str, language: Language, facts: dict[str, Fact]) -> dict[str, object]:
    """Two texts in the person's language, and in all of them, for who changes it while they are shown."""
    words = {
        each: {"message": text(message, each, **facts), "hint": text(hint, each, **facts)}
        for each in LANGUAGES
    }
    return {**words[language], "words": words}


def _problems(found: Sequence[tuple[str, str | None]], status: int, language: Language) -> Response:
    return _answer(
        [
            {
                "code": code,
                "level": "error",
                "column": field or "",
                **_said(f"problem.{code}", f"problem.{code}.hint", language, {}),
            }
            for code, field in found
        ],
        status,
    )


def _answer(problems: list[dict[str, object]], status: int) -> Response:
    return JSONResponse({"problems": problems}, status_code=status)


def _names(skill: Skill) -> dict[Language, str]:
    return {"ja": skill.name, "easy": skill.easy or skill.name, "en": skill.en or skill.name}


def options(_request: Request) -> Response:
    """What the form offers: skills in three languages, the drill's name, the day."""
    services = installed()
    skills = [
        {"code": skill.code, "names": _names(skill)} for skill in load_skills(services.config.reference)
    ]
    day = activity_day(services.clock.now()).isoformat()
    return JSONResponse(
        {"skills": skills, "drill": services.drill, "day": day}, headers={"Cache-Control": "no-store"}
    )


routes: list[BaseRoute] = [
    Route("/api/registrations", registrations, methods=["POST"]),
    Route("/api/register/options", options),
]
