"""了承のない班: what stands against sending a team, and the chief's word to send it all the same."""

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.visit import SendUnagreed
from dvc_core.domain.visit import Visit
from dvc_core.queries.teams import TeamLine
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import lazy
from pages.components.plain import plain


def warn(line: TeamLine, me: Who) -> None:
    """At a team that waits: the resident has not agreed, or called it off; the chief may send it yet."""
    visit = line.visit
    if visit is None:
        return
    if visit.declined_at is not None:
        st.error("依頼者が取りやめました。「マッチング」の「決まった班」で、班を解いてください。")
    elif not visit.may_go:
        st.warning("依頼者の了承がまだです。「ニーズ」の「予定電話」で電話してから出発します。")
        _release(line, visit, me)
    elif visit.eve_open:
        st.caption("前日確認がまだです（了承はあります）。")


def _release(line: TeamLine, visit: Visit, me: Who) -> None:
    if not services().roles.may(me.roles, "chief"):
        return
    name = f"release-visit-{visit.id}"
    box = st.popover("了承なしで行く（統括）", key=f"box-{name}", on_change="rerun")
    if not lazy.opened(name, now=bool(box.open)):
        return
    with box, st.form(name, border=False):
        reason = st.text_input("理由（必須）", key=f"why-{name}", max_chars=200)
        if st.form_submit_button(f"{plain(me.name)} の名前で決める"):
            done = f"班 {line.team.number} は、了承なしで出発できます。"
            run(SendUnagreed(visit_id=visit.id, reason=reason), key=name, done=done, seen=drawn_row(visit))
            st.rerun()
