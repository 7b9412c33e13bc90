"""The backup that the program makes by itself: when it is due, verified, a few kept, by one process."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from dvc_core.bootstrap import Services, build
from dvc_core.jobs import BEGINNING, KEPT, Jobs
from dvc_core.ports import StoreError
from dvc_core.store.archive import read_manifest
from dvc_core.store.restoring import verify
from tests.support.center import Center
from tests.support.damage import lived


def made(services: Services) -> list[Path]:
    return sorted((services.config.data / "backups").glob("*.zip"))


def test_a_backup_is_made_when_it_is_due_and_something_happened(center: Center) -> None:
    jobs = Jobs(center.services)
    assert jobs.look() is None, "nothing has happened yet"
    lived(center)
    first = jobs.look()
    assert first is not None
    assert first.name.startswith(BEGINNING)
    assert verify(first, now=center.clock.now()).head == center.services.database.head()
    lived_on(center)
    assert jobs.look() is None, "the last one is young"
    center.clock.forward(minutes=121)
    assert jobs.look() is not None
    center.clock.forward(minutes=500)
    assert jobs.look() is None, "nothing has happened since"
    assert len(made(center.services)) == 2
    # A program that was started anew knows of them.
    lived_on(center)
    center.clock.at -= timedelta(minutes=500)
    assert Jobs(center.services).look() is None


def lived_on(center: Center) -> None:
    """One more entry."""
    from dvc_core.commands.base import Actor
    from dvc_core.commands.desk_log import Write

    center.must(Write(line="訓練の電話"), Actor(id="general", roles=frozenset({"general"})))


def test_only_so_many_stay_and_a_persons_own_are_left_alone(center: Center) -> None:
    lived(center)
    folder = center.services.config.data / "backups"
    folder.mkdir()
    mine = folder / "tasuki-20200101-000000-1.backup.zip"
    mine.write_bytes(b"not one of ours to judge")
    for n in range(KEPT + 3):
        (folder / f"{BEGINNING}tasuki-20250101-0000{n:02}-1.backup.zip").write_bytes(b"old")
    assert Jobs(center.services).look() is not None
    assert len([path for path in made(center.services) if path.name.startswith(BEGINNING)]) == KEPT
    assert mine.exists()


def test_one_that_does_not_come_back_equal_gets_no_name(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(center)
    written = msgspec.json.encode
    monkeypatch.setattr(
        "dvc_core.store.backup.msgspec.json.encode",
        lambda value, **how: written(value, **how).replace(b'"actor_id":"chief"', b'"actor_id":"nobody"'),
    )
    with pytest.raises(StoreError, match="backup-bad"):
        Jobs(center.services).look()
    monkeypatch.undo()
    assert list((center.services.config.data / "backups").iterdir()) == []
    found = Jobs(center.services).look()
    assert found is not None
    assert read_manifest(found).head_seq == center.services.database.head()[0]


def test_it_can_be_switched_off(center: Center) -> None:
    lived(center)
    center.services.config = msgspec.structs.replace(center.services.config, backup_minutes=0)
    assert Jobs(center.services).look() is None


def test_of_two_processes_one_sees_to_it_and_the_other_takes_over(
    center_on_both: Center, tmp_path: Path
) -> None:
    center = center_on_both
    lived(center)
    if center.services.database.engine.sole_writer:
        assert Jobs(center.services).look() is not None
        return
    config = msgspec.structs.replace(center.services.config, data=tmp_path / "other")
    other = build(config, clock=center.clock, wall=center.clock)
    try:
        first, second = Jobs(center.services), Jobs(other)
        assert first.look() is not None
        assert second.look() is None
        center.services.database.engine.close()
        assert second.look() is not None
        assert Jobs(center.services).look() is None, "who comes back finds it seen to"
    finally:
        other.close()
        center.tampered = True
