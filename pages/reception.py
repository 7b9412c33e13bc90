"""受付: 登録、カード、来た・帰る、団体、定員と締切."""

import streamlit as st

from dvc_core.commands.attendance import CloseIntake, ReopenIntake, SetPlaces
from dvc_core.commands.volunteer import AnnounceGroup, Register
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.queries.reception import day_count, groups, search
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import answer_sheet, card, lazy, person_form, reception_person, review_list
from pages.components.plain import plain

me = require("reception")
head("受付")
today = activity_day(services().clock.now())
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    counts = day_count(reader, operation.id, today) if operation else None
if operation is None or counts is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから、受付を始めます。")
    st.stop()

places = "定員なし" if counts.places_left is None else counts.places_left
numbers(
    (
        ("きょう来た人", counts.arrived),
        ("受け入れ", counts.admitted),
        ("出ている人", counts.out),
        ("のこり", places),
    )
)
if counts.closed:
    st.warning("きょうの受付は締め切っています。")
review_list.fresh()
review_list.waiting(me, "reception")
answer_sheet.at_desk()


def _find() -> None:
    wanted = st.text_input(
        "番号・ふりがな・電話でさがす", key="wanted", placeholder="例：12　/　みほん　/　0000", max_chars=60
    )
    if not wanted:
        return
    with services().reader() as opened:
        people = search(opened, operation.id, today, wanted)
    if not people:
        st.write("見つかりません。番号・ふりがなのはじめ・電話の下4けたでさがせます。")
    for each in people:
        reception_person.person(each, today)


def _new() -> None:
    with st.form("register", clear_on_submit=False, border=False):
        entered = person_form.fields("new", None, None, today=today)
        if st.form_submit_button("登録してカードを出す", type="primary"):
            signed = card.sign(services())
            made = run(
                Register(person=entered.person, traits=entered.traits, card=signed.card),
                key="register",
                done="登録しました。",
            )
            if made.stored:
                st.session_state["_card"] = (made.events[0].number, signed.payload)  # type: ignore[attr-defined]
                review_list.keep_fresh(made.events)
            st.rerun()


def _together() -> None:
    with services().reader() as opened:
        teams = groups(opened, operation.id)
    for line in teams:
        st.write(f"{line.group.number}　{plain(line.name)}　{line.group.size}人")
    with st.form("group", border=False):
        title = st.text_input("団体の名前", max_chars=80)
        size = st.number_input("人数", 1, 500, 10)
        contact, contact_phone = (
            st.text_input("連絡する人", max_chars=60),
            st.text_input("電話", max_chars=20),
        )
        if st.form_submit_button("団体を登録する", type="primary"):
            group = AnnounceGroup(
                name=title, size=int(size), contact_name=contact, contact_phone=contact_phone
            )
            run(group, key="group", done="団体を登録しました。")
            st.rerun()


def _limits() -> None:
    if counts.closed:
        if st.button("受付をふたたび開く"):
            run(ReopenIntake(day=today), key="reopen", done="受付を開きました。")
            st.rerun()
    elif st.button("受付を締め切る", type="primary"):
        run(CloseIntake(day=today), key="close", done="受付を締め切りました。")
        st.rerun()
    with st.form("places", border=False):
        limited = st.number_input("きょうの定員（空なら定員なし）", 0, 5000, counts.places)
        if st.form_submit_button("定員を決める"):
            run(
                SetPlaces(day=today, places=None if limited is None else int(limited)),
                key="places",
                done="定員を決めました。",
            )
            st.rerun()


parts = {"さがす": _find, "新しく登録": _new, "団体": _together, "定員・締切": _limits}
lazy.tabs("reception", parts, stay=parts)
if "_card" in st.session_state:
    card.show(services(), *st.session_state["_card"])
