"""Which stream a tile takes, as scripted sequences of sizes, loads and silence."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from smartcity_console.video.capture.adaptive import Candidate, LoadMeter, StreamChooser
from smartcity_console.video.capture.source import StreamRole

MAIN, SUB = StreamRole.MAIN, StreamRole.SUB


def play(
    chooser: StreamChooser, script: Iterable[tuple[float, float | None]], candidates: list[Candidate]
) -> dict[int, StreamRole]:
    """Give the chooser a load at each moment of a script and return its last word."""
    chosen: dict[int, StreamRole] = {}
    for now_s, load in script:
        chosen = chooser.choose(candidates, load, now_s)
    return chosen


def steadily(from_s: float, to_s: float, load: float | None) -> list[tuple[float, float | None]]:
    return [(from_s + n, load) for n in range(round(to_s - from_s) + 1)]


@pytest.mark.parametrize(("height_px", "role"), [(100, SUB), (171, SUB), (172, MAIN), (800, MAIN)])
def test_a_tile_begins_with_the_stream_its_size_asks_for(height_px: int, role: StreamRole) -> None:
    assert StreamChooser().first(Candidate(0, height_px), 0.0) is role


def test_a_tile_that_grows_comes_back_only_past_the_hysteresis() -> None:
    chooser = StreamChooser()
    chooser.first(Candidate(0, 170), 0.0)
    assert chooser.choose([Candidate(0, 228)], 0.1, 10.0) == {0: SUB}
    assert chooser.choose([Candidate(0, 230)], 0.1, 11.0) == {0: MAIN}
    assert chooser.choose([Candidate(0, 172)], 0.1, 30.0) == {0: MAIN}
    assert chooser.choose([Candidate(0, 171)], 0.1, 31.0) == {0: SUB}


def test_a_tile_switches_at_most_every_five_seconds() -> None:
    chooser = StreamChooser()
    chooser.first(Candidate(0, 300), 0.0)
    assert chooser.choose([Candidate(0, 100)], 0.1, 4.9) == {0: MAIN}
    assert chooser.choose([Candidate(0, 100)], 0.1, 5.0) == {0: SUB}
    assert chooser.choose([Candidate(0, 300)], 0.1, 9.9) == {0: SUB}
    assert chooser.choose([Candidate(0, 300)], 0.1, 10.0) == {0: MAIN}


THREE = [Candidate(0, 500, focused=True), Candidate(1, 300), Candidate(2, 250)]


def test_under_load_one_after_the_other_gives_way_the_smallest_first_and_never_the_focused_one() -> None:
    chooser = StreamChooser()
    play(chooser, steadily(0, 6, 0.5), THREE)
    assert play(chooser, steadily(7, 10, 0.9), THREE) == {0: MAIN, 1: MAIN, 2: MAIN}
    assert play(chooser, steadily(11, 14, 0.9), THREE) == {0: MAIN, 1: MAIN, 2: SUB}
    assert play(chooser, steadily(15, 15, 0.9), THREE) == {0: MAIN, 1: SUB, 2: SUB}
    assert play(chooser, steadily(16, 60, 0.9), THREE) == {0: MAIN, 1: SUB, 2: SUB}


def test_calm_brings_them_back_one_by_one_the_largest_first() -> None:
    chooser = StreamChooser()
    play(chooser, [*steadily(0, 6, 0.5), *steadily(7, 20, 0.95)], THREE)
    assert play(chooser, steadily(21, 40, 0.5), THREE) == {0: MAIN, 1: SUB, 2: SUB}
    assert play(chooser, steadily(41, 60, 0.5), THREE) == {0: MAIN, 1: MAIN, 2: SUB}
    assert play(chooser, steadily(61, 61, 0.5), THREE) == {0: MAIN, 1: MAIN, 2: MAIN}


def test_between_the_two_thresholds_everything_stays() -> None:
    chooser = StreamChooser()
    play(chooser, [*steadily(0, 6, 0.5), *steadily(7, 11, 0.95)], THREE)
    assert play(chooser, steadily(12, 300, 0.7), THREE) == {0: MAIN, 1: MAIN, 2: SUB}


def test_a_short_peak_changes_nothing() -> None:
    chooser = StreamChooser()
    script = [(float(n), 0.99 if n % 4 else 0.8) for n in range(60)]
    assert play(chooser, script, THREE) == {0: MAIN, 1: MAIN, 2: MAIN}


def test_silence_is_neither_load_nor_calm() -> None:
    chooser = StreamChooser()
    play(chooser, [*steadily(0, 6, 0.5), *steadily(7, 9, 0.95)], THREE)
    assert play(chooser, steadily(10, 100, None), THREE) == {0: MAIN, 1: MAIN, 2: MAIN}
    assert play(chooser, steadily(101, 104, 0.95), THREE) == {0: MAIN, 1: MAIN, 2: MAIN}
    assert play(chooser, steadily(105, 105, 0.95), THREE) == {0: MAIN, 1: MAIN, 2: SUB}
    play(chooser, [(106.0, 0.3), (190.0, 0.3)], THREE)  # no sample in between: it may have been anything
    assert play(chooser, [(191.0, 0.3)], THREE) == {0: MAIN, 1: MAIN, 2: SUB}


def test_the_tile_somebody_turns_to_gets_its_stream_back_at_once() -> None:
    chooser = StreamChooser()
    play(chooser, [*steadily(0, 6, 0.5), *steadily(7, 20, 0.95)], THREE)
    turned = [Candidate(0, 500), Candidate(1, 300), Candidate(2, 250, focused=True)]
    assert play(chooser, steadily(21, 21, 0.95), turned)[2] is MAIN


def test_the_load_is_what_the_workers_used_of_all_processors() -> None:
    meter = LoadMeter(cores=2)
    meter.note(0.0, {0: 5.0, 1: 7.0}, eased=False)
    assert meter.load is None
    meter.note(0.5, {0: 5.5, 1: 7.5}, eased=False)
    assert meter.load is None
    meter.note(2.0, {0: 6.0, 1: 8.0}, eased=False)
    assert meter.load == pytest.approx(0.5)
    meter.note(3.0, {0: 0.1, 1: 9.0}, eased=False)  # worker 0 was replaced and counts from nothing
    assert meter.load == pytest.approx(0.5)
    meter.note(4.0, {0: 0.2, 1: 9.1}, eased=True)
    assert meter.load == 1.0
    meter.note(5.0, {}, eased=False)
    assert meter.load is None
