"""What the README says is there."""

import re
import tomllib

import tasks
from dvc_core.cli import parser
from dvc_core.cli.reply import COMMANDS
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


def test_its_table_of_commands_is_the_command_line() -> None:
    parser()
    rows = [cells[0] for cells in table(README, "| コマンド | すること |")]
    named = {
        name for name in COMMANDS for row in rows if row.startswith((f"`tasuki {name} ", f"`tasuki {name}`"))
    }
    assert named == set(COMMANDS)
    assert len(rows) == len(COMMANDS)


def test_every_command_it_names_anywhere_is_there() -> None:
    parser()
    for words in re.findall(r"tasuki ([a-z]+(?: [a-z]+)?)", README):
        assert words in COMMANDS or words.split()[0] in COMMANDS, words


def test_every_picture_is_there_small_and_shown() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    sizes = {name: (ROOT / name).stat().st_size for name in shown}
    kept = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data" / "pictures").iterdir()}
    assert set(shown) == kept
    assert max(sizes.values()) < 150_000
    assert sum(sizes.values()) < 1_200_000


def test_what_the_walk_says_to_press_stands_on_a_screen() -> None:
    walk = README.partition("## 10分でひと回り")[2].partition("## データの場所と控え")[0]
    kinds = [("pages", "*.py"), ("dvc_core/i18n/ja", "*.toml"), ("dvc_core/web/static", "*.html")]
    files = [path for folder, kind in kinds for path in (ROOT / folder).rglob(kind)]
    screens = "\n".join(path.read_text(encoding="utf-8") for path in files)
    pressed = set(re.findall(r"「([^」]+)」", walk))
    assert len(pressed) > 50
    assert {words for words in pressed if words not in screens} == set()


def test_every_source_of_the_map_is_named() -> None:
    sources = tomllib.loads((ROOT / "data/reference/geo/sources.toml").read_text(encoding="utf-8"))
    named = {cells[0]: cells[1] for cells in table(README, "| データ | 表示する出典 |")}
    wanted = {each["title"]: each["attribution"] for each in sources.values() if each["attribution"]}
    assert set(named) == set(wanted)
    assert all(named[title].startswith(attribution) for title, attribution in wanted.items())


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
