"""The door: our own pages act, a strange page or name does not, and it is told in words."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.web.origin import OriginGuard, split_host

NAMES = ["koganei-vc", "koganei-vc.local"]
HERE = "192.168.1.5:8443"


def ask(
    method: str = "POST",
    *,
    host: str | list[str] = HERE,
    scheme: str = "https",
    client: tuple[str, int] | None = ("192.168.1.30", 50000),
    kind: str = "http",
    **headers: str,
) -> list[dict[str, Any]]:
    """What the guard sends; an app that was reached sends `passed`."""
    hosts = [host] if isinstance(host, str) else host
    listed = [(b"host", each.encode("latin-1")) for each in hosts]
    listed += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "method": method, "scheme": scheme, "headers": listed, "client": client}
    if kind == "websocket":
        scope |= {"scheme": {"https": "wss", "http": "ws"}[scheme]}
    sent: list[dict[str, Any]] = []

    async def app(_scope, _receive, send):
        await send({"type": "passed"})

    async def send(message):
        sent.append(message)

    async def receive():
        raise AssertionError("the guard reads no body")

    asyncio.run(OriginGuard(app, lambda: NAMES)(scope, receive, send))
    return sent


def passed(*arguments: Any, **facts: Any) -> bool:
    sent = ask(*arguments, **facts)
    if sent == [{"type": "passed"}]:
        return True
    assert sent[0]["type"] == "websocket.close" or sent[0]["status"] == 403
    return False


def test_our_own_page_may_act():
    assert passed(origin=f"https://{HERE}")
    assert passed(origin=f"https://{HERE}", sec_fetch_site="same-origin")
    assert passed(host="koganei-vc.local:8443", origin="https://koganei-vc.local:8443")
    assert passed(host="KOGANEI-VC:8443", origin="https://koganei-vc:8443")
    assert passed(host="localhost:8501", scheme="http", origin="http://localhost:8501")
    assert passed(host="[::1]:8501", scheme="http", origin="http://[::1]:8501")
    assert passed(host="192.168.1.5", origin="https://192.168.1.5:443")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://192.168.1.5:8501",  # another port of the same machine: a drill, another program
        "https://192.168.1.5",
        "http://192.168.1.5:8443",
        "https://192.168.1.5:8443.evil.example",
        "https://evil.example@192.168.1.5:8443",
        "https://192.168.1.5:8443@evil.example",
        "https://192.168.1.5:8443/",
        "null",
        "",
        "://",
    ],
)
def test_a_foreign_page_may_not_act(origin):
    assert not passed(origin=origin)
    assert not passed(kind="websocket", origin=origin)
    assert not passed(origin=origin, client=("127.0.0.1", 5))
    assert not passed(origin=origin, authorization="Bearer x")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "?"])
def test_what_the_browser_says_of_the_sender_counts_too(site):
    assert not passed(sec_fetch_site=site)
    assert not passed(origin=f"https://{HERE}", sec_fetch_site=site)
    assert not passed(sec_fetch_site=site, authorization="Bearer x")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_every_method_that_may_change_something_is_guarded(method):
    assert not passed(method, origin="https://evil.example")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_no_origin(method):
    assert passed(method)
    assert passed(method, origin="https://evil.example", sec_fetch_site="cross-site")


def test_without_an_origin_only_programs_act():
    assert not passed()
    assert passed(authorization="Bearer abc")
    assert passed(authorization="bearer abc")
    assert not passed(authorization="Basic abc")
    for client in (("127.0.0.1", 1), ("::1", 1), ("::ffff:127.0.0.1", 1)):
        assert passed(client=client)
    for client in (None, ("", 1), ("::ffff:192.168.1.9", 1), ("testclient", 1)):
        assert not passed(client=client)


def test_a_websocket_is_guarded_like_an_act():
    assert passed(kind="websocket", origin=f"https://{HERE}")
    assert passed(kind="websocket", scheme="http", host="127.0.0.1:8501", origin="http://127.0.0.1:8501")
    assert not passed(kind="websocket")


def test_two_origins_are_none():
    listed = [(b"host", HERE.encode()), *[(b"origin", f"https://{HERE}".encode())] * 2]
    scope = {"type": "http", "method": "POST", "scheme": "https", "headers": listed, "client": None}
    assert OriginGuard(None, list)._refusal(scope).code == "origin-foreign"


@pytest.mark.parametrize(
    "host", ["evil.example:8443", "", [], [HERE, HERE], "a b", "192.168.1.5:x", "x@127.0.0.1"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_turned_our_way_shows_nothing(host, method):
    authority = host if isinstance(host, str) else HERE
    assert not passed(method, host=host, origin=f"https://{authority}")


def test_an_address_in_digits_is_taken_whatever_network_the_laptop_is_in():
    assert passed("GET", host="10.1.2.3:8443")
    assert passed("GET", host="[fd00::2]:8443")


def test_a_refusal_is_in_words_and_says_what_to_do():
    start, body = ask(origin="https://evil.example")
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"
    assert int(headers[b"content-length"]) == len(body["body"])
    assert "受け付けませんでした" in body["body"].decode()
    assert f"https://{HERE}" in body["body"].decode()


def test_a_page_of_ours_gets_the_refusal_as_data():
    _, body = ask(accept="application/json", host="evil.example")
    answer = json.loads(body["body"])
    assert answer["ok"] is False
    assert [problem["code"] for problem in answer["problems"]] == ["host-unknown"]
    assert "{" not in json.dumps(answer["problems"][0], ensure_ascii=False)[1:-1]


def test_a_refused_websocket_is_closed_before_it_opens():
    assert ask(kind="websocket", origin="null") == [{"type": "websocket.close", "code": 1008}]


def test_the_lifespan_passes():
    assert ask(kind="lifespan") == [{"type": "passed"}]


@given(st.text(max_size=40))
def test_any_host_is_read_or_refused(text):
    place = split_host(text, "https")
    assert place is None or (isinstance(place[0], str) and 0 <= place[1] < 100_000)


@given(st.text(st.characters(codec="latin-1"), max_size=40))
def test_no_origin_but_our_own_acts(text):
    assert not passed(origin=text.replace("\n", "")) or text.strip().lower() == f"https://{HERE}"
