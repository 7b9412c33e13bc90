"""The base map that the browser fetches once."""

import json

from dvc_core.geo.basemap import shipped_base_map
from dvc_core.geo.reference import reference_map


def test_it_holds_all_that_one_finds_one_s_way_by():
    drawn = json.loads(shipped_base_map())
    assert len(drawn["cities"]) == 8
    assert len(drawn["towns"]) == 45
    assert len(drawn["railways"]) == 18
    assert "武蔵小金井" in {name for name, _lat, _lng in drawn["stations"]}
    assert {name for name, _lat, _lng, code in drawn["machi_names"] if code == "13210"} == {
        town.machi for town in reference_map().towns if town.city == "小金井市"
    }


def test_it_is_small_enough_to_send_to_a_tablet():
    assert len(shipped_base_map()) < 200_000


def test_nothing_in_it_leads_elsewhere():
    assert b"http" not in shipped_base_map()
