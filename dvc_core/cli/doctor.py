"""`tasuki doctor`."""

import argparse

from dvc_core.bootstrap import Services
from dvc_core.cli.reply import FINE, PROBLEMS, Reply, command
from dvc_core.i18n import text
from dvc_core.store.doctor import examine


@command("doctor", "記録の連なりと、表のすべての行を確かめる")
def doctor(services: Services, _arguments: argparse.Namespace) -> Reply:
    """Fold the journal, compare every folded row, check the chain."""
    report = examine(services.database)
    checks = [
        {
            "code": check.code,
            "ok": check.ok,
            "message": text(f"doctor.{check.code}.{'good' if check.ok else 'bad'}", **check.facts),
            "hint": "" if check.ok else text(f"doctor.{check.code}.hint", **check.facts),
        }
        for check in report.checks
    ]
    problems = [
        {"code": c["code"], "level": "error", "message": c["message"], "hint": c["hint"]}
        for c in checks
        if not c["ok"]
    ]
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
        words=[f"{'○' if c['ok'] else '×'} {c['message']}" for c in checks],
        exit_code=FINE if report.ok else PROBLEMS,
    )
