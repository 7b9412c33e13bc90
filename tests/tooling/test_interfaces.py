"""`dvc_core/INTERFACES.md` says what the program really answers, name by name."""

import json
import re
import sys
import typing
import uuid
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dvc_core import bootstrap
from dvc_core.cli import demo, demo_setup, parser, reply
from dvc_core.commands.base import Result, Sort
from dvc_core.commands.board import Publish
from dvc_core.domain import deadline
from dvc_core.domain.attendance import Act
from dvc_core.domain.board import FileVerdict, Heard
from dvc_core.domain.board_facts import CouncilState, Told
from dvc_core.domain.problem import Level as ProblemLevel
from dvc_core.domain.problem import Problem
from dvc_core.geo.geocode import Level
from dvc_core.manual import edition, fields
from dvc_core.manual.library import read
from dvc_core.matching.model import Status
from dvc_core.store.journal import Entry
from dvc_core.tokens import qr
from dvc_core.tokens.picture import matrix
from dvc_core.web import board_files, scans
from dvc_core.web.kiosk_api import make_place
from tests.manual.story import BCP, CHAPTER
from tests.support.center import START, Center
from tests.support.server import ROOT, NewProgram
from tests.tooling.test_readme import table

PAGE = (ROOT / "dvc_core" / "INTERFACES.md").read_text(encoding="utf-8")
SAMPLES = ROOT / "tests" / "importing" / "samples"
MATCHING = ROOT / "tests" / "matching" / "samples"
SERVING = frozenset({"start", "drill start"})


