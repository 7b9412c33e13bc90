"""`tasuki card issue|revoke|pdf`: cards from the command line (受付)."""

import argparse
import secrets
import uuid
from pathlib import Path

from dvc_core import forms
from dvc_core.bootstrap import Services
from dvc_core.cli.reply import Reply, acting, command, refused, usage
from dvc_core.commands.base import Actor
from dvc_core.commands.same_person import counting
from dvc_core.commands.volunteer import IssueCard, NewCard, RevokeCard, card_id
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.volunteer import Card, Volunteer
from dvc_core.forms.reception import Card as PrintedCard
from dvc_core.forms.reception import VolunteerCards
from dvc_core.i18n import text
from dvc_core.tokens import qr
from dvc_core.tokens.picture import matrix


def _numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER", help="受付番号")


def _volunteer(services: Services, number: int) -> Volunteer | None:
    with services.reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        found = reader.find(Volunteer, operation_id=operation.id, number=number) if operation else []
        return counting(reader, [found[0].id])[found[0].id] if len(found) == 1 else None


def _issue(services: Services, actor: Actor, row: Volunteer) -> tuple[Reply, str]:
    token = secrets.token_bytes(qr.TOKEN_BYTES)
    key = services.keys.current
    new = NewCard(token=token.hex(), key_id=key.key_id)
    answer = services.do(IssueCard(volunteer_id=row.id, card=new, replaces=True), actor, source="cli")
    if answer.refusal is not None:
        return refused(answer.refusal), ""
    payload = qr.issue(key, token)
    fields = {"number": row.number, "payload": payload}
    return Reply(fields=fields, words=[f"{row.number:03d}\t{payload}"]), payload


def _asked(services: Services, arguments: argparse.Namespace) -> tuple[Actor, Volunteer] | Reply:
    """Who acts and whose card it is, or what is wrong with the line."""
    actor = acting(services, arguments)
    row = _volunteer(services, arguments.number)
    if actor is None:
        return usage("refusal.account-unknown")
    return usage("refusal.volunteer-unknown") if row is None else (actor, row)


@command("card issue", "新しいカードを出す（前のカードは止める）", _numbers)
def issue(services: Services, arguments: argparse.Namespace) -> Reply:
    """A fresh card for a number; the ones before are revoked in the same act."""
    asked = _asked(services, arguments)
    return asked if isinstance(asked, Reply) else _issue(services, *asked)[0]


@command("card revoke", "カードを止める", _numbers)
def revoke(services: Services, arguments: argparse.Namespace) -> Reply:
    """Every valid card of a number."""
    asked = _asked(services, arguments)
    if isinstance(asked, Reply):
        return asked
    actor, row = asked
    with services.reader() as reader:
        numbers = {row.id, *(part.volunteer_id for part in row.parts)}
        cards = [c for i in sorted(numbers) for c in reader.find(Card, volunteer_id=i) if not c.revoked]
    if not cards:
        return usage("refusal.card-revoked")
    for card in cards:
        answer = services.do(RevokeCard(card_id=card_id(card.token)), actor, source="cli")
        if answer.refusal is not None:
            return refused(answer.refusal)
    return Reply(fields={"number": row.number, "payload": None}, words=[f"{row.number:03d}"])


def _pdf_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("numbers", type=int, nargs="+", metavar="NUMBER", help="受付番号")
    parser.add_argument("--to", required=True, metavar="FILE", help="PDF のファイル")


@command("card pdf", "新しいカードを出して、1つの PDF にする", _pdf_arguments)
def pdf(services: Services, arguments: argparse.Namespace) -> Reply:
    """Fresh cards, since a card's code is shown once and is not kept."""
    actor = acting(services, arguments)
    rows = [_volunteer(services, number) for number in arguments.numbers]
    if actor is None:
        return usage("refusal.account-unknown")
    printed = []
    for row in rows:
        if row is None:
            return usage("refusal.volunteer-unknown")
        reply, payload = _issue(services, actor, row)
        if not payload:
            return reply
        modules = tuple("".join("1" if cell else "0" for cell in line) for line in matrix(payload))
        printed.append(PrintedCard(number=f"{row.number:03d}", modules=modules))
    sheet = VolunteerCards(
        council=services.council_name,
        printed_at=services.clock.now().replace(microsecond=0),
        drill=services.drill,
        serial=f"C-{uuid.uuid4().hex[:6].upper()}",
        phone=text("app.unconfirmed"),
        cards=tuple(printed),
    )
    target = Path(getattr(arguments, "cwd", ".")) / arguments.to
    data = forms.render("volunteer_cards", sheet)
    target.write_bytes(data)
    pages = -(-len(printed) // CARDS_A_SHEET)
    return Reply(fields={"file": str(target), "pages": pages}, words=[str(target)])


CARDS_A_SHEET = 8
"""As `forms/templates` lays them out."""
