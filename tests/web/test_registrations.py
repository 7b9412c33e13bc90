"""The write-only form: stored once, a card at once, nothing read back."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dvc_core import bootstrap
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.i18n import Language, catalogue, has_text
from dvc_core.tokens import qr
from dvc_core.web import registrations
from tests.support.center import START, Center

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


@pytest.mark.parametrize("language", ["ja", "easy", "en"])
def test_problems_are_told_in_the_language_that_the_person_reads(client: TestClient, language: str) -> None:
    def told(body: dict[str, object]) -> dict[str, dict[str, object]]:
        answer = client.post("/api/registrations", content=json.dumps({**body, "language": language}))
        return {problem["code"]: problem for problem in answer.json()["problems"]}

    forms = [
        form(name="", phone="12", age=15, emergency_name="", guardian_name=""),
        form(age=None),
        form(health="あ\u202eい"),
        form(emergency_name="あ" * 101),
        {},
    ]
    taken = form()
    client.post("/api/registrations", content=json.dumps(taken))
    found = {code: problem for body in forms for code, problem in told(body).items()}
    found |= told({**taken, "name": "別の人"})
    assert len(found) >= 8
    for code, problem in found.items():
        kind = "refusal" if has_text(f"refusal.{code}") else "problem"
        hint = f"{kind}.{code}.{'next' if kind == 'refusal' else 'hint'}"
        for each, words in problem["words"].items():  # type: ignore[attr-defined]
            assert f"{kind}.{code}" in catalogue(each), (each, code)
            assert hint in catalogue(each), (each, hint)
            assert words["message"]
        chosen = problem["words"][language]  # type: ignore[index]
        assert {"message": problem["message"], "hint": problem["hint"]} == chosen
        assert problem["message"].isascii() == (language == "en")  # type: ignore[attr-defined]


def test_a_text_that_cannot_be_stored_has_words_in_every_language() -> None:
    for code in ("text-forbidden", "text-too-long", "person-name-missing"):
        for language in get_args(Language):
            assert {f"refusal.{code}", f"refusal.{code}.next"} <= catalogue(language).keys()


def test_every_field_that_is_checked_has_words_in_every_language() -> None:
    empty = registrations.Form(command_id=uuid.uuid4(), name="", age=10)
    fields = registrations.problems_of(empty, START.date())
    assert {"name", "phone", "guardian_name", "guardian_consents", "emergency_name"} <= set(fields)
    for field in (*fields, "age", "bad", "other_content"):
        key = f"problem.form-{field.replace('_', '-')}"
        for language in get_args(Language):
            assert {key, f"{key}.hint"} <= catalogue(language).keys()


def test_skills_are_offered_in_the_three_languages(client: TestClient) -> None:
    skills = client.get("/api/register/options").json()["skills"]
    assert len(skills) > 20
    for skill in skills:
        names = skill["names"]
        assert set(names) == set(get_args(Language))
        assert names["en"].isascii(), names
        # Each run of kanji is followed by its reading.
        assert re.fullmatch(r"(?:[^一-鿿々]|[一-鿿々]+（[ぁ-んー]+）)+", names["easy"]), names
    for language in get_args(Language):
        shown = [skill["names"][language] for skill in skills]
        assert len(set(shown)) == len(shown)


def test_a_skill_that_the_council_has_not_translated_keeps_its_name(
    center: Center, client: TestClient, tmp_path: Path
) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    one = 'code = "boat"\nname = "小型船舶"\nwords = ["船舶"]\nsource = "見本"\n'
    (folder / "skills.toml").write_text(f"[[skill]]\n{one}", "utf-8")
    center.services.config = msgspec.structs.replace(center.services.config, reference=folder)
    names = {"ja": "小型船舶", "easy": "小型船舶", "en": "小型船舶"}
    assert client.get("/api/register/options").json()["skills"] == [{"code": "boat", "names": names}]


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
