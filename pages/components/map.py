"""The one map of all desks (ニーズ, マッチング・送り出し, 帰着, 情報共有): folium without the internet.

The base map is constant and drawn from files of our own address; what changes travels as plain points in one
feature group, so that a rerun is quick and keeps zoom and place.
"""

from collections.abc import Sequence

import folium
import msgspec
import streamlit as st
from folium.template import Template
from streamlit_folium import st_folium

from dvc_core.geo import symbols
from dvc_core.geo.councils import councils
from dvc_core.geo.feature import Feature, spread
from dvc_core.i18n import text
from pages.components import map_legend
from pages.components.map_base import BaseMap

HEIGHT = 460
"""Pixels: leaves head and legend in sight on a tablet, and room to scroll beside it on a telephone."""

_RANKS = {"need": 0, "council": 1, "center": 2, "team": 3}


class MapAnswer(msgspec.Struct, frozen=True):
    """What a person tapped: a point of the map (`id`, `kind`), or a place (`kind` "place", `id` None)."""

    kind: str
    id: str | None
    lat: float
    lng: float


def show(
    key: str,
    features: Sequence[Feature],
    *,
    whole: bool = False,
    placing: bool = False,
    chosen: str | None = None,
    height: int = HEIGHT,
    legend: bool = True,
) -> MapAnswer | None:
    """Draw the map; the answer is a tap that this run is the first to see, else None.

    It frames the own council's city, with `whole` all cities of the map (the board). With `placing` a tap
    beside the points means a place, answered with its latitude and longitude. `chosen` marks the point that
    the page speaks of.
    """
    given = st_folium(
        BaseMap(councils().own, whole=whole),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=layer(features, placing=placing, chosen=chosen),
    )
    if placing:
        st.caption(text("map.place"))
    if legend:
        map_legend.show(features)
    return _fresh(key, given, features)


def layer(
    features: Sequence[Feature], *, placing: bool = False, chosen: str | None = None
) -> folium.FeatureGroup:
    """All that changes on a map, for the browser to draw anew."""
    group = folium.FeatureGroup()
    _Points(features, placing=placing, chosen=chosen).add_to(group)
    return group


def _fresh(key: str, given: object, features: Sequence[Feature]) -> MapAnswer | None:
    """The tap, unless it was answered before: the component repeats its last value on every run."""
    drawing = given.get("last_active_drawing") if isinstance(given, dict) else None
    if not drawing:
        return None
    facts = drawing["properties"]
    seen = f"{key}-tap"
    if st.session_state.get(seen) == facts.get("tap"):
        return None
    st.session_state[seen] = facts.get("tap")
    if facts["kind"] == "place":
        lng, lat = drawing["geometry"]["coordinates"]
        return MapAnswer("place", None, round(lat, 5), round(lng, 5))
    # The drawn point may stand a little off its place; and a point that is gone by now is no answer.
    tapped = next((feature for feature in features if feature.id == facts.get("id")), None)
    return MapAnswer(tapped.kind, tapped.id, tapped.lat, tapped.lng) if tapped else None


class _Points(folium.MacroElement):
    """The points as the map's own script reads them.

    folium's GeoJson would say each look once for every point, and compile all of it as a template, where a
    brace in a label is code. So looks are told once, points refer to them, and nothing is compiled.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "tasuki.run({{ this._parent.get_name() }}, {{ this.looks }}, {{ this.points }}, {{ this.wishes }});"
        "{% endmacro %}"
    )

    def __init__(self, features: Sequence[Feature], *, placing: bool, chosen: str | None) -> None:
        super().__init__()
        self._name = "Points"
        looks = {symbols.key(feature): feature for feature in features}
        number = {name: place for place, name in enumerate(looks)}
        self.looks = _script([_look(feature) for feature in looks.values()])
        self.points = _script(
            [
                [feature.id, number[symbols.key(feature)], feature.label, feature.lat, feature.lng]
                for feature in spread(features)
            ]
        ).replace("{", "\\u007b")
        self.wishes = _script({"placing": placing, "chosen": chosen})

    def render(self, **_kwargs: object) -> None:
        """Nothing for a page of folium's own: the component takes the script alone."""


def _look(feature: Feature) -> dict[str, object]:
    """What all points with this symbol have in common."""
    urgent = feature.priority == "urgent"
    return {
        "kind": feature.kind,
        "svg": symbols.symbol(feature),
        "size": symbols.size(feature),
        # What of the symbol stands on the place, in sides from its top: the tip's end, or the middle.
        "foot": symbols.TIP_END if symbols.points_down(feature) else 0.5,
        "words": text(f"map.state.{feature.kind}.{feature.state}"),
        "urgent": urgent,
        "red": feature.hazard == "red",
        "rank": _RANKS[feature.kind] + urgent,
    }


def _script(value: object) -> str:
    """A value as JavaScript that may stand in a page: no tag can be closed in it."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")
