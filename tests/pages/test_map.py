"""The one map, as a page's code and in a real browser without any way out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import FrameLocator, Page, expect
from streamlit.testing.v1 import AppTest

from dvc_core.geo.feature import Feature
from dvc_core.geo.reference import reference_map
from dvc_core.geo.spot import town_of
from pages.components import map as desk_map
from pages.components import map_legend
from pages.components.map_base import BaseMap
from tests.pages import map_app
from tests.pages.map_server import serving
from tests.support.browser import shot
from tests.support.waiting import until

NASTY = "<img src=x onerror=window.hacked=1>{{7*7}}{% raw %}'\"\\"


def feature(number: int, **facts) -> Feature:
    return Feature(
        **{
            "id": f"need-{number}",
            "kind": "need",
            "lat": 35.70155,
            "lng": 139.51083,
            "state": "ready",
            "label": f"N-{number:03}",
            **facts,
        }
    )


def script_of(features: list[Feature], **wishes) -> str:
    """What the browser is given for the changing part of a map."""
    group = desk_map.layer(features, **wishes)
    (points,) = (child for child in group._children.values() if hasattr(child, "looks"))
    return points._template.module.script(points)


# The page's side ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_no_map_of_ours_names_another_server(whole):
    base = BaseMap("13210", whole=whole)
    desk_map.layer([feature(1), feature(2, kind="team", state="out")]).add_to(base)
    page = base.get_root().render()
    tags = re.findall(r"<(?:script|style|link)\b.*?(?:</script>|</style>|/>)", page, flags=re.DOTALL)
    assert len(tags) > 5
    assert [tag for tag in tags if "http" in tag.replace('http-equiv="content-type"', "")] == []
    assert not re.search(r"(?:src|href)=\"(?!/vendor/)", page)


def test_the_constant_part_is_the_same_on_every_run():
    def text(base: BaseMap) -> str:
        return re.sub(r"_[0-9a-f]{32}", "", base.get_root().render())

    assert text(BaseMap("13210")) == text(BaseMap("13210"))
    assert text(BaseMap("13210")) != text(BaseMap("13204"))


def test_a_city_that_is_not_on_the_map_is_a_mistake():
    with pytest.raises(ValueError, match="99999"):
        BaseMap("99999")


def test_texts_are_data_and_never_code():
    script = script_of([feature(1, label=NASTY)])
    assert "<" not in script
    assert "{{" not in script
    assert "{%" not in script
    points = json.loads(script.split("], [[")[1].join(["[[", ""]).split("]], {")[0] + "]]")
    assert points[0][2] == NASTY


def test_a_look_is_sent_once_however_many_points_have_it():
    few, many = (script_of([feature(n) for n in range(count)]) for count in (1, 200))
    assert few.count("<svg") == many.count("<svg") == 0  # the tag is written without its bracket
    assert few.count("\\u003csvg") == many.count("\\u003csvg") == 1
    assert len(many) < len(few) + 200 * 60


def test_the_legend_explains_what_is_there_and_nothing_else():
    shown = map_legend.markup([feature(1), feature(2), feature(3, state="done", hazard="red", rough=True)])
    words = re.sub(r"<[^>]+>", " ", shown)
    assert re.search(r"マッチング待ち 2", words)
    assert re.search(r"完了・完了見込み 1", words)
    assert "赤（危険） 1" in words
    assert "概算" in words
    for absent in ("活動班", "緑（調査済）", "緊急", "60 分"):
        assert absent not in words


def drawing(**facts) -> dict:
    return {
        "last_active_drawing": {
            "properties": {"kind": "need", "id": "need-1", "tap": 5, **facts},
            "geometry": {"type": "Point", "coordinates": [139.5000001, 35.7]},
        }
    }


def test_a_tap_is_told_with_the_point_s_own_place_and_only_once(monkeypatch):
    monkeypatch.setattr(desk_map.st, "session_state", {})
    features = [feature(1)]
    answer = desk_map.MapAnswer("need", "need-1", 35.70155, 139.51083)
    assert desk_map._fresh("a", drawing(), features) == answer
    assert desk_map._fresh("a", drawing(), features) is None
    assert desk_map._fresh("a", drawing(tap=6), features) == answer
    assert desk_map._fresh("b", drawing(tap=6), features) == answer  # another map answers for itself


def test_a_point_that_is_gone_and_a_map_untouched_give_no_answer(monkeypatch):
    monkeypatch.setattr(desk_map.st, "session_state", {})
    assert desk_map._fresh("a", drawing(), [feature(2)]) is None
    for given in (None, {}, {"last_active_drawing": None}):
        assert desk_map._fresh("a", given, [feature(1)]) is None


def test_a_place_is_told_to_the_metre(monkeypatch):
    monkeypatch.setattr(desk_map.st, "session_state", {})
    given = drawing(kind="place", id=None)
    assert desk_map._fresh("a", given, []) == desk_map.MapAnswer("place", None, 35.7, 139.5)


def test_a_page_with_a_map_runs_and_names_every_source():
    page = AppTest.from_file(str(Path(map_app.__file__)), default_timeout=60)
    page.query_params["needs"] = "30"
    page.run()
    assert not page.exception
    assert json.loads(page.code[0].value) == {"runs": 1, "answers": []}
    beside = " ".join(caption.value for caption in page.caption)
    for source in reference_map().sources:
        assert source.attribution in beside


def test_an_empty_map_says_so():
    assert "まだありません" in map_legend.markup([])


# The browser's side ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with nothing but the map on it."""
    with serving(tmp_path_factory.mktemp("map")) as url:
        yield url


