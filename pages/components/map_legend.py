"""What the symbols of a map mean, with how many of each there are, and where the map comes from."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from dvc_core.geo import symbols
from dvc_core.geo.feature import Feature, tally
from dvc_core.geo.reference import reference_map
from dvc_core.i18n import text

_STYLE = (
    "display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;font-size:14px;line-height:1.5;"
    "margin:0 0 2px 0;"
)

_ITEM = "display:inline-flex;align-items:center;gap:3px;white-space:nowrap"


def show(features: Sequence[Feature]) -> None:
    """The legend of what is on the map now; a symbol that is not there is not explained."""
    st.markdown(markup(features), unsafe_allow_html=True)
    with st.popover(text("map.sources"), type="tertiary"):
        for source in reference_map().sources:
            if source.attribution:
                st.caption(f"{source.title}: {source.attribution}（{source.date}）")


def markup(features: Sequence[Feature]) -> str:
    """The legend as HTML; every word in it is the catalogue's."""
    if not features:
        return f'<div style="{_STYLE}">{escape(text("map.empty"))}</div>'
    return "".join(f'<div style="{_STYLE}">{"".join(row)}</div>' for row in _rows(features) if row)


def _rows(features: Sequence[Feature]) -> Iterable[list[str]]:
    kinds = dict.fromkeys(kind for kind, _state in tally(features))
    for kind in kinds:
        yield [
            f"<b>{escape(text(f'map.kind.{kind}'))}</b>",
            *(
                _item(
                    symbols.swatch(f"{kind}/{state}/normal/none/r"), text(f"map.state.{kind}.{state}"), count
                )
                for (of_kind, state), count in tally(features).items()
                if of_kind == kind
            ),
        ]
    yield list(_marks(features))


def _marks(features: Sequence[Feature]) -> Iterable[str]:
    graded = [grade for grade in symbols.BADGES if any(feature.hazard == grade for feature in features)]
    if graded:
        yield f"<b>{escape(text('map.hazards'))}</b>"
        for grade in graded:
            count = sum(feature.hazard == grade for feature in features)
            yield _item(symbols.badge(grade), text(f"map.hazard.{grade}"), count)
    needs = [feature for feature in features if feature.kind == "need"]
    if any(feature.priority in ("urgent", "high") for feature in needs):
        yield _item(symbols.swatch("need/ready/urgent/none/r"), text("map.urgency"))
    for rough, name in ((False, "map.exact"), (True, "map.rough")):
        if any(feature.rough is rough for feature in needs):
            yield _item(symbols.swatch(f"need/ready/normal/none/{'r' * rough}"), text(name))
    if any(feature.old for feature in features):
        yield _item(symbols.swatch("council/open/normal/none/o"), text("map.old"))


def _item(picture: str, words: str, count: int | None = None) -> str:
    shown = escape(words) + ("" if count is None else f" {count}")
    return f'<span style="{_ITEM}">{picture}{shown}</span>'
