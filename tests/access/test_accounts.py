"""Accounts: made, changed, closed; sessions end at once; one administrator always stays."""

import threading
import uuid
from datetime import timedelta
from functools import cache

import pytest

from dvc_core.access import sessions
from dvc_core.access.passwords import as_code, hash_password, next_try, one_time_code
from dvc_core.bootstrap import NotAllowedError
from dvc_core.commands.account import (
    ROLES,
    Add,
    ChangeOwnPassword,
    ChangeRoles,
    Disable,
    GiveOneTimePassword,
)
from dvc_core.commands.base import Actor, Call
from dvc_core.domain.account import Credential, Register
from dvc_core.domain.kernel import Decision
from tests.support.center import START, Center

PASSWORD = "himitsu-no-kotoba"


@cache
def hashed(password: str) -> str:
    return hash_password(password)


def add(
    center: Center, login: str, *roles: str, one_time: bool = False, password: str = PASSWORD, until=None
) -> uuid.UUID:
    command = Add(
        login=login,
        name=f"訓練 {login}",
        roles=roles or ("reception",),
        password_hash=hashed(password),
        one_time=one_time,
        until=until,
    )
    return center.must(command, center.admin).entries[0].subject_id


def log_in(center: Center, login: str, password: str = PASSWORD) -> sessions.LoginAnswer:
    return sessions.log_in(center.services.database, login, password, now=center.services.wall.now())


def who(center: Center, cookie: str) -> sessions.Who | None:
    with center.services.reader() as reader:
        return sessions.who(reader, cookie, now=center.services.wall.now())


def test_the_table_of_roles_and_what_accounts_can_hold_agree(center: Center) -> None:
    assert set(center.services.roles.by_code) - {"kiosk"} == ROLES


def test_an_account_comes_in_with_its_roles_of_this_moment(center_on_both: Center) -> None:
    center = center_on_both
    account_id = add(center, "hanako", "reception")
    cookie = log_in(center, "hanako").cookie
    me = who(center, cookie)
    assert me is not None
    assert (me.account_id, me.roles, me.must_change_password) == (account_id, {"reception"}, False)
    center.must(ChangeRoles(account_id=account_id, roles=("needs", "return")), center.admin)
    now = who(center, cookie)
    assert now is not None
    assert now.roles == {"needs", "return"}


def test_full_width_letters_and_capitals_of_a_tablet_are_the_same_name(center: Center) -> None:
    add(center, "Hanako")
    assert log_in(center, "ｈａｎａｋｏ ").result == "in"
    assert (
        center.refused(
            Add(login="HANAKO", name="別人", roles=("viewer",), password_hash=hashed(PASSWORD)), center.admin
        )
        == "login-taken"
    )


def test_with_a_one_time_password_there_is_no_role_until_an_own_one_is_set(center: Center) -> None:
    code = one_time_code()
    account_id = add(center, "jiro", "chief", one_time=True, password=code)
    cookie = log_in(center, "jiro", code.lower().replace("-", " ")).cookie
    me = who(center, cookie)
    assert me is not None
    assert (me.must_change_password, me.roles) == (True, frozenset())
    own = Actor(id=str(account_id), roles=me.roles)
    center.must(ChangeOwnPassword(password_hash=hashed("another-word"), keep_session=me.session_id), own)
    again = who(center, cookie)
    assert again is not None
    assert (again.must_change_password, again.roles) == (False, {"chief"})
    assert log_in(center, "jiro", code).result == "wrong"
    assert log_in(center, "jiro", "another-word").result == "in"


def test_a_new_password_ends_the_other_sessions(center_on_both: Center) -> None:
    center = center_on_both
    account_id = add(center, "jiro")
    here, there = log_in(center, "jiro").cookie, log_in(center, "jiro").cookie
    me = who(center, here)
    assert me is not None
    own = Actor(id=str(account_id))
    center.must(ChangeOwnPassword(password_hash=hashed("another-word"), keep_session=me.session_id), own)
    assert who(center, here) is not None
    assert who(center, there) is None
    center.must(GiveOneTimePassword(account_id=account_id, password_hash=hashed(PASSWORD)), center.admin)
    assert who(center, here) is None


def test_own_password_is_only_ever_the_actors_own(center: Center) -> None:
    add(center, "hanako")
    for actor in (
        Actor(id="public"),
        Actor(id="cli", roles=frozenset({"admin"})),
        Actor(id=str(uuid.uuid4())),
    ):
        assert center.refused(ChangeOwnPassword(password_hash=hashed("x" * 9)), actor) == "account-unknown"
    assert log_in(center, "hanako").result == "in"


def test_a_disabled_account_is_out_at_once(center_on_both: Center) -> None:
    center = center_on_both
    account_id = add(center, "hanako")
    cookie = log_in(center, "hanako").cookie
    center.must(Disable(account_id=account_id), center.admin)
    assert who(center, cookie) is None
    assert log_in(center, "hanako").result == "wrong"
    assert center.refused(Disable(account_id=account_id), center.admin) == "account-unknown"
    give = GiveOneTimePassword(account_id=account_id, password_hash=hashed(PASSWORD))
    assert center.refused(give, center.admin) == "account-unknown"


def test_an_account_ends_by_itself(center: Center) -> None:
    add(center, "ouen", until=START + timedelta(days=5))
    cookie = log_in(center, "ouen").cookie
    assert who(center, cookie) is not None
    center.clock.forward(days=5)
    assert who(center, cookie) is None
    assert log_in(center, "ouen").result == "wrong"


