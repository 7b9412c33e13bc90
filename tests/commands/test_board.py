"""The board: own state counted and published once read, others typed, cells with source, person and age."""

import types
import typing
import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec
import pytest

from dvc_core.commands.base import Actor
from dvc_core.commands.board import Publish, Type, VerifyKey
from dvc_core.commands.need import Receive
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain import board, board_facts
from dvc_core.domain.board import Compared, CouncilBoard, Heard, told_by
from dvc_core.domain.board_facts import GROUPS, ITEMS, CouncilState, Told
from dvc_core.domain.need import Details, Place, Site
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.geo.feature import STATES
from dvc_core.i18n import has_text
from dvc_core.queries.board import Draft, lines
from dvc_core.store.doctor import examine
from tests.support.center import START, Center
from tests.support.day import Day

BOARD = Actor(id="board", roles=frozenset({"general"}))


def typed(
    as_of: datetime = START, heard: Heard = Heard.TELEPHONE, *, corrects: bool = False, **told: object
) -> Type:
    return Type(council_code="13208", heard=heard, as_of=as_of, told=Told(**told), corrects=corrects)  # type: ignore[arg-type]


def cells(center: Center, code: str = "13208") -> dict[str, board.BoardCell]:
    with center.services.reader() as reader:
        row = next(row for row in reader.find(CouncilBoard) if row.council_code == code)
    return {cell.item: cell for cell in row.cells}


def draft(center: Center) -> Draft:
    return center.services.ask("board.draft", BOARD, now=center.clock.now())


def test_the_own_state_follows_the_operation(center_on_both: Center) -> None:
    center = center_on_both
    assert draft(center).told == Told(state=CouncilState.NONE)
    center.must(Start(disaster=Disaster.FLOOD, started_at=START - timedelta(hours=1), title="訓練"))
    assert draft(center).told.state is CouncilState.CONSIDERING
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    assert draft(center).told.state is CouncilState.PREPARING
    center.must(Open())
    assert (draft(center).told.state, draft(center).told.opened_on) == (CouncilState.OPEN, date(2026, 7, 28))
    paused = msgspec.structs.replace(draft(center).told, state=CouncilState.PAUSED)
    center.must(Publish(told=paused, seen_number=0), BOARD)
    assert draft(center).told.state is CouncilState.PAUSED


