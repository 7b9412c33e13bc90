"""What the README says is there."""

import re
import tomllib

import tasks
from tests.tooling.own_checks import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the table whose header begins so, cell by cell."""
    below = page.partition(heading)[2]
    assert below, f"no table {heading}"
    lines = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]


def test_every_task_it_names_is_in_make_and_in_tasks() -> None:
    named = set(re.findall(r"`(?:make|python tasks\.py) (\w+)`", README))
    made = set(re.search(r"\.PHONY: (.+)", (ROOT / "Makefile").read_text(encoding="utf-8"))[1].split())
    assert {"run", "test"} <= named
    assert named <= made
    assert named <= set(tasks.TASKS)


def test_every_dependency_has_its_line_and_no_other() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["nodeps"]]
    table = README.partition("## 部品と、使う理由")[2].partition("\n## ")[0]
    rows = set(re.findall(r"^\| ([a-z][a-z0-9-]+) \| \S", table, re.MULTILINE))
    assert rows == {re.match(r"[A-Za-z0-9-]+", line)[0] for line in wanted}


def test_every_place_that_the_page_for_newcomers_names_is_there() -> None:
    core = ROOT / "dvc_core"
    page = (core / "README.md").read_text(encoding="utf-8")
    places = set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)`", page))
    below = (ROOT, core, core / "forms", core / "domain")
    assert len(places) > 20
    assert {place for place in places if not any((folder / place).exists() for folder in below)} == set()
    assert len(page.splitlines()) <= 90
