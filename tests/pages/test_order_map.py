"""The order's map and way, from the council's own files: known stations, the center where it is known."""

import shutil
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dvc_core.bootstrap import REFERENCE
from dvc_core.domain.need import Need
from dvc_core.forms.drawing import draw_map
from pages.components.order_map import route, sketch
from tests.support.center import START

KOGANEI: Any = SimpleNamespace(council_id="13210", config=SimpleNamespace(reference=REFERENCE))
KOMAE: Any = SimpleNamespace(council_id="13219", config=SimpleNamespace(reference=REFERENCE))


def need(lat: float | None, lng: float | None) -> Need:
    return Need(
        id=uuid.UUID(int=1),
        operation_id=uuid.UUID(int=2),
        number=1,
        received_at=START,
        lat=lat,
        lng=lng,
        match_level="town",
    )


@pytest.mark.parametrize("place", [(None, None), (35.7, None), (None, 139.5)])
def test_without_a_place_there_is_neither_map_nor_way(place: tuple[float | None, float | None]) -> None:
    assert sketch(KOGANEI, need(*place)) is None
    assert route(KOGANEI, need(*place)) is None
    assert sketch(KOGANEI, None) is None


def test_a_house_in_koganei_is_found_from_the_station_while_the_center_is_undecided() -> None:
    house = need(35.6935, 139.5265)
    drawn = draw_map(sketch(KOGANEI, house))  # type: ignore[arg-type]
    names = [label["text"] for label in drawn["labels"]]
    assert "新小金井駅" in names
    assert len([name for name in names if name.endswith("丁目")]) >= 6
    assert drawn["center"] is None, "the middle of the city is no center"
    assert route(KOGANEI, house) == "新小金井駅から南へ 約 340 m、歩いて約 5 分（直線からの概算）"


def test_where_the_center_is_known_the_way_begins_there() -> None:
    house = need(35.6400, 139.5770)
    found = sketch(KOMAE, house)
    assert found is not None
    assert found.center == (139.56768, 35.6333)
    assert route(KOMAE, house) == "センターから北東へ 約 1.5 km、歩いて約 19 分（直線からの概算）"
    drawn = draw_map(found)
    assert drawn["center"] is not None
    # Towns without an outline of their own are named at their point.
    assert len([label for label in drawn["labels"] if label["text"].endswith("丁目")]) >= 4


def test_a_center_far_away_is_told_but_not_drawn() -> None:
    house = need(35.6500, 139.5300)
    found = sketch(KOMAE, house)
    assert found is not None
    assert found.center is None
    assert str(route(KOMAE, house)).startswith("センターから北西へ 約 5.")


def test_far_from_all_that_is_known_there_is_a_map_but_no_way(tmp_path: Path) -> None:
    shutil.copy(REFERENCE / "councils.toml", tmp_path)
    away: Any = SimpleNamespace(council_id="13210", config=SimpleNamespace(reference=tmp_path))
    house = need(43.06, 141.35)
    assert sketch(away, house) is not None
    assert route(away, house) is None