def test_the_numbers_are_those_of_the_day(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    center.must(day.depart(day.team()))
    told = draft(center).told
    with center.services.reader() as reader:
        came = reader.rows(
            "SELECT count(arrived_at), count(departed_at) FROM attendance WHERE council_id = $council"
        )
        needs = reader.rows("SELECT count(id) FROM need WHERE council_id = $council")
    assert (told.people_came, told.people_on_site) == tuple(came[0])
    assert told.people_on_site
    assert told.needs_total == needs[0][0] == told.needs_left
    assert told.person_days == 0
    site = Site(id=uuid.UUID(int=0), name="架空 一郎", phone="000-0000-0009", address="前原町", trouble="泥")
    place = Place(lat=35.7, lng=139.5, city_code="13210", match_level="town")
    center.must(Receive(site=site, details=Details(people_min=2, people_max=4), place=place))
    assert draft(center).told.person_days == 4
    assert told.active_from is not None


def test_a_state_is_published_once_read_and_two_do_not_overwrite_each_other(center_on_both: Center) -> None:
    center = center_on_both
    told = Told(state=CouncilState.OPEN, places=30)
    center.must(Publish(told=told, seen_number=0), BOARD)
    assert center.refused(Publish(told=told, seen_number=0), BOARD) == "board-published-meanwhile"
    assert center.refused(Publish(told=Told(places=1), seen_number=1), BOARD) == "board-state-missing"
    assert center.refused(Publish(told=told, seen_number=1), center.viewer) == "not-allowed"
    center.clock.forward(minutes=5)
    center.must(Publish(told=Told(state=CouncilState.CLOSING), seen_number=1), BOARD)
    with center.services.reader() as reader:
        row = reader.find(CouncilBoard)[0]
    assert (row.number, told_by(row)) == (2, Told(state=CouncilState.CLOSING))
    assert examine(center.services.database).ok


def test_each_cell_keeps_its_own_source_person_and_time(center_on_both: Center) -> None:
    center = center_on_both
    center.must(typed(state=CouncilState.OPEN, needs_left=40), BOARD)
    center.clock.forward(minutes=59)
    later = center.clock.now()
    center.must(typed(later, Heard.FAX, needs_left=35), Actor(id="other", roles=frozenset({"general"})))
    found = cells(center)
    assert (found["state"].heard, found["state"].actor_id, found["state"].as_of) == (
        *(Heard.TELEPHONE, "board", START),
    )
    assert (found["needs_left"].heard, found["needs_left"].actor_id, found["needs_left"].number) == (
        *(Heard.FAX, "other", 35),
    )
    with center.services.reader() as reader:
        before = {c.cell.item: c for c in lines(reader, later)[0].cells}
        after = {c.cell.item: c for c in lines(reader, later + timedelta(minutes=1))[0].cells}
    assert (before["state"].old, before["state"].age_minutes) == (False, 59)
    assert (after["state"].old, after["state"].age_minutes, after["needs_left"].old) == (True, 60, False)


def test_older_news_does_not_hide_newer_but_a_correction_does(center: Center) -> None:
    center.must(typed(needs_left=40), BOARD)
    center.must(typed(START - timedelta(hours=2), needs_left=80, places=50), BOARD)
    assert {name: cell.number for name, cell in cells(center).items()} == {"needs_left": 40, "places": 50}
    center.must(typed(START - timedelta(hours=1), needs_left=45, corrects=True), BOARD)
    assert cells(center)["needs_left"].number == 45
    assert examine(center.services.database).ok


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (typed(), "board-nothing-told"),
        (typed(START + timedelta(minutes=11), places=1), "board-in-future"),
        (typed(heard=Heard.FILE, places=1), "board-heard-how"),
        (msgspec.structs.replace(typed(places=1), council_code="13210"), "board-own-typed"),
        (
            VerifyKey(
                council_code="13208", key_id="13206-abcd", public_key="0" * 64, compared=Compared.IN_PERSON
            ),
            "board-key-of-another",
        ),
        (
            VerifyKey(
                council_code="13210", key_id="13210-abcd", public_key="0" * 64, compared=Compared.IN_PERSON
            ),
            "board-own-key",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    center: Center, command: Type | VerifyKey, code: str
) -> None:
    assert center.refused(command, BOARD) == code
    assert all(has_text(f"refusal.{code}{part}") for part in ("", ".why", ".next"))
    with center.services.reader() as reader:
        assert reader.find(CouncilBoard) == []


ALLOWED = (int, date, datetime)


def _leaves(hint: typing.Any) -> typing.Iterator[typing.Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        yield hint if typing.get_args(hint)[0] is str else typing.get_args(hint)[0]
    elif origin in (typing.Union, types.UnionType, tuple):
        for inner in typing.get_args(hint):
            if inner not in (type(None), Ellipsis):
                yield from _leaves(inner)
    else:
        yield hint


def test_nothing_told_can_hold_a_name() -> None:
    """Of the exchanged state every field is a number, a day or one of a few words."""
    for name, hint in typing.get_type_hints(Told, include_extras=True).items():
        for leaf in _leaves(hint):
            assert leaf in ALLOWED or issubclass(leaf, StrEnum), name
    board_classes = [
        cls for cls in vars(board).values() if isinstance(cls, type) and cls.__module__ == board.__name__
    ]
    texts = set()
    for cls in board_classes:
        if issubclass(cls, msgspec.Struct):
            for field in msgspec.structs.fields(cls):
                for leaf in _leaves(field.type):
                    if leaf is str:
                        texts.add(field.name)
                    elif typing.get_origin(leaf) is typing.Annotated:
                        pattern = typing.get_args(leaf)[1].pattern
                        assert pattern, field.name
    assert texts == {"actor_id", "published_by", "verified_by"}


def test_every_item_stands_in_one_group_and_has_its_words() -> None:
    assert sorted(item for group in GROUPS.values() for item in group) == sorted(ITEMS)
    assert all(has_text(f"board.item.{item}") for item in ITEMS)
    assert all(has_text(f"board.group.{group}") for group in GROUPS)
    assert {state.value for state in CouncilState} == set(STATES["council"])
    for prefix, words in (
        ("range", board_facts.Range),
        ("reception-mode", board_facts.ReceptionMode),
        ("help", board_facts.Help),
        ("file-verdict", board.FileVerdict),
    ):
        assert all(has_text(f"value.{prefix}.{word}") for word in words)
