"""The plain port: it hands out the CA, says how to trust it, leads to HTTPS, and does nothing else."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from cryptography import x509
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dvc_core.i18n import has_text
from dvc_core.tokens.addresses import local_addresses
from dvc_core.tokens.certificates import Certificates, ensure
from dvc_core.web import ca_pages
from dvc_core.web.ca_pages import CA_NAME, CaPort, devices
from dvc_core.web.listeners import ServedCertificate, serve
from dvc_core.web.sockets import Bound, Ports, bind
from tests.support.browser import DESK, PHONE, NewContext, shot
from tests.support.waiting import until

NOW = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)
COUNCIL = "見本市社会福祉協議会"
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"
AGENTS = {
    "iPad・iPhone": IPAD,
    "Android のタブレット・スマートフォン": "Mozilla/5.0 (Linux; Android 10; K) Chrome/150.0.0.0",
    "Windows のパソコン・タブレット": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0.0.0",
    "Chromebook": "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/150.0.0.0",
}


@pytest.fixture
def certificate(tmp_path: Path) -> Certificates:
    return ensure(tmp_path / "certificates", COUNCIL, datetime.now(UTC), ["192.168.1.5"])


def port(certificate: Certificates, **facts) -> CaPort:
    told = {"council": COUNCIL, "https_port": 8443, "ca_port": 8080, **facts}
    return CaPort(certificate=lambda: certificate, now=lambda: NOW, **told)


@pytest.fixture
def visitor(certificate: Certificates) -> Iterator[TestClient]:
    with TestClient(
        port(certificate).app(), base_url="http://192.168.1.5:8080", follow_redirects=False
    ) as client:
        yield client


def test_it_hands_out_the_ca_as_tablets_take_it(visitor, certificate):
    answer = visitor.get(f"/{CA_NAME}")
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert "content-disposition" not in answer.headers
    assert answer.content == certificate.ca_der
    assert x509.load_der_x509_certificate(answer.content).extensions


def test_the_page_shows_the_fingerprint_that_people_compare(visitor, certificate):
    page = visitor.get("/").text
    assert "".join(f"<span>{group}</span> " for group in certificate.fingerprint.split()) in page
    assert "ふたりで読み合わせます" in page


def test_the_links_lead_to_the_address_the_visitor_used(visitor):
    page = visitor.get("/").text
    assert 'href="https://192.168.1.5:8443/"' in page
    other = visitor.get("/", headers={"host": "[fd00::2]:8080"}).text
    assert 'href="https://[fd00::2]:8443/"' in other


@pytest.mark.parametrize("host", ["evil.example", 'x"><script>', "", "a b:80"])
def test_a_made_up_host_never_becomes_a_link(visitor, host):
    page = visitor.get("/", headers={"host": host})
    ours = next(iter(map(str, local_addresses())), "127.0.0.1")
    assert f'href="https://{ours}:8443/"' in page.text
    assert "evil" not in page.text + page.headers["content-security-policy"]
    assert f"https://{ours}:8443/" in visitor.get("/x", headers={"host": host}).headers["location"]


@pytest.mark.parametrize("path", ["/kiosk", "/a/b?c=1&d=%E5%8F%97", "//x.y/", "/%E5%8F%97", "/favicon.ico"])
def test_everything_else_leads_to_https(visitor, path):
    answer = visitor.get(f"http://192.168.1.5:8080{path}")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"https://192.168.1.5:8443{path}"


@pytest.mark.parametrize("path", ["/", f"/{CA_NAME}", "/ca.css", "/login", "/api/scans"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_taken_in(visitor, method, path):
    assert visitor.request(method, path, content=b"x").status_code == 405


@pytest.mark.parametrize("name", AGENTS)
def test_the_steps_of_the_visitors_device_are_open(visitor, name):
    page = visitor.get("/", headers={"user-agent": AGENTS[name]}).text
    assert page.count("<details open>") == 1
    assert f"<details open><summary>{name}</summary>" in page


def test_every_device_has_its_steps_in_the_catalogue():
    found = devices()
    assert [device.name for device in found] == list(AGENTS)
    for device in found:
        assert len(device.steps) == 4
        assert all(step.strip() for step in device.steps)
        assert not has_text(f"trust.{device.code}.5")


def test_names_are_text_and_a_drill_says_so(certificate):
    app = port(certificate, council="<b>見本</b>", drill="<i>訓練</i>").app()
    with TestClient(app, base_url="http://127.0.0.1:8080") as client:
        page = client.get("/").text
    assert "<b>見本</b>" not in page
    assert "&lt;b&gt;見本&lt;/b&gt;" in page
    assert "訓練：&lt;i&gt;訓練&lt;/i&gt;" in page


def test_nothing_is_fetched_from_elsewhere_and_nothing_kept(visitor):
    answer = visitor.get("/")
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "<script" not in answer.text


def test_a_renewed_ca_is_shown_at_once(certificate, tmp_path):
    held = [certificate]
    app = CaPort(
        certificate=lambda: held[0], now=lambda: NOW, council=COUNCIL, https_port=8443, ca_port=8080
    ).app()
    held[0] = ensure(tmp_path / "other", COUNCIL, datetime.now(UTC), ["192.168.1.5"])
    with TestClient(app) as client:
        assert client.get(f"/{CA_NAME}").content == held[0].ca_der != certificate.ca_der


# --- in a real browser --------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Bound]:
    """The port beside a small app over HTTPS, as the program serves them."""
    app = Starlette(routes=[Route("/", lambda _request: PlainTextResponse("たすき")), *ca_pages.routes])
    bound = bind(Ports(http=0, https=0, ca=0))
    kept = ServedCertificate(
        lambda: ensure(tmp_path / "certificates", COUNCIL, datetime.now(UTC), ["192.168.1.5"])
    )
    ca_port = CaPort(
        certificate=lambda: kept.current,
        now=lambda: datetime.now(UTC),
        council=COUNCIL,
        https_port=bound.port("https"),
        ca_port=bound.port("ca"),
    )
    ready = threading.Event()
    held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def main() -> None:
        held.append((asyncio.get_running_loop(), asyncio.Event()))
        await serve(app, ca_port.app(), bound, kept, lambda _said: ready.set(), stop=held[0][1])

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(20)
    yield bound
    held[0][0].call_soon_threadsafe(held[0][1].set)
    thread.join(20)
    assert not thread.is_alive()


def overflowing(page: Page) -> list[str]:
    """Texts that stick out of the screen's width."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
            .map(each => each.outerHTML.slice(0, 80))"""
    )


@pytest.mark.browser
@pytest.mark.parametrize(("name", "size"), [("desk", DESK), ("phone", PHONE)])
def test_a_new_tablet_finds_its_steps_and_the_ca(new_context: NewContext, served, certificate, name, size):
    page = new_context(size=size, user_agent=IPAD).new_page()
    page.goto(f"http://127.0.0.1:{served.port('ca')}/")
    picture = page.get_by_role("img", name="まだ証明書が入っていません")
    expect(picture).to_be_visible()
    assert page.evaluate("document.querySelector('.state img').naturalWidth") == 0
    assert overflowing(page) == []
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 18
    shot(page, f"ca-{name}", full=True)

    with page.expect_download() as download:
        page.get_by_role("link", name="証明書を受け取る").click()
    assert Path(download.value.path()).read_bytes() == certificate.ca_der
    assert download.value.suggested_filename == CA_NAME

    page.get_by_text("Chromebook", exact=True).click()
    expect(page.get_by_text("ウェブサイトの識別で")).to_be_visible()


@pytest.mark.browser
def test_a_tablet_that_trusts_the_ca_sees_it_and_goes_on(new_context: NewContext, served):
    page = new_context(ignore_https_errors=True).new_page()
    page.goto(f"http://127.0.0.1:{served.port('ca')}/")
    # Not `wait_for_function`: the page's own policy lets no text be run as a script.
    until(
        lambda: page.evaluate("document.querySelector('.state img').naturalWidth > 0"),
        what="the picture that only a trusting device shows",
    )
    shot(page, "ca-trusted", full=True)
    page.get_by_role("link", name="たすきを開く").click()
    expect(page.get_by_text("たすき")).to_be_visible()
    assert page.url == f"https://127.0.0.1:{served.port('https')}/"
    assert page.evaluate("isSecureContext && !!navigator.mediaDevices")
    page.goto(f"http://127.0.0.1:{served.port('ca')}/some/page")
    assert page.url == f"https://127.0.0.1:{served.port('https')}/some/page"


@pytest.mark.browser
def test_another_tablet_reads_both_codes_off_this_one(new_context: NewContext, served, tmp_path):
    from PIL import Image

    page = new_context(size=DESK).new_page()
    page.goto(f"http://127.0.0.1:{served.port('ca')}/")
    page.locator(".codes").screenshot(path=tmp_path / "codes.png")
    with Image.open(tmp_path / "codes.png") as picture:
        read = {code.text for code in zxingcpp.read_barcodes(picture.convert("L"))}
    assert read == {f"http://127.0.0.1:{served.port('ca')}", f"https://127.0.0.1:{served.port('https')}"}


def test_a_client_that_took_the_ca_from_the_port_trusts_the_real_address(served):
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{served.port('ca')}/{CA_NAME}", timeout=20) as answer:
        trust = ssl.create_default_context(cadata=answer.read())
    with urllib.request.urlopen(
        f"https://127.0.0.1:{served.port('https')}/", timeout=20, context=trust
    ) as answer:
        assert answer.read().decode() == "たすき"
