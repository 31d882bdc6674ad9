"""What half of the feeds need, all do; it is taken back when there is room for it."""

from __future__ import annotations

import pytest

from smartcity_console.video.capture.shared_easing import SharedEasing
from smartcity_console.video.capture.source import Easing

NONE, THINNED, PLAIN, KEYFRAMES = Easing


@pytest.mark.parametrize(
    ("wanted", "all_do"),
    [
        ([], NONE),
        ([KEYFRAMES], NONE),
        ([KEYFRAMES, *[NONE] * 15], NONE),
        ([PLAIN] * 7 + [NONE] * 9, NONE),
        ([PLAIN] * 8 + [NONE] * 8, PLAIN),
        ([PLAIN] * 4 + [THINNED] * 4 + [NONE] * 8, THINNED),
        ([KEYFRAMES] * 16, PLAIN),
        ([THINNED, THINNED], THINNED),
    ],
)
def test_one_slow_camera_eases_nobody_else_and_half_ease_all(wanted: list[Easing], all_do: Easing) -> None:
    assert SharedEasing().step(wanted, 0.9, 0.0) is all_do


def test_it_stays_while_the_processors_have_no_room_and_then_comes_down_step_by_step() -> None:
    easing, calm = SharedEasing(), [NONE] * 16
    assert easing.step([PLAIN] * 16, 0.95, 0.0) is PLAIN
    for n in range(100):
        assert easing.step(calm, 0.8, n * 0.2) is PLAIN  # on time because it is eased
    assert easing.step(calm, None, 20.0) is PLAIN
    assert [easing.step(calm, 0.6, 20.0 + n * 0.2) for n in range(7)] == [PLAIN] * 5 + [THINNED] * 2
    assert all(easing.step(calm, 0.85, 22.0 + n * 0.2) is THINNED for n in range(20))
    assert [easing.step(calm, 0.7, 26.0 + n * 0.2) for n in range(7)] == [THINNED] * 5 + [NONE] * 2


def test_a_wall_that_shows_nothing_eases_nothing() -> None:
    easing = SharedEasing()
    easing.step([PLAIN] * 16, 0.95, 0.0)
    assert easing.step([], 0.9, 0.2) is NONE
