"""Every task of the project, each with all of its own set-up: `python tasks.py run`, `test`, `check`, ...

Standard library only, because it runs before anything is installed; the Makefile calls nothing else. What it
prints goes to stderr, so that the answer of the program itself stays alone on stdout.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "tasuki-stamp.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
RUNTIME, DEV, NODEPS = "requirements.txt", "requirements-dev.txt", "requirements-nodeps.txt"
DEMO_DRILL = "demo"
WATCHED = ("app.py", "pages", "dvc_core", "manuals", "data/reference")

NO_VENV = """\
この Python には venv か pip が入っていないため、準備ができません（{python}）。
  Debian / Ubuntu : sudo apt-get install python3-venv python3-pip
  Fedora          : sudo dnf install python3-pip
  Windows / macOS : python.org の Python 3.11 以上を入れてください
そのあと、もう一度同じコマンドを打ってください。
This Python lacks venv or pip: install them with the line above and run the same command again."""

TOO_OLD = """\
Python {oldest} 以上が要ります。この Python は {found} です（{python}）。
新しい Python を入れて、もう一度同じコマンドを打ってください（例: PYTHON=python3.12 make run）。
Python {oldest} or newer is needed; install it and run the same command again."""

PIP_FAILED = """\
部品を入れられませんでした。上の行に理由が出ています。
  ・初回だけはインターネット（または社内の配布元）につながる必要があります。つないで、もう一度打ってください。
  ・「No matching distribution」と出たときは、この Python {found} 用の部品がまだありません。
    Python 3.11 から 3.14 のどれかで試してください（例: PYTHON=python3.12 make run）。
The packages could not be installed (see above): the first set-up needs a connection; later starts do not."""

NEEDS_MISSING = """\
テストに要るものが足りません: {names}
次の行を打ってから、もう一度試してください。
  {line}
