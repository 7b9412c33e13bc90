"""Who asks the outside for something: contacts of Python, of a whole process tree, and of the browser.

Three recorders, because each sees what the others do not: the audit hook (Python code, with names), the
tracer (system calls, so also libraries in C and Rust), and Chromium's own log (pages, the browser itself).
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.network_hook.tasuki_network_hook import VARIABLE, is_loopback

HOOK = Path(__file__).parent / "network_hook"
# `-D` keeps the traced program as our own child, so that its pid and its end are ours to see.
TRACER = ("strace", "-D", "-f", "-qq", "-yy", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg")

_TRACED = re.compile(
    r"(?P<call>connect|sendto|sendmsg|sendmmsg)\(\d+<(?P<family>TCP|UDP)(?:v6)?:\[(?P<ends>.*?)\]>"
)
_ADDRESS = re.compile(
    r"sin6?_port=htons\((?P<port>\d+)\)"
    r".*?(?:inet_addr\(\"(?P<v4>[^\"]+)\"|inet_pton\(AF_INET6, \"(?P<v6>[^\"]+)\")"
)
_PEER = re.compile(r"->\[?(?P<host>[0-9a-fA-F.:]+?)\]?:(?P<port>\d+)$")


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact; `kind` is connect, lookup, datagram, request (of a page) or route (nothing was sent)."""

    kind: str
    host: str
    port: int = 0
    by: str = ""


def hooked(environment: dict[str, str], log: Path) -> dict[str, str]:
    """The environment under which every Python process writes its contacts to `log`."""
    path = os.pathsep.join(filter(None, [str(HOOK), environment.get("PYTHONPATH", "")]))
    return {**environment, "PYTHONPATH": path, VARIABLE: str(log)}


def traced(command: list[str], log: Path) -> list[str]:
    """The command under the tracer, which writes to `log`."""
    return [*TRACER, "-o", str(log), *command]


def read_hook(log: Path) -> list[Contact]:
    """What Python processes did.

    Raises:
        ValueError: if no process has started under the hook, for then the log proves nothing.
    """
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    if not any(line["kind"] == "start" for line in lines):
        raise ValueError(f"{log} records no process")
    return [
        Contact(line["kind"], line["host"], line["port"], by=f"python {line['pid']}")
        for line in lines
        if line["kind"] != "start"
    ]


def read_trace(log: Path) -> list[Contact]:
    """What a traced process and all its children asked of the system's network."""
    found = (_traced_contact(line) for line in log.read_text(encoding="utf-8", errors="replace").splitlines())
    return [contact for contact in found if contact is not None]


def _traced_contact(line: str) -> Contact | None:
    call = _TRACED.search(line)
    if call is None:
        return None
    is_stream, connects = call["family"] == "TCP", call["call"] == "connect"
    # An address in the call wins; a connected datagram socket names its peer beside its number instead.
    address = _ADDRESS.search(line) or _PEER.search(call["ends"])
    if address is None or (is_stream and not connects):
        return None
    facts = address.groupdict()
    host = facts.get("v4") or facts.get("v6") or facts["host"]
    kind = "datagram" if not connects else "connect" if is_stream else "route"
    return Contact(kind, host, int(facts["port"]), by="system")


def read_netlog(log: Path) -> list[Contact]:
    """What Chromium did, from the file of `--log-net-log`, which is whole only after the browser has closed.

    Requests count where a page made them. The browser's own (its updater, its account service) are stopped by
    the test's resolver rules before any look-up and show here only if they get past them, as a connect.
    """
    recorded = json.loads(log.read_text(encoding="utf-8"))
    names = {number: name for name, number in recorded["constants"]["logEventTypes"].items()}
    found = (_browser_contact(names[each["type"]], each.get("params") or {}) for each in recorded["events"])
    return [contact for contact in found if contact is not None]


def _browser_contact(event: str, facts: dict[str, str]) -> Contact | None:
    if event == "URL_REQUEST_START_JOB" and facts.get("initiator", "not an origin") != "not an origin":
        parts = urlsplit(facts["url"])
        return (
            Contact("request", parts.hostname, parts.port or 0, by=facts["url"]) if parts.hostname else None
        )
    if event == "HOST_RESOLVER_MANAGER_JOB" and "host" in facts:
        return Contact("lookup", urlsplit(facts["host"]).hostname or facts["host"], by="browser")
    if event == "TCP_CONNECT_ATTEMPT" and "address" in facts:
        return _contact_at("connect", facts["address"])
    if event == "UDP_BYTES_SENT" and "address" in facts:
        return _contact_at("datagram", facts["address"])
    return None


def _contact_at(kind: str, address: str) -> Contact:
    host, _, port = address.rpartition(":")
    return Contact(kind, host.strip("[]"), int(port), by="browser")


def outside(contacts: Iterable[Contact]) -> list[Contact]:
    """Those that leave this machine; asking the system for a route sends nothing and does not count."""
    return [each for each in contacts if each.kind != "route" and not is_loopback(each.host)]
