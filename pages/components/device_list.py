"""Every tablet on one list: last contact, scans that wait in it, who works there; cut off in one tap."""

import streamlit as st

from dvc_core.commands import kiosk, station
from dvc_core.domain.reference import Desk
from dvc_core.queries.people import KioskRow
from dvc_core.queries.stations import SUSPICIOUS, StationRow
from pages._shell import local, run, services
from pages.components.plain import plain


def _state(row: KioskRow | StationRow) -> str:
    if row.revoked_at:
        return ":gray-badge[停止]"
    return ":green-badge[使用中]" if row.enrolled_at else ":orange-badge[登録待ち]"


def _contact(row: KioskRow | StationRow) -> str:
    return f"最後の連絡　{local(row.last_contact_at) or 'まだありません'}"


def kiosk_line(row: KioskRow) -> None:
    """A tablet that scans."""
    with st.container(border=True):
        about, act = st.columns([3, 1], vertical_alignment="center")
        about.markdown(f"**端末 {row.number}**　{plain(row.label)}　{_state(row)}")
        waiting = "" if row.waiting is None else f"　送信待ち　{row.waiting} 件"
        about.caption(f"読み取り　{_contact(row)}{waiting}")
        if row.waiting:
            about.warning(f"まだ届いていない読み取りが {row.waiting} 件あります。Wi-Fiをたしかめてください。")
        if row.revoked_at is None and act.button("停止する", key=f"cut-{row.kiosk_id}", width="stretch"):
            run(
                kiosk.Revoke(kiosk_id=row.kiosk_id),
                key=f"cut-{row.kiosk_id}",
                done=f"{plain(row.label)} を停止しました。あとから届く記録は「要確認」に残ります。",
            )
            st.rerun()


def station_line(row: StationRow) -> None:
    """A tablet at a desk."""
    desk = services().reference.desk(row.section)
    with st.container(border=True):
        about, act = st.columns([3, 1], vertical_alignment="center")
        name = plain(desk.name if desk else row.section)
        about.markdown(f"**班の端末 {row.number}**　{plain(row.label)}　{_state(row)}")
        person = f"　{plain(row.person)}（{local(row.used_at, '%H:%M')}）" if row.person else ""
        about.caption(f"{name}{person}　{_contact(row)}")
        _doubts(row)
        if row.revoked_at is not None:
            return
        if act.button("停止する", key=f"cut-{row.station_id}", width="stretch"):
            run(
                station.Revoke(station_id=row.station_id),
                key=f"cut-{row.station_id}",
                done=f"{plain(row.label)} を停止しました。開いている画面も、すぐに使えなくなります。",
            )
            st.rerun()
        with act.popover("班を変える", width="stretch"):
            _move(row, desk)


def _doubts(row: StationRow) -> None:
    if row.revoked_at is not None:
        return
    if row.copied_at is not None:
        st.warning(
            f"{local(row.copied_at)} に、この端末の登録が、ほかの場所か、"
            "データを消したブラウザから使われようとしました（中は見せていません）。心当たりがなければ停止して、登録しなおしてください。"
        )
    if row.wrong_pins >= SUSPICIOUS:
        st.warning(
            f"暗証番号のまちがいが、この端末で続けて {row.wrong_pins} 回ありました。"
            "だれが使っているか、たしかめてください。"
        )


def _move(row: StationRow, now: Desk | None) -> None:
    chosen = st.selectbox(
        "新しい班", formed_desks(), format_func=lambda desk: desk.name, key=f"desk-{row.station_id}"
    )
    if st.button("変える", key=f"move-{row.station_id}", disabled=chosen == now):
        run(
            station.Move(station_id=row.station_id, section=chosen.code),
            key=f"move-{row.station_id}",
            done=f"{plain(row.label)} を {plain(chosen.name)} の端末にしました。開いている画面も変わります。",
        )
        st.rerun()


def formed_desks() -> list[Desk]:
    """The 班 that are formed now."""
    return [desk for desk in services().reference.desks if desk.enabled]
