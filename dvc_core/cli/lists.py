"""`tasuki import volunteers|needs|stickers FILE` and `tasuki match FILE`."""

import argparse
from pathlib import Path

from dvc_core.bootstrap import Services
from dvc_core.cli.reply import PROBLEMS, Reply, acting, command, refused, standalone, usage, with_problems
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Refusal
from dvc_core.importing.result import as_answer
from dvc_core.matching.answer import answer as as_match
from dvc_core.matching.process import propose
from dvc_core.matching.reading import read_day
from dvc_core.web import lists


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="CSV か Excel の名簿")
    parser.add_argument("--dry-run", action="store_true", help="数えるだけで、記録しない")


def _import(services: Services, arguments: argparse.Namespace, kind: str) -> Reply:
    actor = acting(services, arguments)
    if actor is None:
        return usage("refusal.account-unknown")
    if not services.allowed(actor, "import"):
        return refused(Refusal("not-allowed", {"role": "import"}))
    path = Path(getattr(arguments, "cwd", ".")) / arguments.file
    today = activity_day(services.clock.now())
    result = lists.read(services, kind, path, file=arguments.file, today=today)  # type: ignore[arg-type]
    counts = lists.take(services, result, actor, dry_run=arguments.dry_run)
    fields = as_answer(result) | {
        "new": counts.new,
        "unchanged": counts.unchanged,
        "changed": counts.changed,
        "refused": counts.refused,
    }
    said = f"{result.rows_read} 行を読みました。新しい {counts.new}、変わった {counts.changed}、"
    said += f"同じ {counts.unchanged}、わけて残した {len(result.set_aside)}"
    reply = with_problems(list(result.problems), fields, [said])
    if counts.refused:
        reply.exit_code = PROBLEMS
    return reply


@command("import volunteers", "ボランティアの名簿を取り込む", _arguments)
def volunteers(services: Services, arguments: argparse.Namespace) -> Reply:
    """Good rows in, the others set aside with their content."""
    return _import(services, arguments, "volunteers")


@command("import needs", "ニーズの一覧を取り込む", _arguments)
def needs(services: Services, arguments: argparse.Namespace) -> Reply:
    """Good rows in, the others set aside with their content."""
    return _import(services, arguments, "needs")


@command("import stickers", "貼り紙（応急危険度判定）の名簿を取り込む", _arguments)
def stickers(services: Services, arguments: argparse.Namespace) -> Reply:
    """Good rows in, at needs of the same address at once; the others set aside with their content."""
    return _import(services, arguments, "stickers")


def _match_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="人・団体・訪問・資機材の JSON（dvc_core/matching/README.md）"
    )
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="考える時間")


@standalone("match", "組み合わせの提案を出す（記録しない）", _match_arguments)
def match(arguments: argparse.Namespace) -> Reply:
    """The last and best plan within the time."""
    try:
        data = Path(arguments.file).read_bytes()
    except OSError:
        return usage("match-file-missing", file=arguments.file)
    day, problems = read_day(data)
    if day is None:
        return with_problems(problems, {}, [])
    with propose(day, arguments.seconds) as proposal:
        plan = list(proposal)[-1]
    fields = as_match(plan)
    words = [f"{plan.status} 目標 {plan.objective:.0f} 上限 {plan.bound:.0f} 差 {plan.gap:.2%}"]
    return with_problems(problems, fields, words)
