"""This machine's own addresses and names, found without asking anyone."""

import ipaddress
import json
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from dvc_core.tokens import addresses
from dvc_core.tokens.addresses import host_names, local_addresses


def adapter(name: str, *ips: str) -> SimpleNamespace:
    entries = [SimpleNamespace(ip=(ip, 0, 0) if ":" in ip else ip) for ip in ips]
    return SimpleNamespace(name=name, nice_name=name, ips=entries)


@pytest.fixture
def adapters(monkeypatch):
    def put(*found: SimpleNamespace) -> None:
        monkeypatch.setattr(addresses.ifaddr, "get_adapters", lambda: list(found))

    return put


def test_the_address_to_tell_people_comes_first(adapters):
    adapters(
        adapter("lo", "127.0.0.1", "::1"),
        adapter("docker0", "192.168.99.1"),
        adapter("eth1", "169.254.7.7"),
        adapter("eth0", "172.20.0.5", "fe80::1%2"),
        adapter("wlan0", "192.168.1.5"),
        adapter("usb0", "10.0.0.3"),
    )
    assert [str(address) for address in local_addresses()] == [
        "192.168.1.5", "10.0.0.3", "172.20.0.5", "169.254.7.7", "192.168.99.1"
    ]  # fmt: skip


def test_a_machine_without_a_network_has_none(adapters):
    adapters(adapter("lo", "127.0.0.1"))
    assert local_addresses() == []


def test_this_machine_is_what_the_system_says():
    found = local_addresses()
    for address in found:
        with socket.socket() as here:  # only an address of this machine can be bound
            here.bind((str(address), 0))
    assert ipaddress.ip_address("127.0.0.1") not in found


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("KOGANEI-PC1", ["koganei-pc1", "koganei-pc1.local"]),
        ("pc1.example.invalid", ["pc1.example.invalid", "pc1.local"]),
        ("mac.local", ["mac.local"]),
        ("localhost", ["localhost.local"]),
        ("社協のパソコン", []),
        ("bad_name", []),
        ("", []),
    ],
)
def test_the_machines_own_names(monkeypatch, name, names):
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert host_names() == [each for each in names if not each.startswith("localhost")]


def test_nobody_is_asked():
    """Not one look-up, connect or packet: a fresh interpreter reports each of them through its audit hook."""
    script = """
import json, sys
asked = []
watched = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
sys.addaudithook(lambda event, facts: asked.append(event) if event in watched else None)
from dvc_core.tokens.certificates import wanted_names
names = wanted_names()
print(json.dumps([asked, names]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    asked, names = json.loads(done.stdout)
    assert asked == []
    assert {"localhost", "127.0.0.1"} <= set(names)
