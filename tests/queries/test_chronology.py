"""クロノロジー: every kind of entry has its words, and no name stands in them."""

from datetime import timedelta

import pytest

from dvc_core.commands.chronology import Correct
from dvc_core.commands.dispatch import Close
from dvc_core.domain.kernel import event_kinds
from dvc_core.i18n import has_text, text
from dvc_core.queries.chronology import TOPICS, corrections, enum_words, head, lines
from tests.commands.test_teams import Day
from tests.support.center import Center


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
