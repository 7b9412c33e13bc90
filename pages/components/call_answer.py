"""予定電話のこたえ: what the household said, one form for each kind of call."""

from datetime import date, datetime, time, timedelta

import streamlit as st

from dvc_core.commands.base import Command
from dvc_core.commands.need import AskFinished
from dvc_core.commands.survey import CallAboutSurvey
from dvc_core.commands.visit import CallResident
from dvc_core.domain.calling import CallPurpose, Heard, Whom
from dvc_core.domain.day import JAPAN, activity_day
from dvc_core.domain.need import MOST_PEOPLE
from dvc_core.domain.team import coming
from dvc_core.domain.visit import Agreed, Attends, Band, Visit
from dvc_core.i18n import text
from dvc_core.queries.calls import ToCall
from dvc_core.queries.need_lines import NeedLine
from pages._read import drawn_row
from pages._shell import run, services
from pages.components.plain import plain

AGAIN = time(17, 0)
LONGEST = 500


def who(line: NeedLine, each: ToCall | None) -> None:
    """Whom to call, when they can be reached, who else, and what it was about."""
    need, site = line.need, line.site
    st.markdown(f"#### N-{need.number:03d}　{plain(site.name)}　{plain(site.phone)}")
    said = [site.address, f"連絡できる時間：{site.contact_time}" if site.contact_time else ""]
    if site.second_phone:
        relation = f"（{site.second_relation}）" if site.second_relation else ""
        said.append(f"第二連絡先：{site.second_name}{relation} {site.second_phone}")
    st.markdown("　".join(plain(words) for words in said if words))
    st.caption(plain(site.trouble[:200]))
    if each and each.calling and each.calling.tries:
        st.caption(f"これまで {each.calling.tries} 回、つながっていません。")


def form(each: ToCall, purpose: CallPurpose) -> None:
    """What came of the call; nobody answering is one tap."""
    need = each.line.need
    st.info(text(f"call.ask.{purpose}"))
    second = bool(each.line.site.second_phone)
    whom = Whom.RESIDENT
    if second:
        whom = st.radio(
            "だれにかけましたか",
            list(Whom),
            format_func=lambda one: text(f"call.whom.{one}"),
            horizontal=True,
            key=f"call-whom-{need.id}",
        )
    {
        CallPurpose.SURVEY: _survey,
        CallPurpose.VISIT: _visits,
        CallPurpose.EVE: _visits,
        CallPurpose.FINISHED: _finished,
    }[purpose](each, whom)


def _heard(key: str, answers: dict[str, str]) -> tuple[str | None, bool]:
    """The row of answers, and whether nobody answered: that is one tap without a form."""
    if st.button("つながらない", key=f"none-{key}", use_container_width=True):
        return None, True
    return st.radio("こたえ", list(answers), format_func=answers.__getitem__, key=f"answer-{key}"), False


def _again(key: str) -> datetime:
    now = services().clock.now()
    left, right = st.columns(2)
    today = activity_day(now)
    day = left.date_input("かけなおす日", today, min_value=today, format="YYYY/MM/DD", key=f"again-day-{key}")
    at = right.time_input("時刻", AGAIN, step=timedelta(minutes=30), key=f"again-at-{key}")
    return coming(now, at) if day == today else datetime.combine(day, at, JAPAN)


def _words(key: str, label: str = "聞いたこと（あれば）") -> str:
    return st.text_input(label, key=f"words-{key}", max_chars=LONGEST)


def _note(command: Command, key: str, done: str) -> None:
    run(command, key=f"call-{key}", done=done)
    st.rerun()


def _when(key: str, first: date, band: Band | None = None) -> tuple[date, Band]:
    left, right = st.columns(2)
    today = activity_day(services().clock.now())
    day = left.date_input("日", max(first, today), min_value=today, format="YYYY/MM/DD", key=f"day-{key}")
    bands = list(Band)
    chosen = right.selectbox(
        "時間帯",
        bands,
        index=bands.index(band) if band else 0,
        format_func=lambda code: text(f"visit.band.{code}"),
        key=f"band-{key}",
    )
    return day, chosen


