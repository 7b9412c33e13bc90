"""Kiosks: enrolled by a code that works once and for ten minutes, known on every request, cut off at once."""

import hashlib
import json
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dvc_core.access import kiosks
from dvc_core.commands.attendance import CloseIntake, SetPlaces
from dvc_core.commands.base import Envelope
from dvc_core.commands.kiosk import Enrol, Revoke
from dvc_core.commands.operation import Start
from dvc_core.commands.volunteer import NewCard, Register, RevokeCard, card_id
from dvc_core.domain.day import activity_day
from dvc_core.domain.kiosk import KioskContact
from dvc_core.domain.operation import Disaster
from dvc_core.domain.volunteer import Person
from dvc_core.web import kiosk_api
from tests.access.client import Client, installed
from tests.support.center import START, Center


@pytest.fixture
def site(center_on_both: Center) -> Iterator[Center]:
    """A center, served, on either engine."""
    with installed(center_on_both):
        yield center_on_both


def place(center: Center, label: str = "受付1", *, credential: bool = False) -> kiosk_api.Shown:
    shown = kiosk_api.make_place(center.services, label, center.chief, credential=credential)
    assert shown.answer.result == "accepted"
    return shown


def enrol(code: str, **more: str) -> httpx.Response:
    return Client().ask("POST", "/api/kiosk/enrol", json={"code": code, **more})


def state(credential: str) -> httpx.Response:
    return Client().get("/api/kiosk/state", headers={"Authorization": f"Bearer {credential}"})


def enrolled(center: Center, label: str = "受付1") -> dict[str, Any]:
    answer = enrol(place(center, label).code)
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_tablet_becomes_a_kiosk_with_the_chiefs_code(site: Center) -> None:
    site.services.https_url = "https://192.168.1.5:8443"
    shown = place(site)
    assert shown.enrol_url == f"https://192.168.1.5:8443/kiosk/#enrol={shown.code}"
    assert shown.credential == ""
    got = enrol(shown.code.lower()).json()
    assert (got["kiosk_id"], got["label"], got["council"], got["drill"]) == (
        str(shown.kiosk_id),
        "受付1",
        "13210",
        None,
    )
    assert got["database_id"] == str(site.services.database.meta.database_id)
    key = site.services.keys.current.public
    assert got["keys"] == [{"key_id": key.key_id, "public_key_raw_b64url": key.base64url}]
    told = state(got["credential"])
    assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
    assert told.json()["label"] == "受付1"
    rows = site.services.ask("kiosks", site.chief)
    assert [(row.number, row.label, row.enrolled_at) for row in rows] == [(1, "受付1", START)]


def test_a_code_works_once_in_ten_minutes_and_not_after_it_was_taken_back(site: Center) -> None:
    first, second, third = place(site), place(site, "受付2"), place(site, "受付3")
    assert enrol(first.code, label="入口").json()["label"] == "入口"
    assert enrol(first.code).status_code == 409
    assert third.kiosk_id is not None
    site.must(Revoke(kiosk_id=third.kiosk_id))
    assert enrol(third.code).status_code == 410
    site.clock.forward(minutes=10)
    late = enrol(second.code)
    assert (late.status_code, late.json()["code"]) == (410, "enrol-code-expired")
    assert "新しい" in late.json()["problems"][0]["hint"]


def test_guessing_a_code_writes_nothing(site: Center) -> None:
    head = site.services.database.head()
    for body in ({"code": "AAAA-BBBB-CCCC"}, {"code": ""}, {"code": "\u202e" * 200}, {"code": 5}, [], "x"):
        answer = Client().ask("POST", "/api/kiosk/enrol", json=body)
        assert answer.status_code in (400, 404)
        assert answer.json()["ok"] is False
    assert Client().ask("POST", "/api/kiosk/enrol", content=b"{" * 5000).status_code == 413
    assert Client().ask("POST", "/api/kiosk/enrol", content=b"\xff\xfe").status_code == 400
    assert site.services.database.head() == head


def test_nobody_says_himself_when_he_asked(site: Center) -> None:
    """The command has no time of its own: also past the door of the web, an old code gives nothing."""
    shown = place(site)
    site.clock.forward(days=1)
    command = Enrol(code=kiosks.code_digest(shown.code), credential=kiosks.new_credential().digest)
    early = Envelope(
        command_id=uuid.uuid4(),
        command=command,
        actor=site.admin,
        occurred_at=site.clock.at - timedelta(days=1),
    )
    answer = site.services.run(early)
    assert answer.refusal is not None
    assert answer.refusal.code == "enrol-code-expired"


def test_of_two_tablets_with_one_code_one_is_enrolled(site: Center) -> None:
    shown = place(site)
    command = [
        Enrol(
            code=kiosks.code_digest(shown.code),
            credential=kiosks.new_credential().digest,
        )
        for _ in range(2)
    ]
    ready, results = threading.Barrier(2, timeout=10), []

    def take(each: Enrol) -> None:
        ready.wait()
        results.append(site.do(each))

    threads = [threading.Thread(target=take, args=(each,)) for each in command]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.refusal.code if answer.refusal else "" for answer in results) == [
        "",
        "enrol-code-used",
    ]


