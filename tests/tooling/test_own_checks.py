"""Each of the project's own checks finds what it is for, and leaves alone what is right."""

import pytest

from tests.tooling.own_checks import Source, findings

LONG_FUNCTION = "def long() -> None:\n" + "    x = 1\n" * 60
SKIPPED = "import pytest\n@pytest.mark.sk" + "ip\ndef test_x() -> None: ...\n"
SLEEPING = "import time\ntime.sl" + "eep(1)\n"
HOST = "see https://py" + "pi.org/simple\n"
PATH = "DATA = '/wo" + "rk/main/data'\n"


def _found(path: str, content: str) -> list[str]:
    return [f"{each.line}: {each.words}" for each in findings([Source(path, content.encode())])]


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("dvc_core/domain/need.py", "x = 1\n" * 401, "401 lines; at most 400"),
        ("pages/intake.py", "x = 1\n" * 151, "151 lines; at most 150"),
        ("dvc_core/web/a.py", LONG_FUNCTION, "long has 61 lines; at most 60"),
        ("data/reference/a.csv", "x" * 400_001, "400001 bytes"),
        ("notes/a.md", "x", "notes is not in the layout"),
        ("dvc_core/store/utils.py", "x = 1\n", "'utils' does not say"),
        ("dvc_core/web/static/qr.min.js", "x", "come from packages"),
        ("dvc_core/web/static/font.woff2", "x", "come from packages"),
        ("dvc_core/web/static/a.js", "/*" + "! a library */", "made elsewhere"),
        ("dvc_core/web/static/a.js", "x" * 401, "packed by a machine"),
        ("README.md", HOST, "a host that nothing here may name"),
        ("dvc_core/web/a.py", PATH, "a path of one machine"),
        ("dvc_core/web/a.py", "# TO" + "DO: later\n", "not finished"),
        ("tests/domain/test_a.py", SKIPPED, "no test is left out"),
        ("tests/domain/test_a.py", SLEEPING, "wait for an event"),
        (
            "dvc_core/commands/a.py",
            "from datetime import datetime\ndatetime.now()\n",
            "datetime.now in a rule",
        ),
        ("dvc_core/domain/a.py", "import datetime as d\nimport time\ntime.time()\n", "time.time in a rule"),
        ("dvc_core/domain/a.py", "import pandas\n", "the domain imports pandas"),
        ("dvc_core/domain/a.py", "from dvc_core import i18n\n", "the domain imports dvc_core"),
        ("pages/a.py", "rows = ask('SELECT number FROM need')\n", "SQL in a page"),
        ("pages/a.py", "from dvc_core import store\n", "a page imports dvc_core.store"),
    ],
)
def test_what_is_wrong_is_found(path: str, content: str, words: str) -> None:
    found = _found(path, content)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("dvc_core/domain/need.py", "x = 1\n" * 400),
        ("pages/components/camera.py", "x = 1\n" * 151),
        ("dvc_core/web/a.py", LONG_FUNCTION.replace("    x = 1\n", "", 1)),
        ("data/reference/a.csv", "https://council.example/work/a/tmp/b\n"),
        ("dvc_core/domain/a.py", "import msgspec\nfrom dvc_core.domain import kernel\nimport enum\n"),
        ("dvc_core/web/a.py", "import time\ntime.monotonic()\ntime.time()\n"),
        ("dvc_core/domain/a.py", "def f(clock: object) -> object:\n    return clock.now\n"),
        ("pages/a.py", "st.button('受付を締め切る', help='Select the day FROM the list')\n"),
        ("dvc_core/web/static/logo.png", "\x00"),
    ],
)
def test_what_is_right_is_left_alone(path: str, content: str) -> None:
    assert _found(path, content) == []
