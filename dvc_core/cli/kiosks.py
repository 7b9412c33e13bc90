"""`tasuki kiosk add|list|revoke`: tablets from the command line (受付)."""

import argparse
import uuid
from typing import Any

from dvc_core.bootstrap import TOKYO, NotAllowedError, Services
from dvc_core.cli.reply import Reply, acting, command, refused, usage
from dvc_core.commands.base import Actor
from dvc_core.commands.kiosk import Revoke
from dvc_core.domain.kernel import Refusal
from dvc_core.queries.people import KioskRow
from dvc_core.web.kiosk_api import make_place


def _shown(row: KioskRow) -> dict[str, Any]:
    return {
        "kiosk_id": str(row.kiosk_id),
        "number": row.number,
        "label": row.label,
        "enrolled_at": row.enrolled_at.isoformat() if row.enrolled_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "last_contact_at": row.last_contact_at.isoformat() if row.last_contact_at else None,
    }


def _kiosks(services: Services, actor: Actor) -> list[KioskRow]:
    rows: list[KioskRow] = services.ask("kiosks", actor)
    return rows


def _line(row: KioskRow) -> str:
    state = "停止" if row.revoked_at else "登録済み" if row.enrolled_at else "未登録"
    last = row.last_contact_at
    return (
        f"{row.number}\t{row.label}\t{state}\t{last.astimezone(TOKYO):%m/%d %H:%M}"
        if last
        else (f"{row.number}\t{row.label}\t{state}")
    )


@command("kiosk list", "受付端末の一覧")
def list_kiosks(services: Services, arguments: argparse.Namespace) -> Reply:
    """Every tablet with its last contact."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        rows = _kiosks(services, actor)
    except NotAllowedError as error:
        return refused(error.refusal)
    return Reply(fields={"kiosks": [_shown(row) for row in rows]}, words=[_line(row) for row in rows])


def _label(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", metavar="LABEL", help="端末の名前（例：受付1）")


@command("kiosk add", "受付端末の登録コードと資格情報を、1回だけ表示する", _label)
def add(services: Services, arguments: argparse.Namespace) -> Reply:
    """The credential works at once; the address enrols a tablet within ten minutes."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    made = make_place(services, arguments.label, actor, credential=True, source="cli")
    if made.answer.refusal is not None:
        return refused(made.answer.refusal)
    rows = [row for row in _kiosks(services, actor) if row.kiosk_id == made.kiosk_id]
    return Reply(
        fields={
            "kiosks": [_shown(row) for row in rows],
            "kiosk_id": str(made.kiosk_id),
            "credential": made.credential,
            "enrol_url": made.enrol_url,
        },
        words=[
            *(_line(row) for row in rows),
            f"端末で開くアドレス（10分以内、1回だけ）: {made.enrol_url}",
            f"資格情報（1回だけ表示）: {made.credential}",
        ],
    )


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kiosk", metavar="KIOSK", help="端末の番号か id")


@command("kiosk revoke", "受付端末を停止する", _which)
def revoke(services: Services, arguments: argparse.Namespace) -> Reply:
    """Cut off with its next request."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        rows = _kiosks(services, actor)
    except NotAllowedError as error:
        return refused(error.refusal)
    found = next((row for row in rows if _is(row, arguments.kiosk)), None)
    if found is None:
        return refused(Refusal("kiosk-unknown"))
    answer = services.do(Revoke(kiosk_id=found.kiosk_id), actor, station="cli", source="cli")
    if answer.refusal is not None:
        return refused(answer.refusal)
    rows = [row for row in _kiosks(services, actor) if row.kiosk_id == found.kiosk_id]
    return Reply(fields={"kiosks": [_shown(row) for row in rows]}, words=[_line(row) for row in rows])


def _is(row: KioskRow, said: str) -> bool:
    try:
        return row.kiosk_id == uuid.UUID(said)
    except ValueError:
        return said in (str(row.number), row.label)
