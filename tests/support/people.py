"""What a person does in the browser, in the center's own words."""

from playwright.sync_api import Page, expect

from tests.support.server import Program

PASSWORD = "himitsu-no-kotoba"


def first_administrator(page: Page, program: Program) -> None:
    """Make the first administrator with the one-time code, and come in."""
    page.goto(f"{program.ready['url']}/login")
    page.get_by_label("初期コード").fill(program.ready["setup_code"])
    page.get_by_label("氏名").fill("訓練 太郎")
    page.get_by_label("ログイン名").fill("taro")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="管理者を作る").click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)


def log_in(page: Page, program: Program, login: str = "taro", password: str = PASSWORD) -> None:
    """Come in by name and password."""
    page.goto(f"{program.ready['url']}/login")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)


def go(page: Page, program: Program, url: str, title: str) -> None:
    """Open a page by its address and wait for its title."""
    page.goto(f"{program.ready['url']}/{url}")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=30_000)
