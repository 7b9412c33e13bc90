"""電話受付: four fields and it is saved; what may be double or uncertain is shown before (field2026 7)."""

import uuid

import msgspec
import streamlit as st

from dvc_core.commands.need import Receive
from dvc_core.domain.need import Received
from dvc_core.domain.text import address_key, kana, phone_key
from dvc_core.queries.needs import Same
from pages._shell import run
from pages.components import need_form, need_gate, need_place, need_same
from pages.components.need_place import Chosen

NONCE = "_need_intake"


def show(operation_id: uuid.UUID) -> None:
    """The form; below it the map that corrects the place and the ways to the needs that may be the same."""
    key = f"intake-{st.session_state.setdefault(NONCE, 0)}"
    with st.form(key, border=False, enter_to_submit=False):
        filled = need_form.fields(key, None, None)
        shown = st.container()
        look, save = st.columns(2)
        looking = look.form_submit_button("重複と場所を調べる", use_container_width=True)
        saving = save.form_submit_button("受け付ける", type="primary", use_container_width=True)
    if looking or saving:
        st.session_state[f"{key}-looked"] = True
    if not st.session_state.get(f"{key}-looked"):
        st.caption("電話や住所を入れて「重複と場所を調べる」を押すと、前の受付と地図の位置が分かります。")
        return
    with shown:
        chosen = need_place.choose(key, filled.site.address)
        same = need_same.find(operation_id, filled.site, chosen.place)
        need_same.show(same)
        need_gate.listed_here(operation_id, filled.site.address, chosen.place.city_code)
    signs = _signs(filled, chosen, same)
    unseen = (bool(same) or chosen.open) and st.session_state.get(f"{key}-seen") != signs
    st.session_state[f"{key}-seen"] = signs
    if saving and unseen:
        st.warning(
            "まだ保存していません。「受け付ける」の上の重複と位置を確かめて、もう一度押すと保存します。"
        )
    elif saving:
        _save(key, filled, chosen)
    for each in same:
        number = f"N-{each.line.need.number:03d}"
        if st.button(f"{number} を開く（この電話の話を書き足す）", key=f"{key}-open-{each.line.need.id}"):
            st.session_state["_need"] = each.line.need.id
            st.rerun()
    need_place.correct(key, filled.site.address, chosen.place)


def _signs(filled: need_form.Filled, chosen: Chosen, same: list[Same]) -> tuple[object, ...]:
    """What a person has looked at: with another telephone, place or new double it is looked at again."""
    site = filled.site
    keys = (phone_key(site.phone), kana(site.kana), address_key(site.address))
    return (*keys, chosen.open, *sorted(str(each.line.need.id) for each in same))


def _save(key: str, filled: need_form.Filled, chosen: Chosen) -> None:
    site = msgspec.structs.replace(filled.site, town=chosen.town)
    made = run(Receive(site=site, details=filled.details, place=chosen.place), key=key, done="")
    if made.stored:
        received = next(event for event in made.events if isinstance(event, Received))
        words = f"N-{received.number:03d} を受け付けました。位置: {chosen.words}"
        if filled.details.crisis:
            words += "　危機介入を統括に知らせました。"
        words += need_gate.said_at_intake(made)
        st.session_state["_said"] = ("success", words)
        st.session_state[NONCE] += 1
    st.rerun()
