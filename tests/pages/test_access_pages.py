"""利用者 and 受付端末: what each tap does, a wrong role, bad input, twice, and out while the page is open."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core.access import kiosks, sessions
from dvc_core.commands.account import Disable
from dvc_core.commands.base import Actor
from dvc_core.commands.kiosk import Enrol
from pages import _shell
from pages.components.plain import plain
from tests.access.client import installed
from tests.access.test_accounts import add, log_in, who
from tests.support.center import Center

PAGES = Path(__file__).parents[2] / "pages"
NASTY = "見本 ![x](http://198.51.100.1/a.png) <b>"


class Screen:
    """A page as one logged-in person sees it."""

    def __init__(self, page: str, cookie: str, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(_shell, "_cookie", lambda: cookie)
        self.app = AppTest.from_file(PAGES / f"{page}.py", default_timeout=30).run()

    @property
    def words(self) -> str:
        kinds = ("title", "subheader", "markdown", "caption", "code", "success", "warning", "error", "info")
        parts = [element.value for kind in kinds for element in getattr(self.app, kind)]
        assert not self.app.exception, self.app.exception
        return "\n".join(map(str, parts))

    def press(self, label: str, nth: int = 0) -> "Screen":
        [button for button in self.app.button if button.label == label][nth].click()
        self.app.run()
        return self

    def fill(self, label: str, value: str) -> "Screen":
        next(each for each in self.app.text_input if each.label == label).set_value(value)
        return self

    def choose(self, *values: str, nth: int = 0) -> "Screen":
        self.app.multiselect[nth].set_value(list(values))
        return self


@pytest.fixture
def site(center: Center) -> Iterator[Center]:
    """A center with an administrator, installed."""
    add(center, "kanri", "admin")
    with installed(center):
        yield center


@pytest.fixture
def accounts(site: Center, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The page of accounts as the administrator sees it."""
    return Screen("accounts", log_in(site, "kanri").cookie, monkeypatch)


