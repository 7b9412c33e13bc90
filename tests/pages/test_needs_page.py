"""The needs desk and the map as people use them: the call, the double, the change of two, the card."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from dvc_core.access.sessions import Who
from dvc_core.commands.need import Change, Receive
from dvc_core.commands.operation import Start
from dvc_core.domain.need import Details, Need, Place, Received, Site
from dvc_core.domain.operation import Disaster
from dvc_core.domain.referral import Referral
from dvc_core.domain.visit import Visit
from pages import _shell
from tests.support.center import START, Center

ROOT = Path(__file__).parents[2]
SITE = Site(
    id=uuid.UUID(int=0),
    name="架空 一郎",
    phone="000-0000-0001",
    address="本町一丁目2番",
    trouble="家具を出したい",
)


def person(*roles: str) -> Who:
    return Who(
        account_id=uuid.UUID(int=1),
        name="訓練 太郎",
        login="taro",
        roles=frozenset(roles),
        must_change_password=False,
        session_id=uuid.UUID(int=2),
    )


@pytest.fixture
def desk(center: Center, monkeypatch: pytest.MonkeyPatch) -> Center:
    """A center with an operation, and somebody of the needs desk logged in."""
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練"))
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("needs"))
    yield center
    bootstrap.uninstall()


def page(file: str = "needs.py") -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / file), default_timeout=60).run()


def words(shown: AppTest) -> str:
    parts = (shown.markdown, shown.caption, shown.warning, shown.error, shown.success, shown.info)
    return "\n".join(str(each.value) for part in parts for each in part)


def field(shown: AppTest, label: str):
    return next(
        each for part in (shown.text_input, shown.text_area) for each in part if each.label.startswith(label)
    )


def unfolded(shown: AppTest) -> AppTest:
    """With the rest of the form open: it is drawn from then on."""
    key = str(field(shown, "氏名").key).removesuffix("-name")
    shown.session_state[f"{key}-more"] = True
    return shown.run()


def press(shown: AppTest, label: str) -> AppTest:
    return next(button for button in shown.button if button.label.startswith(label)).click().run()


def call(shown: AppTest, **said: str) -> AppTest:
    facts = {"氏名": SITE.name, "電話（必須）": SITE.phone, "場所": SITE.address, "困りごと": SITE.trouble}
    for label, value in (facts | said).items():
        field(shown, label).set_value(value)
    return shown


def needs(center: Center) -> list[Need]:
    with center.services.reader() as reader:
        return sorted(reader.find(Need), key=lambda need: need.number)


def receive(center: Center, place: Place | None = None, **details: object) -> uuid.UUID:
    place = place or Place(lat=35.7, lng=139.5, city_code="13210", match_level="town")
    answer = center.must(Receive(site=SITE, details=Details(**details), place=place))
    return next(event.id for event in answer.events if isinstance(event, Received))


def opened(need_id: uuid.UUID) -> AppTest:
    shown = AppTest.from_file(str(ROOT / "pages" / "needs.py"), default_timeout=60)
    shown.session_state["_need"] = need_id
    return shown.run()


def test_a_call_is_taken_with_four_fields_and_its_place_is_said(desk: Center) -> None:
    shown = press(call(page(), 場所="小金井市本町一丁目2番"), "受け付ける")
    assert not shown.exception
    (need,) = needs(desk)
    assert (need.number, need.match_level, need.city_code) == (1, "town", "13210")
    assert "N-001 を受け付けました。位置: 小金井市本町一丁目" in words(shown)
    assert field(shown, "氏名").value == ""


def test_an_empty_field_is_named_and_the_rest_stays_in_the_form(desk: Center) -> None:
    shown = press(call(page(), 場所="小金井市本町一丁目", 困りごと=" "), "受け付ける")
    assert "「困りごと」が空です" in words(shown)
    assert "空の欄を入力してください" in words(shown)
    assert field(shown, "氏名").value == SITE.name
    assert needs(desk) == []


def test_a_name_of_another_city_too_is_asked_about_before_it_is_saved(desk: Center) -> None:
    shown = press(call(page(), 場所="本町一丁目"), "受け付ける")
    assert needs(desk) == []
    assert "まだ保存していません" in words(shown)
    choice = next(radio for radio in shown.radio if radio.label.startswith("この住所"))
    assert any("国分寺市本町一丁目" in option for option in choice.options)
    shown = press(shown, "受け付ける")
    assert [need.city_code for need in needs(desk)] == ["13210"]


def test_an_unknown_address_is_said_and_may_be_saved_without_a_point(desk: Center) -> None:
    shown = press(call(page(), 場所="どこか遠く"), "受け付ける")
    assert "見つからない住所" in words(shown)
    assert needs(desk) == []
    press(shown, "受け付ける")
    assert [need.lat for need in needs(desk)] == [None]


def test_the_same_household_is_shown_before_a_second_need_is_made(desk: Center) -> None:
    receive(desk)
    shown = press(call(page(), 場所="小金井市本町一丁目2番"), "受け付ける")
    assert "電話が同じ" in words(shown)
    assert "N-001" in words(shown)
    assert len(needs(desk)) == 1
    shown = press(shown, "受け付ける")
    assert len(needs(desk)) == 2
    assert not shown.exception


def test_a_crisis_stands_in_red_until_it_is_answered(desk: Center) -> None:
    receive(desk, crisis=True)
    shown = page()
    assert "危機介入 1件" in words(shown)
    with desk.services.reader() as reader:
        (referral,) = reader.find(Referral)
    shown.session_state[f"box-answer-crisis-{referral.id}"] = True
    shown = shown.run()
    next(radio for radio in shown.radio if radio.label == "つぎ").set_value("done")
    shown = press(shown, "記録する")
    assert "危機介入 1件" not in words(shown)


def test_the_second_of_two_people_sees_what_changed_and_keeps_their_text(desk: Center) -> None:
    need_id = receive(desk)
    shown = unfolded(opened(need_id))
    field(shown, "世帯の様子").set_value("ひとり暮らし")
    seen = needs(desk)[0]
    other = Change(
        need_id=need_id,
        seen_version=seen.version,
        site=Site(
            id=need_id, name=SITE.name, phone="000-0000-0009", address=SITE.address, trouble=SITE.trouble
        ),
        details=Details(works=("yard",)),
        place=Place(lat=35.7, lng=139.5, city_code="13210", match_level="town"),
    )
    desk.must(other)
    shown = press(shown, "保存する")
    assert "ほかの人が先に変えました" in words(shown)
    assert "あなたが開いたあとの変更" in words(shown)
    assert field(shown, "世帯の様子").value == "ひとり暮らし"
    shown = press(shown, "相手の変更を残して")
    assert not shown.exception
    with desk.services.reader() as reader:
        site, need = reader.get(Site, need_id), reader.get(Need, need_id)
    assert (site.household, site.phone, need.works) == ("ひとり暮らし", "000-0000-0009", ("yard",))


def test_a_visit_is_planned_called_twice_and_agreed(desk: Center) -> None:
    need_id = receive(desk)
    shown = press(opened(need_id), "訪問を計画する")
    shown = press(shown, "つながらない")
    assert "電話 1回" in words(shown)
    shown = press(shown, "了承をもらった")
    with desk.services.reader() as reader:
        (visit,) = reader.find(Visit)
    assert (visit.calls, visit.agreed) == (2, "yes")
    assert not shown.exception


def test_only_the_chief_is_offered_the_release_of_a_held_place(
    desk: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_id = receive(desk)
    assert not [b for b in opened(need_id).button if "名前で解除" in b.label]
    monkeypatch.setattr(_shell, "who", lambda: person("chief"))
    assert [b for b in opened(need_id).button if "名前で解除" in b.label]


def test_the_list_is_searched_and_opens_a_card(desk: Center) -> None:
    receive(desk)
    shown = page()
    assert "1件" not in words(shown)
    shown.session_state["needs"] = "一覧"
    shown.run()
    assert "1件" in words(shown)
    shown.text_input(key="needs-text").set_value("だれもいない").run()
    assert "あてはまるニーズはありません" in words(shown)
    shown.text_input(key="needs-text").set_value("0001").run()
    shown = press(shown, "**N-001**")
    assert shown.subheader[0].value.startswith("N-001")
    assert not shown.exception
    del shown.session_state["_need"]
    shown.run()
    assert shown.text_input(key="needs-text").value == "0001", "the list and its filter are found again"


@pytest.mark.parametrize("role", ["viewer", "reception", "matching", "bcp"])
def test_other_desks_see_no_needs_page(desk: Center, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(desk)
    monkeypatch.setattr(_shell, "who", lambda: person(role))
    shown = page()
    assert SITE.name not in words(shown)
    assert not shown.tabs


@pytest.mark.parametrize(("role", "named"), [("viewer", False), ("needs", True)])
def test_the_maps_card_names_people_for_the_needs_desk_alone(
    desk: Center, role: str, named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_id = receive(desk, works=("yard",))
    monkeypatch.setattr(_shell, "who", lambda: person(role))
    shown = AppTest.from_file(str(ROOT / "pages" / "needs_map.py"), default_timeout=60)
    shown.session_state["_spot"] = str(need_id)
    shown.run()
    assert not shown.exception
    assert shown.subheader[0].value.startswith("N-001")
    assert (SITE.name in words(shown)) is named
    assert bool(re.search("0000", words(shown))) is named
    assert bool([button for button in shown.button if button.label == "ニーズで開く"]) is named


def test_one_press_too_many_makes_no_second_need(desk: Center) -> None:
    shown = press(call(page(), 場所="小金井市本町一丁目2番"), "受け付ける")
    shown = press(shown, "受け付ける")
    assert len(needs(desk)) == 1
    assert not shown.exception


def test_a_hidden_character_is_refused_in_words_and_nothing_is_stored(desk: Center) -> None:
    shown = press(call(page(), 場所="小金井市本町一丁目2番", 困りごと="家具\u202e出し"), "受け付ける")
    assert "使えない文字" in words(shown)
    assert field(shown, "氏名").value == SITE.name
    assert needs(desk) == []


def test_markup_in_a_name_stays_a_name(desk: Center) -> None:
    press(call(page(), 場所="小金井市本町一丁目2番", 氏名="架空 <b>[x](http://a)</b>"), "受け付ける")
    shown = opened(needs(desk)[0].id)
    assert not shown.exception
    assert "[x](http" not in words(shown) + shown.subheader[0].value


def test_the_four_that_must_be_there_are_enough_and_the_rest_is_drawn_when_it_is_opened(desk: Center) -> None:
    shown = page()
    assert len(shown.text_input) + len(shown.text_area) == 5
    shown = unfolded(shown)
    assert len(shown.text_input) + len(shown.text_area) == 22
    assert {each.label for each in shown.selectbox} >= {"優先度", "現地調査", "応急危険度判定"}
    # A need keeps what was told of it, though nobody opens the rest while the telephone number is put right.
    need_id = receive(desk, works=("yard",), people_min=3, watch_over=True)
    changed = opened(need_id)
    field(changed, "電話").set_value("000-0000-0077")
    assert "保存しました" in words(press(changed, "保存する"))
    (need,) = [each for each in needs(desk) if each.id == need_id]
    assert (need.works, need.people_min, need.watch_over) == (("yard",), 3, True)
