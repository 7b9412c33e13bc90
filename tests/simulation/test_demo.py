"""The demonstration: the same seed and moment tell the same story, and doctor finds everything equal."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from dvc_core.bootstrap import Services, build
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.domain.bcp import BusinessFunction, Talk
from dvc_core.domain.kernel import Stored
from dvc_core.domain.kiosk import Kiosk
from dvc_core.domain.referral import Referral
from dvc_core.domain.review import Review, ReviewState
from dvc_core.domain.team import Team, Word
from dvc_core.domain.volunteer import Volunteer
from dvc_core.geo.councils import councils
from dvc_core.queries import board
from dvc_core.queries.board import BoardLine
from dvc_core.simulation.shape import back_from
from dvc_core.store.doctor import examine
from dvc_core.store.schema import declared, kind_of

NOW = datetime.fromisoformat("2026-07-30T11:00:00+09:00")
NEVER_SEEDED = (
    re.compile(r"drill-[0-9]{5}-[0-9a-z]+"),  # a key's id
    re.compile(r"\b[0-9a-f]{64}\b"),  # a public key, the digest of a file that carries one
    re.compile(r"\$argon2[^\"]+"),
)
FROM_A_KEY = frozenset({"board_refusal", "review", "review_content"})
"""Of some of their rows the id follows from a file with a key in it, or from the database's own key."""
TODAY = "2026-07-30"


class Told(NamedTuple):
    """What the story left, and what the screens would say of it."""

    content: list[str]
    block: dict[str, BoardLine]
    refused: list[str]
    reviews: set[str]
    people: int
    teams: list[Team]
    talks: int
    functions: set[str]
    referrals: list[Referral]
    kiosks: list[bool]
    corrections: int


def _same(stored: Stored) -> str:
    said = json.dumps(msgspec.to_builtins(stored), sort_keys=True)
    if stored.table in FROM_A_KEY:
        said = said.replace(str(stored.id), "ID")
    for pattern in NEVER_SEEDED:
        said = pattern.sub("KEY", said)
    return f"{stored.table} {said}"


def _content(services: Services) -> list[str]:
    """The journal and every row that people may read, without what follows from no seed."""
    kept = [cls for cls in declared().values() if kind_of(cls) in ("folded", "personal")]
    with services.reader() as reader:
        rows = reader.rows(
            "SELECT kind, body, occurred_at FROM journal WHERE council_id = $council ORDER BY seq"
        )
        said = [json.dumps(row, default=str) for row in rows]
        for pattern in NEVER_SEEDED:
            said = [pattern.sub("KEY", each) for each in said]
        return said + sorted(_same(row) for cls in kept for row in reader.find(cls))


def told(data: Path) -> Told:
    services = build(config_of(data, "demo"), clock=StoryClock(NOW))
    try:
        assert isinstance(services.clock, StoryClock)
        demo.fill(services, services.clock, 7, NOW)
        assert examine(services.database).ok
        with services.reader() as reader:
            corrections = reader.rows(
                "SELECT count(*) FROM journal WHERE council_id = $council AND supersedes IS NOT NULL"
            )
            return Told(
                content=_content(services),
                block={line.council_code: line for line in board.lines(reader, NOW)},
                refused=[row.verdict.value for row in board.refusals(reader)],
                reviews={row.reason for row in reader.find(Review, state=ReviewState.OPEN)},
                people=len(reader.find(Volunteer)),
                teams=[team for team in reader.find(Team) if team.day.isoformat() == TODAY],
                talks=len(reader.find(Talk)),
                functions={row.state.value for row in reader.find(BusinessFunction)},
                referrals=reader.find(Referral),
                kiosks=[row.revoked_at is not None for row in reader.find(Kiosk)],
                corrections=corrections[0][0],
            )
    finally:
        services.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told(tmp_path_factory.mktemp("a"))


def test_the_same_seed_tells_the_same_story(story: Told, tmp_path: Path) -> None:
    again = told(tmp_path / "b").content
    assert len(story.content) > 1000
    assert [pair for pair in zip(story.content, again, strict=True) if pair[0] != pair[1]] == []


def test_the_block_shows_every_case(story: Told) -> None:
    own, unknown, telephone, fax, first, second, old, silent = (
        story.block.get(council.code) for council in councils().councils
    )
    heard = [line and line.newest and line.newest.cell.heard.value for line in (own, telephone, fax)]
    assert heard == ["own", "telephone", "fax"]
    for line in (first, second):
        assert line is not None
        assert {shown.cell.heard.value for shown in line.cells} == {"file"}
        assert not any(shown.old for shown in line.cells)
    assert old is not None
    assert all(shown.old for shown in old.cells)
    assert (unknown, silent) == (None, None)
    assert sorted(story.refused) == ["forged", "older", "unknown_key"]
    assert own is not None
    assert own.told.needs_total == sum(
        getattr(own.told, name) or 0
        for name in ("needs_done", "needs_withdrawn", "needs_handed", "needs_left")
    )


def test_every_desk_has_something_true_to_show(story: Told) -> None:
    assert story.people == demo.PEOPLE
    out = [team for team in story.teams if team.out]
    assert [team for team in out if team.expected_return_at and team.expected_return_at < NOW]
    assert [team for team in out if team.last_word is Word.NO_CONTACT]
    assert [team for team in story.teams if team.departed_at is None]
    assert [team for team in story.teams if team.returned_at is not None]
    assert story.reviews == {
        *("revoked-card", "forged", "foreign", "cut-off-kiosk", "list-row"),
        *("same-id-other-content", "unknown-team"),
    }
    assert story.talks == 1
    assert {"reduced", "stopped"} <= story.functions
    assert {row.taken for row in story.referrals} == {None, True, False}
    assert sorted(story.kiosks) == [False, False, True]
    assert story.corrections == 1


@pytest.mark.parametrize("clock", ["00:00:30", "01:30:00", "11:00:00", "23:59:00"])
def test_todays_story_is_all_today(clock: str) -> None:
    now = datetime.fromisoformat(f"2026-07-30T{clock}+09:00")
    moments = [back_from(now, minutes, demo.MINUTES) for minutes in (demo.MINUTES, 60, 0)]
    assert moments == sorted(moments)
    assert {moment.date() for moment in moments} == {now.date()}


def test_the_story_is_told_a_moment_after_midnight_too(tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-07-30T00:00:30+09:00")
    clock = StoryClock(now)
    services = build(config_of(tmp_path / "data", "demo"), clock=clock)
    try:
        demo.fill(services, clock, demo.SEED, now)
        with services.reader() as reader:
            days = [row.departed_at for row in reader.find(Team) if row.departed_at is not None]
    finally:
        services.close()
    assert sum(1 for at in days if at.astimezone(now.tzinfo).date() == now.date()) > 2
