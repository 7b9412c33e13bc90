"""What the desks look up of papers and call backs, on both engines."""

import uuid

import pytest

from dvc_core.commands.gate import SetAreas
from dvc_core.commands.need import Receive
from dvc_core.commands.recall import CallBack
from dvc_core.commands.sticker import PutApart, TakeDown
from dvc_core.domain.grading import town_code
from dvc_core.domain.need import Details, Gate
from dvc_core.domain.recall import Reached
from dvc_core.domain.sticker import Sticker, StickerKind
from dvc_core.queries import chronology, needs, needs_map, recalls, stickers, teams
from tests.commands.test_listed_stickers import HERE, received, take
from tests.commands.test_needs import site
from tests.support.center import Center
from tests.support.day import TODAY, Day
from tests.support.papers import checked, paper

RED = ["小金井市本町1-2-3", "赤", "建物", "柱のかたむき", "2026/7/27"]
WALL = ["小金井市本町1-2", "赤", "倒れる物", "ブロック塀", ""]


@pytest.fixture
def day(center_on_both: Center) -> Day:
    return Day(center_on_both)


def operation(day: Day) -> uuid.UUID:
    found: uuid.UUID = day.center.services.ask("operations.current", day.center.chief).id
    return found


def test_the_card_has_papers_checks_and_what_may_be_the_same_house(day: Day) -> None:
    center = day.center
    need = received(center, "本町一丁目2番3号")
    take(center, RED, WALL)
    center.must(checked(center, need.id))
    center.must(paper(need.id, "yellow", "falling", reason="瓦"))
    center.must(paper(need.id, "green", reason="緑の紙"))
    with center.services.reader() as reader:
        (green,) = [row for row in reader.find(Sticker) if row.colour == "green"]
    center.must(TakeDown(sticker_id=green.id, gone="mistake", reason="となり"))
    with center.services.reader() as reader:
        found = stickers.of_need(reader, need.id)
    assert [(line.sticker.kind, line.sticker.counts) for line in found.papers] == [
        ("building", True),
        ("falling", True),
        ("building", False),
    ]
    assert [line.said.surveyor for line in found.checks if line.said] == ["見本 建築士"]
    assert found.proposed == (), "the towns of the two are not known to be one"
    assert found.apart == ()


def test_a_listed_address_that_begins_alike_in_the_same_town_is_asked_about_once(day: Day) -> None:
    center, op = day.center, operation(day)
    take(center, RED, WALL)
    with center.services.reader() as reader:
        town = reader.find(Sticker)[0].town_code
    assert town == town_code("13210", "本町一丁目")
    answer = center.must(_call("本町一丁目2番3号 見本荘101"))
    need_id = answer.entries[1].subject_id
    with center.services.reader() as reader:
        asked = stickers.proposals(reader, op)
        assert [each.line.sticker.kind for each in asked] == [StickerKind.TOPPLING, StickerKind.BUILDING]
        assert [line.sticker.id for line in stickers.of_need(reader, need_id).proposed] == [
            each.line.sticker.id for each in asked
        ]
        assert stickers.counts(reader, op).without_need == 2
    for each in asked:
        center.must(PutApart(sticker_id=each.line.sticker.id, need_id=need_id))
    with center.services.reader() as reader:
        assert stickers.proposals(reader, op) == []
        assert len(stickers.of_need(reader, need_id).apart) == 2


def _call(address: str) -> Receive:
    told = site(address=address, town="本町一丁目")
    return Receive(site=told, details=Details(works=("clear-house",)), place=HERE)


