"""予定電話の一覧を紙に: two people telephone from two sheets, one from the top and one from the middle."""

import streamlit as st

from dvc_core import forms
from dvc_core.access.sessions import Who
from dvc_core.domain.calling import CallPurpose
from dvc_core.forms.data import CallLine, CallList
from dvc_core.i18n import text
from dvc_core.queries.calls import ToCall
from pages.components import paper

ABOUT = 120


def show(me: Who, purpose: CallPurpose, found: list[ToCall]) -> None:
    """The sheet of this list; nothing for an empty one."""
    if not found:
        return
    days = {row.day for each in found for row in each.visits}

    def make() -> bytes:
        return forms.render(
            "call_list",
            CallList(
                **paper.furniture(me),
                serial=paper.serial("L"),
                as_of=paper.now(),
                purpose=purpose,
                day=next(iter(days)) if len(days) == 1 else None,
                rows=tuple(_line(each) for each in found),
            ),
        )

    st.download_button(
        f"この一覧を印刷する（PDF、{len(found)}件）",
        make,
        file_name=f"calls-{purpose}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="calls-print",
    )


def _line(each: ToCall) -> CallLine:
    need, site = each.line.need, each.line.site
    relation = f"（{site.second_relation}）" if site.second_relation else ""
    about = "、".join(
        f"{v.day:%m/%d} {text(f'visit.band.{v.band}')} {v.people_min}〜{v.people_max}人" for v in each.visits
    )
    return CallLine(
        need=f"N-{need.number:03d}",
        name=site.name,
        phone=site.phone,
        reachable=site.contact_time,
        second=f"{site.second_name}{relation} {site.second_phone}" if site.second_phone else "",
        about=about,
        trouble=site.trouble[:ABOUT],
        tries=each.calling.tries if each.calling else 0,
    )
