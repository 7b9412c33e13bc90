"""`tasuki geocode`, `scan`, `manual check|diff`: capabilities that store nothing."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.cli.reply import FINE, PROBLEMS, Reply, command, standalone, with_problems
from dvc_core.domain.problem import Problem
from dvc_core.geo.geocode import geocode as find_place
from dvc_core.manual.compare import diff as compare
from dvc_core.manual.library import check as check_edition
from dvc_core.manual.library import read as read_edition
from dvc_core.queries.reception import number_of_token
from dvc_core.tokens.picture import read_image


def _geocode_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="住所（- で標準入力、1行にひとつ）")
    parser.add_argument("--city", default=None, metavar="CODE", help="市の名がないときに使う市")


@standalone("geocode", "住所を、町丁目の表で点にする", _geocode_arguments)
def geocode(arguments: argparse.Namespace) -> Reply:
    """Each text with its level; nothing is guessed silently."""
    texts = list(arguments.texts)
    if texts in ([], ["-"]):
        texts = [line for line in sys.stdin.read().splitlines() if line.strip()]
    try:
        places = [find_place(text, city=arguments.city) for text in texts]
    except ValueError:
        problem = Problem(code="cli-no-city", facts={"city": str(arguments.city)})
        return with_problems([problem], {"results": []}, [])
    words = [f"{p.input}\t{p.level}\t{p.city or ''}{p.town or p.machi or ''}" for p in places]
    found = [problem for place in places for problem in place.problems]
    return with_problems(found, {"results": [place.result() for place in places]}, words)


def _scan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="QRの写った画像")


@command("scan", "画像のQRを読む（記録しない）", _scan_arguments)
def scan(services: Services, arguments: argparse.Namespace) -> Reply:
    """What stands in pictures; stores nothing."""
    results: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    base = Path(getattr(arguments, "cwd", "."))
    for name in arguments.files:
        try:
            data = (base / name).read_bytes()
        except OSError:
            data = b""
        for payload, verdict in read_image(data, services.keys.known):
            number = None
            if verdict.reading == "ours" and verdict.token is not None:
                with services.reader() as reader:
                    number = number_of_token(reader, verdict.token.hex())
            results.append({"file": name, "payload": payload, "verdict": verdict.reading, "number": number})
    code = FINE if all(r["verdict"] == "ours" for r in results) else PROBLEMS
    words = [f"{r['file']}\t{r['verdict']}\t{r['number'] or ''}" for r in results]
    return Reply(fields={"results": results}, problems=problems, words=words, exit_code=code)


def _one_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="版のフォルダー")


@standalone("manual check", "マニュアルの版を調べる", _one_folder)
def manual_check(arguments: argparse.Namespace) -> Reply:
    """INTERFACES.md: name, edition, digest, status, steps, unconfirmed, step_ids."""
    answer = dict(check_edition(Path(arguments.folder)))
    problems = list(answer.pop("problems", []))
    answer.pop("ok", None)
    words = [f"{answer['name']} {answer['edition']}: {answer['steps']} 手順、未確認 {answer['unconfirmed']}"]
    bad = any(problem["level"] == "error" for problem in problems)
    return Reply(fields=answer, problems=problems, words=words, exit_code=PROBLEMS if bad else FINE)


def _two_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="前の版のフォルダー")
    parser.add_argument("after", metavar="B", help="あとの版のフォルダー")


@standalone("manual diff", "ふたつの版をくらべる", _two_folders)
def manual_diff(arguments: argparse.Namespace) -> Reply:
    """Step ids that were added, removed, changed, moved."""
    before, after = read_edition(Path(arguments.before)), read_edition(Path(arguments.after))
    found = msgspec.to_builtins(compare(before, after))
    fields = {key: list(found[key]) for key in ("added", "removed", "changed", "moved")}
    return with_problems(
        [p for p in (*before.problems, *after.problems) if p.level == "error"],
        fields,
        [f"{key}: {' '.join(value)}" for key, value in fields.items()],
    )
