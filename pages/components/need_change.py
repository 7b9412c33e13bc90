"""直す: one form for one need; the second of two people sees what the first changed and keeps their text."""

import uuid
from typing import Any

import msgspec
import streamlit as st

from dvc_core.commands.need import Change
from dvc_core.domain.need import Details, Need, Place, Site
from dvc_core.i18n import has_text, text
from dvc_core.queries.needs import WholeNeed, changes
from pages._shell import local, refusal_words, run, services
from pages.components import need_form, need_place
from pages.components.plain import plain

_OWN = frozenset({"id", "version", "phone_key", "address_key", "house_key"})
Facts = dict[str, Any]


class _Read(msgspec.Struct, frozen=True):
    """The need as this person read it, and which drawing of the form holds their text."""

    need: Need
    site: Site
    drawing: int = 0
    stale: bool = False


def forget(need_id: uuid.UUID) -> None:
    """The card was closed: the next time the form begins with what is stored then."""
    st.session_state.pop(f"_read-{need_id}", None)


def show(whole: WholeNeed) -> None:
    """The form as it was read; what somebody else has saved since then stands below it."""
    slot = f"_read-{whole.need.id}"
    read: _Read = st.session_state.setdefault(slot, _Read(whole.need, whole.site))
    moved = _row(read.need, read.site) != _row(whole.need, whole.site)
    if moved and not read.stale:
        st.info("開いたあとで、ほかの人が内容を変えました。保存すると、ちがいを見せてから決められます。")
    key = _key(read)
    with st.form(key, border=False, enter_to_submit=False):
        filled = need_form.fields(key, read.site, read.need)
        shown = st.container()
        saving = st.form_submit_button("保存する", type="primary")
    with shown:
        chosen = need_place.choose(key, filled.site.address, read.need, read.site)
    if saving:
        # A survey or a visit moves the version too, but touches nothing of the form.
        seen = read.need.version if moved else whole.need.version
        site = msgspec.structs.replace(filled.site, town=chosen.town)
        _send(slot, read, Facts(site=site, details=filled.details, place=chosen.place), seen)
    if read.stale:
        mine = _facts(msgspec.structs.replace(filled.site, town=chosen.town), filled.details, chosen.place)
        _meanwhile(slot, read, whole, mine)
    need_place.correct(key, filled.site.address, chosen.place)


def _key(read: _Read) -> str:
    return f"change-{read.need.id}-{read.drawing}"


def _send(slot: str, read: _Read, facts: Facts, version: int) -> None:
    command = Change(need_id=read.need.id, seen_version=version, **facts)
    made = run(command, key=_key(read), done="保存しました。")
    if made.stored:
        with services().reader() as reader:
            need, site = reader.get(Need, read.need.id), reader.get(Site, read.need.id)
        if need is not None and site is not None:
            st.session_state[slot] = _Read(need, site, read.drawing + 1)
        st.rerun()
    if made.refusal is not None and made.refusal.code == "changed-meanwhile":
        st.session_state[slot] = msgspec.structs.replace(read, stale=True)
        st.rerun()
    if made.refusal is not None:
        st.session_state.pop("_said", None)
        st.error(refusal_words(made.refusal))


def _meanwhile(slot: str, read: _Read, whole: WholeNeed, mine: Facts) -> None:
    """Who changed what; their version is kept, and what I changed myself is laid over it when I say so."""
    with services().reader() as reader:
        since = changes(reader, whole.need.id, since=read.need.version)
    base, now = _row(read.need, read.site), _row(whole.need, whole.site)
    with st.container(border=True):
        st.markdown("**あなたが開いたあとの変更**（あなたの文字は、下の欄に残っています）")
        for change in since:
            what = text(f"need.event.{change.kind}") if has_text(f"need.event.{change.kind}") else change.kind
            st.markdown(f"- {local(change.at)}　{plain(change.by)}　{what}")
        for name in base:
            if base[name] != now[name]:
                label = text(f"need.field.{name}") if has_text(f"need.field.{name}") else name
                both = "　**どちらも直した欄**" if mine[name] not in (base[name], now[name]) else ""
                st.markdown(
                    f"- {label}：{_word(name, base[name])} → {_word(name, now[name])}"
                    f"（あなた：{_word(name, mine[name])}）{both}"
                )
        if st.button("相手の変更を残して、自分が直した欄だけ保存する", type="primary", key=f"{slot}-merge"):
            merged = {name: now[name] if mine[name] == base[name] else mine[name] for name in base}
            _send(slot, read, _apart(whole.site, merged), whole.need.version)
        if st.button("自分の文字をやめて、新しい内容を開く", key=f"{slot}-drop"):
            st.session_state[slot] = _Read(whole.need, whole.site, read.drawing + 1)
            st.rerun()


def _word(name: str, value: object) -> str:
    if name == "works" and isinstance(value, tuple):
        return plain(need_form.works_line(value))
    if name in ("tools", "skills") and isinstance(value, tuple):
        return plain(need_form.names(name, value)) or "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    known = f"need.{'match' if name == 'match_level' else name}.{value}"
    return text(known) if has_text(known) else plain(str(value or "空"))


def _facts(site: Site, details: Details, place: Place) -> Facts:
    return {
        name: getattr(row, name)
        for row in (site, details, place)
        for name in row.__struct_fields__
        if name not in _OWN
    }


def _row(need: Need, site: Site) -> Facts:
    details = Details(**{name: getattr(need, name) for name in Details.__struct_fields__})
    place = Place(**{name: getattr(need, name) for name in Place.__struct_fields__})
    return _facts(site, details, place)


def _apart(site: Site, merged: Facts) -> Facts:
    def take(names: tuple[str, ...]) -> Facts:
        return {name: merged[name] for name in names if name in merged}

    return Facts(
        site=msgspec.structs.replace(site, **take(Site.__struct_fields__)),
        details=Details(**take(Details.__struct_fields__)),
        place=Place(**take(Place.__struct_fields__)),
    )
