"""`POST /api/scans` and its picture decoder: what kiosks send (受付・送り出し・帰着). INTERFACES.md, HTTP.

A batch is answered scan by scan, and only with what has been stored. An arrival also asks for a place in the
day, under an id that follows from the scan's: the arrival stands whatever becomes of the place.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.bootstrap import Services, installed
from dvc_core.commands.attendance import Admit, Scan
from dvc_core.commands.base import Actor, Answer, Envelope
from dvc_core.commands.dispatch import Depart
from dvc_core.commands.same_person import counting
from dvc_core.commands.volunteer import card_id
from dvc_core.domain.attendance import Act, Arrived, Attendance, Departed, Left, Returned
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import derive
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.review import Raised
from dvc_core.domain.team import Team, usual_return
from dvc_core.domain.visit import Visit
from dvc_core.domain.volunteer import Card, Volunteer
from dvc_core.i18n import has_text, text
from dvc_core.tokens.keys import PublicKey
from dvc_core.tokens.picture import decode_image
from dvc_core.tokens.qr import read
from dvc_core.web.kiosk_api import kiosk_actor, kiosk_of

MOST = 100
CLOCK_OFF = timedelta(minutes=2)
LARGEST_PICTURE = 2_000_000
LARGEST_BATCH = 400_000
FACT = (Arrived, Departed, Left, Returned)


class SentScan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan as the device keeps it."""

    command_id: uuid.UUID
    act: Act
    at: datetime
    payload: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    number: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch with the device's own now, from which its clock is corrected."""

    device_now: datetime
    scans: Annotated[list[SentScan], msgspec.Meta(max_length=MOST)]
    database_id: uuid.UUID | None = None


Verdict = Literal["ok", "flagged", "repeat", "review", "refused"]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one scan; its id in an answer means that it has been stored."""

    command_id: uuid.UUID
    verdict: Verdict
    number: int | None
    flags: tuple[str, ...]
    message: str
    refusal: dict[str, object] | None = None
    seqs: tuple[int, ...] = ()


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """Where scans come from: who acts, the station's code, and whether the device was cut off."""

    actor: Actor
    station: str
    cut_off: bool = False
    source: str = "kiosk"


def take(services: Services, batch: Batch, gate: Gate) -> list[Result]:
    """Store a batch in one transaction and say what became of each scan."""
    now = services.clock.now()
    offset = now - batch.device_now
    commands = [
        _scan(sent, gate, known=services.keys.known, clock_off=abs(offset) > CLOCK_OFF)
        for sent in batch.scans
    ]
    people, numbers = _people(services, commands)
    ours = batch.database_id in (None, services.database.meta.database_id)
    envelopes: list[Envelope] = []
    for sent, command in zip(batch.scans, commands, strict=True):
        scan = Envelope(
            command_id=sent.command_id,
            command=command,
            actor=gate.actor,
            station=gate.station,
            source=gate.source,
            occurred_at=min(sent.at + offset, now),
            database_id=batch.database_id,
        )
        envelopes.append(scan)
        if command.act is Act.ARRIVE and ours and (person := people.get(_who(command))) is not None:
            # Right behind its arrival: an outbox may hold the same person's leaving as well.
            place = Admit(volunteer_id=person, day=activity_day(scan.occurred_at or now))
            admit_id = derive(sent.command_id, "admit")
            envelopes.append(msgspec.structs.replace(scan, command_id=admit_id, command=place))
    answers = {answer.command_id: answer for answer in services.run_all(envelopes)}
    _teams_go(services, batch, answers, gate)
    return [
        _result(answers[sent.command_id], sent.act, numbers, answers.get(derive(sent.command_id, "admit")))
        for sent in batch.scans
    ]


def _teams_go(services: Services, batch: Batch, answers: dict[uuid.UUID, Answer], gate: Gate) -> None:
    """A leader who scans out takes the team along: it is out on its order, with the usual time to be back."""
    gone = [(s, e) for s in batch.scans for e in answers[s.command_id].events if isinstance(e, Departed)]
    if not gone:
        return
    with services.reader() as reader:
        days = reader.many(Attendance, [event.id for _, event in gone])
        teams = reader.many(Team, [day.team_id for day in days.values() if day.team_id])
        visits = reader.many(Visit, [team.visit_id for team in teams.values()])
        leaders = counting(reader, [team.leader_id for team in teams.values()])
    for sent, event in gone:
        day = days.get(event.id)
        team = teams.get(day.team_id) if day and day.team_id else None
        if team is None or team.departed_at or team.dissolved_at:
            continue
        if (leader := leaders.get(team.leader_id)) is None or leader.id != event.volunteer_id:
            continue
        now = services.clock.now()
        back = usual_return(now, visits[team.visit_id].band)
        services.run(
            Envelope(
                command_id=derive(sent.command_id, "team"),
                command=Depart(team_id=team.id, expected_return_at=back),
                # The rule acts for the kiosk, which itself may do nothing but scan.
                actor=Actor(id=gate.actor.id, roles=frozenset({"return"})),
                station=gate.station,
                source="rule",
            )
        )


def _who(command: Scan) -> tuple[str | None, int | None]:
    return (command.token, command.number)


_People = dict[tuple[str | None, int | None], uuid.UUID]