The tests need these from the system; type the line above and try again."""


class TaskError(Exception):
    """A task that cannot go on; its text tells the person what to do."""


def say(words: str) -> None:
    """Words for the person at the terminal."""
    print(words, file=sys.stderr, flush=True)


# Set-up ------------------------------------------------------------------------------------------------


def _newer_python() -> str | None:
    for minor in (13, 12, 14, 11):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    return None


def _require_new_python(arguments: list[str]) -> None:
    """Go on with a newer Python of this machine when this one is too old; Debian and macOS keep several."""
    if sys.version_info >= OLDEST:
        return
    other = _newer_python()
    if other is not None:
        raise SystemExit(subprocess.call([other, str(Path(__file__).resolve()), *arguments]))
    found = ".".join(map(str, sys.version_info[:3]))
    oldest = ".".join(map(str, OLDEST))
    raise TaskError(TOO_OLD.format(oldest=oldest, found=found, python=sys.executable))


def _make_venv(*, anew: bool) -> None:
    works = [str(PYTHON), "-c", "import pip"]
    if not anew and PYTHON.exists() and subprocess.call(works, stderr=subprocess.DEVNULL) == 0:
        return
    say("たすき: 仮想環境 .venv を作ります。")
    # Started from .venv itself, the interpreter that is about to be cleared must not be the one at work.
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run([base, "-m", "venv", "--clear", str(VENV)], stdout=sys.stderr, check=False)
    if made.returncode != 0:
        raise TaskError(NO_VENV.format(python=base))


def _digest(*names: str) -> str:
    """What is wanted: the pinned files, and the folder, since an editable install points into it."""
    seen = hashlib.sha256(str(ROOT).encode())
    for name in names:
        seen.update((ROOT / name).read_bytes())
    return seen.hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _write_stamp(stamp: dict[str, str]) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp), encoding="utf-8")
    fresh.replace(STAMP)


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    if subprocess.call([*command, *arguments], cwd=ROOT, stdout=sys.stderr) != 0:
        raise TaskError(PIP_FAILED.format(found=".".join(map(str, sys.version_info[:2]))))


def setup(*, dev: bool = False) -> None:
    """Make `.venv` and install what is pinned, when the pinned files are not those installed last.

    The tests' file holds all of the runtime's pins, so that one environment serves both.
    """
    wanted = {
        "python": ".".join(map(str, sys.version_info[:2])),
        "runtime": _digest(RUNTIME, NODEPS),
        "project": _digest("pyproject.toml"),
        **({"dev": _digest(DEV, NODEPS)} if dev else {}),
    }
    stamp = _read_stamp() if PYTHON.exists() else {}
    if all(stamp.get(part) == digest for part, digest in wanted.items()):
        return
    _make_venv(anew=stamp.get("python", wanted["python"]) != wanted["python"])
    say("たすき: 部品を入れています。初回は数分かかります。")
    pinned = ["--require-hashes", "--only-binary", ":all:"]
    _pip(*pinned, "-r", DEV if dev else RUNTIME)
    _pip(*pinned, "--no-deps", "-r", NODEPS)
    # The build backend was pinned and installed above, so that this step asks no index.
    _pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")
    _write_stamp(wanted if dev else {**stamp, **wanted, "dev": ""})


# Running -----------------------------------------------------------------------------------------------


def _python(*arguments: str) -> int:
    """Run the environment's Python at the project's root and hand on its exit code."""
    try:
        return subprocess.call([str(PYTHON), *arguments], cwd=ROOT)
    except KeyboardInterrupt:
        return 130


def _program(*arguments: str) -> list[str]:
    """The one place that knows how the program is called."""
    return ["-m", "dvc_core.cli", *arguments]


def run(arguments: list[str]) -> int:
    """Start the program."""
    setup()
    command = [str(PYTHON), *_program("start", *arguments)]
    if os.name != "nt":
        # The program takes this process's place, so that a signal to it reaches the program itself.
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    return _python(*command[1:])


def demo(arguments: list[str]) -> int:
    """Fill the demonstration drill and start it; what it does not know itself (--port) goes to the start."""
    parser = argparse.ArgumentParser(prog="tasks.py demo", description="見本の訓練を作って始めます。")
    parser.add_argument("--data", metavar="DIR", help="作る場所（ふだんは data/drill/demo）")
    chosen, rest = parser.parse_known_args(arguments)
    setup()
    # The program runs at the project's root; a folder is named from where the person is.
    place = ["--data", str(Path(chosen.data).resolve())] if chosen.data else []
    start = ["start", *place] if place else ["drill", "start", DEMO_DRILL]
    say("たすき: 見本を作っています。1分ほどかかります。")
    return _python(*_program("demo", *place)) or _python(*_program(*start, *rest))


def _source_state() -> dict[str, int]:
    state: dict[str, int] = {}
    for name in WATCHED:
        top = ROOT / name
        for path in [top, *top.rglob("*")] if top.is_dir() else [top]:
            if path.suffix in {".py", ".toml", ".md", ".js", ".css", ".html", ".csv"}:
                with contextlib.suppress(OSError):
                    state[str(path)] = path.stat().st_mtime_ns
    return state


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def dev(arguments: list[str]) -> int:
    """Run the program and start it again whenever a source file changes.

    The whole process starts anew: Streamlit's own watcher would drop single modules, and a second copy of the
    one that holds the database would open its file twice.
    """
    setup()
    while True:
        state = _source_state()
        process = subprocess.Popen([str(PYTHON), *_program("start", *arguments)], cwd=ROOT)
        try:
            while _source_state() == state:
                time.sleep(0.5)
        except KeyboardInterrupt:
            _stop(process)
            return 130
        say("たすき: ファイルが変わったので起動し直します。")
        _stop(process)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks; they print ratios and fail nothing."""
    setup(dev=True)
    return _python("-m", "tests.bench", *arguments)


def endurance(arguments: list[str]) -> int:
    """Kill the working program a thousand times and see what stands (about a quarter of an hour)."""
    setup(dev=True)
    return _python("-m", "tests.faults.endurance", *arguments)


def wheels(arguments: list[str]) -> int:
    """Ask the package index whether all that is pinned has a wheel for Windows."""
    setup(dev=True)
    return _python("-m", "tests.tooling.wheels", *arguments)


# Checks and tests --------------------------------------------------------------------------------------

