"""Two councils' programs give each other their status by files: taken, known, older, forged, unknown key."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_core.bootstrap import Config, Services, build
from dvc_core.commands.base import Actor, Answer
from dvc_core.commands.board import Publish, TakeFile, VerifyKey
from dvc_core.domain.board import (
    BoardRefusal,
    Compared,
    CouncilBoard,
    FileRefused,
    FileVerdict,
    Signed,
    told_by,
)
from dvc_core.domain.board_facts import CouncilState, Help, Range, Told
from dvc_core.exchange import status_file
from dvc_core.tokens import signing
from dvc_core.tokens.keys import generate
from dvc_core.web import board_files
from tests.support.center import Center, FrozenClock

FUCHU = "13206"
BOARD = Actor(id="board", roles=frozenset({"general"}))
TOLD = Told(
    state=CouncilState.OPEN,
    opened_on=datetime(2026, 7, 30, tzinfo=UTC).date(),
    range_people=Range.NATION,
    needs_total=170,
    needs_left=95,
    people_on_site=132,
    help=Help.ASKED,
    help_staff=4,
)


@pytest.fixture
def fuchu(tmp_path: Path) -> Iterator[Center]:
    """府中's program: its own data, keys and clock."""
    clock = FrozenClock()
    services = build(Config(data=tmp_path / "fuchu", council_id=FUCHU), clock=clock, wall=clock)
    yield Center(services, clock)
    services.close()


def published(fuchu: Center, told: Told = TOLD, seen: int = 0) -> bytes:
    fuchu.must(Publish(told=told, seen_number=seen), BOARD)
    made = board_files.write(fuchu.services)
    assert made is not None
    assert made.number == seen + 1
    return made.content


def bring(services: Services, raw: bytes) -> Answer:
    return services.do(TakeFile(raw=raw), BOARD)


def verdict(services: Services, raw: bytes) -> FileVerdict:
    answer = bring(services, raw)
    if answer.refusal:
        assert answer.refusal.code == "board-known"
        return FileVerdict.KNOWN
    event = answer.events[0]
    return event.verdict if isinstance(event, FileRefused) else FileVerdict.TAKEN


def compare(center: Center, raw: bytes) -> None:
    found = board_files.read(center.services, raw)
    assert found.council_code
    assert found.key_id
    assert found.public_key
    command = VerifyKey(
        council_code=found.council_code,
        key_id=found.key_id,
        public_key=found.public_key,
        compared=Compared.TELEPHONE,
    )
    center.must(command, BOARD)


def boards(center: Center) -> list[CouncilBoard]:
    with center.services.reader() as reader:
        return reader.find(CouncilBoard)


def test_the_file_has_exactly_the_fields_of_the_format(fuchu: Center) -> None:
    file = json.loads(published(fuchu))
    assert set(file) == {
        *("format", "council_code", "key_id", "number", "as_of", "state", "signature", "public_key")
    }
    assert (file["format"], file["council_code"], file["number"]) == ("tasuki-board/1", FUCHU, 1)
    assert file["as_of"] == "2026-07-28T09:00:00+00:00"
    assert file["state"] == {
        "state": "open",
        "opened_on": "2026-07-30",
        "range_people": "nation",
        "needs_total": 170,
        "needs_left": 95,
        "people_on_site": 132,
        "help": "asked",
        "help_staff": 4,
    }


def test_a_key_is_compared_once_and_then_its_files_are_taken(center_on_both: Center, fuchu: Center) -> None:
    center = center_on_both
    first = published(fuchu)
    assert verdict(center.services, first) is FileVerdict.UNKNOWN_KEY
    assert verdict(center.services, first) is FileVerdict.UNKNOWN_KEY
    assert boards(center) == []
    found = board_files.read(center.services, first)
    assert found.key_id
    assert found.public_key
    shown = board_files.fingerprint(found.key_id, found.public_key)
    assert shown == fuchu.services.keys.current.public.fingerprint()
    assert [len(group) for group in shown.split()] == [4] * 12
    compare(center, first)
    assert verdict(center.services, first) is FileVerdict.TAKEN
    assert verdict(center.services, first) is FileVerdict.KNOWN
    row = boards(center)[0]
    assert (row.council_code, row.number, told_by(row)) == (FUCHU, 1, TOLD)
    fuchu.clock.forward(minutes=30)
    center.clock.forward(minutes=30)
    second = published(fuchu, msgspec.structs.replace(TOLD, needs_left=90), seen=1)
    assert verdict(center.services, second) is FileVerdict.TAKEN
    assert verdict(center.services, first) is FileVerdict.OLDER
    assert told_by(boards(center)[0]).needs_left == 90
    with center.services.reader() as reader:
        kept = {row.verdict: row for row in reader.find(BoardRefusal)}
    assert set(kept) == {FileVerdict.UNKNOWN_KEY, FileVerdict.OLDER}
    assert kept[FileVerdict.UNKNOWN_KEY].times == 2


def test_the_same_number_with_other_content_is_not_taken(center: Center, fuchu: Center) -> None:
    raw = published(fuchu)
    compare(center, raw)
    assert verdict(center.services, raw) is FileVerdict.TAKEN
    key = fuchu.services.keys.current
    other = msgspec.structs.replace(TOLD, needs_left=1)
    plain = status_file.document(FUCHU, 1, fuchu.clock.at, other, key.public.base64url)
    assert verdict(center.services, status_file.written(signing.sign(plain, key))) is FileVerdict.OLDER
    assert told_by(boards(center)[0]) == TOLD


