"""The volunteer's QR on the screen and as a card to print."""

import secrets

import msgspec
import streamlit as st

from dvc_core import forms
from dvc_core.bootstrap import Services
from dvc_core.commands.volunteer import NewCard
from dvc_core.domain.kernel import Code
from dvc_core.forms.reception import Card, VolunteerCards
from dvc_core.tokens import qr
from dvc_core.tokens.picture import matrix, svg

PHONE = "未確認"
"""The center's telephone number is the council's to fill in."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A fresh code: what the command stores, and what the paper shows."""

    card: NewCard
    payload: str


def sign(services: Services) -> Signed:
    """A new random token under the council's present key."""
    token = secrets.token_bytes(qr.TOKEN_BYTES)
    key: Code = services.keys.current.key_id
    return Signed(card=NewCard(token=token.hex(), key_id=key), payload=qr.issue(services.keys.current, token))


def show(services: Services, number: int, payload: str) -> None:
    """The code on the screen, with its number and the sentence about going home, and the card as PDF."""
    left, right = st.columns([1, 2])
    left.image(svg(payload, f"{number}番のQR"), width=240)
    right.metric("受付番号", f"{number:03d}")
    right.write("**帰るときも、この同じカードを使います。** カードを印刷して渡すか、写真にとってもらいます。")
    sheet = VolunteerCards(
        council=services.council_name,
        printed_at=services.clock.now().replace(microsecond=0),
        drill=services.drill,
        serial=f"C-{number:04d}",
        phone=PHONE,
        cards=(Card(number=f"{number:03d}", modules=modules(payload)),),
    )
    right.download_button(
        "カードを印刷する（PDF）",
        # Made when it is asked for: the card stays in sight while the desk goes on.
        lambda: forms.render("volunteer_cards", sheet),
        file_name=f"card-{number:03d}.pdf",
        mime="application/pdf",
        on_click="ignore",
    )


def modules(payload: str) -> tuple[str, ...]:
    """The module matrix as rows of 0 and 1."""
    return tuple("".join("1" if cell else "0" for cell in row) for row in matrix(payload))
