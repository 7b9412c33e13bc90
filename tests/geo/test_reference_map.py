"""The files that ship: complete, small, each described, each town where it belongs."""

import tomllib
from collections import Counter

import pytest

from dvc_core.geo.reference import FOLDER, read_kanji, reference_map, split_chome, write_kanji

SIZES = {
    "小金井市": 45,
    "狛江市": 41,
    "調布市": 108,
    "府中市": 147,
    "三鷹市": 62,
    "国分寺市": 70,
    "小平市": 74,
    "武蔵野市": 51,
}


def test_the_map_holds_eight_cities_and_all_their_towns():
    reference = reference_map()
    assert {city.name for city in reference.cities} == set(SIZES)
    assert Counter(town.city for town in reference.towns) == SIZES
    assert len({(town.city_code, town.name) for town in reference.towns}) == 598


def test_the_towns_of_the_own_city_have_outlines_and_no_others():
    with_outline = Counter(town.city for town in reference_map().towns if town.polygons)
    assert with_outline == {"小金井市": 45}


def test_the_files_stay_small_together():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000


def test_every_file_says_where_it_comes_from():
    described = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))
    files = {path.name for path in FOLDER.iterdir()} - {"sources.toml", "LICENSE-mini-tokyo-3d.txt"}
    assert {source["file"] for source in described.values()} == files
    for source in described.values():
        assert source["status"] in {"確認済", "未確認"}
        assert all(source[field] for field in ("title", "origin", "date", "licence", "processing", "checks"))


def test_each_source_stands_once_in_the_attribution():
    reference = reference_map()
    assert reference.short_attribution.count("Mini Tokyo 3D") == 1
    for owner in ("国土交通省", "Geolonia", "e-Stat", "Mini Tokyo 3D"):
        assert owner in reference.attribution
    assert "http" not in reference.short_attribution


def test_a_map_of_another_place_is_read_from_its_own_folder(tmp_path):
    square = "[[[139.0,36.0],[139.1,36.0],[139.1,36.1],[139.0,36.1],[139.0,36.0]]]"
    feature = (
        '{"properties":{"city_code":"99201","city":"見本市"},"geometry":{"type":"Polygon","coordinates":'
    )
    (tmp_path / "cities.geojson").write_text('{"features":[' + feature + square + "}}]}", encoding="utf-8")
    (tmp_path / "railways.geojson").write_text('{"features":[]}', encoding="utf-8")
    (tmp_path / "stations.csv").write_text("station,lines,lat,lng\n", encoding="utf-8")
    head = "city_code,town,lat,lng,population_2015,households_2015\n"
    (tmp_path / "towns.csv").write_text(head + "99201,訓練町十二丁目,36.05,139.05,,\n", encoding="utf-8")
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    reference = reference_map(tmp_path)
    (town,) = reference.towns
    assert (town.city, town.machi, town.chome, town.population) == ("見本市", "訓練町", 12, None)
    assert reference.city("見本市") is reference.city("99201")
    assert reference.box == (139.0, 36.0, 139.1, 36.1)


@pytest.mark.parametrize("number", range(1, 100))
def test_numbers_in_kanji_go_there_and_back(number):
    assert read_kanji(write_kanji(number)) == number
    assert split_chome(f"見本町{write_kanji(number)}丁目") == ("見本町", number)


def test_numbers_in_kanji_are_read_digit_by_digit_too():
    assert read_kanji("三六") == 36
    assert read_kanji("一〇一") == 101


def test_a_name_that_holds_a_numeral_is_no_chome():
    assert split_chome("八幡町") == ("八幡町", None)
    assert split_chome("四谷六丁目") == ("四谷", 6)
