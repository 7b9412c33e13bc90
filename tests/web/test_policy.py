"""A page loads things of its own address only, and what it is told by its own rule stays."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Playwright
from starlette.responses import Response
from starlette.testclient import TestClient

from dvc_core.web.policy import COMPONENTS, ContentPolicy
from tests.support.browser import launched
from tests.support.network import outside, read_netlog

SHELL = Path(st.__file__).with_name("static") / "index.html"
ASKS = b"""<!doctype html><title>x</title><img src="http://tiles.example/1.png">
<link rel="stylesheet" href="http://styles.example/a.css"><script src="http://scripts.example/a.js"></script>
<iframe src="http://frames.example/"></iframe><script>document.title = "ran"</script>
<script>window.onload = () => fetch("http://fetch.example/")</script>"""


def rule(path: str = "/status", kind: str = "text/html", **given: str) -> dict[str, str]:
    """The directives that a page gets; empty for none."""
    page = Response(b"", headers=given, media_type=kind)
    found = TestClient(ContentPolicy(page, SHELL), base_url="https://192.168.1.5:8443").get(path).headers
    parts = found.get("content-security-policy", "").split("; ")
    return dict(part.split(" ", 1) for part in parts if part)


def test_a_page_may_ask_its_own_address_only():
    for source in " ".join(rule().values()).split():
        quoted = source.startswith("'")
        assert quoted or source in {"data:", "blob:", "ws://192.168.1.5:8443", "wss://192.168.1.5:8443"}


def test_only_frames_of_components_run_text():
    assert "unsafe" not in rule()["script-src"]
    assert "'sha256-" in rule()["script-src"], "the framework's own script within its page"
    assert "'unsafe-eval'" in rule(f"{COMPONENTS}streamlit_folium.st_folium/index.html")["script-src"]


def test_a_page_with_a_rule_of_its_own_keeps_it():
    assert rule(**{"content-security-policy": "default-src 'none'"}) == {"default-src": "'none'"}


@pytest.mark.parametrize("kind", ["application/pdf", "text/javascript", "application/json"])
def test_what_is_no_page_has_none(kind: str):
    assert rule(kind=kind) == {}


@contextmanager
def site(policy: str) -> Iterator[str]:
    """A page that asks five other hosts, under a rule."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(ASKS if self.path == "/" else b"")

        def log_message(self, *_arguments: object) -> None:
            """Requests are the test's own."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "runs"), [("/status", "x"), (f"{COMPONENTS}map/index.html", "ran")])
def test_the_browser_stops_what_leads_outside(
    playwright: Playwright, tmp_path: Path, path: str, runs: str
) -> None:
    netlog = tmp_path / "netlog.json"
    policy = "; ".join(" ".join(each) for each in rule(path).items())
    with site(policy) as address, launched(playwright, netlog) as browser:
        page = browser.new_page()
        page.goto(address, wait_until="load")
        assert page.title() == runs
    assert outside(read_netlog(netlog)) == []
