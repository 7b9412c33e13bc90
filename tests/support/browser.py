"""A real Chromium for the tests: quiet, offline, recorded.

Every browser writes its own network log, and after the last test of a module that log must show no contact
outside this machine. The browser lives as long as one module, not the session: while playwright's synchronous
interface is open, no other test of the same thread could use asyncio.
"""

import base64
import hashlib
import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from tests.support.network import Contact, outside, read_netlog

DESK: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENS = Path(__file__).parents[1] / "screens"

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    # Nothing but this machine has an address: neither a page nor the browser's own services get anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

NewContext = Callable[..., BrowserContext]


def chromium_path() -> str:
    """The system's browser; playwright's own build is a download that the tests do without."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    raise FileNotFoundError("Chromium is not installed; `python tasks.py test` says how")


@contextmanager
def launched(
    playwright: Playwright, netlog: Path, *, camera: Path | None = None, trusts_port: int | None = None
) -> Iterator[Browser]:
    """A browser of its own, that writes its network log to `netlog` when it closes.

    Args:
        playwright: the fixture of this name.
        netlog: read it with `network.read_netlog` after the block.
        camera: a film (`camera.write_film`) that stands for the tablet's camera; permission is given.
        trusts_port: where a certificate is shown that this tablet trusts, as if the council's CA were
            installed; with `ignore_https_errors` instead there are no service workers.
    """
    arguments = [*QUIET, f"--log-net-log={netlog}"]
    if trusts_port is not None:
        arguments.append(f"--ignore-certificate-errors-spki-list={_key_digest(trusts_port)}")
    if camera is not None:
        arguments += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
    try:
        yield browser
    finally:
        browser.close()


def _key_digest(port: int) -> str:
    shown = x509.load_pem_x509_certificate(ssl.get_server_certificate(("127.0.0.1", port)).encode())
    key = shown.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; there can be only one at a time."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser of this module's tests; at its end nothing may have led outside."""
    netlog = tmp_path_factory.mktemp("chromium") / "netlog.json"
    with launched(playwright, netlog) as browser:
        yield browser
    left: list[Contact] = outside(read_netlog(netlog))
    assert left == [], f"the browser reached for the outside: {left}"


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """Makes browser contexts, each a device of its own; closes them, and fails on errors of their pages.

    `new_context(size=DESK, ignore_https_errors=False, page_errors_matter=True, **playwright_options)`.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def create(
        *, size: ViewportSize = DESK, page_errors_matter: bool = True, **options: object
    ) -> BrowserContext:
        facts: dict[str, object] = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", **options}
        context = chromium.new_context(viewport=size, **facts)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        if page_errors_matter:
            context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield create
    for context in contexts:
        context.close()
    assert errors == [], f"errors in the pages: {errors}"


@pytest.fixture
def desk(new_context: NewContext) -> Page:
    """A page on a desk's screen, 1024 x 768."""
    return new_context(size=DESK).new_page()


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    """A page on a telephone's screen, 390 x 844."""
    return new_context(size=PHONE, has_touch=True, is_mobile=True).new_page()


def shot(page: Page, name: str, *, full: bool = False) -> Path:
    """Keep what the page shows as `tests/screens/NAME.png`, to be looked at; git ignores it."""
    SCREENS.mkdir(exist_ok=True)
    path = SCREENS / f"{name}.png"
    page.screenshot(path=path, full_page=full)
    return path
