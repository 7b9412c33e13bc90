"""Floor 4: the command line `tasuki` (INTERFACES.md). One module a group of commands.

With `--json` exactly one JSON object goes to stdout; words and progress go to stderr. Exit: 0 fine,
1 answered with problems, 2 wrong usage, 3 refused by a rule, 4 cannot run. Never a traceback.
"""

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

from dvc_core.bootstrap import ROOT
from dvc_core.cli.remote import ask_running
from dvc_core.cli.reply import COMMANDS, Reply, cannot_run
from dvc_core.ports import ConflictError, StoreError

SETUP_MODULES = ("reply", "remote", "__main__")


def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        if module.name not in SETUP_MODULES:
            importlib.import_module(f"{__name__}.{module.name}")


def parser() -> argparse.ArgumentParser:
    """The whole command line; every command of the registry with its own arguments."""
    _load()
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=None, help="データのフォルダー")
    common.add_argument("--json", action="store_true", help="答えを JSON ひとつで出す")
    common.add_argument("--as", dest="act_as", default=None, metavar="NAME", help="この利用者として行う")
    top = argparse.ArgumentParser(prog="tasuki", description="たすき：災害ボランティアセンター運営システム")
    below = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for name, command in sorted(COMMANDS.items()):
        group, _, word = name.partition(" ")
        if word and group not in groups:
            groups[group] = below.add_parser(group).add_subparsers(
                dest="subcommand", required=True, metavar="ACT"
            )
        parent = groups[group] if word else below
        made = parent.add_parser(word or group, parents=[common], help=command.help)
        command.arguments(made)
        made.set_defaults(name=name)
    return top


def data_folder(given: Path | None) -> Path:
    """`--data`, else TASUKI_DATA, else data/live."""
    return (given or Path(os.environ.get("TASUKI_DATA") or ROOT / "data" / "live")).resolve()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = parser().parse_args(argv)
    arguments.data = data_folder(arguments.data)
    command = COMMANDS[arguments.name]
    try:
        reply = ask_running(arguments) if command.through_running else None
        reply = reply or command.run_here(arguments)
    except StoreError as error:
        reply = cannot_run(error.code, **error.facts)
    except ConflictError:
        reply = cannot_run("busy")
    except KeyboardInterrupt:
        return 130
    if not command.speaks_itself:
        try:
            _show(reply, as_json=arguments.json)
        except BrokenPipeError:
            # Whoever read our words has gone (`| head`): nothing more can be said.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return reply.exit_code


def _show(reply: Reply, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(reply.answer(), ensure_ascii=False, default=str) + "\n")
    else:
        for line in reply.words:
            sys.stdout.write(line + "\n")
        for problem in reply.problems:
            place = ":".join(str(problem[k]) for k in ("file", "line", "row", "column") if k in problem)
            sys.stderr.write(
                f"{place + ' ' if place else ''}{problem['message']} {problem.get('hint', '')}\n"
            )
    sys.stdout.flush()
