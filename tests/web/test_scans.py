"""`POST /api/scans`: batches as kiosks send them, on both engines."""

import json
import uuid
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dvc_core import bootstrap
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Attendance
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.review import Review
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.tokens import qr
from dvc_core.web import scans
from dvc_core.web.kiosk_api import make_place
from tests.support.center import START, Center

TOKEN = bytes(range(16))


class Kiosk:
    """One tablet and the server it sends to."""

    def __init__(self, center: Center) -> None:
        self.center = center
        center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練"))
        center.must(DecideOpening(decision=OpeningDecision.OPEN))
        center.must(Open())
        self.place = make_place(center.services, "受付1", center.chief, credential=True)
        self.client = TestClient(Starlette(routes=scans.routes))
        key = center.services.keys.current
        self.payload = qr.issue(key, TOKEN)
        traits = Traits(insurance=Insurance.DISASTER)
        card = NewCard(token=TOKEN.hex(), key_id=key.key_id)
        person = Person(id=uuid.UUID(int=0), name="見本 花子")
        center.must(Register(person=person, traits=traits, card=card))

    def scan(
        self, act: str, payload: str | None = None, *, minutes: float = 0, **more: object
    ) -> dict[str, object]:
        at = self.center.clock.now() + timedelta(minutes=minutes)
        said = {
            "command_id": str(uuid.uuid4()),
            "act": act,
            "at": at.isoformat(),
            "payload": payload or self.payload,
        }
        return {**said, **more}

    def send(self, *batch: dict[str, object], now_off: float = 0, **more: object) -> list[dict[str, object]]:
        now = self.center.clock.now() + timedelta(minutes=now_off)
        body = {"device_now": now.isoformat(), "scans": list(batch), **more}
        answer = self.client.post("/api/scans", content=json.dumps(body), headers=self.headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.place.credential}"}


@pytest.fixture
def kiosk(center_on_both: Center) -> object:
    bootstrap.install(center_on_both.services)
    yield Kiosk(center_on_both)
    bootstrap.uninstall()


def test_a_whole_batch_is_answered_scan_by_scan(kiosk: Kiosk) -> None:
    results = kiosk.send(
        kiosk.scan("arrive"),
        kiosk.scan("arrive", kiosk.payload.replace("TSK1", "TSK9")),
        kiosk.scan("arrive", "https://example.invalid/"),
        kiosk.scan("leave", payload=None, number=1) | {"payload": None},
    )
    assert [r["verdict"] for r in results] == ["ok", "review", "review", "ok"]
    assert [r["number"] for r in results] == [1, None, None, 1]
    assert all(r["message"] for r in results)
    with kiosk.center.services.reader() as reader:
        assert len(reader.find(Review)) == 2
        row = reader.find(Attendance)[0]
    assert (row.admitted, row.present) == (True, False)


def test_the_same_scan_twice_is_stored_once(kiosk: Kiosk) -> None:
    scan = kiosk.scan("arrive")
    first, again = kiosk.send(scan), kiosk.send(scan)
    assert (first[0]["verdict"], again[0]["verdict"]) == ("ok", "repeat")
    head = kiosk.center.services.database.head()
    kiosk.send(scan, scan)
    assert kiosk.center.services.database.head() == head


def test_a_device_whose_clock_is_off_is_corrected_and_flagged(kiosk: Kiosk) -> None:
    result = kiosk.send(kiosk.scan("arrive", minutes=-65), now_off=-60)[0]
    assert result["flags"] == ["clock-off"]
    with kiosk.center.services.reader() as reader:
        arrived = reader.find(Attendance)[0].arrived_at
    assert arrived == START - timedelta(minutes=5)


def test_a_forged_card_waits_and_a_cut_off_kiosk_is_acknowledged(kiosk: Kiosk) -> None:
    from dvc_core.commands.kiosk import Revoke

    broken = kiosk.payload[:-2] + ("AA" if kiosk.payload[-2:] != "AA" else "BB")
    assert kiosk.send(kiosk.scan("arrive", broken))[0]["verdict"] == "review"
    assert kiosk.place.kiosk_id is not None
    kiosk.center.must(Revoke(kiosk_id=kiosk.place.kiosk_id))
    result = kiosk.send(kiosk.scan("arrive"))[0]
    assert (result["verdict"], result["flags"]) == ("review", ["cut-off-kiosk"])
    with kiosk.center.services.reader() as reader:
        assert reader.find(Attendance) == []


def test_another_databases_scans_are_kept_apart(kiosk: Kiosk) -> None:
    result = kiosk.send(kiosk.scan("arrive"), database_id=str(uuid.uuid4()))[0]
    assert result["verdict"] == "review"


def test_without_insurance_the_arrival_stands_and_the_place_is_refused(kiosk: Kiosk) -> None:
    kiosk.center.must(Register(person=Person(id=uuid.UUID(int=0), name="見本 二郎")))
    result = kiosk.send(kiosk.scan("arrive", number=2) | {"payload": None})[0]
    assert (result["verdict"], result["number"]) == ("refused", 2)
    with kiosk.center.services.reader() as reader:
        assert [row.admitted for row in reader.find(Attendance)] == [False]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff\xfe", b'{"device_now": "x", "scans": []}', b"[" * 100_000]
)
def test_nonsense_is_refused_with_words_and_stores_nothing(kiosk: Kiosk, body: bytes) -> None:
    head = kiosk.center.services.database.head()
    answer = kiosk.client.post("/api/scans", content=body, headers=kiosk.headers)
    assert answer.status_code in (413, 422)
    assert answer.json()["problems"][0]["hint"]
    assert kiosk.center.services.database.head() == head


def test_nobody_scans_without_a_credential(kiosk: Kiosk) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = kiosk.client.post("/api/scans", content=b"{}", headers=headers)
        assert answer.status_code == 401


def test_a_leader_who_scans_out_takes_the_team_along(center: Center) -> None:
    from tests.commands.test_teams import Day

    bootstrap.install(center.services)
    try:
        day = Day(center)
        team_id = day.team()
        place = make_place(center.services, "出発口", center.chief, credential=True)
        client = TestClient(Starlette(routes=scans.routes))
        now = center.clock.now().isoformat()
        for number in (2, 1):
            sent = {"command_id": str(uuid.uuid4()), "act": "depart", "at": now, "number": number}
            body = json.dumps({"device_now": now, "scans": [sent]})
            headers = {"Authorization": f"Bearer {place.credential}"}
            assert client.post("/api/scans", content=body, headers=headers).status_code == 200
            with center.services.reader() as reader:
                team = reader.get(Team, team_id)
            assert team is not None
            assert (team.departed_at is not None) is (number == 1)
        assert day.out() == 4
    finally:
        bootstrap.uninstall()
