"""Login, own password and first administrator over HTTP: what comes back and what is never said."""

import re
from collections.abc import Iterator

import httpx
import pytest

from dvc_core.access import sessions
from dvc_core.bootstrap import build
from dvc_core.commands.account import Disable
from tests.access.client import Client, installed
from tests.access.test_accounts import PASSWORD, add
from tests.support.center import Center

NEW = "atarashii-kotoba"


@pytest.fixture
def site(center: Center) -> Iterator[Center]:
    """A center with an administrator, served."""
    add(center, "kanri", "admin")
    with installed(center):
        yield center


def in_as(login: str, password: str = PASSWORD) -> Client:
    client = Client()
    answer = client.log_in(login, password)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return client


def is_in(client: Client) -> bool:
    """Only who is logged in gets the form for a password of their own."""
    answer = client.get("/password")
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


def alert(answer: httpx.Response) -> str:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    assert found, answer.text
    return found[1]


def test_the_first_administrator_needs_the_one_time_code(center: Center) -> None:
    with installed(center):
        client = Client()
        assert client.get("/login").headers["location"] == "/setup"
        code = sessions.setup_code(center.services.database)
        assert code is not None
        form = {"name": "訓練 太郎", "login": "taro", "password": PASSWORD, "again": PASSWORD}
        assert client.post("/setup", code="AAAA-AAAA-AAAA", **form).status_code == 403
        assert client.post("/setup", code=code, **{**form, "again": "x"}).status_code == 422
        assert "8" in alert(client.post("/setup", code=code, **{**form, "password": "x", "again": "x"}))
        assert client.post("/setup", code=code.lower().replace("-", " "), **form).status_code == 303
        assert is_in(client)
        assert client.get("/setup").headers["location"] == "/login"
        assert Client().post("/setup", code=code, **{**form, "login": "jiro"}).headers["location"] == "/login"
        assert sessions.setup_code(center.services.database) is None


def test_the_code_of_the_setup_slows_down_too(center: Center) -> None:
    with installed(center):
        code = sessions.setup_code(center.services.database)
        form = {"name": "訓練 太郎", "login": "taro", "password": PASSWORD, "again": PASSWORD}
        for _ in range(3):
            assert Client().post("/setup", code="AAAA-AAAA-AAAA", **form).status_code == 403
        assert "待って" in alert(Client().post("/setup", code=str(code), **form))
        center.clock.forward(seconds=2)
        assert Client().post("/setup", code=str(code), **form).status_code == 303


def test_the_cookie_cannot_be_read_by_scripts_and_belongs_to_scheme_and_database(site: Center) -> None:
    plain = Client().log_in("kanri", PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    secure = Client("https://127.0.0.1").log_in("kanri", PASSWORD).headers["set-cookie"]
    assert "Secure" in secure
    database = str(site.services.database.meta.database_id)[:8]
    assert plain.startswith(f"tasuki-http-{database}=")
    assert secure.startswith(f"tasuki-https-{database}=")


@pytest.mark.usefixtures("site")
def test_logging_out_ends_it_at_the_server_too() -> None:
    client = in_as("kanri")
    copied = Client()
    copied.cookies = httpx.Cookies(client.cookies)
    assert is_in(copied)
    client.post("/logout")
    assert not is_in(client)
    assert not is_in(copied)


def test_wrong_tries_say_the_same_for_every_name_and_stay_slow_after_a_restart(site: Center) -> None:
    said = {alert(Client().log_in(name, "wrong")) for name in ("kanri", "nobody")}
    assert len(said) == 1
    assert [Client().log_in("kanri", "wrong").status_code for _ in range(2)] == [401, 401]
    config = site.services.config
    site.services.close()
    site.services = build(config, clock=site.clock, wall=site.clock)
    with installed(site):
        slow = Client().log_in("kanri", PASSWORD)
        assert slow.status_code == 429
        assert "18:00:02" in alert(slow)
        site.clock.forward(seconds=2)
        in_as("kanri")


def test_a_disabled_holder_and_an_expired_one_are_told_no_more_than_a_stranger(site: Center) -> None:
    closed = add(site, "hanako")
    add(site, "ouen", until=site.clock.forward(minutes=1))
    client = in_as("hanako")
    site.must(Disable(account_id=closed), site.admin)
    site.clock.forward(minutes=2)
    assert not is_in(client)
    words = {alert(Client().log_in(name, PASSWORD)) for name in ("hanako", "ouen", "nobody")}
    assert len(words) == 1


def test_a_cookie_under_another_database_is_nobody(site: Center, tmp_path) -> None:
    client = in_as("kanri")
    value = next(iter(client.cookies.values()))
    other = build(site.services.config.__class__(data=tmp_path / "drill", drill="訓練"), wall=site.clock)
    copied = Client()
    name = f"tasuki-http-{str(other.database.meta.database_id)[:8]}"
    copied.cookies.set(name, value, domain="127.0.0.1")
    live, site.services = site.services, other
    try:
        with installed(site):
            assert not is_in(copied)
            page = copied.get("/setup")
            assert "訓練：訓練" in page.text
    finally:
        site.services = live
        other.close()


def test_a_one_time_password_is_replaced_by_its_holder(site: Center) -> None:
    add(site, "jiro", "reception", one_time=True, password="ABCD-EFGH-JKMN")
    client, second = in_as("jiro", "abcd-efgh-jkmn"), in_as("jiro", "ABCDEFGHJKMN")
    page = client.get("/password").text
    assert "渡された一時パスワード" in page
    old = "ABCD-EFGH-JKMN"
    assert "8文字以上" in page
    assert client.post("/password", old=old, password="short", again="short").status_code == 422
    assert "ちがいます" in alert(client.post("/password", old=old, password=NEW, again=NEW + "x"))
    assert "同じ" in alert(client.post("/password", old=old, password=old, again=old))
    assert client.post("/password", old="wrong", password=NEW, again=NEW).status_code == 403
    assert client.post("/password", old=old, password=NEW, again=NEW).headers["location"] == "/"
    assert is_in(client)
    assert not is_in(second)
    assert Client().log_in("jiro", old).status_code == 401
    in_as("jiro", NEW)


@pytest.mark.usefixtures("site")
def test_the_old_password_cannot_be_guessed_from_an_open_screen() -> None:
    client = in_as("kanri")
    codes = [client.post("/password", old="guess", password=NEW, again=NEW).status_code for _ in range(4)]
    assert codes == [403, 403, 403, 429]
    assert Client().log_in("kanri", PASSWORD).status_code == 429


@pytest.mark.usefixtures("site")
def test_nobody_changes_a_password_without_a_session() -> None:
    answer = Client().post("/password", old=PASSWORD, password=NEW, again=NEW)
    assert answer.headers["location"] == "/login"
    in_as("kanri")


NAMES = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "訓練" * 5000,
    "\u202etaro\x00",
    "",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_typed_is_never_html_and_never_too_long(center_on_both: Center, name: str) -> None:
    center = center_on_both
    add(center, "kanri", "admin")
    with installed(center):
        answer = Client().log_in(name, "wrong")
    assert answer.status_code == 401
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert len(answer.text) < 10_000
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
