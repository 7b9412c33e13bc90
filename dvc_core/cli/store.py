"""`tasuki backup`, `restore`, `export`."""

import argparse
from pathlib import Path

import msgspec

from dvc_core.bootstrap import Services, SystemClock, config_for
from dvc_core.cli.reply import Reply, command, standalone, with_problems
from dvc_core.domain.problem import Problem
from dvc_core.store import backup as backups
from dvc_core.store.export import export as write_export
from dvc_core.store.restoring import restore as brought_back


def _to_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", default=None, metavar="FILE", help="バックアップのファイル")


def _path(arguments: argparse.Namespace, given: str) -> Path:
    return Path(getattr(arguments, "cwd", ".")) / given


@command("backup", "バックアップを作り、開いて確かめる", _to_file)
def backup(services: Services, arguments: argparse.Namespace) -> Reply:
    """One verified file."""
    now = services.wall.now()
    head, _ = services.database.head()
    folder = services.config.data / "backups"
    target = _path(arguments, arguments.to) if arguments.to else folder / backups.default_name(now, head)
    made = backups.back_up(services.database, target, data=services.config.data, now=now)
    return Reply(
        fields={
            "file": str(target),
            "head_seq": made.head_seq,
            "head_hash": made.head_hash,
            "verified": True,
        },
        words=[f"バックアップを作り、開いて確かめました：{target}（{made.head_seq} 番まで）"],
    )


def _from_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="バックアップ、変更ログ、または変更ログを写したフォルダー"
    )


@standalone("restore", "バックアップか変更ログを、空のフォルダーに戻す", _from_file)
def restore(arguments: argparse.Namespace) -> Reply:
    """Into `--data`, which must hold no database yet."""
    config = config_for(arguments.data)
    made = brought_back(Path(arguments.file), config.location, data=arguments.data, now=SystemClock().now())
    lost = [Problem(code="changes-lost", facts={"entries": made.lost})] if made.lost else []
    return with_problems(
        lost,
        {
            "file": str(made.source),
            "head_seq": made.head[0],
            "head_hash": made.head[1],
            "verified": True,
        },
        [f"{arguments.data} に戻しました（{made.head[0]} 番まで）。"],
    )


def _to_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="DIR", help="書き出すフォルダー")


@command("export", "記録と表を書き出す（JSON Lines, CSV, Parquet）", _to_folder)
def export(services: Services, arguments: argparse.Namespace) -> Reply:
    """Everything but secrets."""
    files = write_export(services.database, _path(arguments, arguments.to))
    return Reply(
        fields={"files": [msgspec.to_builtins(file) for file in files]},
        words=[f"{file.name} {file.rows} 行" for file in files],
    )
