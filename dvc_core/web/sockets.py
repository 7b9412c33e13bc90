"""The three ports of the program, opened before anything is served, so that a busy one is found in time.

A port that a person asked for is never exchanged for another: it is named instead. The usual ones may move on
to the next free number, and the answer says so.
"""

import errno
import socket
import sys
from typing import Literal

import msgspec

from dvc_core.domain.problem import Fact, Problem
from dvc_core.i18n import text

Use = Literal["http", "https", "ca"]

USUAL: dict[Use, int] = {"http": 8501, "https": 8443, "ca": 8080}
OPTIONS: dict[Use, str] = {"http": "--port", "https": "--https-port", "ca": "--ca-port"}
BACKLOG = 2048
_TRIES = 50
_LOOPBACK, _EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - tablets come in over the Wi-Fi; TLS and CA only


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: a number (0: any free one), or None for the usual one."""

    http: int | None = None
    https: int | None = None
    ca: int | None = None


class PortError(Exception):
    """A port that cannot be used; `problem` has the words."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.code}: {problem.facts}")


class Bound(msgspec.Struct, frozen=True):
    """Open, listening sockets; `port_numbers` as in `USUAL`; `notes`: usual ones that were busy."""

    http: socket.socket
    https: socket.socket
    ca: socket.socket
    port_numbers: tuple[int, int, int]
    notes: tuple[Problem, ...] = ()

    def port(self, use: Use) -> int:
        """The real number of a port."""
        return dict(zip(USUAL, self.port_numbers, strict=True))[use]

    def close(self) -> None:
        """Give the ports back."""
        for sock in (self.http, self.https, self.ca):
            sock.close()


def bind(ports: Ports) -> Bound:
    """Open the three ports: HTTP for this machine alone, HTTPS and the CA's for the network.

    Raises:
        PortError: for the first port that cannot be used.
    """
    opened: dict[Use, socket.socket] = {}
    notes: list[Problem] = []
    # Asked-for ports first, so that no usual one moves on to a number that a person named.
    order: list[Use] = sorted(USUAL, key=lambda use: getattr(ports, use) is None)
    try:
        for use in order:
            asked: int | None = getattr(ports, use)
            if asked is not None:
                opened[use] = _open(use, asked)
            else:
                opened[use] = _open_usual(use)
                number = _number(opened[use])
                if number != USUAL[use]:
                    notes.append(_problem("port-moved", use, number, wanted=USUAL[use]))
        http, https, ca = (opened[use] for use in USUAL)
        numbers = (_number(http), _number(https), _number(ca))
        return Bound(http, https, ca, numbers, tuple(notes))
    except BaseException:
        for sock in opened.values():
            sock.close()
        raise


def _open_usual(use: Use) -> socket.socket:
    first: PortError | None = None
    for number in range(USUAL[use], USUAL[use] + _TRIES):
        try:
            return _open(use, number)
        except PortError as busy:
            first = first or busy
    assert first is not None
    raise first


def _open(use: Use, number: int) -> socket.socket:
    """A listening socket. IPPROTO_TCP, or asyncio would not switch Nagle's 40 ms off."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows SO_REUSEADDR would share a port that is served already. Elsewhere it only lets a restart
        # pass by connections that are still fading; two listeners are told apart by listen() at the latest.
        if sys.platform == "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((_LOOPBACK if use == "http" else _EVERYWHERE, number))
        sock.listen(BACKLOG)
        sock.setblocking(False)
    except (OSError, OverflowError) as failed:
        sock.close()
        raise PortError(_why(failed, use, number)) from failed
    return sock


def _number(sock: socket.socket) -> int:
    return int(sock.getsockname()[1])


def _why(failed: OSError | OverflowError, use: Use, number: int) -> Problem:
    if isinstance(failed, OverflowError):
        return _problem("port-range", use, number)
    if failed.errno == errno.EADDRINUSE:
        return _problem("port-busy", use, number)
    if isinstance(failed, PermissionError):
        return _problem("port-refused", use, number)
    return _problem("port-failed", use, number, reason=str(failed))


def _problem(code: str, use: Use, number: int, **facts: Fact) -> Problem:
    told: dict[str, Fact] = {"port": number, "option": OPTIONS[use], "use": text(f"listener.{use}"), **facts}
    return Problem(code=code, level="note" if code == "port-moved" else "error", facts=told)
