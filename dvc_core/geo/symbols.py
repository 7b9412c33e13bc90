"""The map's symbols: shape and colour together, so that no colour-blind eye and no grey print loses a state.

Each state has its own shape *and* its own colour; urgency enlarges a symbol and puts a mark in it; the
sticker of quick inspection is a badge at its corner, in the sticker's colour and with its own shape. Colours
are checked for contrast (WCAG 1.4.11: at least 3 to 1 against the map's ground) in the tests.
"""

from functools import cache
from typing import Final

import msgspec

from dvc_core.geo.feature import STATES, Feature, Hazard, Kind

GROUND: Final = "#f6f3ec"
"""The colour of the land on the base map."""


class Look(msgspec.Struct, frozen=True):
    """How a state looks: an SVG path in a box of 24 × 24, its colour, and a mark drawn over it in white."""

    path: str
    colour: str
    mark: str = ""


_CIRCLE = "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z"
_RING = _CIRCLE + "M12 6a6 6 0 1 1 0 12a6 6 0 1 1 0-12z"
_DIAMOND = "M12 .5L23.5 12L12 23.5L.5 12z"
_SQUARE = "M3 3h18v18H3z"
_HEXAGON = "M6.5 2.5h11L23.5 12l-6 9.5h-11L.5 12z"
_TRIANGLE = "M12 1L23.5 22H.5z"
_OCTAGON = "M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z"
_FLAG = "M4 1h18l-5 6.5L22 14H7v9H4z"
_PIN_FLAG = "M4 1h18v13H7v9H4z"
_STAR = "M12 .5l3.4 7.6 8.3.8-6.2 5.5 1.8 8.1L12 18.3l-7.3 4.2 1.8-8.1L.3 8.9l8.3-.8z"
_HOUSE = "M12 1L23.5 11H20v12H4V11H.5z"
_SHIELD = "M2 2h20v11c0 5-4.5 8.5-10 10.5C6.5 21.5 2 18 2 13z"

_TIP = "M7.5 22.6L12 29.5L16.5 22.6z"
TIP_END: Final = 29.5 / 24
"""How far below its top a symbol's tip ends, in sides of the symbol."""

_CHECK = "M6.5 12.5l3.7 3.7 7.3-8"
_CROSS = "M8 8l8 8M16 8l-8 8"
_BANG = "M12 6v7.5M12 16.5v1.8"
_SMALL_BANG = "M12 8.6v3.6M12 15.2v.2"
_BARS = "M9 7.5v9M15 7.5v9"
_DASH = "M7 12h10"
_QUERY = "M8.7 9a3.3 3.3 0 1 1 4.6 3c-1 .5-1.3 1-1.3 2.2M12 17.3v1.5"
_UP = "M12 17V7.5M8 11.3l4-4 4 4"
_DOWN = "M12 7v9.5M8 12.7l4 4 4-4"
_DOTS = "M7.5 12h.1M12 12h.1M16.5 12h.1"

LOOKS: Final[dict[Kind, dict[str, Look]]] = {
    "need": {
        "received": Look(_RING, "#1d4ed8"),
        "survey": Look(_DIAMOND, "#7c3aed"),
        "ready": Look(_SQUARE, "#b45309"),
        "planned": Look(_HEXAGON, "#0e7490"),
        "active": Look(_TRIANGLE, "#15803d"),
        "done": Look(_CIRCLE, "#5f6b7a", _CHECK),
        "handed": Look(_OCTAGON, "#1f2937", _UP),
    },
    "team": {
        "waiting": Look(_PIN_FLAG, "#57534e"),
        "out": Look(_FLAG, "#1e3a8a"),
        "overdue": Look(_FLAG, "#b91c1c", "M12 3.5v4M12 10v1.2"),
        "back": Look(_PIN_FLAG, "#166534", "M9 7.5l3 3 5.5-6"),
    },
    "center": {
        "main": Look(_STAR, "#111827"),
        "satellite": Look(_HOUSE, "#111827"),
    },
    "council": {
        "none": Look(_SQUARE, "#57606a", _DASH),
        "considering": Look(_DIAMOND, "#a16207", _QUERY),
        "preparing": Look(_HEXAGON, "#7c3aed", _DOTS),
        "open": Look(_SHIELD, "#15803d", _CHECK),
        "paused": Look(_OCTAGON, "#b45309", _BARS),
        "closing": Look(_TRIANGLE, "#0e7490", "M12 10.5v7M9 15l3 3 3-3"),
        "closed": Look(_CIRCLE, "#374151", _CROSS),
        "unknown": Look(_RING, "#6b7280"),
    },
}

