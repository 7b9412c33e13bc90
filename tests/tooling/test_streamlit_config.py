"""The settings of the screens: each key exists, nothing is fetched, and what is written can be read.

Contrast is WCAG 2.2: 4.5 for text (1.4.3), 3 for the edges of what one can press or fill in (1.4.11).
"""

import re
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from streamlit.config import get_config_options

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
COLOURS = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


SETTINGS = _flat(tomllib.loads(CONFIG.read_text(encoding="utf-8")))
THEME = {key.removeprefix("theme."): value for key, value in SETTINGS.items() if key.startswith("theme.")}


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("key", SETTINGS)
def test_the_installed_streamlit_knows_the_key(key: str) -> None:
    assert key in get_config_options()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("client.disableDataExport", True),
        ("runner.postScriptGC", False),
        ("server.fileWatcherType", "none"),
        ("server.headless", True),
    ],
)
def test_what_others_rely_on(key: str, value: object) -> None:
    assert SETTINGS[key] == value


def test_nothing_is_fetched_for_the_look() -> None:
    assert "://" not in CONFIG.read_text(encoding="utf-8")
    assert not re.search(r"fontFaces|url", CONFIG.read_text(encoding="utf-8"))


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor", "sidebar.backgroundColor"])
def test_text_can_be_read_on_every_ground(ground: str) -> None:
    texts = ["textColor", "linkColor", "primaryColor", *(f"{name}TextColor" for name in COLOURS)]
    for text in texts:
        assert contrast(THEME[text], THEME[ground]) >= 4.5, (text, ground)


def test_text_can_be_read_on_its_coloured_ground() -> None:
    for name in COLOURS:
        assert contrast(THEME[f"{name}TextColor"], THEME[f"{name}BackgroundColor"]) >= 4.5, name
    assert contrast(THEME["dataframeHeaderTextColor"], THEME["dataframeHeaderBackgroundColor"]) >= 4.5
    assert contrast("#ffffff", THEME["primaryColor"]) >= 4.5, "the words on a primary button"


def test_edges_and_chart_colours_stand_out() -> None:
    edges = [
        THEME["borderColor"],
        THEME["dataframeBorderColor"],
        *(THEME[f"{name}Color"] for name in COLOURS),
    ]
    grounds = [THEME["backgroundColor"], THEME["secondaryBackgroundColor"]]
    for edge, ground in product([*edges, *THEME["chartCategoricalColors"]], grounds):
        assert contrast(edge, ground) >= 3, (edge, ground)


def test_text_is_large_enough_for_a_tablet_at_arms_length() -> None:
    assert THEME["baseFontSize"] >= 17
