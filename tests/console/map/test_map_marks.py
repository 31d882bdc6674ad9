"""Numbers that would lie on each other stand aside."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.console.map.declutter import apart


def test_numbers_that_are_apart_stay_where_they_are() -> None:
    places = [(0.0, 0.0), (40.0, 0.0), (0.0, 40.0)]
    assert apart(places, [(100.0, 100.0)], 26.0, 32.0) == places


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 30)), min_size=2, max_size=6))
def test_crowded_numbers_end_up_apart_and_clear_of_the_incident(places: list[tuple[float, float]]) -> None:
    moved = apart(places, [(15.0, 15.0)], 26.0, 32.0)
    assert all(math.dist(p, (15.0, 15.0)) > 31.0 for p in moved)
    gaps = [math.dist(moved[i], moved[j]) for i in range(len(moved)) for j in range(i)]
    assert min(gaps) > 20.0
    assert moved == apart(places, [(15.0, 15.0)], 26.0, 32.0)