CHECKS = (
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("lint", ("-m", "ruff", "check", ".")),
    ("types", ("-m", "mypy")),
    ("floors", ("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-logo")),
    ("own checks", ("-m", "tests.tooling.own_checks")),
)


def check(arguments: list[str]) -> int:
    """Format, lint, types, floors and the project's own checks; all of them, however many fail."""
    setup(dev=True)
    wanted = arguments or [name for name, _ in CHECKS]
    failed = []
    for name, command in CHECKS:
        if name in wanted:
            say("-- " + name)
            if _python(*command) != 0:
                failed.append(name)
    if failed:
        say("check: failed: " + ", ".join(failed))
    return 1 if failed else 0


def _has_japanese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=ja"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _missing_needs() -> dict[str, tuple[str, ...]]:
    """What the tests need from the system and do not find, with the Debian packages that bring it."""
    postgres = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    browser = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    needs: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
        ("Chromium", browser, ("chromium",)),
        ("日本語フォント", _has_japanese_font(), ("fontconfig", "fonts-noto-cjk")),
        ("PostgreSQL", bool(postgres), ("postgresql",)),
        ("poppler-utils (pdftoppm)", shutil.which("pdftoppm") is not None, ("poppler-utils",)),
        ("strace", shutil.which("strace") is not None, ("strace",)),
    )
    return {name: packages for name, found, packages in needs if not found}


def _install_needs() -> None:
    """Bring the system's packages where this may be done, else name the line to type."""
    missing = _missing_needs()
    if not missing:
        return
    packages = [package for names in missing.values() for package in names]
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("たすき: テストに要るものを入れます: " + ", ".join(missing))
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            subprocess.run(command, env=quiet, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
        missing = _missing_needs()
    if missing:
        line = "sudo apt-get update && sudo " + " ".join(install)
        if sys.platform == "darwin":
            line = "brew install --cask chromium font-noto-sans-cjk-jp"
            line += " && brew install postgresql poppler fontconfig"
        raise TaskError(NEEDS_MISSING.format(names=", ".join(missing), line=line))


def test(arguments: list[str]) -> int:
    """Every check and every test; arguments go to pytest (and then the checks are left out)."""
    setup(dev=True)
    _install_needs()
    checked = 0 if arguments else check([])
    tested = _python("-m", "pytest", *arguments)
    if checked:
        say("test: the checks before pytest failed, see above")
    return tested or checked


# Pins --------------------------------------------------------------------------------------------------

PINS = (
    (RUNTIME, ("--group", "install", "pyproject.toml")),
    (DEV, ("--group", "install", "--extra", "dev", "--constraint", RUNTIME, "pyproject.toml")),
    (NODEPS, ("--group", "nodeps", "--no-deps")),
)


def pin(arguments: list[str]) -> int:
    """Write the pinned files from pyproject.toml again (`--upgrade` takes newer releases)."""
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv")
        if uv is None:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            scripts = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
            subprocess.run([str(scripts / "python"), "-m", "pip", "install", "--quiet", "uv"], check=True)
            uv = str(scripts / "uv")
        command = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--quiet"]
        command += ["--python-version", "3.11", "--custom-compile-command", "python tasks.py pin", *arguments]
        for name, source in PINS:
            if subprocess.call([*command, *source, "--output-file", name], cwd=ROOT) != 0:
                raise TaskError("pin: " + name + " was not written")
    return 0


def prepare(arguments: list[str]) -> int:
    """Make the environment and stop."""
    setup(dev="--dev" in arguments)
    return 0


TASKS = {
    "setup": prepare,
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "endurance": endurance,
    "wheels": wheels,
    "demo": demo,
    "dev": dev,
    "pin": pin,
}


def main(arguments: list[str]) -> int:
    """Do one task; what follows its name is handed on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console in another code page must not stop the set-up over one character.
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(prog="tasks.py", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    for name, task in TASKS.items():
        tasks.add_parser(name, help=(task.__doc__ or "").splitlines()[0], add_help=False)
    chosen, rest = parser.parse_known_args(arguments[:1])
    try:
        _require_new_python(arguments)
        return TASKS[chosen.task](rest + arguments[1:])
    except TaskError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
