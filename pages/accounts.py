"""利用者: だれがログインできるか。追加、役割と期限、一時パスワード、停止（管理者）."""

import streamlit as st

from dvc_core.access.passwords import hash_password, one_time_code
from dvc_core.commands.account import Add, ChangeRoles, Disable, GiveOneTimePassword
from dvc_core.commands.base import Answer
from dvc_core.domain.account import Account, end_of, last_day
from dvc_core.domain.day import activity_day
from dvc_core.queries.people import AccountRow, accounts
from pages._read import drawn
from pages._shell import head, require, run, services
from pages.components.plain import plain

me = require("accounts")
head("利用者")
with services().reader() as reader:
    rows = accounts(reader)
roles = services().roles
today = activity_day(services().wall.now())
CHOICES = [code for code in roles.by_code if code != "kiosk"]


def _show_once(answer: Answer, login: str, name: str, code: str) -> None:
    if answer.result == "accepted":
        st.session_state["_one_time"] = (login, name, code)


def _state(row: AccountRow) -> str:
    if row.disabled_at is not None:
        return ":gray-badge[停止]"
    if row.until is not None and row.until <= services().wall.now():
        return ":gray-badge[期限切れ]"
    return ":orange-badge[一時パスワードのまま]" if row.one_time else ""


def _person(row: AccountRow) -> None:
    ends = f"{last_day(row.until):%Y/%m/%d} まで" if row.until else "期限なし"
    with st.container(border=True):
        names = "・".join(roles.name(code) for code in row.roles)
        st.markdown(f"**{plain(row.name)}**　{plain(row.login)}　{_state(row)}")
        st.caption(f"{names}　｜　{ends}")
        if row.disabled_at is None:
            with st.expander("変える"):
                _change(row)


def _change(row: AccountRow) -> None:
    key = str(row.account_id)
    seen = drawn(Account, row.account_id, row.version)
    with st.form(f"roles-{key}"):
        chosen = st.multiselect(
            "役割",
            CHOICES,
            default=[code for code in row.roles if code in CHOICES],
            format_func=roles.name,
            placeholder="ひとつ以上えらぶ",
            key=f"r-{key}",
        )
        until = st.date_input(
            "この日まで使える（空なら期限なし）", last_day(row.until) if row.until else None, key=f"u-{key}"
        )
        if st.form_submit_button("役割と期限を変える"):
            run(
                ChangeRoles(
                    account_id=row.account_id, roles=tuple(chosen), until=end_of(until) if until else None
                ),
                key=f"roles-{key}",
                done=f"{plain(row.name)} さんの役割と期限を変えました。すぐ有効です。",
                seen=seen,
            )
            st.rerun()
    st.caption("一時パスワードを出すか停止すると、いまのログインはすぐ終わります。")
    if st.button("一時パスワードを出す", key=f"code-{key}"):
        code = one_time_code()
        answer = run(
            GiveOneTimePassword(account_id=row.account_id, password_hash=hash_password(code)),
            key=f"code-{key}",
            done=f"{plain(row.name)} さんの一時パスワードを出しました。",
        )
        _show_once(answer, row.login, row.name, code)
        st.rerun()
    if st.button("停止する", key=f"disable-{key}"):
        run(
            Disable(account_id=row.account_id),
            key=f"disable-{key}",
            done=f"{plain(row.name)} さんを停止しました。ログイン中の画面も終わりました。",
        )
        st.rerun()


def _add() -> None:
    with st.form("add"):
        name = st.text_input("氏名", max_chars=60)
        reading = st.text_input("ふりがな", max_chars=60, help="班の端末の名前の一覧が、この順になります。")
        login = st.text_input("ログイン名", placeholder="例：hanako", max_chars=60)
        chosen = st.multiselect("役割", CHOICES, format_func=roles.name, placeholder="ひとつ以上えらぶ")
        until = st.date_input("この日まで使える（応援の人。空なら期限なし）", None, min_value=today)
        if st.form_submit_button("追加する", type="primary"):
            code = one_time_code()
            answer = run(
                Add(
                    login=login,
                    name=name,
                    reading=reading,
                    roles=tuple(chosen),
                    password_hash=hash_password(code),
                    until=end_of(until) if until else None,
                ),
                key="add-account",
                done=f"{plain(name.strip())} さんを追加しました。",
            )
            _show_once(answer, login.strip(), name.strip(), code)
            st.rerun()


shown = st.session_state.pop("_one_time", None)
if shown is not None:
    with st.container(border=True):
        st.markdown(f"**{plain(shown[1])}** さんの一時パスワード（この画面を離れると、もう見られません）")
        st.code(f"ログイン名　{shown[0]}\nパスワード　{shown[2]}", language=None)
        st.caption("本人だけに渡してください。はじめてのログインで、本人が自分のパスワードに変えます。")
with st.expander("利用者を追加する", expanded=len(rows) <= 1):
    _add()
for each in rows:
    _person(each)
