"""Every file of a map comes from our own address."""

import asyncio
import re

import folium
import folium.plugins
import httpx
import pytest
from folium.elements import JSCSSMixin
from starlette.applications import Starlette

from dvc_core.web import vendor


@pytest.fixture(autouse=True)
def _local():
    vendor.localise()


def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """One request to an application of these routes alone."""

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=vendor.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=named)

    return asyncio.run(request())


def elements() -> list[type]:
    found, waiting = [folium.Map], [JSCSSMixin]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += children
        waiting += children
    return found


def links() -> list[str]:
    return [
        link
        for element in elements()
        for attribute in ("default_js", "default_css")
        for _name, link in getattr(element, attribute, [])
    ]


def test_no_element_of_folium_asks_another_server():
    assert len(links()) > 60
    assert [link for link in links() if not link.startswith("/vendor/")] == []


def test_doing_it_twice_changes_nothing():
    before = links()
    vendor.localise()
    assert links() == before


def test_every_file_that_folium_asks_for_is_served():
    styles = {link for element in elements() for _name, link in getattr(element, "default_css", [])}
    for link in sorted({*links()}):
        answer = ask(link)
        assert answer.status_code == 200, link
        assert answer.content
        kind = "text/css" if link in styles else "text/javascript"
        assert answer.headers["content-type"].startswith(kind), link


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("map.js", "text/javascript; charset=utf-8"),
        ("map.css", "text/css; charset=utf-8"),
        ("base.json", "application/json"),
        ("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js", "text/javascript; charset=utf-8"),
    ],
)
def test_a_file_has_its_type_and_may_be_kept(source, kind):
    answer = ask(vendor.address_of(source))
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_it_travels_packed_for_those_who_can_unpack():
    address = vendor.address_of("base.json")
    packed = ask(address, accept_encoding="gzip")
    plain = ask(address, accept_encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3


def test_the_address_holds_the_digest_so_that_a_new_version_is_a_new_address():
    address = vendor.address_of("map.js")
    assert re.fullmatch(r"/vendor/[0-9a-f]{16}/map\.js", address)
    stale = ask("/vendor/0000000000000000/map.js")
    assert (stale.status_code, stale.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize(
    "path", ["/vendor/x/..%2f..%2fapp.py", "/vendor/map.js", "/vendor//map.js", "/vendor/a/b/c"]
)
def test_nothing_else_is_served(path):
    assert ask(path).status_code == 404


def test_it_only_reads():
    assert ask(vendor.address_of("map.js"), "POST").status_code == 405
    head = ask(vendor.address_of("map.js"), "HEAD")
    assert (head.status_code, head.content) == (200, b"")


def test_a_file_that_nobody_holds_is_a_defect():
    with pytest.raises(KeyError):
        vendor.address_of("https://example.invalid/leaflet.js")


@pytest.mark.parametrize("name", ["map.js", "map.css"])
def test_our_own_script_and_style_lead_nowhere(name):
    assert not re.search(r"https?:|@import|url\(", ask(vendor.address_of(name)).text)