def names(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def rows(heading: str) -> dict[str, str]:
    """The last cell by the first one's name, of the table that begins so."""
    return {names(cells[0])[0]: cells[-1] for cells in table(PAGE, heading)}


COMMANDS = rows("| command | what it does |")


def paths(value: object, at: str = "") -> Iterator[str]:
    """Every field of an answer, as the page names fields."""
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{at}.{key}" if at else str(key)
            yield below
            yield from paths(inner, below)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from paths(inner, f"{at}[]")


def compare(said: set[str], answers: list[dict[str, Any]]) -> None:
    """Each name is in an answer, and each field of an answer is named, or lies in one that is named whole."""
    real = {path for answer in answers for path in paths(answer)}
    lists = {f"{path}[]" for path in real}
    assert said <= real | lists, f"named, but not answered: {sorted(said - real - lists)}"
    whole = {name for name in said if not any(other.startswith((f"{name}.", f"{name}[")) for other in said)}
    unnamed = {
        path
        for path in real
        if path not in said
        and not any(name.startswith((f"{path}.", f"{path}[")) for name in said)
        and not any(path.startswith((f"{name}.", f"{name}[")) for name in whole)
    }
    assert not unnamed, f"answered, but not named: {sorted(unnamed)}"


class Desk:
    """A center, and its command line in this process."""

    def __init__(self, center: Center, folder: Path) -> None:
        self.center, self.folder = center, folder
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def run(self, *words: str, data: Path | None = None) -> dict[str, Any]:
        """One command; its answer is kept under its name."""
        arguments = parser().parse_args([*words, "--json"])
        arguments.data = data or self.center.services.config.data
        command = reply.COMMANDS[arguments.name]
        if command.work is not None and data is None:
            said = command.work(self.center.services, arguments).answer()
        else:
            assert command.alone is not None
            said = command.alone(arguments).answer()
        plain: dict[str, Any] = json.loads(json.dumps(said, default=str))
        self.answers.setdefault(arguments.name, []).append(plain)
        return plain

    def path(self, name: str) -> str:
        """A file of the test's own folder."""
        return str(self.folder / name)


def people_and_cards(desk: Desk) -> None:
    started = {"disaster": "flood", "started_at": (START - timedelta(days=1)).isoformat(), "title": "訓練"}
    desk.run("do", "operation.start", json.dumps(started))
    desk.run("do", "operation.open")
    person = {"person": {"id": str(uuid.UUID(int=0)), "name": "見本 花子"}}
    desk.run("do", "volunteer.register", json.dumps(person))
    payload = desk.run("card", "issue", "1")["payload"]
    modules = np.array(matrix(payload))
    Image.fromarray(np.where(modules, 0, 255).astype(np.uint8)).resize((600, 600), 0).save(
        desk.path("card.png")
    )
    desk.run("scan", desk.path("card.png"))
    desk.run("checkin", "1", "--act", "arrive", "--id", str(uuid.uuid4()), "--at", START.isoformat())
    desk.run("card", "pdf", "1", "--to", desk.path("cards.pdf"))
    desk.run("card", "revoke", "1")
    desk.run("user", "add", "hanako", "--name", "見本 花子", "--role", "reception")
    desk.run("user", "list")
    desk.run("user", "disable", "hanako")
    desk.run("ask", "accounts")
    desk.run("kiosk", "add", "受付1")
    desk.run("kiosk", "list")
    desk.run("kiosk", "revoke", "1")


def lists_and_looks(desk: Desk) -> None:
    desk.run("import", "volunteers", str(SAMPLES / "volunteers_form_utf8.csv"))
    desk.run("import", "needs", str(SAMPLES / "needs_phone.xlsx"))
    desk.run("import", "stickers", str(SAMPLES / "stickers_red.csv"))
    desk.run("geocode", "小金井市本町一丁目", "本町1-2-3", "ない町")
    for name in ("messy-day", "small-day"):
        desk.run("match", str(MATCHING / f"{name}.json"), "--seconds", "2")
    editions = [str(ROOT / "manuals" / name / "2026-1") for name in ("koganei", "koganei-bcp")]
    desk.run("manual", "check", editions[1])
    desk.run("manual", "diff", *editions)
    written(desk.folder, "", CHAPTER)
    desk.run("manual", "check", desk.path("mihon/2026-1"))
    desk.run("commands")
    desk.run("queries")


def another_councils_file(desk: Desk) -> None:
    place = desk.folder / "fuchu"
    services = bootstrap.build(bootstrap.Config(data=place, council_id="13206"), clock=desk.center.clock)
    try:
        Center(services, desk.center.clock).must(Publish(told=Told(state=CouncilState.OPEN), seen_number=0))
        made = board_files.write(services)
    finally:
        services.close()
    assert made is not None
    Path(desk.path("fuchu.json")).write_bytes(made.content)
    desk.run("board", "import", desk.path("fuchu.json"))


def store_and_block(desk: Desk) -> None:
    desk.run("certificate", "show")
    desk.run("certificate", "renew")
    desk.run("do", "board.publish", json.dumps({"told": {"state": "open"}, "seen_number": 0}))
    desk.run("board", "export", "--to", desk.path("board.json"))
    desk.run("board", "import", desk.path("board.json"))
    another_councils_file(desk)
    desk.run("board", "show")
    desk.run("doctor")
    desk.run("export", "--to", desk.path("export"))
    desk.run("backup", "--to", desk.path("all.zip"))
    desk.run("restore", desk.path("all.zip"), data=desk.folder / "restored" / "live")
    desk.run("drill", "create", "秋の訓練")
    desk.run("drill", "list")


@pytest.fixture
def desk(center: Center, tmp_path: Path) -> Desk:
    return Desk(center, tmp_path)


def test_its_table_is_the_command_line() -> None:
    parser()
    assert set(COMMANDS) == set(reply.COMMANDS)


def test_every_field_is_answered_and_every_answer_named(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_and_cards(desk)
    lists_and_looks(desk)
    store_and_block(desk)
    # Four days of a center take long to fill and answer no field of their own: the accounts are told instead.
    monkeypatch.setattr(demo, "fill", lambda *_: dict.fromkeys(demo_setup.LOGINS.values(), "once"))
    desk.run("demo", data=tmp_path / "demo")
    assert set(desk.answers) == set(COMMANDS) - SERVING
    everywhere = set(names(PAGE.partition("Every answer has")[2].partition("\n\n")[0]))
    problems = [p for said in desk.answers.values() for answer in said for p in answer["problems"]]
    assert {"ok", "problems"} | {key for p in problems for key in p} == everywhere - set(
        words_of(ProblemLevel)
    )
    for name, answers in desk.answers.items():
        own = [{key: a[key] for key in a.keys() - {"ok", "problems"}} for a in answers]
        assert all({"ok", "problems"} <= a.keys() for a in answers)
        compare(set(names(COMMANDS[name])), own)
    values = rows("| kind | fields of `rows[].values` |")
    for kind, cell in values.items():
        rowed = desk.answers[f"import {kind}"][0]["rows"]
        assert list(rowed[0]["values"]) == names(cell)


@pytest.mark.parametrize("command", sorted(SERVING))
def test_what_a_program_says_when_it_is_ready(command: str, new_program: NewProgram, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "dvc_core.cli", *command.split()]
    if command != "start":
        arguments = parser().parse_args(["drill", "create", "秋の訓練"])
        arguments.data = tmp_path / "data"
        reply.COMMANDS["drill create"].run_here(arguments)
        words.append("秋の訓練")
    program = new_program(command=words).start()
    compare({*names(COMMANDS[command]), "ok", "problems"}, [program.ready])
    health = httpx.get(f"{program.ready['url']}/health").json()
    compare(set(names(rows("| request | what is sent |")["GET /health"])), [health])


def test_scans_by_http(center: Center) -> None:
    place = make_place(center.services, "受付1", center.chief, credential=True)
    sent, answered = next(c for c in table(PAGE, "| request | what is sent |") if "scans" in c[0])[1:]
    asked = {name for name in names(sent) if not name.startswith("Authorization")}
    scan = {
        "command_id": str(uuid.uuid4()),
        "act": "arrive",
        "at": START.isoformat(),
        "payload": "?",
        "number": 1,
    }
    batch = {"device_now": START.isoformat(), "scans": [scan], "database_id": str(uuid.uuid4())}
    compare(asked | {"scans"}, [batch])
    assert set(batch) == set(scans.Batch.__struct_fields__)
    assert set(scan) == set(scans.SentScan.__struct_fields__)
    del scan["payload"], batch["database_id"]
    bootstrap.install(center.services)
    try:
        client = TestClient(Starlette(routes=scans.routes))
        assert client.post("/api/scans", json=batch).status_code == httpx.codes.UNAUTHORIZED
        said = client.post(
            "/api/scans", json=batch, headers={"Authorization": f"Bearer {place.credential}"}
        ).json()
    finally:
        bootstrap.uninstall()
    compare({*names(answered), "results"}, [said])


def words_of(cls: object) -> list[str]:
    if isinstance(cls, type) and issubclass(cls, StrEnum):
        return [member.value for member in cls]
    return list(typing.get_args(cls))


def test_the_words_of_a_field_are_the_programs() -> None:
    real = {
        "`geocode` level": Level,
        "`match` status": Status,
        "`manual check` status": edition.Status,
        "`scan` verdict": qr.Reading,
        "`checkin` act": Act,
        "`checkin` verdict": scans.Verdict,
        "`do` result": Result,
        "`commands` sort": Sort,
        "`board import` verdict": FileVerdict,
        "`board show` state": CouncilState,
        "`board show` source": Heard,
    }
    said = {cells[0]: names(cells[1]) for cells in table(PAGE, "| field | its words |")}
    assert said == {name: words_of(cls) for name, cls in real.items()}
    assert [cells[0] for cells in table(PAGE, "| exit | meaning |")] == [
        str(code) for code in (reply.FINE, reply.PROBLEMS, reply.USAGE, reply.REFUSED, reply.CANNOT_RUN)
    ]


def test_an_entry_of_the_exported_journal(desk: Desk) -> None:
    desk.center.must(Publish(told=Told(state=CouncilState.OPEN), seen_number=0))
    desk.run("export", "--to", desk.path("export"))
    entry = json.loads(Path(desk.path("export/journal.jsonl")).read_text(encoding="utf-8").splitlines()[0])
    said = PAGE.partition("A line of `journal.jsonl` is one entry:")[2].partition("\n\n")[0]
    assert set(names(said)) == set(entry) == set(Entry.__struct_fields__)


def test_a_councils_status_file(desk: Desk) -> None:
    another_councils_file(desk)
    said = (
        PAGE.partition("## A council's status file")[2]
        .partition("`number` grows")[0]
        .partition("`signature`:")[2]
    )
    file = json.loads(Path(desk.path("fuchu.json")).read_bytes())
    assert set(names(said)) - {file["format"]} == set(file)


def written(folder: Path, settings: str, chapter: str) -> edition.Edition:
    """An edition of its own folder."""
    place = folder / "mihon" / "2026-1"
    place.mkdir(parents=True, exist_ok=True)
    (place / "edition.toml").write_text(settings, encoding="utf-8")
    (place / "01-hajime.md").write_text(chapter, encoding="utf-8")
    return read(place)


def facts_of(found: edition.Edition, code: str, name: str) -> list[str]:
    problem: Problem = next(each for each in found.problems if each.code == code)
    return str(problem.facts[name]).split("、")


def test_a_manuals_fields_keys_and_deadlines(tmp_path: Path) -> None:
    steps = rows("| field of a step | what may stand in it |")
    files = rows("| file | keys |")
    assert tuple(steps) == fields.FIELDS
    spare = written(
        tmp_path, BCP.replace('code = "hojin"', 'code = "hojin"\nspare = 1') + "spare = 2\n", CHAPTER
    )
    top = written(tmp_path, 'spare = "1"\n' + BCP, CHAPTER)
    choices = {member.value for kind in (edition.Kind, edition.Ownership) for member in kind}
    for said, found in (("edition.toml", top), ("[[function]]", spare)):
        keys = [name for name in names(files[said]) if name not in choices]
        assert sorted(keys) == sorted(facts_of(found, "manual-key-unknown", "keys"))
    assert choices <= {name for cell in files.values() for name in names(cell)}
    examples = names(steps["期限"].partition("Examples:")[2])
    assert len(examples) > 1
    assert all(deadline.parse(example) for example in examples)
    assert set(deadline.MOMENT_NAMES) <= set(names(steps["期限"]))
    assert names(steps["段階"]) == list(fields.PHASE_NAMES)


def test_its_example_of_a_step_is_read(tmp_path: Path) -> None:
    example = PAGE.partition("A step:\n\n```\n")[2].partition("```")[0]
    center = BCP.partition("[[function]]")[0].replace('"bcp"', '"center"')
    found = written(tmp_path, center, f"# 章\n\n{example}")
    assert [step.id for step in found.steps] == ["uketsuke-tsukue"]
    # Its 前提 lie in other chapters.
    assert {problem.code for problem in found.problems} <= {"manual-requires-unknown"}
    assert found.steps[0].deadline == deadline.parse("開設-2h")
