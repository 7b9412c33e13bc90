"""活動指示書: what a leader needs and no more, with a map that leads there and a report on the back."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.forms import data as d
from dvc_core.forms import render_here
from dvc_core.forms.drawing import MAP_HEIGHT, MAP_WIDTH, draw_map
from tests.forms import pdf, samples


def order(**changes: object) -> list[str]:
    return pdf.pages(render_here("work_order", msgspec.structs.replace(samples.WORK_ORDER, **changes)))


def test_the_front_leads_and_protects() -> None:
    front = order()[0]
    for words in (
        "W-0001",
        "取り消された番号は無効",
        "N-034-2",
        "2026年8月1日（土）",
        "見本市見本町九丁目0番0号",
        "見本 様",
        "居間と台所の家具を玄関先へ運び出す",
        "× 床下に入らない",
        "防じんマスク（DS2以上）",
        "訓練 太郎",
        "000-1111-2222",
        "09:30",
        "15:00",
        samples.PHONE,
        "依頼外の追加作業は、始める前にセンターへ電話",
        "罹災証明用の写真",
        "所有者・管理会社の承諾",
        "貴重品・写真・位牌",
        "持ち出し",
        "返し",
        "見本駅",
        "500 m",
    ):
        assert words in front, words


def test_tools_have_a_box_for_lending_and_one_for_return() -> None:
    front = order()[0]
    for tool, count in (("一輪車", 2), ("土のう袋", 30)):
        assert f"{tool} {count}" in front
    assert front.count("□ 貸出") == front.count("□ 返却") == 4


def test_members_are_numbers_unless_names_are_given() -> None:
    assert "012" in order()[0]
    assert "見本 花子" in order(members=(d.Member(number="012", name="見本 花子"),))[0]


def test_the_back_is_the_report_with_every_result() -> None:
    back = order()[1]
    assert "活動報告書" in back
    for words in (
        "W-0001",
        "N-034",
        "完了（依頼者が",
        "続く",
        "軒先に残した",
        "不在",
        "中止した",
        "資機材",
        "新しい困り",
    ):
        assert words in back, words
    assert "■" not in back


def test_a_filled_report_ticks_what_was_chosen() -> None:
    back = order(report=samples.REPORT)[1]
    assert "■ 続く 残り 4名 × 1日" in back
    assert "■ 中止した" not in back
    assert back.count("■") == 6


@pytest.mark.parametrize("result", ["done", "expected_done", "goes-on", "left_at_eaves", "absent", "stopped"])
def test_each_result_has_its_box(result: str) -> None:
    assert order(report=d.Report(result=result))[1].count("■") == 1


def test_an_order_without_data_is_the_blank_form() -> None:
    front = pdf.pages(render_here("work_order", samples.BLANK[3]))[0]
    assert "P-151" in front
    assert "地図" in front
    assert front.count("貸出") == 4
    assert "None" not in front


def test_the_map_shows_place_and_center_in_the_frame() -> None:
    drawn = draw_map(samples.sketch())
    for mark in (drawn["place"], drawn["center"]):
        assert 0 < mark[0] < MAP_WIDTH
        assert 0 < mark[1] < MAP_HEIGHT
    # The place lies north east of the center.
    assert drawn["place"][0] > drawn["center"][0]
    assert drawn["place"][1] < drawn["center"][1]
    assert "見本駅" in [label["text"] for label in drawn["labels"]]


def test_the_map_reaches_to_the_nearest_station_and_names_what_lies_around() -> None:
    towns = tuple(
        samples.square(139.49 + 0.004 * east, 35.69 + 0.004 * north, f"町{east}{north}丁目")
        for east in range(6)
        for north in range(6)
    )
    stations = [
        d.MapSpot(at=(139.4985, 35.6975), name=f"近い{kind}駅", kind="station") for kind in ("", "もっと")
    ]
    near, nearest = stations[0], msgspec.structs.replace(stations[1], at=(139.5025, 35.7030))
    rail = d.MapLine(points=tuple((139.48 + 0.001 * n, 35.697) for n in range(50)), name="見本線")
    drawn = draw_map(
        d.MapSketch(place=(139.5060, 35.7091), outlines=towns, rails=(rail,), spots=(near, nearest))
    )
    assert (drawn["scale"]["text"], drawn["center"]) == ("500 m", None)
    names = [label["text"] for label in drawn["labels"]]
    assert "近いもっと駅" in names
    assert len([name for name in names if name.endswith("丁目")]) >= 6
    alone = draw_map(d.MapSketch(place=(139.5060, 35.7091), spots=(near,)))
    assert [spot["kind"] for spot in alone["spots"]] == ["station"], "a kilometre and a half is shown"
    far = msgspec.structs.replace(near, at=(139.47, 35.69))
    assert draw_map(d.MapSketch(place=(139.5060, 35.7091), spots=(far,)))["spots"] == []


def test_a_railway_has_its_name_once_and_a_town_no_mark() -> None:
    line = tuple((139.49 + 0.0005 * n, 35.7045) for n in range(60))
    rails = (d.MapLine(points=line, name="見本線"), d.MapLine(points=line, name="見本線"))
    town = d.MapSpot(at=(139.505, 35.7085), name="見本町", kind="town")
    drawn = draw_map(d.MapSketch(place=(139.5021, 35.7060), rails=rails, spots=(town,)))
    names = [label["text"] for label in drawn["labels"]]
    assert sorted(names) == ["見本町", "見本線"]
    assert drawn["spots"] == []


def test_no_name_covers_a_mark_or_the_arrow() -> None:
    drawn = draw_map(samples.sketch())
    marks = [(drawn["place"], 4.0), (drawn["center"], 3.0), *((spot["at"], 1.5) for spot in drawn["spots"])]
    marks.append(((MAP_WIDTH - 3.5, 5.0), 3.0))
    for label in drawn["labels"]:
        for (x, y), half in marks:
            beside = abs(label["at"][0] - x) >= label["width"] / 2 + half
            assert beside or abs(label["at"][1] - y) >= 2.1 + half, label["text"]


def test_lines_outside_the_frame_are_left_out() -> None:
    far = d.MapLine(points=((130.0, 33.0), (130.1, 33.1)), name="遠く")
    drawn = draw_map(msgspec.structs.replace(samples.sketch(), outlines=(far,), rails=(far,)))
    assert drawn["outlines"] == drawn["rails"] == []
    assert "遠く" not in [label["text"] for label in drawn["labels"]]


def test_names_on_the_map_keep_apart() -> None:
    labels = draw_map(samples.sketch())["labels"]
    assert len(labels) >= 4
    for index, one in enumerate(labels):
        for other in labels[index + 1 :]:
            beside = abs(one["at"][0] - other["at"][0]) >= (one["width"] + other["width"]) / 2 - 0.01
            assert beside or abs(one["at"][1] - other["at"][1]) >= 4.2


lng, lat = st.floats(139.4, 139.6), st.floats(35.6, 35.8)


@given(st.tuples(lng, lat), st.tuples(lng, lat))
def test_the_scale_bar_is_true(place: tuple[float, float], center: tuple[float, float]) -> None:
    """The distance on paper, by the bar, is the distance on the ground (sphere) within one per cent."""
    drawn = draw_map(d.MapSketch(place=place, center=center))
    number, unit = drawn["scale"]["text"].split()
    metres_per_mm = float(number) * (1000 if unit == "km" else 1) / drawn["scale"]["mm"]
    on_paper = math.dist(drawn["place"], drawn["center"]) * metres_per_mm
    (x1, y1), (x2, y2) = (tuple(map(math.radians, point)) for point in (place, center))
    chord = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    assert on_paper == pytest.approx(2 * 6_371_000 * math.asin(math.sqrt(chord)), rel=0.01, abs=30)
    assert drawn["scale"]["mm"] <= MAP_WIDTH / 3


@pytest.mark.parametrize(
    "sketch",
    [
        d.MapSketch(place=(139.5, 35.7)),
        d.MapSketch(place=(139.5, 35.7), center=(139.5, 35.7)),
        d.MapSketch(
            place=(139.5, 35.7),
            outlines=(d.MapLine(points=(), name="空"), d.MapLine(points=((139.5, 35.7),))),
        ),
        d.MapSketch(place=(139.5, 35.7), outlines=(d.MapLine(points=((139.5, 35.7),) * 4, name="点"),)),
        d.MapSketch(place=(139.5, 35.7), center=(-70.0, -33.0)),
    ],
)
def test_odd_maps_are_no_error(sketch: d.MapSketch) -> None:
    assert "活動指示書" in order(sketch=sketch)[0]
