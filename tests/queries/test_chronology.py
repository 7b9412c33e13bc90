"""クロノロジー: every kind of entry has its words, and no name stands in them."""

import uuid
from datetime import timedelta

import pytest

from dvc_core.commands.base import Actor
from dvc_core.commands.chronology import Correct
from dvc_core.commands.dispatch import Close
from dvc_core.domain.kernel import event_kinds
from dvc_core.domain.note import Written
from dvc_core.i18n import has_text, text
from dvc_core.queries.chronology import TOPICS, corrections, days, enum_words, head, lines, parts, words_of
from tests.support.center import Center
from tests.support.day import TODAY, Day


@pytest.mark.parametrize("kind", sorted(event_kinds()))
def test_every_kind_has_its_words_and_its_topic(kind: str) -> None:
    assert has_text(f"event.{kind}")
    assert kind == "series.number_taken" or any(
        kind.startswith(begin) for topic in TOPICS.values() for begin in topic
    )


def test_every_code_in_an_entry_has_its_words() -> None:
    assert sorted({key for key in enum_words() if not has_text(key)}) == []


def test_a_day_reads_as_a_story_without_names(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    team_id = day.team()
    center.must(day.depart(team_id))
    with center.services.reader() as reader:
        told = lines(reader, limit=500)
        assert head(reader).seq == center.services.database.head()[0]
    words = [line.words for line in reversed(told)]
    assert words[0] == "発災（地震）"
    assert "受付 001：来所" in words
    assert "ニーズ N-001：ニーズを受け付けた" in words
    assert any(word.startswith("班 1：出発") for word in words)
    assert not any("見本" in word or "架空" in word or "{" in word for word in words)
    with center.services.reader() as reader:
        page = lines(reader, limit=5)
        older = lines(reader, before=page[-1].seq, limit=5)
        needs = lines(reader, topic="needs", limit=500)
    assert [line.seq for line in page] == sorted((line.seq for line in page), reverse=True)
    assert older[0].seq < page[-1].seq
    assert {line.kind.partition(".")[0] for line in needs} <= {"need", "visit", "referral"}
    assert all(line.occurred_at <= center.clock.now() + timedelta(0) for line in told)


def test_a_correction_stands_beside_its_entry(center_on_both: Center) -> None:
    day = Day(center_on_both)
    day.team()
    with center_on_both.services.reader() as reader:
        told = lines(reader, limit=500)
        assert corrections(reader, [line.entry_id for line in told]) == {}
    center_on_both.must(Correct(entry_id=told[3].entry_id, words="時刻は 9:10"))
    with center_on_both.services.reader() as reader:
        assert corrections(reader, [line.entry_id for line in told]) == {told[3].entry_id: "時刻は 9:10"}


def test_a_refusal_says_why_and_codes_are_called_by_the_names_that_are_given(center: Center) -> None:
    Day(center)
    assert center.refused(Close()) == "closing-undecided"
    with center.services.reader() as reader:
        told = lines(reader, limit=500, called={"shovel": "剣先スコップ"})
        bare = lines(reader, limit=500)
    assert told[0].words == f"できなかった操作：{text('refusal.closing-undecided')}"
    assert any(line.words.startswith("剣先スコップ：") for line in told)
    assert any(line.words.startswith("shovel：") for line in bare)


def test_every_entry_is_in_one_part_and_the_parts_are_of_the_days(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    first = center.clock.now()
    center.clock.forward(days=2)
    center.must(Correct(entry_id=_last(center), words="あとから"))
    with center.services.reader() as reader:
        whole = [line.seq for line in reversed(lines(reader, limit=5000, quiet=True))]
        cut = parts(reader, 7, quiet=True)
        assert sum(part.count for part in cut) == len(whole) == head(reader).seq
        assert {part.count for part in cut[:-1]} == {7}
        printed = [
            line.seq
            for part in cut
            for line in reversed(lines(reader, before=part.last + 1, limit=part.count, quiet=True))
        ]
        assert printed == whole
        known = days(reader)
        assert (known[0], known[-1]) == (TODAY, TODAY + timedelta(days=2))
        by_day = [parts(reader, 5000, quiet=True, day=each) for each in known]
        assert sum(part.count for found in by_day for part in found) == len(whole)
        today = lines(reader, limit=5000, day=TODAY)
        assert today
        assert {line.occurred_at for line in today} == {first}
        assert parts(reader, 10, topic="bcp") == []
        assert sum(p.count for p in parts(reader, 5, topic="needs")) == len(lines(reader, topic="needs"))
    assert day.visit


def _last(center: Center) -> uuid.UUID:
    with center.services.reader() as reader:
        return lines(reader, limit=1)[0].entry_id


def test_a_day_begins_and_ends_at_midnight_of_the_center(center: Center) -> None:
    """09:00 UTC is 18:00: six hours later a new day has begun."""
    Day(center)
    center.clock.forward(hours=5, minutes=59)
    center.must(Correct(entry_id=_last(center), words="夜"))
    center.clock.forward(minutes=1)
    center.must(Correct(entry_id=_last(center), words="零時"))
    with center.services.reader() as reader:
        tomorrow = lines(reader, day=TODAY + timedelta(days=1), quiet=True)
        assert {line.occurred_at for line in tomorrow} == {center.clock.now()}


def test_a_codes_own_words_go_before_a_name_that_is_spelled_the_same() -> None:
    note = Written(id=uuid.UUID(int=1), about=uuid.UUID(int=2), purpose="survey", about_person=True)
    assert words_of(note, "", {"survey": "「調査の手順」"}) == "メモを書いた（現地調査）"


def test_who_is_no_person_is_called_by_a_word(center: Center) -> None:
    Day(center)
    for actor in ("cli", "setup", "rule", "public"):
        center.do(Correct(entry_id=_last(center), words=actor), Actor(id=actor, roles=frozenset({"chief"})))
    with center.services.reader() as reader:
        told = {line.actor for line in lines(reader, limit=500, quiet=True)}
    assert {"コマンド", "初期設定", "自動", "登録票"} <= told
    assert not told & {"cli", "setup", "rule", "public"}
