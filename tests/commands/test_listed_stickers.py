"""Lists of papers become papers of the center: at needs of the same house at once, for later needs too."""

from datetime import date
from pathlib import Path

import msgspec

from dvc_core.commands.base import Actor
from dvc_core.commands.need import Receive
from dvc_core.commands.sticker import Correct, PutApart, TakeDown
from dvc_core.domain.need import Details, Gate, Need, Place
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.recall import Recall
from dvc_core.domain.review import Review
from dvc_core.domain.sticker import Sticker, StickerAt, StickerSite, StickerSource
from dvc_core.web import lists
from tests.commands.test_needs import begin, get, site
from tests.importing.sheets import csv_of
from tests.support.center import Center
from tests.support.day import TODAY, Day

DESK = Actor(id="general", roles=frozenset({"general"}))
HEAD = ["住所", "判定結果", "種類", "判定理由", "判定日"]
RED = ["東京都小金井市本町1-0", "赤", "建物", "柱のかたむき", "2026/7/27"]
HERE = Place(lat=35.70, lng=139.51, city_code="13210", match_level="town")


def take(center: Center, *rows: list[str], dry_run: bool = False) -> lists.Counts:
    result = lists.read(center.services, "stickers", csv_of([HEAD, *rows]), file="赤.csv", today=TODAY)
    return lists.take(center.services, result, DESK, dry_run=dry_run)


def stickers(center: Center) -> list[Sticker]:
    with center.services.reader() as reader:
        return reader.find(Sticker)


def received(center: Center, address: str = "本町一丁目0番", **details: object) -> Need:
    full = {"works": ("clear-house",), "hazard": HazardGrade.GREEN, **details}
    answer = center.must(Receive(site=site(address=address), details=Details(**full), place=HERE))  # type: ignore[arg-type]
    return get(center, answer.entries[1].subject_id)


def test_an_exact_address_counts_at_once_and_twice_the_same_adds_nothing(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = received(center)
    other = received(center, "本町一丁目1番")
    assert take(center, RED, dry_run=True) == lists.Counts(new=1)
    assert stickers(center) == []
    assert take(center, RED) == lists.Counts(new=1)
    (row,) = stickers(center)
    assert (row.source, row.posted_on, row.city_code) == (StickerSource.LIST, date(2026, 7, 27), "13210")
    assert row.town_code is not None
    assert (get(center, need.id).gate, get(center, other.id).gate) == (Gate.CLOSED, Gate.OPEN)
    head = center.services.database.head()
    assert take(center, RED) == lists.Counts(unchanged=1)
    assert take(center, ["小金井市本町一丁目0番", *RED[1:]]) == lists.Counts(unchanged=1)
    assert center.services.database.head() == head


def test_a_need_that_comes_later_at_a_listed_house_hears_of_it(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    take(center, RED)
    need = received(center)
    assert (need.gate, need.colour) == (Gate.CLOSED, HazardGrade.RED)
    with center.services.reader() as reader:
        assert [at.need_id for at in reader.find(StickerAt)] == [need.id]
    fuchu = msgspec.structs.replace(HERE, city_code="13206")
    answer = center.must(Receive(site=site(), details=Details(works=("yard",)), place=fuchu))
    assert not [e for e in answer.entries if e.kind == "sticker_at.applied"], "another city's 本町"


def test_a_list_stops_a_visit_and_calls_a_team_back(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    center.must(day.depart(team_id))
    take(center, RED)
    with center.services.reader() as reader:
        assert [row.team_id for row in reader.find(Recall)] == [team_id]


def test_a_later_list_changes_words_and_day_but_opens_no_door(center: Center) -> None:
    begin(center)
    need = received(center)
    take(center, RED)
    assert take(center, [*RED[:3], "柱と土台", "2026/7/28"]) == lists.Counts(changed=1)
    (row,) = stickers(center)
    assert row.posted_on == date(2026, 7, 28)
    green = [RED[0], "緑", *RED[2:]]
    assert take(center, green) == lists.Counts(new=1)
    assert get(center, need.id).gate is Gate.CLOSED, "the red one hangs there until somebody says otherwise"
    center.must(TakeDown(sticker_id=row.id, gone="regraded", reason="市に確かめた"))
    assert get(center, need.id).gate is Gate.OPEN
    assert take(center, [*RED[:3], "柱と土台と壁", "2026/7/28"]) == lists.Counts(changed=1)
    assert get(center, need.id).gate is Gate.OPEN, "what was taken down stays so"


def test_what_a_person_saw_or_said_goes_before_the_list(center: Center) -> None:
    begin(center)
    need = received(center)
    take(center, RED)
    (row,) = stickers(center)
    seen = Correct(
        sticker_id=row.id, paper="building", colour="red", source="seen-by-surveyor", photo="カメラ1 0007"
    )
    center.must(seen)
    center.must(PutApart(sticker_id=row.id, need_id=need.id, reason="裏の家"))
    take(center, [*RED[:3], "柱と土台", "2026/7/28"])
    with center.services.reader() as reader:
        kept, text = reader.get(Sticker, row.id), reader.get(StickerSite, row.id)
    assert kept is not None
    assert text is not None
    assert (kept.source, kept.photographed) == (StickerSource.SEEN, True)
    assert (text.reason, text.photo) == ("柱と土台", "カメラ1 0007")
    assert get(center, need.id).gate is Gate.OPEN


def test_bad_rows_wait_for_a_person_and_the_good_ones_count(center: Center) -> None:
    begin(center)
    need = received(center)
    bad = [
        ["", "赤", "建物", "", ""],
        ["本町2-0", "全壊", "建物", "", ""],
        ["本町3-0", "赤", "", "", "2026/8/1"],
    ]
    assert take(center, RED, *bad) == lists.Counts(new=1)
    assert get(center, need.id).gate is Gate.CLOSED
    with center.services.reader() as reader:
        assert [row.reason for row in reader.find(Review)] == ["list-row"] * 3


def test_without_a_disaster_no_list_is_taken(center: Center) -> None:
    assert take(center, RED) == lists.Counts(refused=1)


def test_a_list_that_is_no_list_stores_nothing(center: Center, tmp_path: Path) -> None:
    begin(center)
    path = tmp_path / "x.csv"
    path.write_bytes(csv_of([["町", "判定結果", "判定日"], ["本町", "赤", "2026/7/27"]]))
    result = lists.read(center.services, "stickers", path, file="x.csv", today=TODAY)
    assert [problem.code for problem in result.problems if problem.level == "error"] == [
        "stickers-no-address"
    ]
    assert lists.take(center.services, result, DESK, dry_run=False) == lists.Counts()
