"""Three listeners in one process: real sockets, real TLS, the real signals."""

import asyncio
import json
import logging
import os
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from websockets.sync.client import connect

from dvc_core.i18n import describe
from dvc_core.tokens.certificates import Certificates, ensure
from dvc_core.web import listeners
from dvc_core.web.listeners import Listening, ServedCertificate, StartFailedError, listening, serve
from dvc_core.web.sockets import Bound, Ports, bind
from tests.support.waiting import until

ANY = Ports(http=0, https=0, ca=0)
NOW = datetime.now(UTC)


class Center:
    """A small app that notes its life, and what serves it."""

    def __init__(self, folder: Path) -> None:
        self.life: list[str] = []
        self.names = ["192.168.1.5"]
        self.folder = folder
        self.ready: Listening | None = None
        self.streaming = threading.Event()
        self.changes: list[Certificates] = []
        self.outlived, self.still_open = 0, False
        self.app = Starlette(
            routes=[
                Route("/", lambda request: PlainTextResponse(f"{request.url.scheme} {request.client.host}")),
                Route("/forwarded", lambda request: PlainTextResponse(request.client.host)),
                Route("/stream", self.stream),
                WebSocketRoute("/ws", self.echo),
            ],
            lifespan=self.lifespan,
        )
        self.ca_app = Starlette(routes=[Route("/", lambda _request: PlainTextResponse("ca"))])

    @asynccontextmanager
    async def lifespan(self, _app):
        self.life.append("up")
        yield
        if self.outlived:
            with socket.socket() as line:
                self.still_open = line.connect_ex(("127.0.0.1", self.outlived)) == 0
        self.life.append("down")

    async def stream(self, _request):
        async def lines():
            yield "first\n"
            self.streaming.set()
            await asyncio.Event().wait()

        return StreamingResponse(lines())

    async def echo(self, socket):
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    def refresh(self) -> Certificates:
        return ensure(self.folder, "見本社協", NOW, self.names)

    @contextmanager
    def served(self, bound: Bound | None = None, **options: Any) -> Iterator[Bound]:
        """Serve in a thread, as the program does in its main one; stops at the end, and re-raises."""
        bound = bound or bind(ANY)
        certificate = ServedCertificate(self.refresh, self.changes.append)
        ready, failed = threading.Event(), []
        held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

        def on_ready(said: Listening) -> None:
            self.ready = said
            ready.set()

        async def main() -> None:
            held.append((asyncio.get_running_loop(), asyncio.Event()))
            await serve(self.app, self.ca_app, bound, certificate, on_ready, stop=held[0][1], **options)

        def run() -> None:
            try:
                asyncio.run(main())
            except BaseException as error:  # noqa: BLE001 - handed to the test
                failed.append(error)
            ready.set()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            assert ready.wait(20)
            if not failed:
                yield bound
        finally:
            if not failed:
                held[0][0].call_soon_threadsafe(held[0][1].set)
            thread.join(20)
            assert not thread.is_alive()
        if failed:
            raise failed[0]


@pytest.fixture
def center(tmp_path: Path) -> Center:
    return Center(tmp_path / "certificates")


def get(url: str, ca_pem: bytes | None = None, **headers: str) -> str:
    context = ssl.create_default_context(cadata=ca_pem.decode()) if ca_pem else None
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=20, context=context) as answer:
        return answer.read().decode()


def served_names(port: int) -> set[str]:
    """The names in the certificate that the listener hands out."""
    from cryptography import x509

    from dvc_core.tokens.authority import names_of

    pem = ssl.get_server_certificate(("127.0.0.1", port), timeout=20)
    return set(names_of(x509.load_pem_x509_certificate(pem.encode())))


def test_one_app_answers_on_http_and_https_and_the_ca_beside_it(center):
    with center.served() as bound:
        ca = center.refresh().ca_pem
        assert get(f"http://127.0.0.1:{bound.port('http')}/") == "http 127.0.0.1"
        assert get(f"https://127.0.0.1:{bound.port('https')}/", ca) == "https 127.0.0.1"
        assert get(f"https://localhost:{bound.port('https')}/", ca) == "https 127.0.0.1"
        assert get(f"http://127.0.0.1:{bound.port('ca')}/") == "ca"
        assert center.life == ["up"]
    assert center.life == ["up", "down"]


