"""Every page of the menu opens on the demonstration, for an administrator, and none fails."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import pages._shell as shell
from dvc_core import bootstrap
from dvc_core.access.sessions import Who
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.i18n import text
from pages._menu import MENU

PAGES = Path(__file__).parents[2] / "pages"


def test_every_page_of_the_menu_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 7, 30, 2, 0, tzinfo=UTC)
    clock = StoryClock(now)
    services = bootstrap.build(config_of(tmp_path, "demo"), clock=clock)
    me = Who(
        account_id=uuid.UUID(int=1),
        session_id=uuid.UUID(int=2),
        name="訓練 太郎",
        login="kanri",
        roles=frozenset({"admin"}),
        must_change_password=False,
    )
    monkeypatch.setattr(shell, "who", lambda: me)
    bootstrap.install(services)
    try:
        demo.fill(services, clock, demo.SEED, now)
        for entry in MENU:
            shown = AppTest.from_file(str(PAGES / entry.file), default_timeout=60).run()
            assert not shown.exception, (entry.url, [each.message for each in shown.exception])
            assert text("page.failed") not in [each.value for each in shown.error], entry.url
            assert shown.title, entry.url
    finally:
        bootstrap.uninstall()
        services.close()
