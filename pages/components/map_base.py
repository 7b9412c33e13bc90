"""The constant part of every map: land, towns, railways and stations, from files of our own address."""

import folium
from folium.plugins import MarkerCluster
from folium.template import Template

from dvc_core.geo.reference import reference_map
from dvc_core.i18n import text
from dvc_core.web import vendor

vendor.localise()

_LEAFLET = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet"


class BaseMap(folium.Map):
    """A folium map of one city without tiles; its script is the same on every run, so the browser keeps it.

    It asks for Leaflet, the clusters and our own script only: what folium adds for icons is not used.
    """

    default_js = [  # noqa: RUF012 - folium reads a list
        ("leaflet", vendor.address_of(f"{_LEAFLET}.js")),
        *MarkerCluster.default_js,
        ("tasuki", vendor.address_of("map.js")),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", vendor.address_of(f"{_LEAFLET}.css")),
        *MarkerCluster.default_css,
        ("tasuki_css", vendor.address_of("map.css")),
    ]

    def __init__(self, city: str, *, whole: bool = False) -> None:
        """Frame the city of a code, or with `whole` all cities; ValueError if the map does not have it."""
        reference = reference_map()
        own = reference.city(city)
        if own is None:
            raise ValueError(f"city {city!r} is not on the map")
        box = reference.box if whole else own.box
        west, south, east, north = box
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            tiles=None,
            zoom_start=13,
            zoom_snap=0.25,
        )
        # folium hands its limits to tiles only; without tiles the map must know them, or clusters break.
        self.options |= {"min_zoom": 11, "max_zoom": 19}
        # Where the councils stand on the map (whole) their captions say the cities' names.
        _Land(
            url=vendor.address_of("base.json"),
            city=city,
            box=box,
            limits=reference.box,
            names=not whole,
            attribution=reference.short_attribution,
            missing=text("map.missing"),
        ).add_to(self)


class _Land(folium.MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "tasuki.base({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, **options: object) -> None:
        super().__init__()
        self._name = "Land"
        self.options = options