BADGES: Final[dict[Hazard, tuple[str, str, str]]] = {
    # path in a box of 12 × 12, fill, line: the sticker's colour, and a shape of its own
    "red": ("M6 .5L11.8 11H.2z", "#c81e1e", "#ffffff"),
    "yellow": ("M1 1h10v10H1z", "#facc15", "#422006"),
    "green": ("M6 .8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4z", "#16803c", "#ffffff"),
    "ungraded": ("M6 .8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4z", "#ffffff", "#374151"),
}

_SIZES: Final[dict[Kind, int]] = {"need": 26, "team": 28, "center": 34, "council": 34}
_URGENT_SIZE: Final = 32
_OLD_COLOUR: Final = "#7a7f87"


def key(feature: Feature) -> str:
    """The name of a feature's symbol: equal keys, equal pictures.

    Raises:
        ValueError: for a state that its kind does not have.
    """
    if feature.state not in STATES[feature.kind]:
        raise ValueError(f"a {feature.kind} has no state {feature.state!r} on the map")
    flags = f"{'r' if feature.rough else ''}{'o' if feature.old else ''}"
    priority = "normal" if feature.priority == "low" else feature.priority
    return f"{feature.kind}/{feature.state}/{priority}/{feature.hazard}/{flags}"


def size(feature: Feature) -> int:
    """The side of the symbol in pixels; urgent needs are larger."""
    return _URGENT_SIZE if feature.kind == "need" and feature.priority == "urgent" else _SIZES[feature.kind]


def symbol(feature: Feature) -> str:
    """The feature's symbol as inline SVG (for HTML: no name space, no address, no text of a user)."""
    return draw(key(feature), size(feature))


@cache
def draw(name: str, side: int) -> str:
    """The symbol of a `key`; its body is `side` pixels wide, badge and tip stand out of it."""
    kind, state, priority, hazard, flags = name.split("/")
    look = LOOKS[kind][state]  # type: ignore[index]  # a key was checked when it was made
    colour = _OLD_COLOUR if "o" in flags else look.colour
    # A white edge keeps neighbours apart; only a point that is known to the house has a tip to point with.
    outline = look.path if kind != "need" or "r" in flags else look.path + _TIP
    parts = [
        f'<path d="{outline}" fill="#fff" stroke="#fff" stroke-width="4.5" stroke-linejoin="round"/>',
        f'<path d="{outline}" fill="{colour}" fill-rule="evenodd"/>',
    ]
    mark = look.mark or _urgency(look, priority)
    if mark:
        parts.append(
            f'<path d="{mark}" fill="none" stroke="{_mark_colour(look)}" stroke-width="2.6"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )
    if hazard in BADGES:
        path, fill, line = BADGES[hazard]
        parts.append(
            f'<g transform="translate(15 -5)"><path d="{path}" fill="{fill}" stroke="{line}"'
            ' stroke-width="1.4" stroke-linejoin="round"/></g>'
        )
    return (
        f'<svg viewBox="-4 -7 32 39" width="{side * 32 // 24}" height="{side * 39 // 24}"'
        f' aria-hidden="true">{"".join(parts)}</svg>'
    )


def swatch(name: str, side: int = 20) -> str:
    """The symbol of a `key` for a line of text: without room for badge and tip, `side` pixels high."""
    tip = name.startswith("need/") and not name.endswith(("r", "ro"))
    box = "-3 -3 30 35" if tip else "-3 -3 30 30"
    inner = draw(name, side).partition(">")[2]
    return f'<svg viewBox="{box}" width="{side}" height="{side}" aria-hidden="true">{inner}'


def badge(hazard: Hazard, side: int = 16) -> str:
    """The badge of a hazard grade alone, for the legend."""
    path, fill, line = BADGES[hazard]
    return (
        f'<svg viewBox="-1 -1 14 14" width="{side}" height="{side}" aria-hidden="true"><path d="{path}"'
        f' fill="{fill}" stroke="{line}" stroke-width="1.4" stroke-linejoin="round"/></svg>'
    )


def points_down(feature: Feature) -> bool:
    """Whether the symbol has a tip, whose end stands on the place."""
    return feature.kind == "need" and not feature.rough


def _urgency(look: Look, priority: str) -> str:
    if priority not in ("urgent", "high"):
        return ""
    return _SMALL_BANG if look.path == _RING else _BANG


def _mark_colour(look: Look) -> str:
    # The ring is hollow: a white mark would vanish in it.
    return look.colour if look.path == _RING else "#ffffff"