@pytest.fixture
def tablets(site: Center, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The page of kiosks as the administrator sees it."""
    return Screen("kiosks", log_in(site, "kanri").cookie, monkeypatch)


def given_code(screen: Screen) -> str:
    found = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", screen.app.code[0].value)
    assert found
    return found[0]


def test_a_person_is_added_and_the_one_time_password_is_shown_once(site: Center, accounts: Screen) -> None:
    accounts.fill("氏名", NASTY).fill("ログイン名", "Hanako").choose("reception")
    accounts.press("追加する")
    assert "追加しました" in accounts.words
    code = given_code(accounts)
    assert log_in(site, "hanako", code).result == "in"
    accounts.app.run()
    assert not accounts.app.code
    assert "一時パスワードのまま" in accounts.words
    assert not re.search(r"(?<!\\)!\[|https?://|(?<!\\)<b>", accounts.words)


def test_bad_input_is_told_and_stores_nothing(site: Center, accounts: Screen) -> None:
    accounts.fill("氏名", "見本 花子").fill("ログイン名", "KANRI").choose("chief").press("追加する")
    assert "もう使われています" in accounts.words
    assert not accounts.app.code
    accounts.fill("ログイン名", "hanako").choose().press("追加する")
    assert "役割が選ばれていない" in accounts.words
    accounts.fill("氏名", "").choose("chief").press("追加する")
    assert "空です" in accounts.words
    accounts.fill("氏名", "見本\u202e花子").press("追加する")
    assert not accounts.app.code
    assert [row.login for row in site.services.ask("accounts", site.admin)] == ["kanri"]


def test_roles_change_and_hold_at_once(site: Center, accounts: Screen) -> None:
    add(site, "aoi", "viewer")
    cookie = log_in(site, "aoi").cookie
    accounts.app.run()
    accounts.choose("needs", "return", nth=1).press("役割と期限を変える")
    me = who(site, cookie)
    assert me is not None
    assert me.roles == {"needs", "return"}


def test_a_new_one_time_password_and_disabling_end_the_sessions(site: Center, accounts: Screen) -> None:
    add(site, "aoi", "viewer")
    first = log_in(site, "aoi").cookie
    accounts.app.run()
    accounts.press("一時パスワードを出す")
    assert who(site, first) is None
    second = log_in(site, "aoi", given_code(accounts)).cookie
    assert who(site, second) is not None
    accounts.press("停止する")
    assert who(site, second) is None
    assert "停止]" in accounts.words


def test_the_last_administrator_cannot_be_closed_from_the_screen(accounts: Screen) -> None:
    accounts.press("停止する")
    assert "管理者が、ひとりもいなくなります" in accounts.words
    assert "先に" in accounts.words


def test_whoever_is_out_does_nothing_more_on_an_open_page(site: Center, accounts: Screen) -> None:
    add(site, "kanri2", "admin")
    aoi = add(site, "aoi", "viewer")
    accounts.app.run()
    first = next(row for row in site.services.ask("accounts", site.admin) if row.login == "kanri")
    site.must(Disable(account_id=first.account_id), site.admin)
    accounts.press("停止する")
    assert "ログインしてください" in accounts.words
    assert "kanri2" not in accounts.words
    with site.services.reader() as reader:
        assert sessions.setup_open(reader) is False
    assert (
        next(r for r in site.services.ask("accounts", site.admin) if r.account_id == aoi).disabled_at is None
    )


@pytest.mark.parametrize("page", ["accounts", "kiosks"])
def test_a_wrong_role_sees_only_the_word(site: Center, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    add(site, "aoi", "reception")
    screen = Screen(page, log_in(site, "aoi").cookie, monkeypatch)
    assert "あなたの役割ではできません" in screen.words
    assert not screen.app.title
    assert not screen.app.button


def test_a_one_time_password_must_be_replaced_first(site: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    add(site, "shin", "admin", one_time=True, password="ABCD-EFGH-JKMN")
    screen = Screen("accounts", log_in(site, "shin", "ABCD-EFGH-JKMN").cookie, monkeypatch)
    assert "先にパスワードを変えてください" in screen.words
    assert not screen.app.title


def test_a_tablet_is_offered_its_place_and_told_when_it_took_it(site: Center, tablets: Screen) -> None:
    tablets.fill("端末の名前", "受付1").press("登録用QRを出す")
    code = given_code(tablets)
    assert "登録待ち" in tablets.words
    assert "/kiosk/" in tablets.words
    take = Enrol(
        code=kiosks.code_digest(code),
        credential=kiosks.new_credential().digest,
    )
    site.must(take, Actor(id="public"))
    tablets.press("一覧を新しくする")
    assert "受付1 を登録しました" in tablets.words
    assert "使用中" in tablets.words
    assert not tablets.app.code


def test_a_tablet_is_cut_off_in_one_tap(site: Center, tablets: Screen) -> None:
    for label in ("受付1", "受付2"):
        tablets.fill("端末の名前", label).press("登録用QRを出す").press("閉じる")
    tablets.press("停止する")
    rows = site.services.ask("kiosks", site.chief)
    assert [(row.number, row.revoked_at is not None) for row in rows] == [(2, False), (1, True)]
    assert "受付1 を停止しました" in tablets.words


def test_an_offered_code_leaves_the_screen_when_its_time_is_over(site: Center, tablets: Screen) -> None:
    tablets.fill("端末の名前", "受付1").press("登録用QRを出す")
    site.clock.forward(minutes=10)
    tablets.app.run()
    assert not tablets.app.code


def test_a_label_is_needed(site: Center, tablets: Screen) -> None:
    tablets.fill("端末の名前", " ").press("登録用QRを出す")
    assert "空か、長すぎます" in tablets.words
    assert site.services.ask("kiosks", site.chief) == []


def test_whoever_is_out_gets_no_code(site: Center, tablets: Screen) -> None:
    site.clock.forward(hours=15)
    tablets.fill("端末の名前", "受付1").press("登録用QRを出す")
    assert not tablets.app.code
    assert site.services.ask("kiosks", site.chief) == []


@pytest.mark.parametrize("words", ["見本 花子", NASTY, "www.example.test", "a@example.test", "$x$ :red[x]"])
def test_plain_words_read_the_same_and_are_no_markup(words: str) -> None:
    shown = plain(words)
    assert shown.replace("\\", "").replace("\u2060", "") == words
    assert not re.search(r"(?i)(?<!\\)[\[<*_`$]|://|www\\?\.|[a-z]\\?@", shown)