def test_nothing_is_served_any_more_when_the_app_lets_go_of_its_database(center):
    with center.served() as bound:
        center.outlived = bound.port("https")
    assert center.life == ["up", "down"]
    assert not center.still_open


def test_what_it_says_when_ready_is_where_it_answers(center):
    with center.served() as bound:
        assert center.ready == listening(bound)
        assert center.ready.url == f"http://127.0.0.1:{bound.port('http')}"
        assert center.ready.https_url.startswith("https://")
        assert center.ready.https_url.endswith(f":{bound.port('https')}")
        assert center.ready.ca_url.endswith(f":{bound.port('ca')}")


def test_a_machine_without_a_network_names_itself(monkeypatch):
    monkeypatch.setattr(listeners, "local_addresses", list)
    bound = bind(ANY)
    try:
        assert listening(bound).https_url == f"https://127.0.0.1:{bound.port('https')}"
    finally:
        bound.close()


def test_websockets_work_on_both(center):
    with center.served() as bound:
        trust = ssl.create_default_context(cadata=center.refresh().ca_pem.decode())
        for url, context in (
            (f"ws://127.0.0.1:{bound.port('http')}/ws", None),
            (f"wss://127.0.0.1:{bound.port('https')}/ws", trust),
        ):
            with connect(url, ssl=context, proxy=None) as line:
                line.send("受付")
                assert line.recv(timeout=20) == "受付"


def test_the_plain_port_is_this_machines_alone(center):
    with center.served() as bound:
        assert bound.http.getsockname()[0] == "127.0.0.1"
        assert bound.https.getsockname()[0] == bound.ca.getsockname()[0] == "0.0.0.0"


def test_a_forwarded_address_is_not_believed(center):
    with center.served() as bound:
        url = f"http://127.0.0.1:{bound.port('http')}/forwarded"
        assert get(url, **{"X-Forwarded-For": "192.168.1.99"}) == "127.0.0.1"


def test_requests_are_not_logged_though_the_app_turns_their_log_on(center, capfd, monkeypatch):
    """As Streamlit does while it starts."""
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "level", logging.INFO)

    @asynccontextmanager
    async def loud(_app):
        logging.getLogger("uvicorn.access").addHandler(handler)
        yield

    center.app = Starlette(routes=center.app.routes, lifespan=loud)
    with center.served() as bound:
        for use in ("http", "ca"):
            assert get(f"http://127.0.0.1:{bound.port(use)}/")
    assert "GET" not in "".join(capfd.readouterr())


