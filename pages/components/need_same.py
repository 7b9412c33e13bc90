"""重複: needs that may be the same household's, shown before anything is saved (field2026 7)."""

import uuid
from collections.abc import Sequence

import streamlit as st

from dvc_core.domain.need import Place, Site
from dvc_core.domain.text import address_key, kana, phone_key
from dvc_core.i18n import text
from dvc_core.queries.needs import Same, duplicates
from pages._shell import local, services
from pages.components.plain import plain


def find(operation_id: uuid.UUID, site: Site, place: Place, *, but: uuid.UUID | None = None) -> list[Same]:
    """The operation's needs that share telephone, kana, address or a point set by hand."""
    by_hand = place.match_level == "hand"
    with services().reader() as reader:
        found = duplicates(
            reader,
            operation_id,
            phone_key=phone_key(site.phone),
            kana_key=kana(site.kana),
            address_key=address_key(site.address),
            lat=place.lat if by_hand else None,
            lng=place.lng if by_hand else None,
        )
    return [same for same in found if same.line.need.id != but]


def show(same: Sequence[Same]) -> None:
    """What is the same, of whom, since when."""
    if not same:
        st.caption("同じ電話・ふりがな・住所の受付はありません。")
        return
    st.warning(f"前に受け付けた家かもしれません（{len(same)}件）。番号を確かめてください。")
    for each in same:
        need, site = each.line.need, each.line.site
        signs = "・".join(text(f"need.same.{sign}") for sign in each.by)
        st.markdown(
            f"**N-{need.number:03d}**　{text(f'need.state.{need.state}')}　{plain(site.name)}　"
            f"{plain(site.phone)}　{plain(site.address)}　{local(need.received_at)}　【{signs}】"
        )
