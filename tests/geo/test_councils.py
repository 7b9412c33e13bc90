"""The councils of the board."""

import pytest

from dvc_core.geo.councils import COUNCILS, councils
from dvc_core.geo.reference import reference_map
from dvc_core.geo.spot import town_of


def test_the_block_and_its_neighbours_are_all_there():
    known = councils()
    by_relation = {
        relation: {council.city for council in known.councils if council.relation == relation}
        for relation in ("own", "block", "neighbour")
    }
    assert by_relation == {
        "own": {"小金井市"},
        "block": {"狛江市", "調布市", "府中市", "三鷹市"},
        "neighbour": {"国分寺市", "小平市", "武蔵野市"},
    }
    own = known.council(known.own)
    assert own is not None
    assert own.relation == "own"


def test_every_council_is_a_city_of_the_map():
    for council in councils().councils:
        city = reference_map().city(council.code)
        assert city is not None
        assert city.name == council.city
        assert town_of(*council.mark()).city == council.city


def test_a_site_has_its_source_or_the_mark():
    for council in councils().councils:
        site = council.site
        assert site.status in {"確認済", "未確認"}
        assert site.source or site.status == "未確認"
        assert bool(site.point) == bool(site.point_source)
        if site.name == "未確認":
            assert council.place() is None


def test_a_site_that_is_known_by_its_town_only_is_rough():
    kokubunji = councils().council("13214")
    assert kokubunji is not None
    place = kokubunji.place()
    assert place is not None
    lat, lng, rough = place
    # Its site lies in the neighbouring city.
    assert (town_of(lat, lng).city, rough) == ("小平市", True)


def test_a_site_with_a_building_is_exact():
    komae = councils().council("13219")
    assert komae is not None
    assert komae.place() == (35.6333, 139.56768, False)


def test_another_council_edits_the_file(tmp_path):
    text = COUNCILS.read_text(encoding="utf-8").replace('own = "13210"', 'own = "13204"')
    path = tmp_path / "councils.toml"
    path.write_text(text, encoding="utf-8")
    assert councils(path).own == "13204"


def test_a_relation_that_does_not_exist_is_refused(tmp_path):
    path = tmp_path / "councils.toml"
    path.write_text(COUNCILS.read_text(encoding="utf-8").replace('"own"', '"friend"'), encoding="utf-8")
    with pytest.raises(ValueError, match="friend"):
        councils(path)
