"""One process, one loop, three listeners: HTTP for this machine, HTTPS for tablets, and the CA's small port.

Sockets come from `sockets.bind`. The app's lifespan runs once, with the first listener, which starts first
and stops last. While it runs the certificate follows the laptop's addresses; open connections stay open.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

import msgspec
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dvc_core.domain.problem import Problem
from dvc_core.tokens.addresses import local_addresses
from dvc_core.tokens.certificates import Certificates
from dvc_core.web.sockets import Bound

LOOK_SECONDS = 30.0
"""How often the laptop's addresses and the certificate's end are looked at."""

_GRACE_SECONDS = 3
_KEEP_ALIVE_SECONDS = 75  # a tablet's next scan finds its connection still open, and needs no new handshake
_log = logging.getLogger(__name__)


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """Where the program answers now: for this machine, for tablets, and for a tablet's first visit."""

    url: str
    https_url: str
    ca_url: str
    notes: tuple[Problem, ...] = ()


class StartFailedError(Exception):
    """The app's own start (its lifespan) failed; its cause is what the app raised."""

    @property
    def problem(self) -> Problem:
        """What happened, for the command line."""
        reason = str(self.__cause__ or "") or type(self.__cause__).__name__
        return Problem(code="start-failed", facts={"reason": reason})


class ServedCertificate:
    """The certificate in use. `refresh` gives the present one, and makes it again where that is needed.

    `changed`, if given, is called in the loop with the new one after each exchange.
    """

    def __init__(
        self, refresh: Callable[[], Certificates], changed: Callable[[Certificates], None] | None = None
    ) -> None:
        self._refresh = refresh
        self._changed = changed
        self.current = refresh()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # TLS 1.2 at least, by Python's default
        self.context.load_cert_chain(self.current.server_file)

    async def look(self) -> None:
        """Take over a certificate that was made since; also one that the command line renewed."""
        try:
            found = await asyncio.to_thread(self._refresh)
            if found.server_fingerprint == self.current.server_fingerprint:
                return
            # In the loop, not in the thread: handshakes read the context at the same time.
            self.context.load_cert_chain(found.server_file)
        except Exception:  # noqa: BLE001 - whatever it is, tablets are still served with what there is
            _log.warning("the certificate could not be looked after; the present one stays", exc_info=True)
            return
        self.current = found
        if self._changed is not None:
            self._changed(found)

    async def keep(self, seconds: float) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(seconds)
            await self.look()


def listening(bound: Bound) -> Listening:
    """The three addresses; on a machine without a network tablets' addresses are its own as well."""
    address = next(iter(map(str, local_addresses())), "127.0.0.1")
    return Listening(
        url=f"http://127.0.0.1:{bound.port('http')}",
        https_url=f"https://{address}:{bound.port('https')}",
        ca_url=f"http://{address}:{bound.port('ca')}",
        notes=bound.notes,
    )


async def serve(
    app: ASGIApp,
    ca_app: ASGIApp,
    bound: Bound,
    certificate: ServedCertificate,
    on_ready: Callable[[Listening], None],
    *,
    stop: asyncio.Event | None = None,
    look_seconds: float = LOOK_SECONDS,
) -> None:
    """Serve until SIGTERM, Ctrl-C or `stop`; closes the sockets.

    Raises:
        StartFailedError: if the app's lifespan could not start.
    """
    stop = stop or asyncio.Event()
    noting = _Noting(app)
    first = _Server(noting, lifespan="on")
    others = [_Server(app, context=certificate.context), _Server(ca_app)]
    tasks: list[asyncio.Task[None]] = []
    beside: list[asyncio.Task[Any]] = []
    with contextlib.closing(bound), _signals(stop):
        try:
            for server, sock in zip([first, *others], (bound.http, bound.https, bound.ca), strict=True):
                tasks.append(asyncio.create_task(server.serve([sock])))
                await _started(server, tasks[-1], noting)
            _log_no_requests()
            on_ready(listening(bound))
            stopping = asyncio.create_task(stop.wait())
            beside += [stopping, asyncio.create_task(certificate.keep(look_seconds))]
            await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in beside:
                task.cancel()
            # The lifespan goes with the first one, so nothing may still be served after it.
            failed = await _stop(others, tasks[1:]) + await _stop([first], tasks[:1])
        if failed:
            raise failed[0]


class _Server(uvicorn.Server):
    """One listener. Signals are the business of `serve`: each server would take them from the others."""

    def __init__(self, app: ASGIApp, *, lifespan: str = "off", context: ssl.SSLContext | None = None) -> None:
        self._app = app
        super().__init__(
            uvicorn.Config(
                self._answer,
                interface="asgi3",
                lifespan="on" if lifespan == "on" else "off",
                ssl_context_factory=None if context is None else lambda _config, _default: context,
                ws="websockets-sansio",
                log_config=None,
                access_log=False,
                server_header=False,
                # Nobody stands before us: a forwarded address would be the sender's own invention.
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            # An event stream that was cut off when the program stopped is no fault to be logged at length.
            if not self.should_exit:
                raise

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as gave_up:  # uvicorn would take the whole process along
            raise StartFailedError from gave_up

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # A browser does not answer a TLS farewell, and asyncio would wait half a minute for it.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class _Noting:
    """Keeps what the app's lifespan raised; uvicorn itself only logs it, traceback and all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.error: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def quietly(message: Message) -> None:
            await send({"type": message["type"]} if message["type"].endswith(".failed") else message)

        try:
            await self._app(scope, receive, quietly)
        except BaseException as error:
            self.error = error
            raise


def _log_no_requests() -> None:
    """A line a request costs time, and may tell of people; Streamlit turns this log on as it starts."""
    log = logging.getLogger("uvicorn.access")
    log.handlers.clear()
    log.propagate = False


async def _started(server: _Server, task: asyncio.Task[None], noting: _Noting) -> None:
    while not server.started:
        await asyncio.wait([task], timeout=0.01)
        if task.done() and not server.started:
            raise StartFailedError from noting.error or task.exception()


async def _stop(servers: Sequence[_Server], tasks: Sequence[asyncio.Task[None]]) -> list[BaseException]:
    """Stop servers together; what made one of them end, if anything did."""
    for server in servers:
        server.should_exit = True
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    return [failure for failure in ended if isinstance(failure, BaseException)]


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C, SIGTERM and Windows' Ctrl-Break set `stop`; `loop.add_signal_handler` is missing on Windows."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    wanted = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        wanted.append(signal.SIGBREAK)

    def ask(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, ask) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
