"""要確認のこたえ: 人の記録にする、班の連絡にする、同じもの、別のものとして残す."""

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.attendance import Admit
from dvc_core.commands.base import Command
from dvc_core.commands.review import Attribute, Settle, TellTeam, act_of
from dvc_core.domain.attendance import Act
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.review import KINDS, OTHER, ReviewState
from dvc_core.domain.team import Team
from dvc_core.i18n import text
from dvc_core.queries.reception import Found, search
from dvc_core.queries.review import ReviewLine, one
from pages._shell import local, run, services
from pages.components.plain import plain

OPEN = "_review_open"
"""Which item of a list is open."""
FRESH = "_review_fresh"
"""A question that the registration of a moment ago has raised."""
CLASH = "_review_clash"
"""Where the words of the second of two people are kept, with the item that the first one settled."""


def answer(line: ReviewLine, command: Command, *, done: str, words: str = "") -> bool:
    """Send an answer; if someone else was first, keep the words and show what was decided."""
    row = line.review
    at = row.raised_at if isinstance(command, Attribute | TellTeam) else None
    found = run(command, key=f"answer-{row.id}", done=done, occurred_at=at)
    if found.refusal is not None and found.refusal.code == "review-settled":
        st.session_state[CLASH] = (row.id, words)
    if found.stored:
        done_with()
    return found.stored


def done_with() -> None:
    """What was open is put away: answered, or for later."""
    st.session_state[OPEN] = None
    st.session_state.pop(FRESH, None)


def clash() -> None:
    """What the first of two people decided, and the text of the second, until they put it away."""
    if CLASH not in st.session_state:
        return
    review_id, words = st.session_state[CLASH]
    with services().reader() as reader:
        line = one(reader, review_id)
    if line is None:
        return
    with st.container(border=True):
        who, when = plain(line.settled_by), local(line.review.settled_at)
        how = text(f"value.review-state.{line.review.state}")
        st.markdown("**この件は、あなたが書いているあいだに決まりました。**")
        st.markdown(f"**{who}** さんが {when} に「{how}」と決めました。")
        if line.said:
            st.markdown(f"理由：{plain(line.said)}")
        if words:
            label = "あなたが書いた文（まだ保存していません）"
            st.text_area(label, words, key=f"clash-{review_id}", height=80)
        if st.button("読みました", key="clash-read"):
            del st.session_state[CLASH]
            st.rerun()


def draw(me: Who, line: ReviewLine) -> None:
    """The answers that fit the kind of the item."""
    row, roles = line.review, services().roles
    kind = KINDS.get(row.reason, OTHER)
    if kind.looked:
        _apart(line, *LOOKED)
        return
    if kind.person and roles.may(me.roles, "reception"):
        _to_person(line)
    if row.reason == "unknown-team":
        _to_team(line)
    if kind.same:
        st.markdown("**同じもの**　前に受け取ったものと同じで、足すことがないとき")
        if st.button("同じものとして、かたづける", key=f"same-{row.id}"):
            settle = Settle(review_id=row.id, state=ReviewState.SAME)
            answer(line, settle, done="同じものとして、かたづけました。")
            st.rerun()
    _apart(line, *APART)


def _to_person(line: ReviewLine) -> None:
    row = line.review
    st.markdown("**だれの記録か分かるとき**")
    wanted = st.text_input(
        "番号・ふりがな・電話でさがす",
        key=f"who-{row.id}",
        max_chars=60,
        placeholder="例：12　/　みほん　/　0000",
    )
    if not wanted:
        return
    with services().reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        day = activity_day(row.raised_at)
        people = search(reader, operation.id, day, wanted) if operation else []
    if not people:
        st.write("見つかりません。番号・ふりがなのはじめ・電話の下4けたでさがせます。")
    for found in people:
        if st.button(_called(found), key=f"to-{row.id}-{found.volunteer.id}"):
            _attribute(line, found)
            st.rerun()


def _called(found: Found) -> str:
    merged = "".join(f"（統合済み {number:03d}）" for number in found.merged)
    return f"{found.volunteer.number:03d} {plain(found.person.name)}{merged} の記録にする"


def _attribute(line: ReviewLine, found: Found) -> None:
    row, number = line.review, f"{found.volunteer.number:03d}"
    command = Attribute(review_id=row.id, volunteer_id=found.volunteer.id)
    stored = answer(line, command, done=f"{number} 番の記録にしました。")
    if stored and act_of(line.content) is Act.ARRIVE:
        admit = Admit(volunteer_id=found.volunteer.id, day=activity_day(row.raised_at))
        run(admit, key=f"admit-{row.id}", done=f"{number} 番の記録にして、受け入れました。")


def _to_team(line: ReviewLine) -> None:
    row = line.review
    with services().reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        day = activity_day(row.raised_at)
        teams = reader.find(Team, operation_id=operation.id, day=day) if operation else []
    st.markdown("**どの班の連絡か分かるとき**")
    for team in sorted(teams, key=lambda each: each.number):
        if st.button(f"班 {team.number} の連絡にする", key=f"team-{row.id}-{team.id}"):
            command = TellTeam(review_id=row.id, team_id=team.id)
            answer(line, command, done=f"班 {team.number} の連絡にしました。")
            st.rerun()


APART = ("別のものとして残す理由", "別のものとして残す", "別のものとして残しました。")
LOOKED = ("確かめたこと（名前といっしょに残ります）", "確かめた", "確かめたことを記録しました。")


def _apart(line: ReviewLine, asks: str, press: str, done: str) -> None:
    row = line.review
    with st.form(f"apart-{row.id}", border=False):
        words = st.text_input(asks, key=f"why-{row.id}", max_chars=200)
        if st.form_submit_button(press):
            settle = Settle(review_id=row.id, state=ReviewState.KEPT_APART, words=words)
            answer(line, settle, done=done, words=words)
            st.rerun()