def test_a_new_key_must_be_compared_anew_and_counts_from_one(center: Center, fuchu: Center) -> None:
    first = published(fuchu)
    compare(center, first)
    assert verdict(center.services, first) is FileVerdict.TAKEN
    new = generate(FUCHU, fuchu.clock.at)
    plain = status_file.document(FUCHU, 1, fuchu.clock.at, TOLD, new.public.base64url)
    fresh = status_file.written(signing.sign(plain, new))
    assert verdict(center.services, fresh) is FileVerdict.UNKNOWN_KEY
    compare(center, fresh)
    assert verdict(center.services, fresh) is FileVerdict.TAKEN
    assert verdict(center.services, first) is FileVerdict.UNKNOWN_KEY


def test_another_councils_key_a_drills_key_and_a_clock_ahead_are_refused(
    center: Center, fuchu: Center
) -> None:
    chofu, drill, mine = (
        generate("13208", fuchu.clock.at),
        generate(FUCHU, fuchu.clock.at, drill=True),
        fuchu.services.keys.current,
    )
    compare(center, published(fuchu))
    ahead = fuchu.clock.at + timedelta(minutes=11)
    for key, at in ((chofu, fuchu.clock.at), (drill, fuchu.clock.at), (mine, ahead)):
        plain = status_file.document(FUCHU, 9, at, TOLD, key.public.base64url)
        raw = status_file.written(signing.sign(plain, key))
        assert verdict(center.services, raw) is FileVerdict.FORGED, key
    assert boards(center) == []


def test_the_own_file_brought_back_changes_nothing(fuchu: Center) -> None:
    raw = published(fuchu)
    before = boards(fuchu)
    assert verdict(fuchu.services, raw) is FileVerdict.KNOWN
    assert boards(fuchu) == before


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"format":"tasuki-board/1"}',
        b'{"a":1,"a":2}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"number":1e999}',
        b" " * (status_file.MOST_BYTES + 1),
        b'{"key_id":"13206-abcd","public_key":"x","signature":"\\ud800","number":NaN}',
        b'{"key_id":"13206-abcd","signature":"\\ud800"}',
    ],
)
def test_what_is_no_status_file_is_forged_and_kept_as_refused(center: Center, raw: bytes) -> None:
    assert verdict(center.services, raw) is FileVerdict.FORGED
    with center.services.reader() as reader:
        assert [row.verdict for row in reader.find(BoardRefusal)] == [FileVerdict.FORGED]
    assert boards(center) == []


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Center, bytes]]:
    """A center that believes 府中's key, and a file that it has not yet taken."""
    folder, clock = tmp_path_factory.mktemp("trusting"), FrozenClock()
    theirs = build(Config(data=folder / "fuchu", council_id=FUCHU), clock=clock, wall=clock)
    ours = build(Config(data=folder / "koganei"), clock=clock, wall=clock)
    center = Center(ours, clock)
    raw = published(Center(theirs, clock))
    compare(center, raw)
    yield center, raw
    theirs.close()
    ours.close()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_byte_passes(trusting: tuple[Center, bytes], data: st.DataObject) -> None:
    """Whatever byte is changed, nothing else than the very same document is believed."""
    center, raw = trusting
    place = data.draw(st.integers(0, len(raw) - 2), label="place")
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != raw[place]), label="byte")
    changed = raw[:place] + bytes([byte]) + raw[place + 1 :]
    assert board_files.read(center.services, changed).signed is not Signed.VALID
    assert board_files.read(center.services, raw).signed is Signed.VALID


values = (
    st.none() | st.booleans() | st.integers(-5, 2_000_000) | st.text(max_size=8) | st.lists(st.integers())
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_field_passes(trusting: tuple[Center, bytes], data: st.DataObject) -> None:
    center, raw = trusting
    file = json.loads(raw)
    inside = data.draw(st.booleans(), label="inside")
    where = file["state"] if inside else file
    name = data.draw(st.sampled_from(sorted(where)) | st.text(min_size=1, max_size=6), label="name")
    value = data.draw(
        values.filter(lambda v: v is not where.get(name) and v != where.get(name)), label="value"
    )
    where[name] = value
    changed = json.dumps(file, ensure_ascii=True).encode()
    assert board_files.read(center.services, changed).signed is not Signed.VALID


def test_spaces_and_order_are_no_change_but_the_same_document(trusting: tuple[Center, bytes]) -> None:
    center, raw = trusting
    pretty = json.dumps(dict(reversed(json.loads(raw).items())), indent=2).encode()
    assert board_files.read(center.services, pretty) == board_files.read(center.services, raw)


@settings(max_examples=60, deadline=None)
@given(st.builds(Told), st.integers(0, 1_000_000))
def test_every_state_survives_being_written_and_read(told: Told, number: int) -> None:
    now = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)
    key = generate(FUCHU, now)
    signed = signing.sign(status_file.document(FUCHU, number, now, told, key.public.base64url), key)
    raw = status_file.written(signed)
    found = status_file.opened(raw)
    assert found == signed
    read = status_file.reading(raw, found, signed=Signed.VALID, content=b"x", public_key=None)
    assert (read.told, read.number, read.as_of) == (told, number, now)
