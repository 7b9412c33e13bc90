"""受付票の欄: one form for registering and for correcting a volunteer (practice 3.2)."""

import uuid
from datetime import date

import msgspec
import streamlit as st

from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import ADULT, Person, Traits, Volunteer, age_on
from dvc_core.i18n import text

NOBODY = uuid.UUID(int=0)


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What the form says."""

    person: Person
    traits: Traits


def fields(key: str, person: Person | None, volunteer: Volunteer | None, *, today: date) -> Filled:
    """Draw the fields inside a form of the page and give back what they hold."""
    old = person or Person(id=NOBODY, name="")
    traits = volunteer or Traits()
    name, kana, phone, born, age = _who(key, old, today)
    minor = (age_on(born, today) if born else age if age is not None else ADULT) < ADULT
    left, right = st.columns(2, vertical_alignment="bottom")
    guardian = left.text_input("保護者の氏名（18歳未満）", old.guardian_name, key=f"{key}-g", max_chars=60)
    consent = right.checkbox("保護者の同意を確かめた", traits.guardian_consents, key=f"{key}-gc")
    left, right = st.columns(2)
    emergency = left.text_input("緊急連絡先の氏名", old.emergency_name, key=f"{key}-en", max_chars=60)
    emergency_phone = right.text_input("緊急連絡先の電話", old.emergency_phone, key=f"{key}-ep", max_chars=20)
    left, right = st.columns(2, vertical_alignment="bottom")
    insurance = left.selectbox(
        "ボランティア活動保険",
        list(Insurance),
        index=list(Insurance).index(traits.insurance),
        format_func=lambda i: text(f"insurance.{i}"),
        key=f"{key}-ins",
    )
    seen = right.checkbox("加入証を見た", traits.insurance_seen, key=f"{key}-seen")
    left, right = st.columns(2)
    healthy = left.checkbox("体調はよい", traits.health_ok, key=f"{key}-ok")
    leader = right.checkbox("リーダーができる", traits.leader_able, key=f"{key}-leader")
    left, right = st.columns(2)
    driver = left.checkbox("運転できる（免許証を見た）", traits.driver, key=f"{key}-driver")
    truck = right.checkbox("軽トラックで来た", traits.truck, key=f"{key}-truck")
    note = st.text_area("特技・体調・連絡事項", old.note, key=f"{key}-note", max_chars=1000, height=80)
    filled = msgspec.structs.replace(
        old,
        name=name,
        kana=kana,
        phone=phone,
        birth_date=born,
        age=None if age is None else int(age),
        guardian_name=guardian,
        emergency_name=emergency,
        emergency_phone=emergency_phone,
        note=note,
    )
    known = Traits(
        minor=minor,
        guardian_consents=consent,
        insurance=insurance,
        insurance_seen=seen,
        health_ok=healthy,
        leader_able=leader,
        driver=driver,
        truck=truck,
        seats=traits.seats,
        skills=traits.skills,
    )
    return Filled(person=filled, traits=known)


def _who(key: str, old: Person, today: date) -> tuple[str, str, str, date | None, int | None]:
    """Row by row, so that on a telephone too the reading stands below its name."""
    left, right = st.columns(2)
    name = left.text_input("氏名（必須）", old.name, key=f"{key}-name", max_chars=60)
    kana = right.text_input("ふりがな", old.kana, key=f"{key}-kana", max_chars=80)
    first, second, third = st.columns([2, 1.4, 1])
    phone = first.text_input("電話", old.phone, key=f"{key}-phone", max_chars=20)
    born = second.date_input(
        "生年月日",
        old.birth_date,
        min_value=date(1910, 1, 1),
        max_value=today,
        format="YYYY/MM/DD",
        key=f"{key}-b",
    )
    age = third.number_input("または年齢", 0, 120, old.age, key=f"{key}-age")
    return name, kana, phone, born, None if age is None else int(age)