def _survey(each: ToCall, whom: Whom) -> None:
    need = each.line.need
    key = f"survey-{need.id}"
    answers = {"day": "日が決まった", "later": "かけなおす", "no-day": "話せたが、日は決まらない"}
    answer, nobody = _heard(key, answers)
    command = CallAboutSurvey(need_id=need.id, reached=Heard.NO_ANSWER, whom=whom)
    if nobody:
        _note(command, key, f"N-{need.number:03d}：つながらなかったことを記録しました。")
    day, band, again = None, Band.AM, None
    if answer == "day":
        day, band = _when(key, activity_day(services().clock.now()) + timedelta(days=1))
    elif answer == "later":
        again = _again(key)
    words = _words(key)
    if st.button("結果を記録する", key=f"save-{key}", type="primary", use_container_width=True):
        reached = Heard.LATER if answer == "later" else Heard.YES
        command = CallAboutSurvey(
            need_id=need.id, reached=reached, whom=whom, day=day, band=band, again_at=again, words=words
        )
        _note(command, key, f"N-{need.number:03d} の電話を記録しました。")


def _visits(each: ToCall, whom: Whom) -> None:
    for row in each.visits:
        _visit(each, row, whom)


def _visit(each: ToCall, row: Visit, whom: Whom) -> None:
    number, key = each.line.need.number, f"visit-{row.id}"
    eve = row.agreed is Agreed.YES
    people = f"{row.people_min}〜{row.people_max}人"
    st.markdown(f"**{row.day:%m/%d} {text(f'visit.band.{row.band}')}　{people}**")
    seen = drawn_row(row)
    answers = {
        "yes": "予定どおりでよい" if eve else "この日でよい",
        "other": "ほかの日・時間がよい",
        "later": "かけなおす",
        "no": "来なくてよい（取りやめ）",
    }
    answer, nobody = _heard(key, answers)
    if nobody:
        command = CallResident(visit_id=row.id, agreed=Agreed.NO_ANSWER, whom=whom, eve=eve)
        run(command, key=f"call-{key}", done="つながらなかったことを記録しました。", seen=seen)
        st.rerun()
    attends, day, band, again = None, None, None, None
    if answer == "other":
        day, band = _when(key, row.day, row.band)
    if answer in ("yes", "other"):
        attends = st.selectbox(
            "立ち会う人",
            list(Attends),
            index=list(Attends).index(row.attends) if row.attends else 0,
            format_func=lambda code: text(f"visit.attends.{code}"),
            key=f"attends-{key}",
        )
    if answer == "later":
        again = _again(key)
    words = _words(key, "理由（必須）" if answer == "no" else "聞いたこと（あれば）")
    if st.button("結果を記録する", key=f"save-{key}", type="primary", use_container_width=True):
        agreed = {"yes": Agreed.YES, "other": Agreed.YES, "later": Agreed.NOT_YET, "no": Agreed.NO}
        command = CallResident(
            visit_id=row.id,
            agreed=agreed[answer or "yes"],
            whom=whom,
            attends=attends,
            eve=eve,
            day=day,
            band=band,
            again_at=again,
            words=words,
        )
        run(command, key=f"call-{key}", done=f"N-{number:03d} の電話を記録しました。", seen=seen)
        st.rerun()


def _finished(each: ToCall, whom: Whom) -> None:
    need = each.line.need
    key = f"finished-{need.id}"
    answers = {"done": "ぜんぶ終わった", "more": "まだ残っている", "later": "かけなおす"}
    answer, nobody = _heard(key, answers)
    if nobody:
        command = AskFinished(need_id=need.id, reached=Heard.NO_ANSWER, whom=whom)
        _note(command, key, f"N-{need.number:03d}：つながらなかったことを記録しました。")
    people = days = again = None
    if answer == "more":
        left, right = st.columns(2)
        people = left.number_input("あと何人（未定なら空）", 1, MOST_PEOPLE, None, key=f"people-{key}")
        days = right.number_input("あと何日（未定なら空）", 1, 365, None, key=f"days-{key}")
    elif answer == "later":
        again = _again(key)
    words = _words(key)
    if st.button("結果を記録する", key=f"save-{key}", type="primary", use_container_width=True):
        command = AskFinished(
            need_id=need.id,
            reached=Heard.LATER if answer == "later" else Heard.YES,
            done=answer == "done",
            whom=whom,
            people=None if people is None else int(people),
            days=None if days is None else int(days),
            again_at=again,
            words=words,
        )
        _note(command, key, f"N-{need.number:03d} の電話を記録しました。")
