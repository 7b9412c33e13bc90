"""The recovery that the store's README shows, played at fewer places: nothing that was confirmed is lost."""

from tests.faults.byte_flips import FILES, play


def test_wherever_one_bit_turned_over_all_that_was_confirmed_is_there() -> None:
    said: list[str] = []
    found = play(6, said.append)
    assert len(said) == len(FILES)
    assert {what for (_, what) in found if not what.startswith("そろっている")} == set()
    assert found["DuckDB のログ", "そろっている、直したと伝えた"] > 0, "a person is told"
