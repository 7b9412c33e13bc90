"""受付で見つけた一人: きょうの様子、来た・帰る、登録の直し、カード."""

from datetime import date

import streamlit as st

from dvc_core.commands.attendance import Admit, AdmitAnyway, Record
from dvc_core.commands.volunteer import Change, IssueCard
from dvc_core.domain.attendance import Act
from dvc_core.i18n import text
from dvc_core.queries.reception import Found
from pages._shell import run, services
from pages.components import card, lazy, meanwhile, person_form, same_person, times
from pages.components.plain import plain


def _issue(found: Found) -> None:
    signed = card.sign(services())
    answer = run(
        IssueCard(volunteer_id=found.volunteer.id, card=signed.card, replaces=True),
        key=f"card-{found.volunteer.id}",
        done="新しいカードを出しました。前のカードは使えません。",
    )
    if answer.stored:
        st.session_state["_card"] = (found.volunteer.number, signed.payload)


SHOWN = {
    "name": "氏名",
    "kana": "ふりがな",
    "phone": "電話",
    "emergency_name": "緊急連絡先の氏名",
    "emergency_phone": "緊急連絡先の電話",
    "guardian_name": "保護者の氏名",
    "note": "特技・体調・連絡事項",
}


def _shown(found: Found) -> dict[str, str]:
    """What the form shows, in words: the second of two people sees what the first one changed."""
    insurance = text(f"insurance.{found.volunteer.insurance}")
    return {words: getattr(found.person, name) for name, words in SHOWN.items()} | {"保険": insurance}


def _change(found: Found, today: date) -> None:
    """The registration as this person opened it, to be put right and checked."""
    row, slot = found.volunteer, f"_person_read_{found.volunteer.id}"
    known = meanwhile.read(slot, row, found, _shown(found))
    opened: Found = known.content
    with st.form(f"change-{row.id}", border=False):
        filled = person_form.fields(f"c-{row.id}", opened.person, opened.volunteer, today=today)
        if st.form_submit_button("確かめて保存する", type="primary"):
            command = Change(
                volunteer_id=row.id,
                seen_version=known.row.version,
                person=filled.person,
                traits=filled.traits,
            )
            made = run(command, key=f"change-{row.id}", done=f"{row.number} 番の登録を保存しました。")
            if made.stored:
                meanwhile.forget(slot)
            st.rerun()
    meanwhile.told(slot, known, row, _shown(found))


def person(found: Found, today: date) -> None:
    """One person that was found: the day in one line, four taps, the registration and the card."""
    row, who, day = found.volunteer, found.person, found.attendance
    states = ["来ていない"] if day is None or not day.arrived_at else ["来所中" if day.present else "帰宅"]
    states += ["受け入れ済み"] if day and day.admitted else []
    states += ["外出中"] if day and day.out else []
    states += [] if row.confirmed_at_desk else ["受付で未確認"]
    with st.container(border=True):
        st.markdown(f"**{row.number:03d}**　{plain(who.name)}　{plain(who.kana)}　｜　{'・'.join(states)}")
        for number in found.merged:
            shown = text("merge.inside", gone=f"{number:03d}", stays=f"{row.number:03d}")
            st.markdown(f":orange-badge[{shown}]")
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
        same = st.expander("同じ人の登録・統合のとりけし", key=f"same-{row.id}", on_change="rerun")
        if lazy.opened(f"same-{row.id}", now=bool(same.open)):
            with same:
                same_person.of_person(row.id)
        clock = st.expander("時刻を直す", key=f"clock-{row.id}", on_change="rerun")
        if lazy.opened(f"clock-{row.id}", now=bool(clock.open)):
            with clock:
                times.correct(found, today)
        with st.expander("登録を直す・カード"):
            if st.button("新しいカードを出す（前のカードは止める）", key=f"card-{row.id}"):
                _issue(found)
                st.rerun()
            _change(found, today)
            reason = st.text_input("締切・満員のあとに受け入れる理由", key=f"why-{row.id}", max_chars=200)
            if st.button("理由をつけて受け入れる", key=f"anyway-{row.id}"):
                run(
                    AdmitAnyway(volunteer_id=row.id, day=today, reason=reason),
                    key=f"any-{row.id}",
                    done="受け入れました。",
                )
                st.rerun()
