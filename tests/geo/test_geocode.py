"""Every town finds itself in every spelling, and none is ever taken for another city's."""

import time
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.geo.geocode import geocode
from dvc_core.geo.reference import Town, reference_map, write_kanji
from dvc_core.i18n import describe, has_text

TOWNS = reference_map().towns
BY_MACHI = defaultdict(set)
for _town in TOWNS:
    BY_MACHI[_town.machi].add(_town.city)

WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def spellings(town: Town) -> list[str]:
    """Ways in which people write one town and a house in it."""
    if town.chome is None:
        return [town.name, f"{town.name}1200番地の5", f"{town.name}1200-5", f" {town.name} 見本コーポ"]
    plain = f"{town.machi}{town.chome}"
    kanji = write_kanji(town.chome)
    return [
        town.name,
        f"{town.machi}{town.chome}丁目",
        f"{plain}丁目".translate(WIDE),
        plain,
        f"{plain}-12-3",
        f"{plain}-12-3".translate(WIDE),
        f"{plain}ー12ー3",
        f"{plain}の12の3",
        f"{plain}丁目12番3号",
        f"{town.machi}{kanji}丁目十二番三号",
        f"{town.machi}{kanji}の十二",
        f"{town.machi} {town.chome} 丁目 12-3",
        f"{plain}−12−3 見本コーポ101号室",
        f"{town.machi.replace('ケ', 'ヶ').replace('の', 'ノ')}{kanji}丁目",
    ]


@pytest.mark.parametrize("prefix", ["{city}", "東京都{city}", "〒180-0000 東京都{city} ", "{short}"])
def test_every_town_finds_itself_in_every_spelling(prefix):
    missed = []
    for town in TOWNS:
        head = prefix.format(city=town.city, short=town.city[:-1])
        for text in spellings(town):
            found = geocode(head + text)
            if (found.level, found.city_code, found.town) != ("town", town.city_code, town.name):
                missed.append((head + text, found))
            assert (found.lat, found.lng) == (town.lat, town.lng), head + text
    assert missed == []


def test_without_a_city_a_town_is_its_own_or_open():
    for town in TOWNS:
        for text in spellings(town):
            found = geocode(text)
            assert found.city in {town.city, None}, text
            if found.city is None:
                assert len(BY_MACHI[town.machi]) > 1, text
                assert (found.level, found.machi, found.town, found.lat) == ("none", None, None, None)
                assert (town.name, town.city) in {(c.town, c.city) for c in found.candidates}, text


def test_the_callers_city_is_taken_only_for_what_it_has_and_is_told():
    for town in TOWNS:
        found = geocode(town.name, city="小金井市")
        if "小金井市" in BY_MACHI[town.machi]:
            # A town that only another city has, of a 町 that both have, is the other city's.
            assert found.city == ("小金井市" if found.city_assumed else town.city)
            others = {c.city for c in found.candidates} - {"小金井市"}
            assert not found.city_assumed or others == {
                t.city for t in TOWNS if t.name == town.name and t.city != "小金井市"
            }
        else:
            assert found.city_assumed is False
            assert found.city in {town.city, None}


@given(
    st.sampled_from(TOWNS).flatmap(
        lambda town: st.sampled_from(spellings(town)).map(lambda s: town.city + s)
    ),
    st.sampled_from(["", " 見本荘", "　メゾン訓練２０３", "-101号室", " 2 3", "、見本様方"]),
)
def test_what_was_normalised_stays_as_it_is(text, building):
    once = geocode(text + building)
    twice = geocode(once.normalized)
    assert twice.normalized == once.normalized
    assert (twice.level, twice.city, twice.town) == (once.level, once.city, once.town)


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text):
    found = geocode(text, city="13210")
    assert found.input == text
    assert (found.lat is None) == (found.level in {"city", "none"})
    for problem in found.problems:
        assert {"code", "level", "message", "hint"} <= describe(problem).keys()


@pytest.mark.parametrize(
    ("text", "normalized", "town"),
    [
        ("本町1-2-3", "小金井市本町一丁目2-3", "本町一丁目"),
        ("本町一丁目２番３号", "小金井市本町一丁目2-3", "本町一丁目"),
        ("本町１丁目", "小金井市本町一丁目", "本町一丁目"),
        ("東京都小金井市本町1-2-3 見本コーポ 101", "小金井市本町一丁目2-3 見本コーポ 101", "本町一丁目"),
        ("貫井南町4", "小金井市貫井南町四丁目", "貫井南町四丁目"),
        ("小金井貫井北町三丁目", "小金井市貫井北町三丁目", "貫井北町三丁目"),
        ("小金井市大字本町1", "小金井市本町一丁目", "本町一丁目"),
    ],
)
def test_addresses_of_the_own_city(text, normalized, town):
    found = geocode(text, city="13210")
    assert (found.level, found.city_code, found.normalized, found.town) == ("town", "13210", normalized, town)
    assert found.machi == town[: -len("一丁目")]


