"""受付: 登録、カード、来た・帰る、団体、定員と締切."""

import streamlit as st

from dvc_core.commands.attendance import Admit, AdmitAnyway, CloseIntake, Record, ReopenIntake, SetPlaces
from dvc_core.commands.volunteer import AnnounceGroup, Change, IssueCard, Register
from dvc_core.domain.attendance import Act
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.i18n import text
from dvc_core.queries.reception import Found, day_count, groups, search
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import card, person_form

me = require("reception")
head("受付")
today = activity_day(services().clock.now())
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    counts = day_count(reader, operation.id, today) if operation else None
    teams = groups(reader, operation.id) if operation else []
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


def _issue(found: Found) -> None:
    signed = card.sign(services())
    answer = run(
        IssueCard(volunteer_id=found.volunteer.id, card=signed.card, replaces=True),
        key=f"card-{found.volunteer.id}",
        done="新しいカードを出しました。前のカードは使えません。",
    )
    if answer.stored:
        st.session_state["_card"] = (found.volunteer.number, signed.payload)


def _person(found: Found) -> None:
    row, person, day = found.volunteer, found.person, found.attendance
    states = ["来ていない"] if day is None or not day.arrived_at else ["来所中" if day.present else "帰宅"]
    states += ["受け入れ済み"] if day and day.admitted else []
    states += ["外出中"] if day and day.out else []
    states += [] if row.confirmed_at_desk else ["受付で未確認"]
    with st.container(border=True):
        st.markdown(f"**{row.number:03d}**　{person.name}　{person.kana}　｜　{'・'.join(states)}")
        buttons = st.columns(4)
        for place, act in zip(buttons, Act, strict=True):
            if place.button(text(f"act.{act}"), key=f"{act}-{row.id}", use_container_width=True):
                run(
                    Record(act=act, volunteer_id=row.id),
                    key=f"{act}-{row.id}",
                    done=text(f"scan.{act}.ok", number=row.number),
                )
                if act is Act.ARRIVE:
                    run(
                        Admit(volunteer_id=row.id, day=today),
                        key=f"admit-{row.id}",
                        done=f"{row.number} 番を受け入れました。",
                    )
                st.rerun()
        with st.expander("登録を直す・カード"):
            if st.button("新しいカードを出す（前のカードは止める）", key=f"card-{row.id}"):
                _issue(found)
                st.rerun()
            with st.form(f"change-{row.id}", border=False):
                filled = person_form.fields(f"c-{row.id}", person, row, today=today)
                if st.form_submit_button("確かめて保存する", type="primary"):
                    command = Change(
                        volunteer_id=row.id,
                        seen_version=row.version,
                        person=filled.person,
                        traits=filled.traits,
                    )
                    run(command, key=f"change-{row.id}", done=f"{row.number} 番の登録を保存しました。")
                    st.rerun()
            reason = st.text_input("締切・満員のあとに受け入れる理由", key=f"why-{row.id}", max_chars=200)
            if st.button("理由をつけて受け入れる", key=f"anyway-{row.id}"):
                run(
                    AdmitAnyway(volunteer_id=row.id, day=today, reason=reason),
                    key=f"any-{row.id}",
                    done="受け入れました。",
                )
                st.rerun()


find, new, together, limits = st.tabs(["さがす", "新しく登録", "団体", "定員・締切"])
with find:
    wanted = st.text_input(
        "番号・ふりがな・電話でさがす", key="wanted", placeholder="例：12　/　みほん　/　0000", max_chars=60
    )
    with services().reader() as reader:
        people = search(reader, operation.id, today, wanted)
    if wanted and not people:
        st.write("見つかりません。番号・ふりがなのはじめ・電話の下4けたでさがせます。")
    for each in people:
        _person(each)
with new, st.form("register", clear_on_submit=False, border=False):
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
        st.rerun()
with together:
    for line in teams:
        st.write(f"{line.group.number}　{line.name}　{line.group.size}人")
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
with limits:
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

if "_card" in st.session_state:
    card.show(services(), *st.session_state["_card"])
