"""同じ人かもしれない二つの登録: 左右に見くらべて、同じ・別の人・あとで を名前のある人が決める."""

import uuid

import streamlit as st

from dvc_core.commands.merging import Merge, Unmerge
from dvc_core.commands.review import Settle
from dvc_core.domain.day import activity_day
from dvc_core.domain.review import ReviewState
from dvc_core.i18n import text
from dvc_core.queries.counting import counting
from dvc_core.queries.same_person import Beside, Shown, alike, beside, merged_into
from pages._shell import run, services
from pages.components import compare
from pages.components.plain import plain
from pages.components.review_acts import CLASH, done_with


def likeness_words(found: Beside) -> str:
    """How near two registrations are, and why."""
    near = found.likeness
    signs = "・".join(text(f"value.sign.{sign}") for sign in near.signs) or "同じところなし"
    return f"一致 **{near.points}** / 100　【{signs}】"


def draw(one: uuid.UUID, other: uuid.UUID, *, key: str, asked: uuid.UUID | None = None) -> None:
    """Both side by side, and the answers. `asked`: the question in 要確認 that waits for one."""
    day = activity_day(services().clock.now())
    with services().reader() as reader:
        counts = counting(reader, (one, other))
        found = beside(reader, counts[one].id, counts[other].id, day) if len(counts) > 1 else None
    if found is None:
        st.error(text("refusal.volunteer-unknown"))
        return
    st.markdown(likeness_words(found))
    if found.likeness.against:
        st.warning("ちがうところがあります。別の人かもしれません。同じ人とするには、理由を書きます。")
    compare.draw(found)
    _same(found, key)
    if asked is not None:
        _apart(asked, key)
        if st.button("あとで決める（要確認に残ります）", key=f"later-{key}"):
            done_with()
            st.rerun()


def _same(found: Beside, key: str) -> None:
    sides = {side.volunteer.number: side for side in (found.one, found.other)}
    now = {side.volunteer.id: side.volunteer.version for side in sides.values()}
    # What the person saw is what was drawn before the button was pressed, not what is read now.
    seen = st.session_state.get(f"_beside-{key}", now)
    st.session_state[f"_beside-{key}"] = now
    with st.form(f"merge-{key}", border=False):
        st.markdown(
            "**同じ人のとき**　のこす番号をえらびます。もう一つの番号とカードも、この人のものになります。"
        )
        stays = st.radio(
            "のこす番号",
            sorted(sides),
            format_func=lambda number: f"{number:03d} {plain(sides[number].person.name)}",
            key=f"stays-{key}",
            horizontal=True,
            label_visibility="collapsed",
        )
        words = st.text_input("どうして同じ人と分かったか", key=f"merge-w-{key}", max_chars=200)
        if st.form_submit_button("同じ人として統合する", type="primary"):
            gone = next(side for number, side in sides.items() if number != stays)
            _merge(sides[stays], gone, seen, words, key)
            st.rerun()


def _merge(stays: Shown, gone: Shown, seen: dict[uuid.UUID, int], words: str, key: str) -> None:
    command = Merge(
        gone=gone.volunteer.id,
        stays=stays.volunteer.id,
        gone_version=seen[gone.volunteer.id],
        stays_version=seen[stays.volunteer.id],
        words=words,
    )
    shown = text("merge.inside", gone=f"{gone.volunteer.number:03d}", stays=f"{stays.volunteer.number:03d}")
    done = f"{shown}　まちがいなら、受付で番号をさがして、とりけせます。"
    if run(command, key=f"merge-{key}", done=done).stored:
        done_with()


def _apart(asked: uuid.UUID, key: str) -> None:
    with st.form(f"apart-{key}", border=False):
        words = st.text_input("別の人だと分かった理由", key=f"apart-w-{key}", max_chars=200)
        if st.form_submit_button("別の人として残す（もう聞きません）"):
            settle = Settle(review_id=asked, state=ReviewState.KEPT_APART, words=words)
            done = "別の人として残しました。この二人は、もう聞きません。"
            found = run(settle, key=f"apart-{key}", done=done)
            if found.stored:
                done_with()
            if found.refusal is not None and found.refusal.code == "review-settled":
                st.session_state[CLASH] = (asked, words)
            st.rerun()


def of_person(volunteer_id: uuid.UUID) -> None:
    """In the card of one person: what was merged into it, with the undo, and who may be the same."""
    with services().reader() as reader:
        inside = merged_into(reader, volunteer_id)
        near = alike(reader, volunteer_id)
    for line in inside:
        number = f"{line.volunteer.number:03d}"
        st.markdown(f"統合した登録　**{number}**　{plain(line.person.name)}　{plain(line.person.phone)}")
        with st.form(f"undo-{line.volunteer.id}", border=False):
            words = st.text_input("とりけす理由", key=f"undo-w-{line.volunteer.id}", max_chars=200)
            if st.form_submit_button(f"{number} の統合をとりけす"):
                command = Unmerge(volunteer_id=line.volunteer.id, words=words)
                done = f"統合をとりけしました。{number} 番は、もとの登録に戻りました。"
                run(command, key=f"undo-{line.volunteer.id}", done=done)
                st.rerun()
    if not near:
        st.caption("電話・ふりがな・生年月日が同じ登録は、ほかにありません。")
    for each in near:
        before = f"　前のこたえ：{text(f'value.review-state.{each.answered}')}" if each.answered else ""
        named = f"{each.volunteer.number:03d} {plain(each.person.name)}"
        label = f"{named}（一致 {each.likeness.points}）{before}"
        shown = st.toggle(label, key=f"beside-{volunteer_id}-{each.volunteer.id}")
        if shown:
            draw(volunteer_id, each.volunteer.id, key=f"{volunteer_id}-{each.volunteer.id}")
