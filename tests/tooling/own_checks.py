"""What no bought tool checks for us: `python -m tests.tooling.own_checks` walks the project's own files.

Each check takes the files and gives findings; the list at the end is all there is.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]

FILE_LINES, PAGE_LINES, FUNCTION_LINES, FILE_BYTES = 400, 150, 60, 400_000
WRITTEN = {".py", ".js", ".css", ".html"}
PINNED = {"requirements.txt", "requirements-dev.txt"}
TOP_LEVEL = {
    *("app.py", "pages", "dvc_core", "data", "manuals", "tests", "pyproject.toml", "README.md"),
    *("Makefile", "tasks.py", ".ci", ".streamlit", ".gitignore", "CHANGELOG.md", "LICENSE"),
    *("requirements.txt", "requirements-dev.txt", "requirements-nodeps.txt"),
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "misc"}
CLOCK_CALLS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}
RULES = ("dvc_core/domain/", "dvc_core/commands/", "dvc_core/queries/", "dvc_core/matching/")
SKIPS = {"skip", "skipif", "xfail", "importorskip"}
SLEEPS_IN = {"tests/support/waiting.py"}

# Written so that these lines do not match themselves.
REGISTRY = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|deb[.]debian[.]org")
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:work|root|tmp|home/\w+)/\w")
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
THIRD_PARTY = re.compile(r"@licen[s]e|@preserv[e]|/\*!|sourceMappingUR[L]=|webpackBootstra[p]")
SQL = re.compile(r"\b(?:SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """One thing to mend, with its place."""

    path: str
    line: int
    words: str

    def __str__(self) -> str:
        """As editors read it."""
        return f"{self.path}:{self.line}: {self.words}"


class Source:
    """One file of the project, read once."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content
        self.suffix = PurePosixPath(path).suffix

    @cached_property
    def text(self) -> str:
        """The file as text; empty for what is no text."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return ""

    @cached_property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of a Python file, none for others."""
        return list(ast.walk(ast.parse(self.text, self.path))) if self.suffix == ".py" else []

    def finding(self, line: int, words: str) -> Finding:
        """A finding in this file."""
        return Finding(self.path, line, words)

    def matches(self, pattern: re.Pattern[str], words: str) -> Iterator[Finding]:
        """A finding for each line in which the pattern stands."""
        for number, line in enumerate(self.lines, start=1):
            found = pattern.search(line)
            if found is not None:
                yield self.finding(number, f"{words}: {found.group()!r}")


def project_files() -> list[Source]:
    """Every file that is in git or would be added, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = sorted(set(listed.stdout.decode("utf-8").split("\0")) - {""})
    return [Source(path, (ROOT / path).read_bytes()) for path in paths if (ROOT / path).is_file()]


def sizes(source: Source) -> Iterator[Finding]:
    """Files and functions that have grown too long to be read at once."""
    if source.suffix in WRITTEN:
        page = source.path.startswith("pages/") and source.path.count("/") == 1
        limit = PAGE_LINES if page and source.suffix == ".py" else FILE_LINES
        if len(source.lines) > limit:
            yield source.finding(limit, f"{len(source.lines)} lines; at most {limit}")
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield source.finding(node.lineno, f"{node.name} has {length} lines; at most {FUNCTION_LINES}")
    if len(source.content) > FILE_BYTES and source.path not in PINNED:
        yield source.finding(1, f"{len(source.content)} bytes; what ships is small (at most {FILE_BYTES})")


def names(source: Source) -> Iterator[Finding]:
    """Names that say nothing, and files outside the layout."""
    parts = PurePosixPath(source.path).parts
    if parts[0] not in TOP_LEVEL:
        yield source.finding(1, f"{parts[0]} is not in the layout of the top level")
    vague = VAGUE_NAMES.intersection(PurePosixPath(part).stem for part in parts)
    if vague:
        yield source.finding(1, f"the name {min(vague)!r} does not say what is in it")


def third_party(source: Source) -> Iterator[Finding]:
    """Scripts, styles and fonts of others: they come from installed packages and are not committed."""
    name = PurePosixPath(source.path).name
    if re.search(r"\.min\.(?:js|css)$|\.(?:map|wasm|woff2?|ttf|otf|eot)$", name):
        yield source.finding(1, "others' scripts, styles and fonts come from packages")
    if source.suffix in {".js", ".css", ".html"}:
        yield from source.matches(THIRD_PARTY, "the mark of a file made elsewhere")
        for number, line in enumerate(source.lines, start=1):
            if len(line) > 400:
                yield source.finding(number, f"a line of {len(line)} characters: packed by a machine")


def places(source: Source) -> Iterator[Finding]:
    """Hosts of package registries, paths of one machine."""
    yield from source.matches(REGISTRY, "a host that nothing here may name")
    yield from source.matches(MACHINE_PATH, "a path of one machine")


def unfinished(source: Source) -> Iterator[Finding]:
    """Marks of work left undone."""
    if source.suffix in WRITTEN:
        yield from source.matches(UNFINISHED, "not finished")


def honest_tests(source: Source) -> Iterator[Finding]:
    """Tests that are skipped, are allowed to fail, or wait for a fixed time."""
    if not source.path.startswith("tests/"):
        return
    for node in source.nodes:
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value)
        if owner in {"pytest", "pytest.mark", "unittest"} and node.attr in SKIPS:
            yield source.finding(node.lineno, f"{owner}.{node.attr}: no test is left out")
        sleeps = (owner in {"time", "asyncio"} and node.attr == "sleep") or node.attr == "wait_for_timeout"
        if sleeps and source.path not in SLEEPS_IN:
            yield source.finding(node.lineno, f"{owner}.{node.attr}: wait for an event (support/waiting.py)")


def no_clock_in_rules(source: Source) -> Iterator[Finding]:
    """Rules that read the system's clock: the time is a fact that comes with the command."""
    if not source.path.startswith(RULES):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS:
            owner = ast.unparse(node.value).rpartition(".")[2]
            if owner in CLOCK_OWNERS:
                yield source.finding(node.lineno, f"{owner}.{node.attr} in a rule")


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def domain_stands_alone(source: Source) -> Iterator[Finding]:
    """The domain imports the standard library, msgspec and itself, and nothing that reaches out."""
    if not source.path.startswith("dvc_core/domain/"):
        return
    for node in source.nodes:
        for module in _imported(node)[:1]:
            top = module.partition(".")[0]
            own = module == "dvc_core.domain" or module.startswith("dvc_core.domain.")
            if not own and top != "msgspec" and (top == "dvc_core" or top not in sys.stdlib_module_names):
                yield source.finding(node.lineno, f"the domain imports {module}")


def thin_pages(source: Source) -> Iterator[Finding]:
    """Pages hold no SQL and do not reach into the store."""
    if not source.path.startswith("pages/"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield source.finding(node.lineno, "SQL in a page; a query belongs to dvc_core/queries")
        for module in _imported(node):
            if module.startswith("dvc_core.store") or module in {"duckdb", "psycopg"}:
                yield source.finding(node.lineno, f"a page imports {module}")
                break


CHECKS = (
    sizes,
    names,
    third_party,
    places,
    unfinished,
    honest_tests,
    no_clock_in_rules,
    domain_stands_alone,
    thin_pages,
)


def findings(sources: Iterable[Source]) -> list[Finding]:
    """What all checks find, in the order of the files."""
    return [finding for source in sources for check in CHECKS for finding in check(source)]


def main() -> int:
    """Print each finding on a line; 1 if there is any."""
    sources = project_files()
    found = findings(sources)
    for finding in found:
        print(finding)
    print(f"own checks: {len(sources)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
