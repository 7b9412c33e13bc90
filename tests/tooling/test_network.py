"""The recorders see what they are for: contacts of Python, of what is below it, and of a page."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.browser import launched
from tests.support.network import Contact, hooked, outside, read_hook, read_netlog, read_trace, traced
from tests.support.network_hook.tasuki_network_hook import OutsideTrafficError, is_loopback
from tests.support.ports import free_ports

# A broadcast address: the system itself refuses to connect there, so that no packet leaves in these tests.
NOWHERE = "255.255.255.255"

CONTACTS = """
import socket, contextlib
def tried(act, *arguments):
    with contextlib.suppress(OSError):
        act(*arguments)
tried(socket.create_connection, ("127.0.0.1", {port}))
tried(socket.create_connection, ("{nowhere}", 80))
tried(socket.getaddrinfo, "council.example", 443)
tried(socket.getaddrinfo, "localhost", 443)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
    tried(asked.connect, ("192.0.2.1", 9))
    tried(asked.sendto, b"x", ("192.0.2.7", 53))
"""


def test_the_hook_records_and_refuses_what_leads_outside(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    log = tmp_path / "log"
    script = CONTACTS.format(port=port, nowhere=NOWHERE)
    subprocess.run([sys.executable, "-c", script], env=hooked(dict(os.environ), log), check=True, timeout=60)
    contacts = read_hook(log)
    seen = {(each.kind, each.host, each.port) for each in contacts}
    assert ("connect", "127.0.0.1", port) in seen
    assert ("route", "192.0.2.1", 9) in seen
    assert {(each.kind, each.host) for each in outside(contacts)} == {
        ("connect", NOWHERE),
        ("lookup", "council.example"),
        ("datagram", "192.0.2.7"),
    }


def test_a_log_that_no_process_opened_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    with pytest.raises(ValueError, match="records no process"):
        read_hook(tmp_path / "log")


def test_the_tracer_sees_what_the_hook_cannot(tmp_path: Path) -> None:
    # `_socket` below the audit events would still raise them; a child that is no Python does not.
    port = free_ports(1)[0]
    log = tmp_path / "trace"
    dialled = f"exec 3<>/dev/tcp/127.0.0.1/{port}; exec 3<>/dev/tcp/{NOWHERE}/80; true"
    subprocess.run(traced(["bash", "-c", dialled], log), check=True, timeout=60, stderr=subprocess.DEVNULL)
    contacts = read_trace(log)
    assert Contact("connect", "127.0.0.1", port, by="system") in contacts
    assert outside(contacts) == [Contact("connect", NOWHERE, 80, by="system")]


LINES = """
7 sendmmsg(3<UDP:[192.0.2.2:34383->10.9.9.53:53]>, [{msg_hdr={msg_name=NULL, msg_namelen=0,
7 sendto(4<UDP:[0.0.0.0:1]>, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(2), sin_addr=inet_addr("224.0.0.1")
7 connect(3<TCPv6:[1]>, {sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)
7 connect(3<UDP:[16863]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, 16) = 0
7 sendto(3<UDPv6:[[fd00::2]:50001->[2001:db8::5]:53]>, "x", 1, MSG_NOSIGNAL, NULL, 0 <unfinished ...>
7 sendto(5<TCP:[127.0.0.1:80->127.0.0.1:9]>, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1
7 connect(3<UNIX-STREAM:[16856]>, {sa_family=AF_UNIX, sun_path="/run/nscd"}, 110) = -1
"""


def test_lines_of_the_tracer(tmp_path: Path) -> None:
    (tmp_path / "trace").write_text(LINES, encoding="utf-8")
    assert [(each.kind, each.host, each.port) for each in read_trace(tmp_path / "trace")] == [
        ("datagram", "10.9.9.53", 53),
        ("datagram", "224.0.0.1", 2),
        ("connect", "2001:db8::1", 443),
        ("route", "192.0.2.1", 9),
        ("datagram", "2001:db8::5", 53),
    ]


def test_the_browser_log_shows_what_a_page_asks_for(tmp_path: Path, playwright: Playwright) -> None:
    netlog = tmp_path / "netlog.json"
    with launched(playwright, netlog) as browser:
        page = browser.new_page()
        with page.expect_event("requestfailed"):
            page.set_content("<img src='http://tiles.example/1/2/3.png'>")
    contacts = outside(read_netlog(netlog))
    assert [(each.kind, each.host) for each in contacts] == [("request", "tiles.example")]


def test_this_very_process_cannot_leave_the_machine() -> None:
    with pytest.raises(OutsideTrafficError), socket.socket() as opened:
        opened.connect((NOWHERE, 80))
    with pytest.raises(OutsideTrafficError):
        socket.getaddrinfo("council.example", 80)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("desk.localhost.", True),
        ("", True),
        ("10.0.0.1", False),
        ("::ffff:192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
    ],
)
def test_what_is_this_machine(host: str, inside: bool) -> None:
    assert is_loopback(host) is inside
