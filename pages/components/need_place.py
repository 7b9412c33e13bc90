"""場所: an address becomes a point with its match level in words; candidates and the map are for a person."""

import msgspec
import streamlit as st

from dvc_core.domain.need import Need, Place, Site, place_of
from dvc_core.geo import geocode
from dvc_core.geo.councils import councils
from dvc_core.geo.feature import Feature
from dvc_core.geo.spot import town_of
from dvc_core.i18n import text
from pages.components import map as desk_map
from pages.components.plain import plain


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The place that the form would save now. `open`: a person has to look before it is saved."""

    place: Place
    town: str
    words: str
    open: bool


class _Hand(msgspec.Struct, frozen=True):
    """A place tapped on the map, for the address it was tapped for."""

    address: str
    place: Place
    town: str


def choose(key: str, address: str, kept: Need | None = None, site: Site | None = None) -> Chosen:
    """Say what the address was taken for, and offer what else it may be; inside a form or not."""
    hand = st.session_state.get(f"{key}-hand")
    if hand is not None and hand.address == address.strip():
        return _said(Chosen(place=hand.place, town=hand.town, words=text("need.match.hand"), open=False))
    if kept is not None and site is not None and site.address == address.strip():
        words = text(f"need.match.{kept.match_level}")
        return _said(Chosen(place=place_of(kept), town=site.town, words=words, open=False))
    if not address.strip():
        return Chosen(place=Place(), town="", words=text("need.match.none"), open=False)
    found = geocode.geocode(address, city=councils().own)
    options = _options(found)
    number = 0
    if len(options) > 1:
        number = st.radio(
            "この住所は、どこですか",
            range(len(options)),
            format_func=lambda n: options[n][0],
            key=f"{key}-candidate-{address}",
        )
    for problem in found.problems:
        st.caption(
            f"{text(f'problem.{problem.code}', **problem.facts)}"
            f"{text(f'problem.{problem.code}.hint', **problem.facts)}"
        )
    _label, place, town = options[number]
    words = f"{found.city or ''}{town}　{text(f'need.match.{place.match_level}')}".strip()
    return _said(Chosen(place=place, town=town, words=words, open=len(options) > 1 or place.lat is None))


def _said(chosen: Chosen) -> Chosen:
    st.markdown(f"**位置**　{plain(chosen.words)}")
    return chosen


def _options(found: geocode.Place) -> list[tuple[str, Place, str]]:
    """The geocoder's own answer first, then each candidate, and at last none of them."""
    level = found.level if found.lat is not None else ("city" if found.level == "city" else "none")
    own = Place(
        lat=found.lat,
        lng=found.lng,
        city_code=found.city_code,
        match_level=level if found.city_code else "none",
    )
    level_words = text(f"need.match.{own.match_level}")
    first = f"{found.city or ''}{found.town or found.machi or ''}　{level_words}"
    options = [(first, own, found.town or found.machi or "")]
    for each in found.candidates:
        place = Place(
            lat=round(each.lat, 5),
            lng=round(each.lng, 5),
            city_code=each.city_code,
            match_level="town",
        )
        if (place.lat, place.lng) != (own.lat, own.lng):
            options.append((f"{each.city}{each.town}", place, each.town))
    if len(options) > 1 and own.lat is not None:
        options.append(("どれでもない（位置なしで受け付ける）", Place(), ""))
    return options


def correct(key: str, address: str, now: Place) -> None:
    """「地図で直す」: a tap on the map is the place, for as long as the address stays what it is."""
    if not st.toggle("地図で直す（押した所が場所になります）", key=f"{key}-map-on"):
        return
    features = []
    if now.lat is not None and now.lng is not None:
        features = [
            Feature(
                id="here",
                kind="need",
                lat=now.lat,
                lng=now.lng,
                state="received",
                label="ここ",
                rough=now.match_level != "hand",
            )
        ]
    tapped = desk_map.show(f"{key}-map", features, placing=True, height=380, legend=False)
    if tapped is None or tapped.kind != "place":
        return
    spot = town_of(tapped.lat, tapped.lng)
    place = Place(
        lat=spot.lat,
        lng=spot.lng,
        city_code=spot.city_code,
        match_level="hand",
    )
    st.session_state[f"{key}-hand"] = _Hand(address.strip(), place, spot.town or "")
    st.rerun()
