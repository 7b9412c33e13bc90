"""Records, and where they lead outside refuses, the connections and name look-ups of one Python process.

Python's own audit events tell of them before they happen. Libraries in C or Rust make none; what those do is
seen by the tracer of `tests/support/network.py`.
"""

import errno
import ipaddress
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

VARIABLE = "TASUKI_NETWORK_LOG"

Note = Callable[[str, str, int], None]


class OutsideTrafficError(OSError):
    """A connection or look-up that would have left this machine."""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: its addresses, and the names that RFC 6761 reserves."""
    bare = host.strip("[]").partition("%")[0].rstrip(".").lower()
    if bare in {"", "localhost"} or bare.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return bool(host)
    return False


def _contact(event: str, arguments: tuple[Any, ...]) -> tuple[str, str, int] | None:
    """An audit event as (kind, host, port), or None for what is no contact."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        opened, address = arguments[0], arguments[1]
        if opened.family not in {socket.AF_INET, socket.AF_INET6} or not address:
            return None
        # Connecting a datagram socket sends nothing: it only asks the system which way it would take.
        kind = "connect" if opened.type == socket.SOCK_STREAM else "datagram"
        if event == "socket.connect" and kind == "datagram":
            kind = "route"
        return kind, _text(address[0]), int(address[1])
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = _text(arguments[0])
        return ("lookup", host, 0) if _is_name(host) else None
    if event == "socket.gethostbyaddr":
        return "lookup", _text(arguments[0]), 0
    if event == "socket.getnameinfo":
        return "lookup", _text(arguments[0][0]), 0
    return None


def _text(host: object) -> str:
    if isinstance(host, bytes | bytearray):
        return host.decode("idna", "replace")
    return "" if host is None else str(host)


def watch(note: Note) -> None:
    """Tell `note` of every contact of this process, and refuse those that lead outside.

    An audit hook stays until the process ends.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        contact = _contact(event, arguments)
        if contact is None:
            return
        note(*contact)
        kind, host, port = contact
        if kind != "route" and not is_loopback(host):
            raise OutsideTrafficError(errno.ENETUNREACH, f"tests refuse the outside: {kind} {host}:{port}")

    sys.addaudithook(hook)


def install(log: str) -> None:
    """Write every contact of this process as a JSON line into the file `log`; the first is its start."""
    # One unbuffered append a line: several processes share the file, and a killed one loses nothing.
    target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(kind: str, host: str, port: int) -> None:
        line = {"pid": os.getpid(), "kind": kind, "host": host, "port": port}
        os.write(target, (json.dumps(line) + "\n").encode())

    note("start", "", 0)
    watch(note)
