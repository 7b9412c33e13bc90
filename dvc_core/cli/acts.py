"""`tasuki do`, `ask`, `commands`, `queries`, `checkin`: the commands and queries that the screens use."""

import argparse
import inspect
import sys
import typing
import uuid
from datetime import datetime
from typing import Any

import msgspec

from dvc_core.bootstrap import NotAllowedError, Services
from dvc_core.cli.reply import REFUSED, Reply, acting, command, refused, standalone, usage
from dvc_core.commands.base import Answer, commands
from dvc_core.domain.attendance import Act
from dvc_core.domain.kernel import Refusal
from dvc_core.i18n import text
from dvc_core.queries.base import queries
from dvc_core.web.scans import Batch, Gate, SentScan, take

MOST_DIGITS = 7
"""Longer digits are no number that a person calls out."""


def _schema(cls: type) -> dict[str, Any]:
    return msgspec.json.schema(cls)


@standalone("commands", "すべての命令と、その形")
def list_commands(_arguments: argparse.Namespace) -> Reply:
    """Every command: kind, role, sort, JSON Schema made from the class itself."""
    found = [
        {"kind": kind, "role": cls.role, "sort": cls.sort, "schema": _schema(cls)}
        for kind, cls in commands().items()
    ]
    return Reply(fields={"commands": found}, words=[f"{c['kind']}\t{c['role']}\t{c['sort']}" for c in found])


def _parameters(ask: Any) -> dict[str, Any]:  # noqa: ANN401 - any registered query
    hints = typing.get_type_hints(ask)
    names = list(inspect.signature(ask).parameters.values())[1:]
    return {p.name: (hints[p.name], p.default) for p in names}


@standalone("queries", "すべての問い合わせと、その形")
def list_queries(_arguments: argparse.Namespace) -> Reply:
    """Every query: name, role, its parameters."""
    found = []
    for name, query in queries().items():
        schema = {key: _schema(hint) for key, (hint, _) in _parameters(query.ask).items()}
        found.append({"kind": name, "role": query.role, "sort": "query", "schema": schema})
    return Reply(fields={"queries": found}, words=[f"{q['kind']}\t{q['role']}" for q in found])


def _body(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 - JSON of any shape
    given = arguments.body
    raw = sys.stdin.read() if given == "-" else given
    return msgspec.json.decode(raw or "{}")


def _read_body(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("kind", metavar=name, help="名前")
    parser.add_argument("body", nargs="?", default="{}", metavar="JSON", help="中身（- で標準入力）")


def _do_arguments(parser: argparse.ArgumentParser) -> None:
    _read_body(parser, "KIND")
    parser.add_argument("--id", default=None, metavar="UUID", help="命令の番号")
    parser.add_argument("--at", default=None, metavar="ISO", help="起きた時刻")


def _moment(said: str | None) -> datetime | None:
    moment = datetime.fromisoformat(said) if said else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(said)
    return moment


@command("do", "命令をひとつ行う", _do_arguments)
def do(services: Services, arguments: argparse.Namespace) -> Reply:
    """Any command by its name, as a person with their roles."""
    cls = commands().get(arguments.kind)
    actor = acting(services, arguments)
    if cls is None:
        return usage("cli-no-command", kind=arguments.kind)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        asked = msgspec.convert(_body(arguments), cls, strict=False)
        command_id = uuid.UUID(arguments.id) if arguments.id else uuid.uuid4()
        moment = _moment(arguments.at)
    except (ValueError, msgspec.MsgspecError) as error:
        return usage("cli-bad-json", detail=str(error)[:300])
    answer = services.do(asked, actor, command_id=command_id, station="cli", source="cli", occurred_at=moment)
    return _answer(answer)


def _answer(answer: Answer) -> Reply:
    fields: dict[str, Any] = {
        "command_id": str(answer.command_id),
        "result": answer.result,
        "refusal": None,
        "entries": [{"seq": e.seq, "kind": e.kind, "subject_id": str(e.subject_id)} for e in answer.entries],
    }
    if answer.refusal is not None:
        key = f"refusal.{answer.refusal.code}"
        fields["refusal"] = {
            "code": answer.refusal.code,
            "facts": answer.refusal.facts,
            "message": text(key, **answer.refusal.facts),
        }
        reply = refused(answer.refusal, fields)
        reply.exit_code = REFUSED
        return reply
    return Reply(fields=fields, words=[f"{e['seq']}\t{e['kind']}" for e in fields["entries"]])


def _given(arguments: argparse.Namespace, known: dict[str, Any]) -> dict[str, Any] | Reply:
    """The query's parameters from the JSON, or what is wrong with it."""
    try:
        body = dict(_body(arguments))
        if unknown := set(body) - set(known):
            return usage("cli-bad-json", detail=", ".join(sorted(unknown)))
        params = {key: msgspec.convert(value, known[key][0], strict=False) for key, value in body.items()}
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        return usage("cli-bad-json", detail=str(error)[:300])
    missing = [k for k, (_, d) in known.items() if d is inspect.Parameter.empty and k not in params]
    return usage("cli-missing", names=", ".join(missing)) if missing else params


@command("ask", "問い合わせをひとつ行う", lambda parser: _read_body(parser, "NAME"))
def ask(services: Services, arguments: argparse.Namespace) -> Reply:
    """Any query by its name."""
    query = queries().get(arguments.kind)
    actor = acting(services, arguments)
    if query is None:
        return usage("cli-no-query", kind=arguments.kind)
    if actor is None:
        return usage("refusal.account-unknown")
    params = _given(arguments, _parameters(query.ask))
    if isinstance(params, Reply):
        return params
    try:
        rows = services.ask(arguments.kind, actor, **params)
    except NotAllowedError as error:
        return refused(error.refusal)
    listed = rows if isinstance(rows, list | tuple) else [] if rows is None else [rows]
    return Reply(
        fields={"rows": msgspec.to_builtins(list(listed))},
        words=[msgspec.json.encode(row).decode() for row in listed],
    )


def _checkin_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("token", metavar="TOKEN", help="QRの文字、または受付番号")
    parser.add_argument("--act", required=True, choices=[act.value for act in Act])
    parser.add_argument("--id", required=True, metavar="UUID")
    parser.add_argument("--at", required=True, metavar="ISO")


@command("checkin", "受付端末と同じ読み取りをひとつ行う", _checkin_arguments)
def checkin(services: Services, arguments: argparse.Namespace) -> Reply:
    """The same as a scan at a kiosk."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        moment = _moment(arguments.at)
        number = (
            int(arguments.token)
            if arguments.token.isdigit() and len(arguments.token) <= MOST_DIGITS
            else None
        )
        assert moment is not None
        sent = SentScan(
            command_id=uuid.UUID(arguments.id),
            act=Act(arguments.act),
            at=moment,
            payload=None if number is not None else arguments.token,
            number=number,
        )
    except (ValueError, AssertionError) as error:
        return usage("cli-bad-json", detail=str(error)[:300])
    batch = Batch(device_now=services.clock.now(), scans=[sent])
    result = take(services, batch, Gate(actor=actor, station="cli", source="cli"))[0]
    fields = {
        "command_id": str(result.command_id),
        "verdict": result.verdict,
        "number": result.number,
        "flags": list(result.flags),
        "refusal": result.refusal,
        "seqs": list(result.seqs),
    }
    if result.verdict == "refused":
        return refused(msgspec.convert(result.refusal, Refusal), fields)
    return Reply(fields=fields, words=[result.message])
