"""安全ゲート on the need's card: how it stands and why, who lives there, the check, the chief's release."""

import uuid
from datetime import date

import msgspec
import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.base import Answer
from dvc_core.commands.gate import EndRelease, MakeCheck, ReleaseGate, SetLivedIn
from dvc_core.commands.gate_facts import Around, around, standing
from dvc_core.domain.day import activity_day
from dvc_core.domain.gate import SHUT, Standing, of_disaster
from dvc_core.domain.gate_check import CheckAnswer
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.need_gate import GateSet
from dvc_core.domain.sticker import Applied
from dvc_core.domain.text import house_key
from dvc_core.i18n import text
from dvc_core.ports import Reader
from dvc_core.queries.stickers import CheckLine, OfNeed, at_house, of_need
from pages._read import drawn_row
from pages._shell import local, run, services
from pages.components import gate_words, lazy, need_papers
from pages.components.plain import plain

LONGEST = 400
_LIVES = {True: "人が住んでいる", False: "人は住んでいない", None: "まだ聞いていない"}
_SHOW = {Gate.OPEN: st.success, Gate.CONDITIONAL: st.warning, Gate.HELD: st.warning, Gate.CLOSED: st.error}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The gate of one need with all that stands behind it."""

    standing: Standing
    around: Around
    place: OfNeed


def read(reader: Reader, need: Need) -> Known:
    """What the card shows, in one transaction with the need."""
    facts = around(reader, need)
    return Known(
        standing=standing(services().reference, need, facts), around=facts, place=of_need(reader, need.id)
    )


def banner(need: Need, known: Known) -> None:
    """The gate in one line, on every tab of the card."""
    words = f"立ち入り：{text(f'need.gate.{need.gate}')}　—　{gate_words.why(known.standing)}"
    if known.standing.gate is not need.gate:
        words += "（安全ゲートの表が変わりました。統括が計算しなおします）"
    _SHOW[need.gate](words, icon=None)


def show(me: Who, need: Need, known: Known) -> None:
    """The reasons, the papers, who lives there, the check, and the release of a held place."""
    st.markdown("**立ち入りのわけ**")
    st.markdown("\n".join(gate_words.reasons(known.standing, known.place.papers)))
    if known.standing.conditions:
        st.markdown("行く人の注意：" + "、".join(known.standing.conditions))
    if need.released_by:
        st.markdown(f"解除：{plain(known.place.released_by)}（統括）")
    need_papers.show(need, known.place)
    _lived_in(need)
    _check(need, known)
    _release(me, need, known)
    st.divider()


def _lived_in(need: Need) -> None:
    seen = drawn_row(need)
    said, yes, no = st.columns([2, 1, 1], vertical_alignment="center")
    said.markdown(f"**人が住んでいる家か**　{_LIVES[need.lived_in]}")
    for place, answer, label in ((yes, True, "住んでいる"), (no, False, "住んでいない")):
        chosen = need.lived_in is answer
        if place.button(label, key=f"lives-{answer}-{need.id}", width="stretch", disabled=chosen):
            command = SetLivedIn(need_id=need.id, lived_in=answer)
            run(command, key=f"lives-{need.id}", done=f"「{label}」と記録しました。", seen=seen)
            st.rerun()


def _check(need: Need, known: Known) -> None:
    items = of_disaster(services().reference.checks, known.around.disaster)
    if not items:
        return
    names = {item.code: item.name for item in items}
    st.markdown("**調査した人の確認**")
    if not known.place.checks:
        st.caption("まだありません。")
    for number, line in enumerate(known.place.checks):
        _checked(line, names, counts=number == 0)
    key = f"check-{need.id}"
    box = st.expander("確認を記録する", key=f"{key}-box", on_change="rerun")
    if not lazy.opened(f"{key}-box", now=bool(box.open)):
        return
    with box, st.form(key, border=False, enter_to_submit=False):
        answers = {
            item.code: st.radio(
                item.name,
                list(CheckAnswer),
                index=list(CheckAnswer).index(CheckAnswer.UNSEEN),
                format_func=lambda answer: text(f"value.check-answer.{answer}"),
                horizontal=True,
                key=f"{key}-{item.code}",
            )
            for item in items
        }
        left, right = st.columns(2)
        today = activity_day(services().clock.now())
        surveyor = left.text_input("見た人の名前（必須）", key=f"{key}-who", max_chars=80)
        day = right.date_input("見た日", today, format="YYYY/MM/DD", key=f"{key}-day")
        words = st.text_input("見たこと", key=f"{key}-words", max_chars=LONGEST)
        if st.form_submit_button("確認を保存する", type="primary") and isinstance(day, date):
            command = MakeCheck(
                need_id=need.id, answers=answers, surveyor=surveyor, checked_on=day, words=words
            )
            run(command, key=key, done=f"N-{need.number:03d} の確認を記録しました。", seen=drawn_row(need))
            st.rerun()


def _checked(line: CheckLine, names: dict[str, str], *, counts: bool) -> None:
    """The check that counts in full, earlier ones in a line."""
    found: dict[CheckAnswer, list[str]] = {}
    for each in line.check.results:
        found.setdefault(each.answer, []).append(names.get(each.item, each.item))
    who = plain(line.said.surveyor) if line.said else "（消去ずみ）"
    head = f"{line.check.checked_on:%m/%d}　{who}"
    if not counts:
        st.caption(f"前の確認：{head}")
        return
    parts = [
        f"{text(f'value.check-answer.{answer}')}：{'、'.join(found[answer])}"
        for answer in (CheckAnswer.DANGER, CheckAnswer.UNSEEN, CheckAnswer.SAFE, CheckAnswer.NONE)
        if answer in found
    ]
    said = f"　「{plain(line.said.words)}」" if line.said and line.said.words else ""
    written = f"{local(line.check.recorded_at)} {plain(line.by)} が記録"
    st.markdown(f"{head}{said}　:small[{written}]\n" + "\n".join(f"- {part}" for part in parts))


def _release(me: Who, need: Need, known: Known) -> None:
    shut = known.standing.gate in SHUT
    if need.released_by:
        _end_release(need)
    if known.standing.gate is not Gate.HELD:
        if shut:
            st.info(
                "この場所は入れません。下の現地調査の結果で「作業できない（引き継ぐ）」を保存すると、"
                "技術系の団体への引継になります。"
            )
        return
    if not services().roles.may(me.roles, "chief"):
        st.info("この場所は保留です。調査した人の確認のあとで、統括が名前と理由をつけて解除します。")
        return
    with st.form(f"release-{need.id}", border=False):
        st.markdown("**保留を解除する（統括）**")
        st.caption("調査した人の確認を読み、いま見えている紙とわけについてだけ解除します。新しい紙は別です。")
        reason = st.text_input("解除の理由（必須）", key=f"release-r-{need.id}", max_chars=200)
        if st.form_submit_button(f"{plain(me.name)} の名前で解除する", type="primary"):
            done = f"N-{need.number:03d} の保留を解除しました（条件つき）。"
            command = ReleaseGate(need_id=need.id, reason=reason)
            run(command, key=f"release-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()


def _end_release(need: Need) -> None:
    with st.form(f"unrelease-{need.id}", border=False):
        reason = st.text_input("解除を取り消すわけ（余震・新しいひびなど）", key=f"unrelease-r-{need.id}")
        if st.form_submit_button("解除を取り消す"):
            done = f"N-{need.number:03d} の解除を取り消しました。出ている班には電話してください。"
            command = EndRelease(need_id=need.id, reason=reason)
            run(command, key=f"unrelease-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()


def stop_mark(need: Need) -> None:
    """Above visits: that the gate stops them now."""
    if need.gate in SHUT:
        words = text(f"value.gate.{need.gate}")
        st.error(f"安全ゲートが「{words}」なので、訪問は止まっています。班は組めず、出発もできません。")


def listed_here(operation_id: uuid.UUID, address: str, city_code: str | None) -> None:
    """While a call is taken: what is known to hang at this very house."""
    with services().reader() as reader:
        papers = at_house(reader, operation_id, house_key(address), city_code)
    for line in papers:
        st.error(f"この住所には貼り紙の記録があります。{gate_words.words(line)}")


def said_at_intake(made: Answer) -> str:
    """What a need that was just taken in came to at a listed house."""
    gates = [event for event in made.events if isinstance(event, GateSet)]
    if not gates or not any(isinstance(event, Applied) for event in made.events):
        return ""
    return f"　この住所には貼り紙があります。立ち入り：{text(f'need.gate.{gates[-1].gate}')}。"
