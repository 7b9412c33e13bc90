"""The write-only form: stored once, a card at once, nothing read back."""

import json
import uuid
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dvc_core import bootstrap
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.tokens import qr
from dvc_core.web import registrations
from tests.support.center import Center

FORM = {
    "name": "見本 花子",
    "kana": "みほん はなこ",
    "phone": "090-0000-0000",
    "age": 30,
    "emergency_name": "見本 太郎",
    "emergency_phone": "090-0000-0001",
    "insurance": "disaster",
    "health_ok": True,
    "skills": ["licence_car", "no-such-skill"],
}


@pytest.fixture
def client(center: Center) -> Iterator[TestClient]:
    bootstrap.install(center.services)
    yield TestClient(Starlette(routes=registrations.routes))
    bootstrap.uninstall()


def form(**changes: object) -> dict[str, object]:
    return {"command_id": str(uuid.uuid4()), **FORM, **changes}


def test_a_form_gives_a_number_and_a_card_of_ours_and_again_the_same(
    center: Center, client: TestClient
) -> None:
    sent = form()
    first = client.post("/api/registrations", content=json.dumps(sent))
    again = client.post("/api/registrations", content=json.dumps(sent))
    assert (first.status_code, first.json()) == (200, again.json())
    verdict = qr.read(first.json()["payload"], center.services.keys.known)
    assert (verdict.reading, first.json()["number"]) == ("ours", 1)
    with center.services.reader() as reader:
        rows = reader.find(Volunteer)
    assert [(r.confirmed_at_desk, r.insurance_seen, r.skills) for r in rows] == [
        (False, False, ("licence_car",))
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"age": None}, "age"),
        ({"age": 15}, "guardian_name"),
        ({"emergency_name": ""}, "emergency_name"),
        ({"health": "あ\u202eい"}, "health"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_stored(
    center: Center, client: TestClient, changes: dict[str, object], field: str
) -> None:
    answer = client.post("/api/registrations", content=json.dumps(form(**changes)))
    assert answer.status_code == 422
    assert field in [problem["column"] for problem in answer.json()["problems"]]
    assert all(problem["message"] and problem["hint"] for problem in answer.json()["problems"])
    with center.services.reader() as reader:
        assert reader.find(Person) == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"name": 3}', b"\xff", b"x" * 30_000])
def test_nonsense_is_refused_in_words(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/registrations", content=body)
    assert answer.status_code in (413, 422)
    assert answer.json()["problems"][0]["hint"]


def test_another_paper_under_the_same_number_waits_for_a_person(client: TestClient) -> None:
    sent = form()
    client.post("/api/registrations", content=json.dumps(sent))
    answer = client.post("/api/registrations", content=json.dumps({**sent, "name": "別の人"}))
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "form-other-content")


def test_the_form_reads_nothing_but_its_options(client: TestClient) -> None:
    assert client.get("/api/registrations").status_code == 405
    assert set(client.get("/api/register/options").json()) == {"skills", "drill", "day"}
