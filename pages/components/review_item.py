"""要確認の一件: 何が、どこから、いつから、ほうっておくとどうなるか、だれの担当か、どう決めるか."""

from datetime import datetime
from typing import Any

import msgspec
import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.review import Take
from dvc_core.domain.attendance import Act
from dvc_core.domain.review import SAME_PERSON, Review
from dvc_core.i18n import has_text, text
from dvc_core.queries.review import ReviewLine
from pages._shell import local, run, services
from pages.components import review_acts, same_person
from pages.components.plain import plain

ACTS = frozenset(act.value for act in Act)
HOUR, DAY = 60, 60 * 24


def kind_words(reason: str) -> str:
    """What a kind of item is called."""
    scan = f"scan.review.{reason}"
    first = text(scan if has_text(scan) else f"review.{reason}")
    return first.split("。", 1)[0]


def place(station: str) -> str:
    """A station in words."""
    kind, _, number = station.partition("-")
    if number and has_text(f"value.station.{kind}"):
        return text(f"value.station.{kind}", number=number)
    return text(f"value.source.{station}") if has_text(f"value.source.{station}") else plain(station)


def age(since: datetime, now: datetime) -> str:
    """How long it waits, in one number."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    if minutes < HOUR:
        return f"{minutes} 分前"
    return f"{minutes // HOUR} 時間前" if minutes < DAY else f"{minutes // DAY} 日前"


def said_of(content: str) -> dict[str, Any]:
    """What was sent, as far as it has fields."""
    try:
        found = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        return {}
    return found if isinstance(found, dict) else {}


def line_words(line: ReviewLine, now: datetime) -> str:
    """One item on one line of a list."""
    row = line.review
    late = ":red-badge[期限すぎ] " if overdue(row, now) else ""
    taken = f"　担当 {plain(line.taken_by)}" if line.taken_by else ""
    return (
        f"{late}**{kind_words(row.reason)}**　{about(line)}　"
        f"{local(row.raised_at)}（{age(row.raised_at, now)}）　{place(row.station)}{taken}"
    )


def about(line: ReviewLine) -> str:
    """Whom or what it is about, so that two lines of one kind can be told apart."""
    if line.numbers:
        return "と ".join(f"{number:03d} " for number in line.numbers).strip()
    said = said_of(line.content)
    parts = [text(f"value.act.{said['act']}")] if said.get("act") in ACTS else []
    parts += [f"{plain(str(said['number']))} 番"] if said.get("number") else []
    parts += [f"{plain(str(said['file']))} {said.get('row', '')} 行目"] if said.get("file") else []
    return "・".join(parts)


def overdue(row: Review, now: datetime) -> bool:
    """Whether it should have been settled by now."""
    return row.due_at is not None and row.due_at < now


def draw(me: Who, line: ReviewLine) -> None:
    """The whole item, with its answers."""
    row, now = line.review, services().clock.now()
    _told(me, line, now)
    if row.reason == SAME_PERSON and row.about is not None and row.other is not None:
        same_person.draw(row.about, row.other, key=f"review-{row.id}", asked=row.id)
        return
    _content(line)
    review_acts.draw(me, line)


def _told(me: Who, line: ReviewLine, now: datetime) -> None:
    row = line.review
    left = f"review.left.{row.reason}"
    source = text(f"value.source.{row.source}") if has_text(f"value.source.{row.source}") else ""
    told = dict.fromkeys(word for word in (place(row.station), source, plain(line.raised_by)) if word)
    due = f"{local(row.due_at)} まで" if row.due_at else "きょうのうち"
    if overdue(row, now):
        st.error(f"期限（{local(row.due_at)}）をすぎています。")
    owner = text(f"review.desk.{row.desk}") if has_text(f"review.desk.{row.desk}") else row.desk
    st.markdown(
        f"**どこから**　{'・'.join(told)}\n\n"
        f"**いつから**　{local(row.raised_at)}（{age(row.raised_at, now)}）\n\n"
        f"**ほうっておくと**　{text(left if has_text(left) else 'review.left.other')}"
        f" **{due}に決めます。**\n\n"
        f"**担当**　{owner}の班　{plain(line.taken_by) if line.taken_by else '（まだだれも見ていません）'}"
    )
    mine = row.taken_by == str(me.account_id)
    if not mine and st.button("わたしが見ます", key=f"take-{row.id}"):
        run(Take(review_id=row.id), key=f"take-{row.id}", done="あなたの担当にしました。")
        st.rerun()


def _content(line: ReviewLine) -> None:
    if has_text(f"mended.{line.review.reason}"):
        st.text(line.content)
        return
    if words := about(line):
        st.markdown(f"**なにが**　{words}")
    with st.expander("送られた中身"):
        st.code(line.content or "（なし）", language=None, wrap_lines=True)
