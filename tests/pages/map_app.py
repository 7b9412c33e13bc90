"""A page with nothing but the map on it, for its tests and its benchmark; the address says what is on it."""

import json
import random

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dvc_core.geo.councils import councils
from dvc_core.geo.feature import STATES, Feature
from dvc_core.geo.reference import reference_map
from dvc_core.web import vendor

app = st.App("app.py", routes=vendor.routes())


def needs(count: int) -> list[Feature]:
    """Needs of the own city's towns, the same ones every time."""
    dice = random.Random(7)
    towns = [town for town in reference_map().towns if town.city_code == councils().own]
    return [
        Feature(
            id=f"need-{number}",
            kind="need",
            lat=town.lat,
            lng=town.lng,
            state=dice.choice(STATES["need"]),
            label=f"N-{number:03}",
            rough=dice.random() < 0.7,
            priority=dice.choices(("urgent", "high", "normal"), (1, 2, 9))[0],
            hazard=dice.choices(("red", "yellow", "green", "ungraded", "none"), (1, 2, 5, 2, 4))[0],
        )
        for number, town in enumerate(dice.choices(towns, k=count))
    ]


def asked_for(label: str) -> list[Feature]:
    """One need and one team whose label the test chooses."""
    facts = {"kind": "team", "state": "overdue", "label": label}
    return [
        Feature(
            id="one",
            kind="need",
            lat=35.7135,
            lng=139.515,
            state="received",
            label="N-900",
            priority="urgent",
        ),
        Feature(id="squad", lat=35.6905, lng=139.5001, **facts),
    ]


def board() -> list[Feature]:
    """Every council, each in another state."""
    return [
        Feature(
            id=council.code,
            kind="council",
            lat=council.mark()[0],
            lng=council.mark()[1],
            state=state,
            label=council.city,
            old=state == "open",
        )
        for council, state in zip(councils().councils, STATES["council"], strict=True)
    ]


def page() -> None:
    """The map, and below it what the page has been told."""
    # After the guard: an application that is only being made has no page to set up.
    from pages.components import map as desk_map

    st.set_page_config(layout="wide", page_title="地図")
    asked = st.query_params
    features = needs(int(asked.get("needs", "0")))
    features += asked_for(asked.get("label", "1班")) if "one" in asked else []
    features += board() if "board" in asked else []
    placing = st.toggle("場所を直す")
    if st.toggle("班を足す"):
        features.append(Feature(id="more", kind="team", lat=35.7, lng=139.49, state="out", label="2班"))
    # A map that nobody sees yet: the tab before it is the open one.
    place = st.tabs(["一覧", "地図"])[1] if "tab" in asked else st.container()
    with place:
        answer = desk_map.show("map", features, placing=placing, whole="board" in asked)
    told = st.session_state.setdefault("told", {"runs": 0, "answers": []})
    told["runs"] += 1
    if answer is not None:
        told["answers"].append([answer.kind, answer.id, answer.lat, answer.lng])
    st.code(json.dumps(told))


if get_script_run_ctx(suppress_warning=True) is not None:
    page()
