"""The alphabet of events: ids, codes, numbers, dates — nothing that could name a person or hold a text."""

import types
import typing
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import msgspec
import pytest

from dvc_core.domain.kernel import Code, Coordinate, Digest, Event, Row, event_kinds, tables

PLAIN = (UUID, int, bool, date, datetime, time)
CODES = (Code, Digest, Coordinate)


def allowed(hint: Any) -> bool:  # noqa: PLR0911 - one line a shape of annotation
    if hint in CODES or hint in PLAIN:
        return True
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return all(allowed(h) for h in typing.get_type_hints(hint, include_extras=True).values())
    origin = get_origin(hint)
    if origin is Annotated:
        base = get_args(hint)[0]
        return base in PLAIN or base is float
    if origin in (Union, types.UnionType):
        return all(each is type(None) or allowed(each) for each in get_args(hint))
    if origin is tuple:
        return all(each is Ellipsis or allowed(each) for each in get_args(hint))
    if origin is dict:
        key, value = get_args(hint)
        return key in CODES and allowed(value)
    return False


@pytest.mark.parametrize("kind", sorted(event_kinds()))
def test_an_event_holds_no_name_and_no_text(kind: str) -> None:
    cls = event_kinds()[kind]
    hints = typing.get_type_hints(cls, include_extras=True)
    bad = {f: hints[f] for f in cls.__struct_fields__ if not allowed(hints[f])}
    assert bad == {}


def test_a_text_in_an_event_is_seen() -> None:
    class Talkative(Event, frozen=True, kw_only=True):
        words: str

    assert not allowed(typing.get_type_hints(Talkative, include_extras=True)["words"])


def test_every_event_changes_a_folded_row_and_tells_what_happened() -> None:
    rows = set(tables(Row).values())
    for kind, cls in event_kinds().items():
        assert cls.subject in rows, kind
        assert cls.__doc__, kind
        assert kind.count(".") == 1, kind
        assert cls.evolve is not Event.evolve, kind