def test_papers_are_found_by_a_part_of_their_address(day: Day) -> None:
    center, op = day.center, operation(day)
    take(center, RED, WALL, ["小金井市緑町2-4-5", "黄", "建物", "壁", ""])
    with center.services.reader() as reader:

        def found(words: str) -> list[str]:
            return [line.site.address for line in stickers.search(reader, op, words)]

        assert found("緑町") == ["小金井市緑町2-4-5"]
        assert found("本町一丁目2番3号") == ["小金井市本町1-2-3"]
        assert found("本町1-2") == ["小金井市本町1-2", "小金井市本町1-2-3"]
        assert found("どこか") == []
        assert len(found("")) == 3
        assert len(stickers.at_house(reader, op, "本町1-2-3", "13210")) == 1
        assert stickers.at_house(reader, op, "本町1-2-3", "13206") == []
        assert stickers.at_house(reader, op, "") == []
        counted = stickers.counts(reader, op)
    assert (counted.papers, counted.red, counted.yellow, counted.without_need) == (3, 2, 1, 3)


def test_the_lists_filter_and_the_map_know_the_strictest_colour(day: Day) -> None:
    center, op = day.center, operation(day)
    need = received(center)
    center.must(paper(need.id, "red"))
    with center.services.reader() as reader:
        red = needs.listed(reader, op, needs.Wanted(hazard="red"))  # type: ignore[arg-type]
        shut = needs.listed(reader, op, needs.Wanted(shut=True))
        (point,) = [p for p in needs_map.points(reader, op, TODAY) if p.need_id == need.id]
        counted = needs.counts(reader, op)
        waiting = teams.waiting(reader, op, TODAY)
    assert [line.need.id for line in red.lines] == [line.need.id for line in shut.lines]
    assert need.id in {line.need.id for line in red.lines}
    assert (point.hazard, point.gate, counted.held) == ("red", Gate.CLOSED, 2)
    assert waiting.visits == 0, "both needs stand at the same address"


def test_who_must_be_called_back_stands_there_until_it_is_over(day: Day) -> None:
    center, op = day.center, operation(day)
    team = day.team()
    center.must(day.depart(team))
    sticker = center.must(paper(day.need, "red")).entries[0].subject_id

    def waits() -> list[str]:
        with center.services.reader() as reader:
            assert recalls.count(reader, op).teams == len(recalls.waiting(reader, op))
            return [line.leader for line in recalls.waiting(reader, op)]

    assert waits() == ["見本 花子"]
    center.must(CallBack(team_id=team, reached=Reached.NO_ANSWER))
    assert waits() == ["見本 花子"]
    center.must(TakeDown(sticker_id=sticker, gone="mistake", reason="番地のまちがい"))
    assert waits() == [], "the gate is open again"
    center.must(paper(day.need, "yellow"))
    assert waits() == ["見本 花子"]
    center.must(CallBack(team_id=team, reached=Reached.REACHED, words="もどる"))
    assert waits() == []


def test_the_chronology_tells_it_all_in_words_without_a_name(day: Day) -> None:
    center, op = day.center, operation(day)
    team = day.team()
    center.must(day.depart(team))
    center.must(paper(day.need, "red", posted_on=TODAY, reason="柱のかたむき"))
    center.must(CallBack(team_id=team, reached=Reached.REACHED, words="もどる"))
    center.must(checked(center, day.need))
    center.must(SetAreas(city_code="13210", ungraded=True, reason="市に聞いた"))
    called = {"gate.red": "赤い紙（危険）", "check.tilt": "かたむき"}
    with center.services.reader() as reader:
        told = [line.words for line in chronology.lines(reader, operation_id=op, called=called)]
    assert "ニーズ N-001：貼り紙を記録（建物（A3） 赤（危険） 調査した人が見た 07/28）" in told
    assert "ニーズ N-001：安全ゲートは 不可（赤い紙（危険））" in told
    assert "班 1：呼び戻しが要る（安全ゲートが閉じた）" in told
    assert "班 1：呼び戻しの電話（つながった。作業を止めてもどると言った）" in told
    assert any(
        words.startswith("ニーズ N-001：調査した人の確認（07/28、かたむき だいじょうぶ、") for words in told
    )
    assert "判定していない町：市の全部 ○" in told
    assert not any("柱のかたむき" in words or "花子" in words for words in told)