def test_an_old_protocol_is_refused(center):
    with center.served() as bound:
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with (
            socket.create_connection(("127.0.0.1", bound.port("https")), timeout=20) as raw,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            old.wrap_socket(raw)


def test_small_answers_do_not_wait_for_more(center):
    """Nagle's algorithm against delayed acknowledgements: 44 ms a request where the socket has proto 0."""
    with center.served() as bound:
        for use in ("http", "https", "ca"):
            assert getattr(bound, use).proto == socket.IPPROTO_TCP
        with socket.create_connection(("127.0.0.1", bound.port("http")), timeout=20) as line:
            took = []
            for _ in range(30):
                start = time.perf_counter()
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                answer = b""
                while not answer.endswith(b"http 127.0.0.1"):
                    answer += line.recv(65536)
                took.append(time.perf_counter() - start)
        assert statistics.median(took) < 0.03


def test_stopping_does_not_wait_for_open_lines_for_ever(center, caplog):
    start = time.monotonic()
    with ExitStack() as lines:
        with center.served() as bound:
            lines.enter_context(connect(f"ws://127.0.0.1:{bound.port('http')}/ws", proxy=None))
            url = f"http://127.0.0.1:{bound.port('http')}/stream"
            lines.enter_context(urllib.request.urlopen(url, timeout=20))
            assert center.streaming.wait(20)
            lines.enter_context(socket.create_connection(("127.0.0.1", bound.port("ca")), timeout=20))
        assert center.life == ["up", "down"]
        assert time.monotonic() - start < 15
    assert "Traceback" not in caplog.text
    for port in bound.port_numbers:
        with pytest.raises(OSError, match=r"refused|10061"):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_another_address_is_served_without_a_restart(center):
    with center.served(look_seconds=0.05) as bound:
        port, first = bound.port("https"), center.refresh()
        assert "192.168.1.5" in served_names(port)
        trust = ssl.create_default_context(cadata=first.ca_pem.decode())
        with connect(f"wss://127.0.0.1:{port}/ws", ssl=trust, proxy=None) as line:
            center.names = ["10.20.0.9"]
            until(lambda: "10.20.0.9" in served_names(port), what="the certificate with the new address")
            assert [change.fingerprint for change in center.changes] == [first.fingerprint]
            line.send("still here")  # a tablet at work notices nothing
            assert line.recv(timeout=20) == "still here"
        assert get(f"https://127.0.0.1:{port}/", first.ca_pem) == "https 127.0.0.1"


def test_a_certificate_that_the_command_line_renewed_is_taken_over(center):
    with center.served(look_seconds=0.05) as bound:
        before = ssl.get_server_certificate(("127.0.0.1", bound.port("https")), timeout=20)
        ensure(center.folder, "見本社協", NOW, center.names, renew=True)
        until(
            lambda: ssl.get_server_certificate(("127.0.0.1", bound.port("https")), timeout=20) != before,
            what="the renewed certificate",
        )


def test_when_the_folder_fails_the_present_certificate_stays(center, caplog):
    looks = []

    def failing() -> Certificates:
        looks.append(1)
        if len(looks) > 1:
            raise OSError(28, "No space left on device")
        return Center.refresh(center)

    center.refresh = failing
    with center.served(look_seconds=0.02) as bound:
        until(lambda: len(looks) > 3, what="looks at a failing folder")
        assert "192.168.1.5" in served_names(bound.port("https"))
    assert "the present one stays" in caplog.text


def test_an_app_that_cannot_start_says_why_and_ends_nothing_else(center, caplog):
    @asynccontextmanager
    async def broken(_app):
        raise RuntimeError("database held")
        yield

    center.app = Starlette(lifespan=broken)
    bound = bind(ANY)
    ports = bound.port_numbers
    with pytest.raises(StartFailedError) as failed, center.served(bound):
        pass
    assert str(failed.value.__cause__) == "database held"
    shown = describe(failed.value.problem)
    assert "database held" in str(shown["message"])
    assert center.ready is None
    assert "Traceback" not in caplog.text
    for port in ports:
        with pytest.raises(OSError, match=r"refused|10061"):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_what_fails_when_ready_stops_everything(center, monkeypatch):
    def explode(_bound):
        raise RuntimeError("no address")

    monkeypatch.setattr(listeners, "listening", explode)
    with pytest.raises(RuntimeError, match="no address"), center.served():
        pass
    assert center.life == ["up", "down"]


def test_a_port_is_usable_at_once_after_a_stop(center):
    """Connections of the stopped program fade for a minute; the next start must not wait for them."""
    with center.served() as bound:
        ports = bound.port_numbers
        line = socket.create_connection(("127.0.0.1", ports[0]), timeout=20)
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n")
        assert line.recv(65536)
    line.close()
    with center.served(bind(Ports(http=ports[0], https=ports[1], ca=ports[2]))) as bound:
        assert get(f"http://127.0.0.1:{ports[0]}/") == "http 127.0.0.1"


# --- signals: a process of its own -------------------------------------------------------------------------

PROGRAM = """
import asyncio, json, sys
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from starlette.applications import Starlette
from dvc_core.tokens.certificates import ensure
from dvc_core.web.listeners import ServedCertificate, serve
from dvc_core.web.sockets import Ports, bind

@asynccontextmanager
async def lifespan(app):
    yield
    print("down", flush=True)

bound = bind(Ports(http=0, https=0, ca=0))
folder, now = Path(sys.argv[1]), datetime.now(UTC)
certificate = ServedCertificate(lambda: ensure(folder, "見本社協", now, ["192.168.1.5"]))
ready = lambda said: print(json.dumps(bound.port_numbers), flush=True)
asyncio.run(serve(Starlette(lifespan=lifespan), Starlette(), bound, certificate, ready))
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path, number):
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "certificates")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", ports[0]), timeout=20):  # an open line must not hold it
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert out.split() == ["down", "ended"]
    assert process.returncode == 0, err
    assert "Traceback" not in err
