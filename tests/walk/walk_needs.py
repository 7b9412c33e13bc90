"""The needs of the walk: nine houses by telephone lists, one call taken on the screen, all on the map."""

import re

from playwright.sync_api import expect

from tests.walk.walk_center import MAP, NOBODY, Walk, today, visible

HOUSES = (
    "東町二丁目",
    "梶野町三丁目",
    "緑町一丁目",
    "中町三丁目",
    "前原町二丁目",
    "本町四丁目",
    "桜町二丁目",
    "貫井北町三丁目",
    "貫井南町四丁目",
)
NEEDS = len(HOUSES) + 1
CALLED = f"N-{NEEDS:03d}"


def needs_come(walk: Walk) -> None:
    """Nine needs by the command line, one of them red; the tenth from the call to the agreed visit."""
    _nine(walk)
    _tools(walk)
    _a_call(walk)
    _surveyed(walk)
    _agreed(walk)
    _on_the_map(walk)


def _on_the_map(walk: Walk) -> None:
    """Every need is there, alone or in a cluster."""
    page = walk.open("map", "地図")
    expect(page.frame_locator(MAP).locator("[data-id]").first).to_be_visible()
    seen = page.frame_locator(MAP).locator(".tasuki-need")
    clusters = page.frame_locator(MAP).locator(".tasuki-cluster")
    expect(seen.or_(clusters).first).to_be_visible()
    assert seen.count() + sum(int(each) for each in clusters.all_inner_texts()) == NEEDS
    walk.look("map", url="map", title="地図")


def _nine(walk: Walk) -> None:
    places = walk.cli("geocode", *(f"小金井市{town}" for town in HOUSES))["results"]
    for n, (town, place) in enumerate(zip(HOUSES, places, strict=True)):
        site = {
            "id": NOBODY,
            "name": f"架空 {n}美",
            "phone": f"000-0000-{n:04d}",
            "address": f"{town}0番",
            "trouble": "家財を運び出したい",
        }
        details = {"works": ["clear-house"], "hazard": "red" if n == 0 else "green", "tools": ["shovel"]}
        spot = {key: place[key] for key in ("lat", "lng", "city_code")} | {"match_level": place["level"]}
        need = walk.do("need.receive", site=site, details=details, place=spot)["entries"][1]["subject_id"]
        if n:
            walk.do("need.make_ready", need_id=need, reason="緑で軽い被害")
            visit = walk.do(
                "visit.plan",
                need_id=need,
                day=today().isoformat(),
                band="day",
                people_min=3,
                people_max=5,
            )
            walk.do("visit.call", visit_id=visit["entries"][0]["subject_id"], agreed="yes")


def _tools(walk: Walk) -> None:
    """What stands in the shed, counted on the page of the desk that hands it out."""
    walk.do("tool.count", code="shovel", total=20)
    walk.open("matching", "マッチング")
    walk.tab("資機材の数")
    walk.choose("数えた資機材", "一輪車")
    walk.page.get_by_label("数", exact=True).fill("5")
    walk.press("数を記録する", "一輪車")


def _a_call(walk: Walk) -> None:
    """Four fields, the place corrected by a tap on the map, and it is taken."""
    page = walk.open("needs", "ニーズ")
    walk.fill(氏名="架空 十美")
    walk.page.get_by_label("電話（必須）").fill("000-0000-0010")
    walk.page.get_by_label("場所（必須）").fill("小金井市前原町四丁目")
    walk.page.get_by_label("困りごと").fill("庭の瓦を片づけたい")
    visible(page.get_by_text("くわしく（")).click()
    visible(page.get_by_text("屋外", exact=True)).click()
    walk.press("重複と場所を調べる", "位置")
    visible(page.get_by_text("地図で直す")).click()
    ground = page.frame_locator(MAP).locator(".leaflet-container.tasuki-placing")
    expect(page.frame_locator(MAP).locator("canvas").first).to_be_attached()
    ground.click(position={"x": 300, "y": 190})
    expect(page.get_by_text("地図で決めた位置").first).to_be_visible()
    walk.press("受け付ける", f"{CALLED} を受け付けました")
    walk.look("needs", url="needs", title="ニーズ")


def _surveyed(walk: Walk) -> None:
    """The survey is entered, and the need goes to matching."""
    page = walk.page
    walk.tab("一覧")
    walk.fill(番号="10")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1件", exact=True)).to_be_visible()
    visible(page.get_by_role("button", name=re.compile("N-010"))).click()
    expect(page.get_by_role("heading", name=re.compile(CALLED))).to_be_visible()
    walk.tab("調査・可否")
    page.get_by_text("作業できる", exact=True).click()
    page.get_by_label("必要な人数").fill("4")
    visible(page.get_by_label("理由（見たこと")).fill("平らな庭。瓦は軽トラック半分ほど")
    walk.press("調査の結果を保存する", "の調査を保存しました")


def _agreed(walk: Walk) -> None:
    """A visit for today, and the resident said yes."""
    page = walk.page
    walk.tab("訪問")
    visible(page.get_by_label("活動日", exact=True)).get_by_role("spinbutton").first.click()
    page.keyboard.type(today().strftime("%Y%m%d"))
    page.keyboard.press("Tab")
    walk.choose("時間帯", "1日")
    walk.press("訪問を計画する", "訪問を計画しました")
    walk.tab("訪問")
    walk.press("了承をもらった", "了承を記録しました")
    walk.look("need", url="needs", title="ニーズ", tab="一覧")
