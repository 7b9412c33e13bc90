"""`python tasks.py wheels`: every pinned package has a wheel for Windows, with the hash that is pinned.

pip resolves markers for the machine that it runs on, so they are resolved here for the other one; then pip
fetches each wheel for win_amd64 into a folder that is removed. It asks the package index: no test calls it.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-nodeps.txt")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def windows(python: str) -> dict[str, str]:
    """What markers ask, as CPython answers it there."""
    return {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def pins(text: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each pinned package with its hashes."""
    plain = re.sub(r"(?m)^\s*#.*$", "", text).replace("\\\n", " ")
    for line in filter(str.strip, plain.splitlines()):
        requirement, *hashes = line.split("--hash=")
        yield Requirement(requirement.strip()), [each.strip() for each in hashes]


def wanted_on_windows(text: str, python: str) -> list[str]:
    """The lines that pip reads there, without markers."""
    lines = []
    for requirement, hashes in pins(text):
        if requirement.marker is None or requirement.marker.evaluate(windows(python)):
            requirement.marker = None
            lines.append(" ".join([str(requirement), *(f"--hash={each}" for each in hashes)]))
    return lines


def main(arguments: Sequence[str]) -> int:
    """Fetch them for each Python (or those named); how many there are, or pip's own words."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for python in arguments or PYTHONS:
            lines = [
                line
                for name in FILES
                for line in wanted_on_windows((ROOT / name).read_text(encoding="utf-8"), python)
            ]
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text("\n".join(lines), encoding="utf-8")
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
            command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", folder]
            command += ["--platform", "win_amd64", "--implementation", "cp", "--python-version", python]
            done = subprocess.run(
                [*command, "--requirement", str(wanted)], capture_output=True, text=True, check=False
            )
            errors = [line for line in done.stderr.splitlines() if "ERROR" in line]
            well = done.returncode == 0
            print(f"win_amd64, Python {python}: {len(lines)} wheels, {'all there' if well else 'FAILED'}")
            print("\n".join(errors), end="\n" if errors else "")
            failed = failed or not well
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