def test_a_name_in_several_cities_is_never_chosen_silently():
    open_question = geocode("本町1-2-3")
    assert (open_question.level, open_question.city, open_question.town) == ("none", None, None)
    assert [c.city for c in open_question.candidates] == ["府中市", "小金井市", "国分寺市"]
    assert [p.code for p in open_question.problems] == ["address-ambiguous"]

    assumed = geocode("本町1-2-3", city="13210")
    assert assumed.city_assumed is True
    assert [c.city for c in assumed.candidates] == ["小金井市", "府中市", "国分寺市"]
    assert [p.code for p in assumed.problems] == ["address-city-assumed"]


def test_a_written_chome_may_settle_the_city():
    assert geocode("本町六丁目1").city == "小金井市"  # the other two have four
    assert geocode("本町6").city is None


@pytest.mark.parametrize(
    ("text", "level", "city", "codes"),
    [
        ("小金井市", "city", "小金井市", ["address-no-town"]),
        ("小金井市本町小学校", "city", "小金井市", ["address-no-town"]),
        ("小金井市本町", "machi", "小金井市", ["address-chome-missing"]),
        ("小金井市本町5番36号", "machi", "小金井市", ["address-chome-missing"]),
        ("小金井市本町36-17", "machi", "小金井市", ["address-chome-missing"]),
        ("小金井市本町9丁目", "machi", "小金井市", ["address-chome-unknown"]),
        ("調布市上石原", "town", "調布市", ["address-chome-siblings"]),
        ("小金井市下連雀3-1", "city", "小金井市", ["address-no-town"]),
        ("本町小学校", "none", None, ["address-unknown"]),
        ("境港市1-1", "none", "境港市", ["address-outside"]),
        ("西東京市田無町1-1", "none", "西東京市", ["address-outside"]),
        ("杉並区西荻北3", "none", "杉並区", ["address-outside"]),
        ("広島県府中市府中町315", "none", "府中市", ["address-outside"]),
        ("", "none", None, ["address-empty"]),
        ("本町\u202e1", "none", None, ["address-control"]),
    ],
)
def test_the_level_tells_what_is_sure(text, level, city, codes):
    found = geocode(text)
    assert (found.level, found.city, [p.code for p in found.problems]) == (level, city, codes)
    assert (found.town is None) == (level != "town")
    assert found.city_code is None or level != "none"


def test_a_town_of_a_neighbour_is_named_and_said():
    found = geocode("下連雀3-1", city="13210")
    assert (found.city, found.town, found.city_assumed) == ("三鷹市", "下連雀三丁目", False)
    assert [p.code for p in found.problems] == ["address-other-city"]


@pytest.mark.parametrize(
    ("text", "candidate"),
    [
        ("貫井南4-1", ("貫井南町四丁目", "小金井市")),
        ("境南2", ("境南町二丁目", "武蔵野市")),
        ("小金井市下連雀3-1", ("下連雀三丁目", "三鷹市")),
    ],
)
def test_what_may_be_meant_is_offered_and_not_taken(text, candidate):
    found = geocode(text)
    assert found.town is None
    assert candidate in [(c.town, c.city) for c in found.candidates]


def test_the_middle_of_a_machi_lies_among_its_towns():
    found = geocode("小金井市前原町")
    lats = [town.lat for town in TOWNS if town.machi == "前原町"]
    assert found.lat is not None
    assert min(lats) < found.lat < max(lats)


def test_coordinates_have_five_decimals():
    found = geocode("小金井市前原町")
    assert (found.lat, found.lng) == (round(found.lat or 0, 5), round(found.lng or 0, 5))


def test_a_city_that_the_map_does_not_have_is_the_callers_mistake():
    with pytest.raises(ValueError, match="見本市"):
        geocode("本町1", city="見本市")


def test_a_text_that_cannot_be_read_shows_no_control_characters():
    found = geocode("本町\u202e1\x00")
    assert (found.input, found.normalized) == ("本町\u202e1\x00", "本町1")


def test_the_result_has_the_fields_that_others_rely_on():
    result = geocode("本町1-2-3", city="13210").result()
    assert {
        "input": "本町1-2-3",
        "normalized": "小金井市本町一丁目2-3",
        "level": "town",
        "city_code": "13210",
        "city": "小金井市",
        "machi": "本町",
        "town": "本町一丁目",
        "lat": 35.69924,
        "lng": 139.50911,
    }.items() <= result.items()
    assert "problems" not in result
    (_own, other, _third) = result["candidates"]
    assert {"town": "本町一丁目", "city": "府中市"}.items() <= other.items()


def test_every_level_has_words():
    assert all(has_text(f"geo.level.{level}") for level in ("town", "machi", "city", "none", "hand"))


def test_a_thousand_addresses_take_less_than_a_second():
    texts = [town.city + spelling for town in TOWNS[:80] for spelling in spellings(town)][:1000]
    start = time.perf_counter()
    for text in texts:
        geocode(text)
    assert time.perf_counter() - start < 1.0  # 20 ms on two cores when measured alone