class Map:
    """A page with the map, opened."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.failed: list[str] = []
        self.asked: list[str] = []
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("response", lambda answer: self._note(answer.status, answer.url))
        page.goto(url)
        self.frame: FrameLocator = page.frame_locator("iframe[title='streamlit_folium.st_folium']")
        expect(self.frame.locator("canvas").first).to_be_attached(timeout=30_000)
        self.inside("tasuki.ready")

    def _note(self, status: int, url: str) -> None:
        self.asked.append(url)
        if status >= 400:
            self.failed.append(f"{status} {url}")

    def inside(self, expression: str):
        """A value from the map's own window."""
        (frame,) = (frame for frame in self.page.frames if "streamlit_folium" in frame.url)
        return frame.evaluate(expression)

    @property
    def told(self) -> dict:
        """What the page's code has seen: its runs and the answers it was given."""
        return json.loads(self.page.locator("code").inner_text())

    def view(self) -> list[float]:
        """Zoom, latitude, longitude."""
        return self.inside("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")

    def after(self, runs: int) -> dict:
        """What was told once the page has run more than `runs` times."""
        return until(lambda: self.told if self.told["runs"] > runs else None, what="a rerun")


@pytest.mark.browser
def test_the_base_map_is_drawn_without_any_way_out(desk, address):
    shown = Map(desk, f"{address}/?one=1")
    # Land, towns and railways are painted: the canvases hold more than one colour.
    colours = shown.inside(
        """[...document.querySelectorAll("canvas")].map((canvas) => new Set(new Uint32Array(
             canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)"""
    )
    assert min(colours) > 3
    for name in ("武蔵小金井", "貫井北町", "東小金井"):
        expect(shown.frame.get_by_text(name, exact=True)).to_be_visible()
    expect(shown.frame.locator(".leaflet-control-scale-line")).to_have_text(re.compile(r"\d+ k?m"))
    expect(shown.frame.locator(".leaflet-control-attribution")).to_contain_text("国土数値情報")
    expect(shown.frame.locator(".leaflet-control-attribution a")).to_have_count(0)
    assert shown.failed == []
    assert {url.split("/")[2] for url in shown.asked} == {address.removeprefix("http://")}
    assert len([url for url in shown.asked if "/vendor/" in url]) == 8
    shot(desk, "map-desk", full=True)


@pytest.mark.browser
def test_a_map_that_was_hidden_at_first_shows_the_city(desk, address):
    desk.goto(f"{address}/?needs=5&tab=1")
    expect(desk.get_by_text("一覧")).to_be_visible()
    desk.get_by_role("tab", name="地図").click()
    frame = desk.frame_locator("iframe[title='streamlit_folium.st_folium']")
    for name in ("関野町", "貫井南町", "前原町"):
        expect(frame.get_by_text(name, exact=True)).to_be_in_viewport(timeout=30_000)


@pytest.mark.browser
def test_nobody_gets_lost_beyond_the_map(desk, address):
    shown = Map(desk, f"{address}/?needs=1")
    assert shown.inside("[map.getMinZoom(), map.getMaxZoom()]") == [11, 19]
    shown.inside("void map.setView([34.7, 135.5], 13, {animate: false})")
    inside = "map.options.maxBounds.contains(map.getCenter())"
    until(lambda: shown.inside(inside), what="the way back to the map")
    assert shown.inside("map.options.maxBounds.pad(-0.3).contains([35.7, 139.5])")


@pytest.mark.browser
def test_close_up_every_town_has_its_name(desk, address):
    shown = Map(desk, f"{address}/?needs=20")
    shown.inside("void map.setView([35.7000, 139.5040], 15)")
    for name in ("本町六丁目", "貫井南町三丁目", "中町四丁目"):
        expect(shown.frame.get_by_text(name, exact=True)).to_be_visible()
    shot(desk, "map-close")


