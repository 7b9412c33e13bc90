"""The contracts of pyproject.toml stop each import that the floors forbid, and let the others be."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = (
    *("domain", "ports", "i18n", "commands", "queries", "store", "access", "tokens", "manual", "importing"),
    *("forms", "geo", "matching", "exchange", "replay", "bootstrap", "jobs", "web", "cli"),
)
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _lint(folder: Path, imports: dict[str, str]) -> tuple[bool, str]:
    """Whether a program of one empty module a floor, with these imports, keeps the contracts."""
    package = folder / "dvc_core"
    package.mkdir()
    for name in {"__init__", *MODULES, *imports}:
        (package / f"{name}.py").write_text(imports.get(name, ""), encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", folder)
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout


def test_imports_that_go_down_are_kept(tmp_path: Path) -> None:
    kept, said = _lint(
        tmp_path,
        {
            "cli": "import dvc_core.web, dvc_core.bootstrap",
            "bootstrap": "import dvc_core.store, dvc_core.commands, dvc_core.jobs",
            "store": "import duckdb, psycopg, dvc_core.replay, dvc_core.domain",
            "i18n": "import dvc_core.domain",
        },
    )
    assert kept, said


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("domain", "dvc_core.i18n"),
        ("ports", "dvc_core.store"),
        ("commands", "dvc_core.store"),
        ("commands", "dvc_core.queries"),
        ("queries", "dvc_core.commands"),
        ("forms", "dvc_core.geo"),
        ("replay", "dvc_core.store"),
        ("store", "dvc_core.bootstrap"),
        ("bootstrap", "dvc_core.web"),
        ("web", "streamlit"),
        ("geo", "streamlit_folium"),
        ("queries", "duckdb"),
        ("bootstrap", "duckdb"),
        ("matching", "psycopg"),
    ],
)
def test_an_import_that_the_floors_forbid_is_named(tmp_path: Path, module: str, forbidden: str) -> None:
    kept, said = _lint(tmp_path, {module: f"import {forbidden}"})
    assert not kept
    assert f"dvc_core.{module} -> {forbidden}" in said


def test_a_module_without_a_floor_is_named(tmp_path: Path) -> None:
    kept, said = _lint(tmp_path, {"extra": ""})
    assert not kept
    assert "dvc_core.extra" in said
