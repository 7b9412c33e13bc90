"""Whatever people type is shown as they typed it: nobody's name becomes bold, a link or red on any page.

The demonstration is filled, then every text that people typed is replaced by one full of marks, in every
table of such texts; each page of the menu is opened with all its tabs and all that is folded away.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, expect

from dvc_core import bootstrap
from dvc_core.access.passwords import hash_password
from dvc_core.bootstrap import Services
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.commands.base import Actor
from dvc_core.commands.desk_log import Write
from dvc_core.commands.supporter import Join
from dvc_core.domain.day import activity_day
from dvc_core.domain.kiosk import KioskLabel
from dvc_core.domain.station import StationLabel
from dvc_core.domain.supporter import digest_of
from dvc_core.store.schema import columns, declared, kind_of
from dvc_core.web.station_api import make_station
from pages._menu import MENU
from tests.support.browser import NewContext
from tests.support.people import log_in
from tests.support.server import Program

pytestmark = pytest.mark.browser

TYPED = "**太字** <b>x</b> [a](http://x.invalid) :red[赤]"
KEYS = frozenset({"login", "town", "kana_key", "phone_key", "address_key", "match_level", "city_code"})
"""What is found by, not shown as it was typed."""
LONG = 60_000
ELSEWHERE = frozenset({"status", "operation", "map", "chronology", "imports", "matching"})
"""Pages that show nothing that people typed, or only on a table's canvas or in a list that opens."""

MADE_OF_IT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const said = [...main.querySelectorAll('strong, b, em, a, span, h1, h2, h3')];
  return said.filter(each => {
    const words = each.textContent.trim();
    return (each.tagName === 'A' && (each.href || '').includes('x.invalid'))
      || (['STRONG', 'B', 'EM'].includes(each.tagName) && ['太字', 'x'].includes(words))
      || (each.tagName === 'SPAN' && words === '赤');
  }).map(each => each.outerHTML);
}"""

UNFOLD = """() => document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary')
  .forEach(each => each.click())"""


def _mark_everything(database: Path) -> None:
    """Every text of the erasable tables, and one waiting entry whose content names a number and a kind."""
    connection = duckdb.connect(str(database))
    for cls in declared().values():
        if kind_of(cls) != "personal" and cls not in (KioskLabel, StationLabel):
            continue
        texts = [each.name for each in columns(cls) if each.sql == "TEXT" and each.name not in KEYS]
        if texts:
            setting = ", ".join(f"{name} = $typed" for name in texts)
            connection.execute(f"UPDATE {cls.table} SET {setting}", {"typed": TYPED})
    said = json.dumps({"act": "arrive", "number": TYPED, "kind": TYPED})
    connection.execute("UPDATE review_content SET content = $said", {"said": said})
    connection.close()


def _supporter(services: Services, now: datetime) -> None:
    """A supporter, a tablet at a desk, a call at 総務: the demonstration has none of them."""
    chief = Actor(id="chief", roles=frozenset({"chief"}))
    joined = Join(
        name="訓練 応援",
        section="reception",
        until=activity_day(now) + timedelta(days=1),
        pledge=digest_of(services.reference.pledge),
        accepted=True,
        pin_hash=hash_password("4071"),
    )
    assert services.do(joined, chief).stored
    assert services.do(Write(line="訓練の電話"), chief).stored
    assert make_station(services, "受付卓", "reception", chief).answer.stored


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    """The program on a demonstration whose people wrote nothing but marks; an administrator's password."""
    data = tmp_path_factory.mktemp("marked") / "data"
    now = datetime.now(UTC)
    clock = StoryClock(now)
    services = bootstrap.build(config_of(data, demo.TITLE), clock=clock)
    try:
        password = demo.fill(services, clock, demo.SEED, now)["kanri"]
        _supporter(services, now)
        database = data / "tasuki.duckdb"
    finally:
        services.close()
    _mark_everything(database)
    program = Program(data).start()
    yield program, password
    program.kill()


@pytest.fixture
def desk_of(marked: tuple[Program, str], new_context: NewContext) -> Page:
    program, password = marked
    page = new_context().new_page()
    log_in(page, program, "kanri", password)
    return page


def _settled(page: Page) -> None:
    expect(page.locator("[data-test-script-state=notRunning]")).to_have_count(1, timeout=LONG)


def _look(page: Page) -> str:
    """All that stands on the page now, what is folded away too; nothing of it is made of marks."""
    page.evaluate(UNFOLD)
    _settled(page)
    assert page.evaluate(MADE_OF_IT) == []
    # An invisible joiner keeps an address from becoming a link; nobody sees it.
    return page.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")


@pytest.mark.parametrize("url", [entry.url for entry in MENU])
def test_what_people_typed_is_shown_as_they_typed_it(
    marked: tuple[Program, str], desk_of: Page, url: str
) -> None:
    page, (program, _) = desk_of, marked
    page.goto(f"{program.ready['url']}/{url}")
    expect(page.locator("h1").first).to_be_visible(timeout=LONG)
    _settled(page)
    if url == "reception":
        page.get_by_label("番号・ふりがな・電話でさがす").fill("1")
        page.keyboard.press("Enter")
        _settled(page)
    if url == "review":
        page.locator(".st-key-review-list button", has_text="番号").first.click()
        expect(page.get_by_text("ほうっておくと")).to_be_visible(timeout=LONG)
        _settled(page)
    seen = [_look(page)]
    for tab in page.get_by_role("tab").all():
        tab.click()
        _settled(page)
        seen.append(_look(page))
    if url not in ELSEWHERE:
        assert TYPED in "\n".join(seen)


def test_the_one_who_is_logged_in_has_a_name_too(desk_of: Page) -> None:
    side = desk_of.locator("[data-testid=stSidebar]")
    expect(side.locator("strong")).to_have_text(TYPED)
    expect(side.locator("a[href*='x.invalid']")).to_have_count(0)