@pytest.mark.browser
def test_a_tap_answers_once_and_a_second_tap_again(desk, address):
    shown = Map(desk, f"{address}/?one=1")
    need = shown.frame.locator("[data-id=one]")
    need.click()
    told = shown.after(1)
    assert told["answers"] == [["need", "one", 35.7135, 139.515]]
    expect(need).to_have_class(re.compile("tasuki-chosen"))
    need.click()
    told = shown.after(2)
    assert [answer[:2] for answer in told["answers"]] == [["need", "one"], ["need", "one"]]
    # A rerun for another reason repeats no answer.
    desk.get_by_text("班を足す").click()
    assert len(shown.after(3)["answers"]) == 2
    shown.frame.locator("[data-id=more]").click()
    assert shown.after(4)["answers"][-1][:2] == ["team", "more"]


@pytest.mark.browser
def test_zoom_and_place_stay_when_the_data_change(desk, address):
    shown = Map(desk, f"{address}/?needs=20")
    shown.inside("void map.setView([35.6952, 139.4968], 15.5, {animate: false})")
    before = shown.view()
    desk.get_by_text("班を足す").click()
    expect(shown.frame.locator("[data-id=more]")).to_be_attached()
    assert shown.view() == before


@pytest.mark.browser
def test_a_place_is_answered_only_when_it_is_asked_for(desk, address):
    shown = Map(desk, f"{address}/?one=1")
    ground = shown.frame.locator("#map_div")
    ground.click(position={"x": 300, "y": 300})
    assert shown.inside("tasuki.pin") is None
    desk.get_by_text("場所を直す").click()
    assert shown.after(1)["answers"] == []  # the first tap did nothing: this run is the toggle's
    expect(shown.frame.locator(".tasuki-placing")).to_be_attached()
    wanted = shown.inside("map.containerPointToLatLng([420, 250])")
    ground.click(position={"x": 420, "y": 250})
    ((kind, name, lat, lng),) = shown.after(2)["answers"]
    assert (kind, name) == ("place", None)
    assert lat == pytest.approx(wanted["lat"], abs=2e-4)
    assert lng == pytest.approx(wanted["lng"], abs=2e-4)
    assert town_of(lat, lng).city == "小金井市"
    expect(shown.frame.locator(".tasuki-pin")).to_be_visible()
    shot(desk, "map-placing")
    desk.get_by_text("場所を直す").click()
    expect(shown.frame.locator(".tasuki-pin")).to_have_count(0)


@pytest.mark.browser
def test_a_text_on_the_map_stays_a_text(desk, address):
    shown = Map(desk, str(httpx.URL(address, params={"one": "1", "label": NASTY})))
    caption = shown.frame.locator("[data-id=squad] span")
    expect(caption).to_have_text(NASTY)
    shown.frame.locator("[data-id=squad]").hover()
    expect(shown.frame.locator(".leaflet-tooltip")).to_have_text(f"{NASTY} 未帰着・連絡なし")
    shown.frame.locator("[data-id=squad]").click()
    assert shown.after(1)["answers"][0][:2] == ["team", "squad"]
    assert shown.inside("document.images.length") == 0
    assert shown.inside("window.hacked") is None


@pytest.mark.browser
def test_five_hundred_needs_are_gathered_and_open_up(desk, address):
    shown = Map(desk, f"{address}/?needs=500")
    clusters = shown.frame.locator(".tasuki-cluster")
    expect(clusters.first).to_be_visible()
    counted = sum(int(text) for text in clusters.all_inner_texts())
    alone = shown.frame.locator(".tasuki-need").count()
    assert counted + alone == 500
    assert shown.frame.locator(".tasuki-has-red").count() > 0
    shot(desk, "map-500", full=True)
    shown.inside("void map.setView([35.703302, 139.50931], 17, {animate: false})")
    expect(clusters).to_have_count(0)
    points = shown.frame.locator(".tasuki-need")
    until(lambda: points.count() > 5, what="single points")
    shot(desk, "map-17")


@pytest.mark.browser
def test_the_board_shows_every_council(desk, address):
    shown = Map(desk, f"{address}/?board=1")
    expect(shown.frame.locator(".tasuki-council")).to_have_count(8)
    for city in reference_map().cities:
        expect(shown.frame.locator(f"[data-id='{city.code}'] span")).to_be_in_viewport()
    shot(desk, "map-board", full=True)


@pytest.mark.browser
def test_on_a_telephone_nothing_sticks_out(phone, address):
    shown = Map(phone, f"{address}/?needs=20&one=1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.inside("document.documentElement.scrollWidth <= window.innerWidth")
    west, east = shown.inside("[map.getBounds().getWest(), map.getBounds().getEast()]")
    own = reference_map().city("13210")
    assert own is not None
    assert west < own.box[0]
    assert own.box[2] < east
    shot(phone, "map-phone", full=True)
