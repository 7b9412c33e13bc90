"""同意: to whom this resident lets the center tell their name and troubles, one line a recipient."""

import streamlit as st

from dvc_core.commands.referral import NoteConsent
from dvc_core.domain.consent import Consent, ConsentHow, ConsentState, Recipient
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed
from pages._read import drawn_row
from pages._shell import local, run
from pages.components import lined
from pages.components.lined import Cell


def show(whole: WholeNeed) -> None:
    """What was said about each recipient, and the form to note it."""
    known = {each.recipient: each for each in whole.consents}
    st.markdown("**外に伝える同意**")
    lined.show(("伝える先", "同意"), ((Cell(_name(one)), _said(known.get(one))) for one in Recipient))
    need = whole.need
    with st.form(f"consent-{need.id}", border=False):
        left, middle, right = st.columns(3)
        recipient = left.selectbox(
            "伝える先", list(Recipient), format_func=_name, key=f"consent-to-{need.id}"
        )
        state = middle.selectbox(
            "こたえ",
            list(ConsentState),
            format_func=lambda code: text(f"consent.state.{code}"),
            key=f"consent-state-{need.id}",
        )
        how = right.selectbox(
            "どうやって",
            list(ConsentHow),
            format_func=lambda code: text(f"consent.how.{code}"),
            key=f"consent-how-{need.id}",
        )
        old = known.get(recipient)
        seen = drawn_row(old) if old else ()
        if st.form_submit_button("同意を記録する"):
            command = NoteConsent(need_id=need.id, recipient=recipient, state=state, how=how)
            run(command, key=f"consent-{need.id}", done="同意を記録しました。", seen=seen)
            st.rerun()


def _name(recipient: Recipient) -> str:
    return text(f"consent.recipient.{recipient}")


def _said(row: Consent | None) -> Cell:
    if row is None:
        return Cell("まだ聞いていない")
    words = f"{text(f'consent.state.{row.state}')}（{text(f'consent.how.{row.how}')}）"
    return Cell(words, small=local(row.at, "%m/%d %H:%M"))
