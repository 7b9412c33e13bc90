"""一件のニーズ: what is known, what was said, and all that the needs desk can do with it."""

import uuid

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.domain.need import Need, NeedState, Site, Whose
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed, one
from pages._look import numbers
from pages._read import drawn_row
from pages._shell import local, services
from pages.components import need_acts, need_change, need_form, need_gate, need_handed, need_visits
from pages.components.plain import plain


def show(me: Who, operation_id: uuid.UUID, need_id: uuid.UUID) -> None:
    """The card of a need; the way back to the list stands above it."""
    if st.button("← 一覧にもどる", key="need-back"):
        st.session_state.pop("_need", None)
        need_change.forget(need_id)
        st.rerun()
    with services().reader() as reader:
        whole = one(reader, need_id)
        gate = need_gate.read(reader, whole.need) if whole else None
    if whole is None or gate is None:
        st.warning(text("refusal.need-unknown"))
        return
    need, site = whole.need, whole.site
    drawn_row(need)
    st.subheader(f"N-{need.number:03d}　{plain(site.name)}", anchor=False)
    numbers(
        (
            ("状態", text(f"need.state.{need.state}")),
            ("優先度", text(f"need.priority.{need.priority}")),
            ("受付", local(need.received_at, "%m/%d")),
            ("訪問", f"{len(whole.visits)}回"),
        )
    )
    _marks(whole)
    need_gate.banner(need, gate)
    about, change, survey, visits, handed, end = st.tabs(
        ["内容", "直す", "調査・可否", "訪問", "引継", "終わり・重複"]
    )
    with about:
        _about(need, site)
        _words(whole)
    with change:
        need_change.show(whole)
    with survey:
        need_gate.show(me, need, gate)
        need_acts.survey(whole)
    with visits:
        need_gate.stop_mark(need)
        need_visits.of_need(whole)
    with handed:
        need_handed.of_need(whole)
    with end:
        need_acts.end(operation_id, whole)


def _marks(whole: WholeNeed) -> None:
    need = whole.need
    if need.crisis:
        waits = any(r.reason == "crisis" and r.settled_at is None for r in whole.referrals)
        st.error("危機介入" + ("：統括の返事を待っています。" if waits else "：統括が対応済みです。"))
    if whole.goes_on_in is not None:
        st.info(f"N-{whole.goes_on_in:03d} にまとめました。つづきは、そちらに書きます。")
    if whole.joined:
        joined = "、".join(f"N-{number:03d}" for number in whole.joined)
        st.info(f"同じ家の {joined} が、このニーズにまとまっています。")
    if need.state is NeedState.ON_HOLD:
        until = f"（{need.hold_until:%m/%d} まで）" if need.hold_until else ""
        st.warning(f"保留：{text(f'need.hold.{need.hold_reason}')}{until}")


def _about(need: Need, site: Site) -> None:
    st.markdown(f"**困りごと**　{plain(site.trouble)}")
    people = (
        "未定" if need.people_min is None else f"{need.people_min}〜{need.people_max or need.people_min}人"
    )
    facts = [
        ("電話", site.phone),
        ("ふりがな", site.kana),
        ("場所", f"{site.address}（{text(f'need.match.{need.match_level}')}）"),
        ("作業", need_form.works_line(need.works)),
        ("くわしく", site.detail),
        ("屋内・屋外", "屋内" if need.inside else "屋外"),
        ("応急危険度判定（聞いた色）", text(f"need.hazard.{need.hazard}")),
        ("現地調査", text(f"need.survey.{need.survey}")),
        ("人数", people),
        ("資機材", need_form.names("tools", need.tools)),
        ("技能", need_form.names("skills", need.skills)),
        ("だれのニーズ", text(f"need.whose.{need.whose}") if need.whose is not Whose.HOUSEHOLD else ""),
        ("軽トラック", f"{need.trucks}台" if need.trucks else ""),
        ("見守り", "要る" if need.watch_over else ""),
        *((text(f"need.field.{name}"), getattr(site, name)) for name in _SAID),
    ]
    st.markdown("\n".join(f"- {label}：{plain(value)}" for label, value in facts if value))


_SAID = (
    "relation",
    "contact_time",
    "second_name",
    "second_phone",
    "second_relation",
    "household",
    "parking",
    "language",
    "photos",
    "certificate",
    "owner_consent",
    "given_up",
    "kept",
    "pets",
    "press",
    "note",
)


def _words(whole: WholeNeed) -> None:
    if not whole.words:
        return
    st.markdown("**記録**")
    for words in whole.words:
        known = need_form.or_code("value.purpose", words.purpose)
        st.markdown(f"- {local(words.at)}　{known}：{plain(words.text)}")
