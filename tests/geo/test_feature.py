"""Points that share a place are laid out around it."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.distance import straight_m
from dvc_core.geo.feature import STATES, Feature, spread, tally
from dvc_core.i18n import has_text


def need(number: int, lat: float = 35.7, lng: float = 139.5, **facts) -> Feature:
    return Feature(
        **{"id": f"n{number:03}", "kind": "need", "state": "ready", "label": f"N-{number:03}", **facts},
        lat=lat,
        lng=lng,
    )


def test_a_point_alone_stays_where_it_is():
    assert spread([need(1), need(2, lat=35.71)]) == [need(1), need(2, lat=35.71)]


@given(st.integers(2, 60))
def test_points_of_one_place_stand_apart_and_near(count):
    placed = spread([need(number, rough=True) for number in range(count)])
    gaps = [straight_m((a.lat, a.lng), (b.lat, b.lng)) for a, b in combinations(placed, 2)]
    assert min(gaps) > 18
    assert max(straight_m((35.7, 139.5), (feature.lat, feature.lng)) for feature in placed) < 175
    assert {feature.id for feature in placed} == {f"n{number:03}" for number in range(count)}


@given(st.permutations([need(number) for number in range(9)]))
def test_the_order_of_the_list_does_not_move_a_point(features):
    assert spread(features) == spread(sorted(features, key=lambda feature: feature.id))


def test_the_exact_point_keeps_its_place():
    placed = {feature.id: feature for feature in spread([need(1, rough=True), need(2), need(3, rough=True)])}
    assert (placed["n002"].lat, placed["n002"].lng) == (35.7, 139.5)


def test_the_tally_counts_by_kind_and_state_in_the_order_of_the_legend():
    done, out = need(3, state="done"), need(4, kind="team", state="out")
    assert list(tally([out, done, need(1), need(2)]).items()) == [
        (("need", "ready"), 2),
        (("need", "done"), 1),
        (("team", "out"), 1),
    ]


def test_every_kind_and_state_has_words():
    for kind, states in STATES.items():
        assert has_text(f"map.kind.{kind}")
        assert all(has_text(f"map.state.{kind}.{state}") for state in states)
