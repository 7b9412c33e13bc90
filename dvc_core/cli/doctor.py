"""`tasuki doctor`: every check in a sentence, what it means for the center, what to do."""

import argparse

from dvc_core.bootstrap import Services
from dvc_core.cli.reply import FINE, PROBLEMS, Reply, command
from dvc_core.health import whole

SIGNS = {"ok": "○", "warn": "△", "bad": "×"}


@command("doctor", "データと機械を調べ、意味と、することを言う")
def doctor(services: Services, _arguments: argparse.Namespace) -> Reply:
    """Fold the journal, compare every row, the change log, the backups; look at the machine."""
    report, found = whole(services)
    checks = [
        {
            "code": check.code,
            "ok": check.ok,
            "level": check.level,
            "message": check.said,
            "means": check.means,
            "hint": check.todo,
        }
        for check in found
    ]
    problems = [
        {
            "code": check.code,
            "level": "note" if check.ok else "error",
            "message": check.said,
            "hint": check.todo,
        }
        for check in found
        if check.level != "ok"
    ]
    words = []
    for check in found:
        words += [f"{SIGNS[check.level]} {check.said}"]
        words += [f"　　{each}" for each in (check.means, check.todo) if each and check.level != "ok"]
    return Reply(
        fields={
            "engine": report.engine,
            "database_id": report.database_id,
            "journal": {
                "entries": report.chain.entries,
                "head_seq": report.chain.head_seq,
                "head_hash": report.chain.head_hash,
                "chain_ok": report.chain.first_bad_seq is None,
                "first_bad_seq": report.chain.first_bad_seq,
            },
            "tables": [
                {"name": t.name, "kind": t.kind, "rows": t.rows, "differing": t.differing}
                for t in report.tables
            ],
            "checks": checks,
        },
        problems=problems,
        words=words,
        exit_code=FINE if all(check.ok for check in found) else PROBLEMS,
    )
