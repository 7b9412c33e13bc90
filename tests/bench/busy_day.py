"""A center in the middle of a busy day, for benchmarks: the demonstration and everyone who came besides.

The story has its days, calls, teams and steps of the manual; the people that it lacks are registered, come in
and are admitted by the same commands, each with a signed card.
"""

import secrets
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from dvc_core import bootstrap
from dvc_core.access import sessions
from dvc_core.access.passwords import hash_password
from dvc_core.bootstrap import Services
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.commands.account import Add
from dvc_core.commands.attendance import Admit, Scan, SetPlaces
from dvc_core.commands.base import Actor, Command, Envelope
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import derive
from dvc_core.domain.need import Need
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.queries.needs import LIVE
from dvc_core.tokens import qr

PEOPLE = 300
CHUNK = 60
INSURED = Traits(insurance=Insurance.DISASTER, insurance_seen=True)
PASSWORD = secrets.token_urlsafe(16)
EVERYONE = Actor(id="bench", roles=frozenset({"admin", "chief", "reception", "kiosk"}))


class Day(NamedTuple):
    """What a benchmark knows of it: a login's cookie (`name=value`), the signed cards, what there is."""

    cookie: str
    cards: list[str]
    facts: str


def filled(data: Path) -> Day:
    """Fill a data folder up to this minute; the database is closed again."""
    now = datetime.now(UTC)
    clock = StoryClock(now)
    services = bootstrap.build(config_of(data, demo.NAME), clock=clock)
    try:
        demo.fill(services, clock, demo.SEED, now)
        cards = _come(services)
        return Day(_cookie(services), cards, _facts(services))
    finally:
        services.close()


def _come(services: Services) -> list[str]:
    """Those who are missing to `PEOPLE` are registered, arrive and are admitted; their cards' texts."""
    today = activity_day(services.clock.now())
    with services.reader() as reader:
        there = len(reader.find(Volunteer))
    services.do(SetPlaces(day=today, places=PEOPLE + there), EVERYONE)
    cards, commands = [], []
    for nth in range(there, PEOPLE):
        token = secrets.token_bytes(qr.TOKEN_BYTES)
        key = services.keys.current
        cards.append(qr.issue(key, token))
        person = Person(
            id=uuid.UUID(int=0), name=f"見本 {nth}", kana="ミホン ジロウ", phone=f"000-0000-{nth:04}"
        )
        register_id = uuid.uuid4()
        card = NewCard(token=token.hex(), key_id=key.key_id)
        commands += [
            _sent(Register(person=person, traits=INSURED, card=card), register_id),
            _sent(Scan(act=Act.ARRIVE, token=token.hex())),
            _sent(Admit(volunteer_id=derive(register_id, "volunteer"), day=today)),
        ]
    for start in range(0, len(commands), CHUNK):
        for answer in services.run_all(commands[start : start + CHUNK]):
            if answer.refusal is not None and answer.refusal.code != "already-admitted":
                raise AssertionError(answer)
    return cards


def _sent(command: Command, command_id: uuid.UUID | None = None) -> Envelope:
    return Envelope(command_id=command_id or uuid.uuid4(), command=command, actor=EVERYONE, station="bench")


def _cookie(services: Services) -> str:
    """The cookie of someone who may open every desk."""
    command = Add(
        login="bench",
        name="訓練 次郎",
        roles=("admin", "chief"),
        password_hash=hash_password(PASSWORD),
        one_time=False,
    )
    services.do(command, EVERYONE)
    answer = sessions.log_in(services.database, "bench", PASSWORD, now=services.wall.now())
    if not answer.cookie:
        raise AssertionError(answer)
    return f"tasuki-http-{str(services.database.meta.database_id)[:8]}={answer.cookie}"


def _facts(services: Services) -> str:
    today = activity_day(services.clock.now())
    with services.reader() as reader:
        people, came = len(reader.find(Volunteer)), len(reader.find(Attendance, day=today))
        needs = reader.find(Need)
        teams = [team for team in reader.find(Team, day=today) if team.dissolved_at is None]
    live = sum(need.state in LIVE for need in needs)
    wanted = f"ニーズ {len(needs)} 件（動いている {live}）"
    return f"登録 {people} 人、きょう {came} 人、{wanted}、きょうの班 {len(teams)}"
