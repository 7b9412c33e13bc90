"""A real process started, killed and started again: a small one with the command line's manners."""

import sys
from pathlib import Path

import httpx
import pytest

from tests.support.network import outside, read_hook, read_trace
from tests.support.server import NewProgram
from tests.support.waiting import until

SMALL = """
import http.server, json, os, signal, sys
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
os.makedirs(options["--data"], exist_ok=True)
count = os.path.join(options["--data"], "starts")
with open(count, "a") as file:
    file.write("x")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = open(count).read().encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        print("asked", file=sys.stderr, flush=True)
server = http.server.HTTPServer(("127.0.0.1", int(options["--port"])), Handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(json.dumps({"url": "http://127.0.0.1:" + options["--port"], "pid": os.getpid()}), flush=True)
server.serve_forever(0.05)
"""


@pytest.fixture
def small(tmp_path: Path) -> tuple[str, ...]:
    """The command of the small program."""
    script = tmp_path / "small.py"
    script.write_text(SMALL, encoding="utf-8")
    return (sys.executable, str(script))


def test_it_starts_dies_and_starts_again_on_its_data_and_port(
    new_program: NewProgram, small: tuple[str, ...]
) -> None:
    program = new_program(command=small).start()
    url = program.ready["url"]
    assert program.ready["pid"] == program.pid
    assert httpx.get(url).text == "x"
    program.restart(kill=True)
    assert program.ready["url"] == url
    assert httpx.get(url).text == "xx"
    assert program.stop() == 0
    assert not program.running
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    assert "asked" in program.errors.read_text(encoding="utf-8")


def test_what_it_asks_of_the_network_is_recorded(new_program: NewProgram, small: tuple[str, ...]) -> None:
    program = new_program(command=small, record=True).start()
    assert program.ready["pid"] == program.pid, "the tracer must not stand between"
    assert httpx.get(program.ready["url"]).text == "x"
    assert program.stop() == 0
    until(program.trace_log.exists, what="the tracer's file")
    assert outside(read_hook(program.hook_log)) == []
    assert outside(read_trace(program.trace_log)) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys; sys.exit('その番号のポートは使われています')", "その番号のポートは使われています"),
        ("print('Hello', flush=True)", "JSONDecodeError"),
        ("print('[1, 2]', flush=True)", "TypeError"),
    ],
)
def test_one_that_does_not_get_ready_is_an_error_with_its_words(
    new_program: NewProgram, script: str, words: str
) -> None:
    with pytest.raises(RuntimeError, match=words):
        new_program(command=(sys.executable, "-c", script)).start(seconds=30)


def test_one_that_says_nothing_is_killed_at_the_deadline(new_program: NewProgram) -> None:
    program = new_program(command=(sys.executable, "-c", "import time; time.sleep(600)"))
    with pytest.raises(RuntimeError, match="no answer in 1 s"):
        program.start(seconds=1)
    assert program.pid > 0
    assert not Path(f"/proc/{program.pid}").exists()
    assert not program.running
