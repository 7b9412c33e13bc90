"""`tasuki board export|import|show`: the block's board for scripts, and for a stick carried by hand."""

import argparse
from pathlib import Path

from dvc_core.bootstrap import NotAllowedError, Services
from dvc_core.cli.reply import FINE, PROBLEMS, Reply, acting, cannot_run, command, problem, refused, usage
from dvc_core.commands.board import TakeFile
from dvc_core.domain.board import FileRefused, FileVerdict
from dvc_core.domain.kernel import Refusal
from dvc_core.exchange.status_file import MOST_BYTES
from dvc_core.geo.councils import councils
from dvc_core.i18n import text
from dvc_core.tokens.files import READABLE, write_secret
from dvc_core.web import board_files


def _path(arguments: argparse.Namespace, given: str) -> Path:
    return Path(getattr(arguments, "cwd", ".")) / given


def _to_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="FILE", help="書き出すファイル")


@command("board export", "公開した自センターの状況を、署名したファイルにする", _to_file)
def export(services: Services, arguments: argparse.Namespace) -> Reply:
    """The last published state: number, council_code."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    if not services.allowed(actor, "board"):
        return refused(Refusal("not-allowed", {"role": "board"}))
    made = board_files.write(services)
    if made is None:
        return refused(Refusal("board-not-published"))
    try:
        write_secret(_path(arguments, arguments.to), made.content, mode=READABLE, replace=True)
    except OSError:
        return cannot_run("folder-not-writable", folder=arguments.to)
    key = services.keys.current.public
    fields = {
        "number": made.number,
        "council_code": services.council_id,
        "key_id": key.key_id,
        "fingerprint": key.fingerprint(),
    }
    return Reply(fields=fields, words=[text("board.exported", **fields, file=arguments.to)])


def _from_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="ほかの社協のファイル")


@command("board import", "ほかの社協の署名したファイルを取り込む", _from_file)
def take(services: Services, arguments: argparse.Namespace) -> Reply:
    """One file and its verdict. With an unknown key: the digits to compare, and the key itself."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        with _path(arguments, arguments.file).open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError:
        return usage("board-file-missing", file=arguments.file)
    found = board_files.read(services, raw)
    answer = services.do(TakeFile(raw=raw), actor, station="cli", source="cli")
    if answer.refusal is not None and answer.refusal.code != "board-known":
        return refused(answer.refusal)
    verdict = FileVerdict.KNOWN if answer.refusal else FileVerdict.TAKEN
    for event in answer.events:
        if isinstance(event, FileRefused):
            verdict = event.verdict
    fields: dict[str, object] = {"verdict": verdict.value, "council_code": found.council_code}
    fields |= {"key_id": found.key_id, "number": found.number}
    if verdict is FileVerdict.UNKNOWN_KEY and found.key_id and found.public_key:
        fields["public_key"] = found.public_key
        fields["fingerprint"] = board_files.fingerprint(found.key_id, found.public_key)
    bad = verdict not in (FileVerdict.TAKEN, FileVerdict.KNOWN)
    return Reply(
        fields=fields,
        words=[text(f"value.file-verdict.{verdict}")],
        problems=[problem(f"board-file-{verdict.replace('_', '-')}", **fields)] if bad else [],
        exit_code=PROBLEMS if bad else FINE,
    )


@command("board show", "ブロックの盤を見る")
def show(services: Services, arguments: argparse.Namespace) -> Reply:
    """Every council of the list, and any other that told something; ages by the operation's clock."""
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    try:
        told = services.ask("board.lines", actor, now=services.clock.now())
    except NotAllowedError as error:
        return refused(error.refusal)
    by_code = {line.council_code: line for line in told}
    names = {c.code: c.name for c in councils(services.config.reference / "councils.toml").councils}
    listed = []
    for code in (*names, *sorted(by_code.keys() - names.keys())):
        line = by_code.get(code)
        newest = line.newest if line else None
        listed.append(
            {
                "council_code": code,
                "council": names.get(code, code),
                "state": line.state.value if line else "unknown",
                "as_of": newest.cell.as_of.isoformat() if newest else None,
                "source": newest.cell.heard.value if newest else None,
                "age_minutes": newest.age_minutes if newest else None,
            }
        )
    words = [f"{c['council']}\t{text('map.state.council.' + str(c['state']))}" for c in listed]
    return Reply(fields={"councils": listed}, words=words)