def test_a_session_lasts_a_day_and_ends_when_logged_out(center: Center) -> None:
    add(center, "hanako")
    first, second = log_in(center, "hanako").cookie, log_in(center, "hanako").cookie
    sessions.log_out(center.services.database, first, now=center.clock.now())
    assert who(center, first) is None
    center.clock.forward(hours=13, minutes=59)
    assert who(center, second) is not None
    center.clock.forward(minutes=1)
    assert who(center, second) is None


@pytest.mark.parametrize("cookie", [None, "", "x", "x.y", f"{uuid.uuid4()}.secret", "." * 5000])
def test_what_is_no_session_is_nobody(center: Center, cookie: str | None) -> None:
    add(center, "hanako")
    assert who(center, cookie) is None  # type: ignore[arg-type]


def test_the_secret_of_a_session_counts(center: Center) -> None:
    add(center, "hanako")
    cookie = log_in(center, "hanako").cookie
    assert who(center, cookie[:-1] + ("a" if cookie[-1] != "a" else "b")) is None


def test_the_last_administrator_without_an_end_stays(center_on_both: Center) -> None:
    center = center_on_both
    first = add(center, "ichiro", "admin")
    add(center, "ouen", "admin", until=START + timedelta(days=3))
    alone = "last-administrator"
    assert center.refused(Disable(account_id=first), center.admin) == alone
    assert center.refused(ChangeRoles(account_id=first, roles=("chief",)), center.admin) == alone
    until = ChangeRoles(account_id=first, roles=("admin",), until=START + timedelta(days=1))
    assert center.refused(until, center.admin) == alone
    center.must(ChangeRoles(account_id=first, roles=("admin", "chief")), center.admin)
    second = add(center, "niko", "admin")
    center.must(Disable(account_id=first), center.admin)
    assert center.refused(Disable(account_id=second), center.admin) == alone


def test_two_administrators_cannot_close_each_other(
    center_on_both: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one has read that the first is there, and is told otherwise when it comes to write."""
    center = center_on_both
    first, second = (add(center, name, "admin") for name in ("ichiro", "niko"))
    read, done, results = threading.Event(), threading.Event(), []
    decide = Disable.decide
    with center.second_process() as other:

        def slow(command: Disable, context: Register, call: Call) -> Decision:
            # In one process writers take turns from the first read on: there is nothing to wait for.
            if command.account_id == first and other is not center.services:
                read.set()
                assert done.wait(timeout=20)
            return decide(command, context, call)

        monkeypatch.setattr(Disable, "decide", slow)
        late = threading.Thread(
            target=lambda: results.append(center.do(Disable(account_id=first), center.admin).result)
        )
        late.start()
        if other is center.services:
            late.join()
        else:
            assert read.wait(timeout=20)
        results.append(other.do(Disable(account_id=second), center.admin).result)
        done.set()
        late.join()
    assert sorted(results) == ["accepted", "refused"]


def test_wrong_tries_slow_down_for_known_and_unknown_names_alike(center: Center) -> None:
    add(center, "hanako")
    for name in ("hanako", "nobody"):
        results = [log_in(center, name, "wrong").result for _ in range(3)]
        assert results == ["wrong", "wrong", "wrong"]
        waiting = log_in(center, name, PASSWORD)
        assert (waiting.result, waiting.wait_until) == ("wait", center.clock.now() + timedelta(seconds=2))
    center.clock.forward(seconds=2)
    assert log_in(center, "hanako").result == "in"
    assert [log_in(center, "hanako", "wrong").result for _ in range(3)] == ["wrong"] * 3


def test_many_tries_at_once_are_all_counted(center_on_both: Center) -> None:
    center = center_on_both
    add(center, "hanako")
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(log_in(center, "hanako", "wrong").result))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["wait"] * 5 + ["wrong"] * 3


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [next_try(wrong, START) for wrong in range(30)]
    assert waits[:3] == [None, None, None]
    assert waits[3:6] == [START + timedelta(seconds=s) for s in (2, 4, 8)]
    assert waits[29] == START + timedelta(minutes=15)


def test_a_password_that_was_taken_back_while_it_was_checked_opens_nothing(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = add(center, "hanako")
    checked = sessions.matches

    def slow(kept: str | None, password: str) -> bool:
        right = checked(kept, password)
        center.must(GiveOneTimePassword(account_id=account_id, password_hash=hashed("x" * 9)), center.admin)
        return right

    monkeypatch.setattr(sessions, "matches", slow)
    assert log_in(center, "hanako").result == "wrong"


def test_no_password_lies_in_the_database_or_the_journal(center: Center) -> None:
    add(center, "hanako")
    with center.services.reader() as reader:
        kept = reader.find(Credential)[0].password
        bodies = [row[0] for row in reader.rows("SELECT body FROM journal WHERE council_id = $council")]
    assert kept.startswith("$argon2id$")
    assert not any("argon2" in body or PASSWORD in body for body in bodies)


@pytest.mark.parametrize(
    ("typed", "code"), [("abcd efgh-jkmn", "ABCD-EFGH-JKMN"), ("ＡＢＣＤ２３４５", "ABCD-2345")]
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert as_code(typed) == code


def test_the_list_of_accounts_is_for_who_manages_them(center_on_both: Center) -> None:
    center = center_on_both
    closed = add(center, "aoi")
    add(center, "hanako", "needs", one_time=True)
    center.must(Disable(account_id=closed), center.admin)
    rows = center.services.ask("accounts", center.admin)
    assert [(row.login, row.roles, row.one_time) for row in rows] == [
        ("hanako", ("needs",), True),
        ("aoi", ("reception",), False),
    ]
    with pytest.raises(NotAllowedError):
        center.services.ask("accounts", center.chief)
