"""The doctor on records: what it names when something was changed, and what only the things beside tell."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from dvc_core.bootstrap import Services
from dvc_core.health import Check, whole
from dvc_core.store import backup, changelog, journal
from dvc_core.store.schema import JOURNAL_COLUMNS
from tests.support.center import START, Center
from tests.support.damage import LOG, cut, flip, hurt, lived


def found(services: Services) -> dict[str, Check]:
    return {check.code: check for check in whole(services)[1]}


def said(services: Services, code: str) -> tuple[str, str]:
    check = found(services)[code]
    assert check.said
    assert check.means
    assert bool(check.todo) == (check.level != "ok")
    return check.state, check.level


def log_of(services: Services) -> Path:
    return services.config.data / LOG


def backed_up(center: Center, name: str = "a.zip") -> None:
    data = center.services.config.data
    backup.back_up(center.services.database, data / "backups" / name, data=data, now=START)


def rewrite(center: Center, change: Callable[[journal.Entry], journal.Entry], *, since: int) -> None:
    """What somebody with the file in hand can do: the rest of the chain made anew, so that it holds again."""
    center.tampered = True
    with center.services.database.engine.write() as connection:
        for act in ("update", "delete"):
            connection.run(f"DROP TRIGGER journal_no_{act} ON journal", {})
        previous = journal.GENESIS
        for old in list(journal.read_all(connection, center.services.council_id)):
            new = old
            if old.seq >= since:
                new = change(old) if old.seq == since else old
                new = msgspec.structs.replace(new, prev_hash=previous)
                new = msgspec.structs.replace(new, hash=journal.hash_of(new))
                connection.run(
                    "UPDATE journal SET actor_id = $actor, prev_hash = $prev, hash = $hash WHERE seq = $seq",
                    {"actor": new.actor_id, "prev": new.prev_hash, "hash": new.hash, "seq": new.seq},
                )
            previous = new.hash
        connection.run("UPDATE journal_head SET hash = $hash", {"hash": previous})
        connection.commit()


def test_all_is_well_on_both_engines(center_on_both: Center) -> None:
    lived(center_on_both)
    checks = found(center_on_both.services)
    assert {code for code, check in checks.items() if check.level == "bad"} == set()
    assert checks["known"].state == "none"
    backed_up(center_on_both)
    assert said(center_on_both.services, "known") == ("fine", "ok")
    assert said(center_on_both.services, "log") == ("fine", "ok")


def test_a_chain_made_anew_as_a_whole_is_seen_by_the_log_and_by_the_backups_alone(center: Center) -> None:
    lived(center)
    backed_up(center)
    rewrite(center, lambda entry: msgspec.structs.replace(entry, actor_id="someone"), since=3)
    checks = found(center.services)
    assert checks["chain"].level == checks["head"].level == "ok", "the journal alone cannot know"
    assert (checks["log"].state, checks["log"].facts["seq"]) == ("differs", 3)
    assert (checks["known"].state, checks["known"].facts["file"]) == ("rewritten", "a.zip")
    (center.services.config.data / "backups" / "a.zip").unlink()
    log_of(center.services).unlink()
    checks = found(center.services)
    assert checks["known"].state == "none"
    assert "印刷したクロノロジー" in checks["known"].means, "it says what it cannot know"


def test_a_changed_row_and_a_removed_one_are_named(center: Center) -> None:
    center.tampered = True
    lived(center)
    with center.services.database.engine.write() as connection:
        for act in ("update", "delete"):
            connection.run(f"DROP TRIGGER journal_no_{act} ON journal", {})
        connection.run("UPDATE journal SET actor_id = 'someone' WHERE seq = 4", {})
        connection.commit()
    assert found(center.services)["chain"].facts["seq"] == 4
    with center.services.database.engine.write() as connection:
        connection.run("DELETE FROM journal WHERE seq >= 6", {})
        connection.commit()
    checks = found(center.services)
    assert checks["head"].level == "bad"
    assert checks["log"].state == "ahead"


@pytest.mark.parametrize(
    ("spoil", "state"),
    [(flip(-40), "damaged"), (cut(90), "unreadable"), (flip(70), "unreadable")],
)
def test_a_hurt_change_log_is_named(center: Center, spoil: Callable[[bytearray], object], state: str) -> None:
    lived(center)
    hurt(log_of(center.services), spoil)
    assert said(center.services, "log") == (state, "bad")


def test_a_log_that_lost_its_end_or_is_gone_asks_for_a_start(center: Center) -> None:
    lived(center)
    whole_file = log_of(center.services).read_bytes()
    last = changelog.survey(log_of(center.services)).frames[-3]
    log_of(center.services).write_bytes(whole_file[: last.offset])
    assert said(center.services, "log") == ("gap", "warn")
    log_of(center.services).unlink()
    assert said(center.services, "log") == ("missing", "warn")


def test_a_backup_that_holds_more_or_cannot_be_read_is_named(center: Center, tmp_path: Path) -> None:
    lived(center)
    backed_up(center)
    data = center.services.config.data
    backups = data / "backups"
    shutil.copyfile(backups / "a.zip", tmp_path / "a.zip")
    raw = bytearray((backups / "a.zip").read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    (backups / "b.zip").write_bytes(raw)
    assert said(center.services, "known") == ("unreadable", "bad")
    (backups / "b.zip").unlink()
    center.tampered = True
    with center.services.database.engine.write() as connection:
        connection.run("DROP TRIGGER journal_no_delete ON journal", {})
        connection.run("DELETE FROM journal WHERE seq >= 6", {})
        connection.commit()
    assert said(center.services, "known") == ("cut", "bad")


def test_the_hash_is_over_every_column() -> None:
    """The helper above would prove nothing if it could write a chain that the program would not accept."""
    assert "actor_id" in JOURNAL_COLUMNS
    assert len(hashlib.sha256().hexdigest()) == len(journal.GENESIS)
