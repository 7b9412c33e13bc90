"""The three ports: a busy one that was asked for is named, a usual one moves on and says so."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dvc_core.i18n import describe
from dvc_core.web.sockets import USUAL, PortError, Ports, bind
from tests.support.ports import free_ports

ANY = Ports(http=0, https=0, ca=0)


@contextmanager
def held(port: int, host: str = "127.0.0.1", *, listen: bool = True, reuse: bool = True) -> Iterator[None]:
    """Another program on a port."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(reuse))
        other.bind((host, port))
        if listen:
            other.listen()
        yield


@pytest.mark.parametrize("use", ["http", "https", "ca"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("reuse", [True, False])
def test_a_busy_port_that_was_asked_for_is_named(use, host, reuse):
    (port,) = free_ports(1)
    with held(port, host, reuse=reuse), pytest.raises(PortError) as busy:
        bind(Ports(**{"http": 0, "https": 0, "ca": 0, use: port}))
    shown = describe(busy.value.problem)
    assert busy.value.problem.code == "port-busy"
    assert str(port) in str(shown["message"])
    assert {"http": "--port", "https": "--https-port", "ca": "--ca-port"}[use] in str(shown["hint"])
    assert "{" not in f"{shown['message']}{shown['hint']}"


def test_a_busy_port_leaves_none_of_the_others_open():
    ports = free_ports(3)
    with held(ports[2]), pytest.raises(PortError):
        bind(Ports(http=ports[0], https=ports[1], ca=ports[2]))
    bind(Ports(http=ports[0], https=ports[1], ca=ports[2])).close()


def test_the_same_number_twice_is_busy():
    (port,) = free_ports(1)
    with pytest.raises(PortError) as busy:
        bind(Ports(http=port, https=port, ca=0))
    assert busy.value.problem.code == "port-busy"


@pytest.mark.parametrize("number", [-1, 65536, 10**9])
def test_a_number_that_is_no_port_is_named(number):
    with pytest.raises(PortError) as wrong:
        bind(Ports(http=0, https=number, ca=0))
    assert wrong.value.problem.code == "port-range"
    assert str(number) in str(describe(wrong.value.problem)["message"])


def refusing(error: OSError) -> Callable[..., None]:
    def setsockopt(*_arguments: object) -> None:
        raise error

    return setsockopt


@pytest.mark.parametrize(
    ("error", "code"),
    [(PermissionError(13, "denied"), "port-refused"), (OSError(23, "too many"), "port-failed")],
)
def test_other_refusals_of_the_system_have_words(monkeypatch, error, code):
    monkeypatch.setattr(socket.socket, "setsockopt", refusing(error))
    with pytest.raises(PortError) as refused:
        bind(ANY)
    assert refused.value.problem.code == code
    shown = describe(refused.value.problem)
    assert "{" not in f"{shown['message']}{shown['hint']}"


@pytest.fixture
def usual(monkeypatch) -> list[int]:
    """The usual numbers, moved to where this machine has three free ones, each with room behind it."""
    numbers = free_ports(3)
    for use, number in zip(("http", "https", "ca"), numbers, strict=True):
        monkeypatch.setitem(USUAL, use, number)
    return numbers


def test_the_usual_ports_are_taken_when_free(usual):
    bound = bind(Ports())
    try:
        assert list(bound.port_numbers) == usual
        assert bound.notes == ()
    finally:
        bound.close()


def test_a_usual_port_that_is_busy_moves_on_and_says_so(usual):
    with held(usual[1]):
        bound = bind(Ports())
    try:
        moved = bound.port("https")
        assert moved != usual[1]
        assert [(note.code, note.level) for note in bound.notes] == [("port-moved", "note")]
        shown = describe(bound.notes[0])
        assert str(usual[1]) in str(shown["message"])
        assert str(moved) in str(shown["message"])
        assert (bound.port("http"), bound.port("ca")) == (usual[0], usual[2])
    finally:
        bound.close()


def test_a_usual_port_never_takes_a_number_that_a_person_named(usual):
    named = usual[0] + 1
    with held(usual[0]):
        bound = bind(Ports(ca=named))
    try:
        assert bound.port("ca") == named
        assert bound.port("http") not in {usual[0], named}
    finally:
        bound.close()


def test_usual_ports_that_are_all_busy_name_the_first(usual, monkeypatch):
    monkeypatch.setattr("dvc_core.web.sockets._TRIES", 1)
    with held(usual[0]), pytest.raises(PortError) as busy:
        bind(Ports())
    assert busy.value.problem.facts["port"] == usual[0]
