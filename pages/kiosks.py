"""受付端末: タブレットを登録用QRで端末にし、すぐに停止できる（統括）."""

import uuid

import streamlit as st

from dvc_core.access.kiosks import CODE_LASTS
from dvc_core.commands.kiosk import Revoke
from dvc_core.domain.kiosk import LONGEST_LABEL
from dvc_core.queries.people import KioskRow, kiosks
from dvc_core.tokens.picture import svg
from dvc_core.web.kiosk_api import make_place
from pages._shell import actor, head, local, refusal_words, require, run, services
from pages.components.plain import plain

me = require("devices")
head("受付端末")
with services().reader() as reader:
    rows = kiosks(reader)
SHOWN = "_enrol"


def _offer() -> None:
    with st.form("offer", clear_on_submit=True):
        label = st.text_input("端末の名前", placeholder="例：受付1", max_chars=LONGEST_LABEL)
        if st.form_submit_button("登録用QRを出す", type="primary"):
            # Looked up again: whoever was logged in when the page was drawn may be out by now.
            made = make_place(services(), label, actor(require("devices")))
            if made.answer.refusal is not None:
                st.error(refusal_words(made.answer.refusal))
            else:
                until = services().wall.now() + CODE_LASTS
                st.session_state[SHOWN] = (made.kiosk_id, label.strip(), made.code, made.enrol_url, until)
                st.rerun()


def _show(label: str, code: str, url: str, until: object) -> None:
    with st.container(border=True):
        st.subheader(f"{plain(label)} を登録する", anchor=False)
        picture, words = st.columns([2, 3])
        picture.image(svg(url, "登録用QR"), width=280)
        words.markdown(
            "1. タブレットを、このセンターのWi-Fiにつなぐ\n"
            "2. タブレットのカメラでQRを読み取り、出たアドレスを開く\n"
            "3. 「登録する」を押す"
        )
        words.write("カメラが使えないときは、このアドレスを開いて、下の文字を入れます。")
        words.code(f"{url.partition('#')[0]}\n{code}", language=None)
        words.caption(f"{local(until, '%H:%M')} まで、1台だけに使えます。")  # type: ignore[arg-type]
        if st.button("閉じる"):
            del st.session_state[SHOWN]
            st.rerun()


def _kiosk(row: KioskRow) -> None:
    state = (
        ":gray-badge[停止]"
        if row.revoked_at
        else ":green-badge[使用中]"
        if row.enrolled_at
        else ":orange-badge[登録待ち]"
    )
    with st.container(border=True):
        about, act = st.columns([3, 1], vertical_alignment="center")
        about.markdown(f"**端末 {row.number}**　{plain(row.label)}　{state}")
        about.caption(f"最後の連絡　{local(row.last_contact_at) or 'まだありません'}")
        if row.revoked_at is None and act.button("停止する", key=f"cut-{row.kiosk_id}", width="stretch"):
            _cut(row.kiosk_id, row.label)


def _cut(kiosk_id: uuid.UUID, label: str) -> None:
    run(
        Revoke(kiosk_id=kiosk_id),
        key=f"cut-{kiosk_id}",
        done=f"{plain(label)} を停止しました。あとから届く記録は「要確認」に残ります。",
    )
    st.rerun()


offered = st.session_state.get(SHOWN)
waiting = {row.kiosk_id for row in rows if row.enrolled_at is None and row.revoked_at is None}
if offered is not None and offered[0] in waiting and services().wall.now() < offered[4]:
    _show(*offered[1:])
elif offered is not None:
    enrolled = any(row.kiosk_id == offered[0] and row.enrolled_at for row in rows)
    del st.session_state[SHOWN]
    if enrolled:
        st.success(f"{plain(offered[1])} を登録しました。")
    _offer()
else:
    _offer()
st.subheader("登録した端末", anchor=False)
if not rows:
    st.write("まだありません。端末の名前を入れて、登録用QRを出してください。")
else:
    st.button("一覧を新しくする", icon=":material/refresh:")
for each in rows:
    _kiosk(each)
