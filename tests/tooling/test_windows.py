"""What `setup`, `run`, `demo` and `dev` import calls nothing that only POSIX has, and no name is one that
Windows refuses. The program has not run on Windows here; this is what can be known without it.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / "tasks.py",
    ROOT / "app.py",
    *sorted((ROOT / "pages").rglob("*.py")),
    *sorted((ROOT / "dvc_core").rglob("*.py")),
]
MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "posix", "crypt", "curses")
CALLS = {
    "os": {"fork", "forkpty", "geteuid", "getuid", "setuid", "getgid", "setsid", "killpg", "getpgid", "chown"}
    | {"mkfifo", "sync", "uname", "nice", "wait", "waitpid", "O_DIRECTORY", "O_NOFOLLOW", "getloadavg"},
    "signal": {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT", "alarm", "setitimer", "pause"},
    "socket": {"AF_UNIX", "SO_REUSEPORT"},
}
GUARDS = re.compile(r"sys\.platform|os\.name|hasattr\(|getattr\(|suppress\(")
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[<>:\"|?*\\]|[ .]$")


def _guarded(tree: ast.AST) -> set[int]:
    """The lines inside an `if` or a conditional expression that asks which system it is."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp) and GUARDS.search(ast.unparse(node.test)):
            lines |= {each.lineno for each in ast.walk(node) if hasattr(each, "lineno")}
    return lines


def _posix_only(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = _guarded(tree)
    for node in ast.walk(tree):
        if getattr(node, "lineno", 0) in guarded:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"{node.lineno}: import {name}" for name in names if name.split(".")[0] in MODULES)
        owner = node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
        if isinstance(node, ast.Attribute) and node.attr in CALLS.get(owner, ()):
            yield f"{node.lineno}: {owner}.{node.attr}"


def _plain_text(path: Path) -> Iterator[str]:
    """Text files are UTF-8 on every system only where that is said."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        said = {keyword.arg for keyword in node.keywords}
        if node.func.attr == "read_text" and not node.args and "encoding" not in said:
            yield f"{node.lineno}: read_text"
        if node.func.attr == "write_text" and len(node.args) < 2 and "encoding" not in said:
            yield f"{node.lineno}: write_text"


@pytest.mark.parametrize("look", [_posix_only, _plain_text])
def test_nothing_calls_what_only_posix_has(look: object) -> None:
    found = [f"{path.relative_to(ROOT)}:{each}" for path in SOURCES for each in look(path)]  # type: ignore[operator]
    assert found == []


def test_the_test_itself_would_see_it(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import fcntl\nimport os\nos.fork()\nopen('x').read_text()\n", encoding="utf-8")
    assert [each.partition(": ")[2] for each in _posix_only(bad)] == ["import fcntl", "os.fork"]
    assert len(list(_plain_text(bad))) == 1
    good = tmp_path / "good.py"
    good.write_text("import os, sys\nif sys.platform != 'win32':\n    os.fork()\n", encoding="utf-8")
    assert list(_posix_only(good)) == []


def test_every_file_has_a_name_that_windows_takes() -> None:
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    names = listed.stdout.splitlines()
    assert len(names) > 500
    assert [name for name in names if any(RESERVED.search(part) for part in name.split("/"))] == []
    assert len({name.casefold() for name in names}) == len(names), "two names that differ in case alone"
    assert max(map(len, names)) < 150, "a long path stands in no folder of a user"


def test_the_program_is_imported_where_these_modules_are_not() -> None:
    """As Windows would: every module that only POSIX has is missing."""
    loaded = tuple(name for name in MODULES if name != "posix")
    code = f"""
import importlib, pkgutil, sys
import dvc_core.cli

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {MODULES!r}:
            raise ModuleNotFoundError(name)

for name in {loaded!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for found in pkgutil.walk_packages(dvc_core.__path__, "dvc_core."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print("imported")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "imported", done.stderr[-2000:]
