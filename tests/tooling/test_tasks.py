"""`tasks.py` on a small project of its own: it sets up by itself, once, and says what to do when it cannot.

Everything is real but small, and no index is asked: no package is pinned, and the build backend lies in the
project.
"""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small"
version = "1"
"""

BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "small-1.dist-info/"
    with zipfile.ZipFile(folder + "/small-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small.pth", "")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "small-1-py3-none-any.whl"
"""

PROGRAM = """
import json, sys
print(json.dumps({"argv": sys.argv[1:], "python": sys.executable}))
sys.exit(3 if "--refuse" in sys.argv else 0)
"""


class SmallProject:
    """A copy of `tasks.py` with nothing to install, and a program that answers with its arguments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = {
            "tasks.py": (ROOT / "tasks.py").read_text(encoding="utf-8"),
            "pyproject.toml": PYPROJECT,
            "backend.py": BACKEND,
            "dvc_core/cli.py": PROGRAM,
            "requirements.txt": "",
            "requirements-dev.txt": "",
            "requirements-nodeps.txt": "",
        }
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(dedent(content), encoding="utf-8")

    def task(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """`python tasks.py ARGUMENTS`, with no index to ask."""
        return subprocess.run(
            [sys.executable, str(self.folder / "tasks.py"), *arguments],
            env={**os.environ, "PIP_NO_INDEX": "1", "PYTHONUTF8": "1", **environment},
            cwd="/",
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """One small project, set up by its first task."""
    return SmallProject(tmp_path_factory.mktemp("小さな 計画"))


def test_run_sets_up_once_and_hands_on_arguments_and_exit_code(project: SmallProject) -> None:
    first = project.task("run", "--json", "--port", "8501")
    assert first.returncode == 0, first.stderr
    answer = json.loads(first.stdout)
    assert answer["argv"] == ["start", "--json", "--port", "8501"]
    assert Path(answer["python"]).is_relative_to(project.folder / ".venv")
    assert "部品を入れています" in first.stderr
    again = project.task("run", "--refuse")
    assert again.returncode == 3
    assert json.loads(again.stdout)["argv"] == ["start", "--refuse"]
    assert again.stderr == ""


@pytest.mark.parametrize(
    ("given", "filled", "started"),
    [
        ((), ["demo"], ["drill", "start", "demo"]),
        (("--port", "9001"), ["demo"], ["drill", "start", "demo", "--port", "9001"]),
        (
            ("--data", "x", "--ca-port", "9003"),
            ["demo", "--data", str(Path("/x").resolve())],
            ["start", "--data", str(Path("/x").resolve()), "--ca-port", "9003"],
        ),
    ],
)
def test_demo_fills_and_then_starts_the_drill(
    project: SmallProject, given: tuple[str, ...], filled: list[str], started: list[str]
) -> None:
    done = project.task("demo", *given)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["argv"] for line in done.stdout.splitlines()] == [filled, started]
    assert "見本を作っています" in done.stderr


def test_demos_help_makes_nothing(project: SmallProject) -> None:
    done = project.task("demo", "--help")
    assert done.returncode == 0
    assert "--data DIR" in done.stdout
    assert "argv" not in done.stdout


def test_changed_pins_are_installed_and_bad_ones_are_explained(project: SmallProject) -> None:
    assert project.task("setup").returncode == 0
    pins = project.folder / "requirements.txt"
    pins.write_text(f"not-there==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    failed = project.task("run")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "部品を入れられませんでした" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert project.task("run").returncode == 1, "a failed set-up is not taken for a done one"
    pins.write_text("", encoding="utf-8")
    mended = project.task("run")
    assert mended.returncode == 0, mended.stderr


def test_a_package_is_installed_with_its_hash_only(project: SmallProject, tmp_path: Path) -> None:
    wheel = tmp_path / "other-1-py3-none-any.whl"
    info = "other-1.dist-info/"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("tasuki_other.py", "")
        packed.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1\n")
        packed.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: x\nTag: py3-none-any\n")
        packed.writestr(info + "RECORD", "")
    pins = project.folder / "requirements.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for hashes, code in (("", 1), (f" --hash=sha256:{'0' * 64}", 1), (f" --hash=sha256:{digest}", 0)):
        pins.write_text(f"other==1{hashes}\n", encoding="utf-8")
        done = project.task("setup", PIP_FIND_LINKS=str(tmp_path))
        assert (done.returncode, list(project.folder.glob(".venv/**/tasuki_other.py")) != []) == (
            code,
            code == 0,
        )
    pins.write_text("", encoding="utf-8")
    assert project.task("setup").returncode == 0


def test_the_tests_name_the_line_for_what_the_system_lacks(project: SmallProject, tmp_path: Path) -> None:
    done = project.task("test", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "Chromium" in done.stderr
    assert "sudo apt-get update && sudo apt-get install --yes" in done.stderr
    assert "fonts-noto-cjk" in done.stderr


def test_a_python_without_venv_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "lacking").mkdir()
    lacking = tmp_path / "lacking" / "venv.py"
    lacking.write_text("raise SystemExit('No module named ensurepip')", encoding="utf-8")
    project = SmallProject(tmp_path)
    done = project.task("run", PYTHONPATH=str(lacking.parent))
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert "This Python lacks venv or pip" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_wrong_usage_is_answered(project: SmallProject, arguments: list[str]) -> None:
    done = project.task(*arguments)
    assert done.returncode == 2
    assert "usage: tasks.py" in done.stderr


def test_the_makefile_only_calls_tasks() -> None:
    recipes = [
        line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if line.startswith("\t")
    ]
    assert recipes == ["\t@$(PYTHON) tasks.py $@ $(ARGS)"]
