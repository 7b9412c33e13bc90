"""`tasuki user add|list|disable`: accounts from the command line (総務)."""

import argparse
from datetime import date, datetime
from typing import Any

from dvc_core.access.passwords import hash_password, one_time_code
from dvc_core.bootstrap import NotAllowedError, Services
from dvc_core.cli.reply import Reply, acting, command, refused, usage
from dvc_core.commands.account import Add, Disable
from dvc_core.commands.base import Actor
from dvc_core.domain.account import end_of, last_day, login_key
from dvc_core.domain.kernel import Refusal
from dvc_core.queries.people import AccountRow


def _shown(row: AccountRow) -> dict[str, Any]:
    return {
        "account_id": str(row.account_id),
        "login": row.login,
        "name": row.name,
        "roles": list(row.roles),
        "until": row.until.isoformat() if row.until else None,
        "disabled_at": row.disabled_at.isoformat() if row.disabled_at else None,
        "one_time_password": row.one_time,
    }


def _users(services: Services, actor: Actor) -> list[AccountRow]:
    rows: list[AccountRow] = services.ask("accounts", actor)
    return rows


def _line(services: Services, row: AccountRow) -> str:
    names = "・".join(services.roles.name(code) for code in row.roles)
    ends = f"（{last_day(row.until):%Y-%m-%d} まで）" if row.until else ""
    state = "停止" if row.disabled_at else "一時パスワード" if row.one_time else ""
    return f"{row.login}\t{row.name}\t{names}{ends}\t{state}".rstrip()


@command("user list", "利用者の一覧")
def list_users(services: Services, arguments: argparse.Namespace) -> Reply:
    """Everyone who may log in, or could."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        rows = _users(services, actor)
    except NotAllowedError as error:
        return refused(error.refusal)
    return Reply(fields={"users": [_shown(r) for r in rows]}, words=[_line(services, r) for r in rows])


def _new_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login", metavar="LOGIN", help="ログイン名")
    parser.add_argument("--name", dest="person", required=True, help="氏名")
    parser.add_argument("--role", action="append", required=True, help="役割（くり返せます。chief か 統括）")
    parser.add_argument("--until", default=None, metavar="YYYY-MM-DD", help="この日まで使える")


@command("user add", "利用者を追加し、一時パスワードを1回だけ表示する", _new_user)
def add(services: Services, arguments: argparse.Namespace) -> Reply:
    """With a one-time password, shown once."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        until = _until(arguments.until)
    except ValueError:
        return usage("until-bad", given=arguments.until)
    code = one_time_code()
    answer = services.do(
        Add(
            login=arguments.login,
            name=arguments.person,
            roles=tuple(services.roles.code(role) for role in arguments.role),
            password_hash=hash_password(code),
            until=until,
        ),
        actor,
        station="cli",
        source="cli",
    )
    if answer.refusal is not None:
        return refused(answer.refusal)
    rows = [row for row in _users(services, actor) if row.account_id == answer.entries[0].subject_id]
    return Reply(
        fields={"users": [_shown(row) for row in rows], "password": code},
        words=[*(_line(services, row) for row in rows), f"一時パスワード（1回だけ表示）: {code}"],
    )


def _until(given: str | None) -> datetime | None:
    return end_of(date.fromisoformat(given)) if given else None


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login", metavar="LOGIN", help="ログイン名")


@command("user disable", "利用者を停止する。ログイン中の画面もすぐ終わる", _login)
def disable(services: Services, arguments: argparse.Namespace) -> Reply:
    """Its sessions end with it."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        rows = _users(services, actor)
    except NotAllowedError as error:
        return refused(error.refusal)
    found = next((row for row in rows if row.login == login_key(arguments.login)), None)
    if found is None:
        return refused(Refusal("account-unknown"))
    answer = services.do(Disable(account_id=found.account_id), actor, station="cli", source="cli")
    if answer.refusal is not None:
        return refused(answer.refusal)
    rows = [row for row in _users(services, actor) if row.account_id == found.account_id]
    return Reply(fields={"users": [_shown(row) for row in rows]}, words=[_line(services, r) for r in rows])
