"""The change log in a second folder: pulled out, put back, and what is left when the laptop is gone."""

from pathlib import Path

import pytest

from dvc_core.bootstrap import Services
from dvc_core.store import changelog
from dvc_core.store.second import SecondCopy
from tests.support.center import Center
from tests.support.damage import (
    DATABASE,
    LOG,
    WAL,
    cut,
    flip,
    held,
    hurt,
    lived,
    logged,
    power_cut,
    started_again,
)

COPY = "tasuki-13210.changes"


def second_of(services: Services) -> SecondCopy:
    assert services.second is not None
    return services.second


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    return folder


def test_what_is_committed_is_in_the_second_folder_and_so_are_the_keys(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    with started_again(center, tmp_path / "data2", second=memory) as services:
        lived(Center(services, center.clock))
        services.keys  # noqa: B018 - makes the council's key
        assert second_of(services).copy_now().behind == 0
        assert (memory / COPY).read_bytes() == (tmp_path / "data2" / LOG).read_bytes()
    assert list((memory / "keys").rglob("*"))


def test_a_folder_pulled_out_and_put_back_gets_what_it_missed(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    with started_again(center, tmp_path / "data2", second=memory) as services:
        second_of(services).copy_now()
        memory.rename(tmp_path / "pulled")
        lived(Center(services, center.clock))
        state = second_of(services).copy_now()
        assert state.behind is None
        assert state.detail
        assert not memory.exists(), "no folder of its name is made on the laptop's own disk"
        (tmp_path / "pulled").rename(memory)
        assert second_of(services).copy_now().behind == 0
        assert (memory / COPY).read_bytes() == (tmp_path / "data2" / LOG).read_bytes()


def test_a_copy_that_is_not_the_files_beginning_is_kept_under_another_name(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    for content in (b"another", b"and another"):
        (memory / COPY).write_bytes(content)
        with started_again(center, tmp_path / "data2", second=memory) as services:
            assert second_of(services).copy_now().behind == 0
    assert sorted(file.read_bytes() for file in memory.glob("*.before-*")) == [b"and another", b"another"]


def test_database_and_change_log_both_hurt_the_copy_helps(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    (memory / COPY).write_bytes((folder / LOG).read_bytes())
    hurt(folder / DATABASE, cut(100))
    (folder / WAL).unlink(missing_ok=True)
    hurt(folder / LOG, cut(int((folder / LOG).stat().st_size / 2)))
    with started_again(center, folder, second=memory) as services:
        assert held(services) == held(center.services)


def test_all_three_hurt_at_one_place_what_is_lost_is_told_and_nothing_else(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    hurt(folder / DATABASE, cut(100))
    (folder / WAL).unlink(missing_ok=True)
    frame = changelog.survey(folder / LOG).frames[3]
    hurt(folder / LOG, flip(frame.offset + frame.length // 2))
    (memory / COPY).write_bytes((folder / LOG).read_bytes())
    with started_again(center, folder, second=memory) as services:
        assert [words[:2] for words in services.mended] == ["記録", "終わ"], "rebuilt, and how much is lost"
        assert changelog.survey(folder / LOG).head == services.database.head()


def test_a_change_log_that_is_gone_comes_back_from_its_copy(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    lived(center)
    folder = power_cut(center, tmp_path / "again")
    (folder / LOG).rename(memory / COPY)
    with started_again(center, folder, second=memory) as services:
        assert services.mended == ()
        assert logged(folder / LOG)
        assert changelog.survey(folder / LOG).head == services.database.head()
    assert (folder / LOG).stat().st_mode & 0o077 == 0, "names are in it"


def test_a_new_folder_is_a_new_center_whatever_the_second_folder_holds(
    center: Center, tmp_path: Path, memory: Path
) -> None:
    """Last year's people must not come back because a memory was left in the laptop."""
    lived(center)
    (memory / COPY).write_bytes((center.services.config.data / LOG).read_bytes())
    with started_again(center, tmp_path / "new", second=memory) as services:
        assert services.database.head()[0] == 0
        assert services.mended == ()
    assert list(memory.glob("*.before-*")), "and the copy is kept"