@pytest.mark.parametrize("label", ["", "   ", "あ" * 21, "受付\u202e1", "受付\x00"])
def test_a_label_that_cannot_be_shown_is_refused_and_the_code_still_works(site: Center, label: str) -> None:
    shown = kiosk_api.make_place(site.services, label, site.chief)
    assert shown.answer.refusal is not None
    assert (shown.code, shown.enrol_url) == ("", "")
    good = place(site)
    if label.strip():
        assert enrol(good.code, label=label).status_code == 422
    assert enrol(good.code).status_code == 200


def test_cut_off_in_one_tap_also_while_it_runs(site: Center) -> None:
    here, there = enrolled(site), enrolled(site, "受付2")
    site.must(Revoke(kiosk_id=uuid.UUID(here["kiosk_id"])))
    cut = state(here["credential"])
    assert (cut.status_code, cut.json()["code"]) == (403, "kiosk-revoked")
    assert state(there["credential"]).status_code == 200
    caller = kiosk_api.kiosk_of(site.services, f"Bearer {here['credential']}")
    assert caller is not None
    assert caller.cut_off
    assert site.refused(Revoke(kiosk_id=uuid.UUID(here["kiosk_id"]))) == "kiosk-revoked"
    assert site.refused(Revoke(kiosk_id=uuid.uuid4())) == "kiosk-unknown"


def test_a_credential_may_scan_and_nothing_else(site: Center) -> None:
    caller = kiosk_api.kiosk_of(site.services, f"Bearer {enrolled(site)['credential']}")
    assert caller is not None
    actor = kiosk_api.kiosk_actor(caller)
    assert site.services.roles.works(actor.roles) == {"scan"}
    assert site.refused(Revoke(kiosk_id=caller.kiosk.id), actor) == "not-allowed"


@pytest.mark.parametrize(
    "bent", ["", "{id}", "{id}.", "{id}.x", "{secret}", "x.{secret}", "{other}.{secret}"]
)
def test_what_is_no_credential_is_nobody(site: Center, bent: str) -> None:
    named, _, secret = enrolled(site)["credential"].partition(".")
    other = enrolled(site, "受付2")["credential"].partition(".")[0]
    assert state(bent.format(id=named, secret=secret, other=other)).status_code == 401
    assert Client().get("/api/kiosk/state").status_code == 401
    basic = Client().get("/api/kiosk/state", headers={"Authorization": f"Basic {named}.{secret}"})
    assert basic.status_code == 401


def test_the_state_tells_the_day_the_revoked_codes_and_the_places(site: Center) -> None:
    credential = enrolled(site)["credential"]
    before = state(credential).json()
    assert (before["day"], before["revoked"], before["intake"]) == (
        "2026-07-28",
        [],
        None,
    )
    site.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START, title="訓練の地震"))
    assert state(credential).json()["intake"] == {"open": True, "places_left": None}
    day = activity_day(site.clock.now())
    reception = site.chief
    site.must(SetPlaces(day=day, places=40), reception)
    lost, kept = "ab" * 16, "cd" * 16
    for token in (lost, kept):
        card = NewCard(token=token, key_id=site.services.keys.current.key_id)
        site.must(Register(person=Person(id=uuid.uuid4(), name="訓練 太郎"), card=card), reception)
    site.must(RevokeCard(card_id=card_id(lost)), reception)
    told = state(credential).json()
    assert told["intake"] == {"open": True, "places_left": 40}
    digest = hashlib.sha256(bytes.fromhex(lost)).hexdigest()
    assert told["revoked"] == [digest[:16]]
    assert lost not in json.dumps(told)
    site.must(CloseIntake(day=day), reception)
    assert state(credential).json()["intake"]["open"] is False


def test_the_last_contact_is_written_now_and_then(site: Center) -> None:
    credential = enrolled(site)["credential"]

    def contact() -> KioskContact:
        with site.services.reader() as reader:
            return reader.find(KioskContact)[0]

    first = contact()
    site.clock.forward(seconds=19)
    state(credential)
    assert contact() == first
    site.clock.forward(seconds=1)
    state(credential)
    assert contact().last_at == first.last_at + timedelta(seconds=20)


def test_a_known_kiosk_is_recognised_while_a_desk_writes(site: Center) -> None:
    credential = enrolled(site)["credential"]
    with site.services.database.unit():  # a kiosk that waited for its turn to write would never get it
        assert kiosk_api.kiosk_of(site.services, f"Bearer {credential}") is not None


def test_a_program_gets_its_credential_at_once_and_a_tablet_may_still_follow(site: Center) -> None:
    shown = place(site, credential=True)
    assert state(shown.credential).status_code == 200
    tablet = enrol(shown.code).json()
    assert state(tablet["credential"]).status_code == 200
    assert shown.kiosk_id is not None
    site.must(Revoke(kiosk_id=shown.kiosk_id))
    assert {state(each).status_code for each in (shown.credential, tablet["credential"])} == {403}


def test_no_code_and_no_secret_lies_in_the_database(site: Center) -> None:
    shown = place(site, credential=True)
    secret = shown.credential.partition(".")[2]
    with site.services.reader() as reader:
        for table in ("journal", "kiosk", "kiosk_credential", "kiosk_enrolment", "kiosk_label"):
            kept = str(reader.rows(f"SELECT * FROM {table} WHERE council_id = $council"))
            assert shown.code not in kept
            assert secret not in kept
