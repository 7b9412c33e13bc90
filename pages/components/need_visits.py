"""訪問: planned for a day and band, the resident called until they agree, cancelled with a reason."""

import uuid
from datetime import date, timedelta

import streamlit as st

from dvc_core.commands.visit import CallResident, Cancel, Plan
from dvc_core.domain.day import activity_day
from dvc_core.domain.need import ENDED, MOST_PEOPLE
from dvc_core.domain.visit import Agreed, Band, Visit, VisitState
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed, visits
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import gate_words, lazy
from pages.components.plain import plain

USUAL_LEAST, USUAL_MOST = 2, 5
_WAITING = (VisitState.PLANNED, VisitState.MATCHED)


def of_need(whole: WholeNeed) -> None:
    """The visits of one need, each with its call, and the form for one more."""
    for visit in whole.visits:
        with st.container(border=True):
            st.markdown(_line(visit))
            _calls(visit, "need")
    need = whole.need
    if need.state in ENDED:
        return
    with st.expander("訪問を計画する", expanded=not whole.visits):
        least = need.people_min or USUAL_LEAST
        most = need.people_max or need.remaining_people or max(least, USUAL_MOST)
        _plan(need.id, None, least, max(least, most))


def day(operation_id: uuid.UUID) -> None:
    """A day's visits as a list to telephone by (practice 5.4: 15 to 17 o'clock, the day before)."""
    today = activity_day(services().clock.now())
    chosen = st.date_input("活動日", today + timedelta(days=1), format="YYYY/MM/DD", key="visits-day")
    if not isinstance(chosen, date):
        return
    with services().reader() as reader:
        found = visits(reader, operation_id, chosen)
    live = [each for each in found if each.visit.state is not VisitState.CANCELLED]
    open_ = [each for each in live if each.visit.agreed is not Agreed.YES]
    st.write(f"訪問 {len(live)}件、了承がまだ {len(open_)}件")
    for each in found:
        need, site = each.line.need, each.line.site
        with st.container(border=True):
            st.markdown(
                f"**{'・'.join([f'N-{need.number:03d}', *gate_words.marks(need)])}**　"
                f"{plain(site.name)}　{plain(site.phone)}　"
                f"{plain(site.contact_time)}　{plain(site.address)}"
            )
            st.markdown(_line(each.visit))
            _calls(each.visit, "day")


def _line(visit: Visit) -> str:
    state = text(f"visit.state.{visit.state}")
    if visit.result is not None:
        state = text(f"visit.result.{visit.result}")
    agreed = text(f"visit.agreed.{visit.agreed}")
    if visit.calls:
        agreed += f"（電話 {visit.calls}回）"
    people = f"{visit.people_min}〜{visit.people_max}人"
    return f"{visit.day:%m/%d} {text(f'visit.band.{visit.band}')}　{people}　{state}　**{agreed}**"


def _calls(visit: Visit, where: str) -> None:
    if visit.state not in _WAITING:
        return
    drawn_row(visit)
    key = f"{where}-{visit.id}"
    no_answer, agreed, more = st.columns(3)
    if no_answer.button("つながらない", key=f"no-{key}", use_container_width=True):
        _call(visit, Agreed.NO_ANSWER, "つながらなかったことを記録しました。")
    if agreed.button("了承をもらった", key=f"yes-{key}", use_container_width=True, type="primary"):
        _call(visit, Agreed.YES, "依頼した人の了承を記録しました。")
    box = more.popover("変える・取りやめる", key=f"more-{key}", on_change="rerun", use_container_width=True)
    if not lazy.opened(f"more-{key}", now=bool(box.open)):
        return
    with box:
        _plan(visit.need_id, visit, visit.people_min, visit.people_max, where)
        with st.form(f"cancel-{key}", border=False):
            reason = st.text_input("取りやめる理由（必須）", key=f"why-{key}", max_chars=200)
            if st.form_submit_button("訪問を取りやめる"):
                run(
                    Cancel(visit_id=visit.id, reason=reason),
                    key=f"cancel-{visit.id}",
                    done="取りやめました。",
                    seen=drawn_row(visit),
                )
                st.rerun()


def _call(visit: Visit, agreed: Agreed, done: str) -> None:
    command = CallResident(visit_id=visit.id, agreed=agreed)
    run(command, key=f"call-{visit.id}", done=done, seen=drawn_row(visit))
    st.rerun()


def _plan(need_id: uuid.UUID, visit: Visit | None, least: int, most: int, where: str = "new") -> None:
    today = activity_day(services().clock.now())
    key = f"plan-{where}-{visit.id if visit else need_id}"
    with st.form(key, border=False):
        left, right = st.columns(2)
        when = left.date_input(
            "活動日",
            visit.day if visit else today + timedelta(days=1),
            format="YYYY/MM/DD",
            key=f"{key}-day",
        )
        bands = list(Band)
        band = right.selectbox(
            "時間帯",
            bands,
            index=bands.index(visit.band) if visit else 0,
            format_func=lambda code: text(f"visit.band.{code}"),
            key=f"{key}-band",
        )
        few = left.number_input("人数（少なくとも）", 1, MOST_PEOPLE, least, key=f"{key}-least")
        many = right.number_input("人数（多くて）", 1, MOST_PEOPLE, most, key=f"{key}-most")
        if st.form_submit_button("訪問を保存する" if visit else "訪問を計画する", type="primary"):
            command = Plan(
                need_id=need_id,
                day=when,
                band=band,
                people_min=int(few),
                people_max=int(many),
                visit_id=visit.id if visit else None,
            )
            done = "訪問を計画しました。つぎは、依頼した人に電話します。"
            run(command, key=key, done=done, seen=drawn_row(visit) if visit else ())
            st.rerun()
