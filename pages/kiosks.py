"""受付端末・班の端末: 登録用QRで端末にし、最後の連絡と送信待ちを見て、すぐに停止できる（統括）."""

import streamlit as st

from dvc_core.access.kiosks import CODE_LASTS
from dvc_core.domain.kiosk import LONGEST_LABEL
from dvc_core.queries.people import kiosks
from dvc_core.queries.stations import stations
from dvc_core.tokens.picture import svg
from dvc_core.web.kiosk_api import make_place
from dvc_core.web.station_api import make_station
from pages._shell import actor, head, local, refusal_words, require, services
from pages.components.device_list import formed_desks, kiosk_line, station_line
from pages.components.plain import plain

me = require("devices")
head("受付端末")
with services().reader() as reader:
    rows, desks = kiosks(reader), stations(reader)
SHOWN = "_enrol"
SCANS = "読み取り（受付端末）"


def _offer() -> None:
    with st.form("offer", clear_on_submit=True):
        label = st.text_input("端末の名前", placeholder="例：受付1", max_chars=LONGEST_LABEL)
        names = {desk.code: f"{desk.name} の画面（班の端末）" for desk in formed_desks()}
        use = st.selectbox("使いみち", ["", *names], format_func=lambda code: names.get(code, SCANS))
        if st.form_submit_button("登録用QRを出す", type="primary"):
            # Looked up again: whoever was logged in when the page was drawn may be out by now.
            by = actor(require("devices"))
            made = make_station(services(), label, use, by) if use else make_place(services(), label, by)
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
            "3. 「登録する」が出たら押す。班の端末は「はじめる」を押す"
        )
        words.write("カメラが使えないときは、このアドレスを開いて、下の文字を入れます。")
        words.code(f"{url.partition('#')[0]}\n{code}", language=None)
        words.caption(f"{local(until, '%H:%M')} まで、1台だけに使えます。")  # type: ignore[arg-type]
        if st.button("閉じる"):
            del st.session_state[SHOWN]
            st.rerun()


offered = st.session_state.get(SHOWN)
places = {
    **{row.kiosk_id: (row.enrolled_at, row.revoked_at) for row in rows},
    **{row.station_id: (row.enrolled_at, row.revoked_at) for row in desks},
}
if offered is not None and places.get(offered[0]) == (None, None) and services().wall.now() < offered[4]:
    _show(*offered[1:])
elif offered is not None:
    enrolled = places.get(offered[0], (None, None))[0]
    del st.session_state[SHOWN]
    if enrolled:
        st.success(f"{plain(offered[1])} を登録しました。")
    _offer()
else:
    _offer()
st.subheader("登録した端末", anchor=False)
if not places:
    st.write("まだありません。端末の名前を入れて、登録用QRを出してください。")
else:
    st.button("一覧を新しくする", icon=":material/refresh:")
for desk in [row for row in desks if row.revoked_at is None]:
    station_line(desk)
for each in [row for row in rows if row.revoked_at is None]:
    kiosk_line(each)
for gone in [row for row in desks if row.revoked_at is not None]:
    station_line(gone)
for each in [row for row in rows if row.revoked_at is not None]:
    kiosk_line(each)
