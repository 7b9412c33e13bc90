"""What a command of the command line is, and what it answers."""

import argparse
from collections.abc import Callable
from typing import Any

import msgspec

from dvc_core import bootstrap
from dvc_core.bootstrap import Services
from dvc_core.commands.base import Actor
from dvc_core.domain.account import Account, Operator, active, login_key
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.problem import Problem
from dvc_core.i18n import describe, has_text, text

FINE, PROBLEMS, USAGE, REFUSED, CANNOT_RUN = range(5)


class Reply(msgspec.Struct, kw_only=True):
    """One answer: its fields for `--json`, its words for people."""

    fields: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []
    words: list[str] = []
    exit_code: int = FINE

    def answer(self) -> dict[str, Any]:
        """The one JSON object."""
        return {"ok": self.exit_code == FINE, **self.fields, "problems": self.problems}


Work = Callable[[Services, argparse.Namespace], Reply]
Alone = Callable[[argparse.Namespace], Reply]
Arguments = Callable[[argparse.ArgumentParser], None]


class CliCommand(msgspec.Struct, frozen=True, kw_only=True):
    """One command.

    `work` needs the services, and goes through the running program when there is one; `alone` needs none.
    """

    name: str
    help: str
    arguments: Arguments
    work: Work | None = None
    alone: Alone | None = None
    speaks_itself: bool = False

    @property
    def through_running(self) -> bool:
        """Whether a running program answers it."""
        return self.work is not None

    def run_here(self, arguments: argparse.Namespace) -> Reply:
        """Run it in this process."""
        if self.alone is not None:
            return self.alone(arguments)
        assert self.work is not None
        services = bootstrap.build(bootstrap.config_for(arguments.data))
        try:
            return self.work(services, arguments)
        finally:
            services.close()


COMMANDS: dict[str, CliCommand] = {}


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def command(
    name: str,
    purpose: str,
    arguments: Arguments = _no_arguments,
) -> Callable[[Work], Work]:
    """Register a command that needs the services."""

    def register(work: Work) -> Work:
        COMMANDS[name] = CliCommand(name=name, help=purpose, arguments=arguments, work=work)
        return work

    return register


def standalone(
    name: str,
    purpose: str,
    arguments: Arguments = _no_arguments,
    *,
    speaks_itself: bool = False,
) -> Callable[[Alone], Alone]:
    """Register a command that needs no services (or starts them itself)."""

    def register(alone: Alone) -> Alone:
        COMMANDS[name] = CliCommand(
            name=name, help=purpose, arguments=arguments, alone=alone, speaks_itself=speaks_itself
        )
        return alone

    return register


def acting(services: Services, arguments: argparse.Namespace) -> Actor | None:
    """Who acts: `--as NAME` that account with its roles (None: no such account), else the folder's owner."""
    if not arguments.act_as:
        return Actor(id="cli", roles=frozenset({"admin"}))
    with services.reader() as reader:
        found = reader.find(Operator, login=login_key(arguments.act_as))
        account = reader.get(Account, found[0].id) if found else None
    if account is None or not active(account, services.wall.now()):
        return None
    return Actor(id=str(account.id), roles=frozenset(account.roles))


def problem(code: str, **facts: object) -> dict[str, Any]:
    """A problem in words; its key is `problem.<code>` or another full key."""
    key = code if has_text(code) else f"problem.{code}"
    said = text(key, **facts)
    return {
        "code": code.rpartition(".")[2],
        "level": "error",
        "message": said,
        "hint": text(f"{key}.hint", **facts) if has_text(f"{key}.hint") else "",
    }


def cannot_run(code: str, **facts: object) -> Reply:
    """Exit 4: held file, full disk, broken database."""
    return Reply(exit_code=CANNOT_RUN, problems=[problem(f"store.{code}", **facts)])


def usage(code: str, **facts: object) -> Reply:
    """Exit 2: what was asked makes no sense."""
    return Reply(exit_code=USAGE, problems=[problem(code, **facts)])


def with_problems(found: list[Problem], fields: dict[str, Any], words: list[str]) -> Reply:
    """An answer with what people must mend; notes alone keep the exit code at 0."""
    bad = any(each.level == "error" for each in found)
    return Reply(
        fields=fields,
        words=words,
        problems=[describe(each) for each in found],
        exit_code=PROBLEMS if bad else FINE,
    )


def refused(refusal: Refusal, fields: dict[str, Any] | None = None) -> Reply:
    """Exit 3: a rule refused it."""
    key = f"refusal.{refusal.code}"
    return Reply(
        fields=fields or {},
        exit_code=REFUSED,
        problems=[
            {
                "code": refusal.code,
                "level": "error",
                "message": text(key, **refusal.facts),
                "hint": text(f"{key}.next", **refusal.facts) if has_text(f"{key}.next") else "",
            }
        ],
    )