def _people(services: Services, commands: list[Scan]) -> tuple[_People, dict[uuid.UUID, int]]:
    """Whom tokens and numbers mean, as far as they mean anyone; and the numbers of these people."""
    known = [command for command in commands if command.fault is None]
    found: _People = {}
    with services.reader() as reader:
        cards = reader.many(Card, [card_id(command.token) for command in known if command.token])
        for command in known:
            card = cards.get(card_id(command.token)) if command.token is not None else None
            if card is not None and not card.revoked:
                found[_who(command)] = card.volunteer_id
        typed = [command for command in known if command.token is None and command.number is not None]
        if typed and (operation := current(reader.find(Operation, closed_at=None))) is not None:
            for command in typed:
                rows = reader.find(Volunteer, operation_id=operation.id, number=command.number)
                if len(rows) == 1:
                    found[_who(command)] = rows[0].id
        numbers = {row.id: row.number for row in counting(reader, found.values()).values()}
    return found, numbers


def _scan(sent: SentScan, gate: Gate, *, known: Iterable[PublicKey], clock_off: bool) -> Scan:
    if gate.cut_off:
        return Scan(act=sent.act, fault="cut-off-kiosk", number=sent.number, said=sent.payload or "")
    if sent.payload is None:
        return Scan(act=sent.act, number=sent.number, clock_off=clock_off)
    verdict = read(sent.payload, known)
    if verdict.reading == "ours" and verdict.token is not None:
        return Scan(act=sent.act, token=verdict.token.hex(), said=sent.payload, clock_off=clock_off)
    fault = verdict.reason if verdict.reason in ("drill_card", "real_card") else verdict.reading
    return Scan(act=sent.act, fault=fault, said=_printable(sent.payload))


def _printable(payload: str) -> str:
    """What some other code says, as it can be kept: anything may stand in a QR."""
    return "".join(character if character.isprintable() else "�" for character in payload)


def _result(answer: Answer, act: Act, numbers: dict[uuid.UUID, int], place: Answer | None) -> Result:
    seqs = tuple(entry.seq for each in (answer, place) if each for entry in each.entries)
    fact = next((event for event in answer.events if isinstance(event, FACT)), None)
    if fact is None:
        raised = next((event for event in answer.events if isinstance(event, Raised)), None)
        reason = raised.reason if raised is not None else "other"
        return Result(
            command_id=answer.command_id,
            verdict="review",
            number=None,
            flags=(reason,),
            message=_words(f"scan.review.{reason}", "scan.review.other"),
            seqs=seqs,
        )
    number = numbers.get(fact.volunteer_id)
    flags = tuple(flag.value for flag in fact.flags)
    verdict: Verdict = "flagged" if flags else "ok"
    message = text(f"scan.flag.{flags[0]}" if flags else f"scan.{act}.ok", number=number)
    refusal: dict[str, object] | None = None
    if place is not None and place.refusal is not None and place.refusal.code != "already-admitted":
        said = place.refusal
        message = text(f"refusal.{said.code}", **said.facts)
        refusal = {"code": said.code, "facts": said.facts, "message": message}
        verdict = "refused"
    return Result(
        command_id=answer.command_id,
        verdict="repeat" if answer.result == "repeat" else verdict,
        number=number,
        flags=flags,
        message=message,
        refusal=refusal,
        seqs=seqs,
    )


def _words(key: str, other: str) -> str:
    return text(key if has_text(key) else other)


async def scans(request: Request) -> Response:
    """Take a batch from an enrolled kiosk; what a cut-off one still sends is stored in 要確認."""
    body = await request.body()
    return await run_in_threadpool(_scans, request, body)


def _scans(request: Request, body: bytes) -> Response:
    services = installed()
    kiosk = kiosk_of(services, request.headers.get("authorization"))
    if kiosk is None:
        return _problem("kiosk-unknown", 401)
    if len(body) > LARGEST_BATCH:
        return _problem("batch-bad", 413)
    try:
        batch = msgspec.json.decode(body, type=Batch)
    except msgspec.MsgspecError:
        return _problem("batch-bad", 422)
    if any(moment.tzinfo is None for moment in (batch.device_now, *(scan.at for scan in batch.scans))):
        return _problem("batch-bad", 422)
    gate = Gate(actor=kiosk_actor(kiosk), station=f"kiosk-{kiosk.kiosk.number}", cut_off=kiosk.cut_off)
    results = take(services, batch, gate)
    return Response(msgspec.json.encode({"results": results}), media_type="application/json")


async def frame(request: Request) -> Response:
    """Decode a camera's picture where the browser has no decoder of its own."""
    body = await request.body()
    return await run_in_threadpool(_frame, request, body)


def _frame(request: Request, body: bytes) -> Response:
    kiosk = kiosk_of(installed(), request.headers.get("authorization"))
    if kiosk is None or kiosk.cut_off:
        return _problem("kiosk-unknown", 401)
    if len(body) > LARGEST_PICTURE:
        return _problem("picture-large", 413)
    return JSONResponse({"payloads": decode_image(body)})


def _problem(code: str, status: int) -> Response:
    return JSONResponse(
        {
            "problems": [
                {
                    "code": code,
                    "level": "error",
                    "message": text(f"problem.{code}"),
                    "hint": text(f"problem.{code}.hint"),
                }
            ]
        },
        status_code=status,
    )


routes: list[BaseRoute] = [
    Route("/api/scans", scans, methods=["POST"]),
    Route("/api/scans/frame", frame, methods=["POST"]),
]
