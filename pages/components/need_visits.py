"""訪問: planned for a day and band, the resident called until they agree, cancelled with a reason."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from dvc_core.commands.visit import CallResident, Cancel, Plan
from dvc_core.domain.day import activity_day
from dvc_core.domain.need import ENDED, MOST_PEOPLE
from dvc_core.domain.visit import Agreed, Band, Visit, VisitState
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed
from dvc_core.queries.visits import DayOfVisits, calendar, visits
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import gate_words, lazy, lined
from pages.components.lined import Cell
from pages.components.plain import plain

USUAL_LEAST, USUAL_MOST = 2, 5
WEEKDAYS = "月火水木金土日"
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


def days(operation_id: uuid.UUID) -> None:
    """Fourteen days in numbers, and the visits of one of them (practice 5.4)."""
    today = activity_day(services().clock.now())
    with services().reader() as reader:
        ahead = calendar(reader, operation_id, today)
    lined.show(("日", "訪問", "了承", "班", "人数"), _rows(ahead, today))
    chosen = st.selectbox(
        "見る日",
        [each.day for each in ahead],
        index=1,
        format_func=lambda each: f"{named(each)}　{next(d.visits for d in ahead if d.day == each)}件",
        key="visits-day",
    )
    with services().reader() as reader:
        found = visits(reader, operation_id, chosen)
    if not found:
        st.info("この日の訪問はまだありません。ニーズを開いて「訪問」で計画します。")
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


def named(day: date) -> str:
    """A day with its weekday."""
    return f"{day:%m/%d}（{WEEKDAYS[day.weekday()]}）"


def _rows(ahead: list[DayOfVisits], today: date) -> Iterator[tuple[Cell, ...]]:
    """Day after day; empty days in a row are one line."""
    for empty, days_ in groupby(ahead, key=lambda each: not (each.visits or each.done)):
        run_ = list(days_)
        if not empty:
            yield from (_in_numbers(each, today) for each in run_)
            continue
        until = f"〜{run_[-1].day:%m/%d}" if len(run_) > 1 else ""
        yield (Cell(f"{run_[0].day:%m/%d}{until}"), Cell("なし"), *(Cell("") for _ in range(3)))


def _in_numbers(each: DayOfVisits, today: date) -> tuple[Cell, ...]:
    over = each.visits - each.agreed
    return (
        Cell(named(each.day), small="きょう" if each.day == today else ""),
        Cell(f"{each.visits}件" if each.visits else "—", small=f"終わり {each.done}件" if each.done else ""),
        Cell(f"{each.agreed}件" if each.visits else "", strong=f"まだ {over}件" if over else ""),
        Cell(f"{each.with_team}班" if each.with_team else ""),
        Cell(f"{each.people_min}〜{each.people_max}人" if each.visits else ""),
    )


def _line(visit: Visit) -> str:
    state = text(f"visit.state.{visit.state}")
    if visit.result is not None:
        state = text(f"visit.result.{visit.result}")
    agreed = text(f"visit.agreed.{visit.agreed}")
    if visit.calls:
        agreed += f"（電話 {visit.calls}回）"
    if visit.attends is not None:
        agreed += f"　{text(f'visit.attends.{visit.attends}')}"
    if visit.eve_at is not None:
        agreed += "　前日確認ずみ"
    if visit.declined_at is not None:
        agreed += "　依頼者が取りやめ"
    if visit.released_by is not None:
        agreed += "　統括の判断で行く"
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
