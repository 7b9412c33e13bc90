"""The pinned files hold what pyproject.toml asks for, each with hashes, and name no host and no machine."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-nodeps.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?P<marker> ;[^\\]+)?(?: \\)?$")


def pins(name: str) -> dict[str, set[Version]]:
    """The versions of each package of a file; more than one where Pythons differ."""
    found: dict[str, set[Version]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        pin = PIN.match(line)
        if pin is not None:
            found.setdefault(pin["name"], set()).add(Version(pin["version"]))
    return found


def _asked(*groups: list[str]) -> list[Requirement]:
    return [Requirement(line) for group in groups for line in group]


RUNTIME = _asked(PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["install"])
DEV = _asked(PROJECT["project"]["optional-dependencies"]["dev"])
NODEPS = _asked(PROJECT["dependency-groups"]["nodeps"])


@pytest.mark.parametrize(
    ("name", "asked"), [(FILES[0], RUNTIME), (FILES[1], [*RUNTIME, *DEV]), (FILES[2], NODEPS)]
)
def test_what_is_asked_for_is_pinned(name: str, asked: list[Requirement]) -> None:
    pinned = pins(name)
    for requirement in asked:
        versions = pinned.get(requirement.name.lower().replace("_", "-"), set())
        assert versions, requirement
        assert all(requirement.specifier.contains(version) for version in versions), requirement


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_pin_a_hash_or_a_comment(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    hashed = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
    for before, line in zip(["", *lines], lines, strict=False):
        assert PIN.match(line) or hashed.match(line) or re.match(r"^ *#", line), line
        if PIN.match(before):
            assert hashed.match(line), f"no hash under {before}"


@pytest.mark.parametrize("name", FILES)
def test_no_host_and_no_machine_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert not re.search(r"(?:^|\s)/\w", text, re.MULTILINE)


def test_the_tests_run_on_the_versions_of_the_program() -> None:
    dev = pins(FILES[1])
    assert {name: dev.get(name) for name in pins(FILES[0])} == pins(FILES[0])
