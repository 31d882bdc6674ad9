"""The parts of capture that need no stream: waiting, gating, pacing, sizes, what a log may say."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity_console.video.capture.pace import Ladder, LagMeter, RateMeter, Shedding
from smartcity_console.video.capture.retry import ReconnectGate, back_off_s
from smartcity_console.video.capture.slots import TileHead
from smartcity_console.video.capture.source import Easing, Reason, TileSource, TileState, fitted, without_credentials
from smartcity_console.video.capture.tile import Tile


class Middle(random.Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def test_back_off_grows_from_1_to_15_s_in_eight_tries_then_stays_at_60() -> None:
    waits = [back_off_s(attempt, Middle()) for attempt in range(1, 12)]
    assert waits[0] == pytest.approx(1.0)
    assert waits[7] == pytest.approx(15.0)
    assert waits[:8] == sorted(waits[:8])
    assert waits[8:] == [60.0, 60.0, 60.0]


def test_back_off_is_jittered_within_a_fifth() -> None:
    chance = random.Random(7)
    waits = {back_off_s(20, chance) for _ in range(50)}
    assert len(waits) > 40
    assert 48.0 <= min(waits) < 52.0 < 68.0 < max(waits) <= 72.0


def test_the_gate_lets_three_reconnects_through_in_any_three_seconds() -> None:
    gate = ReconnectGate()
    passed = [at for at in (i * 0.1 for i in range(100)) if gate.passes(at)]
    assert len(passed) == 12
    assert all(later - earlier >= 3.0 for earlier, later in zip(passed, passed[3:], strict=False))


def test_lag_is_what_a_frame_is_late_against_the_best_one() -> None:
    meter = LagMeter()
    assert meter.lag_s(100.0, 5.0) == 0.0
    assert meter.lag_s(100.1, 5.1) == pytest.approx(0.0, abs=1e-3)
    assert meter.lag_s(100.9, 5.2) == pytest.approx(0.7, abs=1e-2)
    assert meter.lag_s(100.95, 5.9) == pytest.approx(0.05, abs=1e-2)


def test_a_looping_feed_starts_the_lag_anew() -> None:
    meter = LagMeter()
    meter.lag_s(100.0, 80.0)
    assert meter.lag_s(100.1, 0.0) == 0.0
    assert meter.lag_s(100.2, 60.0) == 0.0


def test_a_slow_camera_clock_never_looks_late() -> None:
    meter = LagMeter()
    lags = [meter.lag_s(i / 15 * 1.0002, i / 15) for i in range(15 * 3600)]
    assert max(lags) < 0.01


def converted(lag_s: float, easing: Easing = Easing.NONE, fps: int = 25, seconds: int = 10) -> float:
    """Return how many frames a second are converted of a stream that comes evenly, always `lag_s` late."""
    shedding = Shedding()
    return sum(shedding.wants(n / fps, lag_s, easing) for n in range(fps * seconds)) / seconds


def test_late_frames_are_shed_but_never_all_of_them() -> None:
    assert converted(0.0) == 25.0
    assert converted(0.11) == 25.0
    assert converted(0.2) == pytest.approx(16.7, abs=0.2)
    assert converted(0.4) == pytest.approx(8.3, abs=0.2)
    assert converted(1.5) == pytest.approx(4.0, abs=0.2)


def test_an_eased_decoder_converts_two_frames_in_three_and_a_slow_camera_every_one() -> None:
    assert converted(0.0, Easing.THINNED) == pytest.approx(16.7, abs=0.2)
    assert converted(0.0, Easing.THINNED, fps=30) == pytest.approx(16.7, abs=0.2)
    assert converted(0.0, Easing.THINNED, fps=15) == 15.0


def test_without_deblocking_more_frames_are_converted_while_they_are_on_time() -> None:
    assert converted(0.0, Easing.PLAIN) == pytest.approx(21.7, abs=0.2)
    assert converted(0.0, Easing.PLAIN, fps=15) == 15.0
    assert converted(0.1, Easing.PLAIN) == pytest.approx(16.7, abs=0.2)
    assert converted(0.4, Easing.PLAIN) == pytest.approx(8.3, abs=0.2)


def climb(ladder: Ladder, from_s: float, seconds: float, lag_s: float) -> Easing:
    """Feed a stream of 25 frames a second, each `lag_s` late; return the easing at its end."""
    for n in range(round(seconds * 25)):
        ladder.step(from_s + n / 25, lag_s)
    return ladder.easing


def test_the_ladder_climbs_while_frames_stay_late_and_takes_keyframes_alone_only_when_nothing_else_helps() -> None:
    ladder = Ladder()
    assert climb(ladder, 0.0, 5.0, 0.01) is Easing.NONE
    assert climb(ladder, 5.0, 0.8, 0.2) is Easing.THINNED
    assert climb(ladder, 5.8, 0.6, 0.2) is Easing.PLAIN
    assert climb(ladder, 6.4, 20.0, 0.5) is Easing.PLAIN
    assert climb(ladder, 26.4, 1.1, 0.9) is Easing.KEYFRAMES
    assert climb(ladder, 27.5, 1.1, 0.3) is Easing.KEYFRAMES
    assert climb(ladder, 28.6, 1.1, 0.1) is Easing.PLAIN


def test_a_burst_is_no_overload() -> None:
    ladder = Ladder()
    for n in range(250):
        ladder.step(n / 25, 0.3 if n % 10 < 8 else 0.0)
    assert ladder.easing is Easing.NONE


def test_the_ladder_comes_down_step_by_step_and_waits_longer_after_a_relapse() -> None:
    ladder = Ladder()
    climb(ladder, 0.0, 2.0, 0.2)
    assert ladder.easing is Easing.PLAIN
    assert climb(ladder, 2.0, 1.5, 0.0) is Easing.PLAIN
    assert climb(ladder, 3.5, 1.5, 0.0) is Easing.THINNED
    assert climb(ladder, 5.0, 1.2, 0.2) is Easing.PLAIN  # it was too early
    assert climb(ladder, 6.2, 3.0, 0.0) is Easing.PLAIN
    assert climb(ladder, 9.2, 2.0, 0.0) is Easing.THINNED


def test_rate_over_the_last_frames() -> None:
    meter = RateMeter()
    rates = [meter.tick(i / 15) for i in range(60)]
    assert rates[0] == 0.0
    assert rates[-1] == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("source", "room", "size"),
    [
        ((1920, 1080), (295, 190), (294, 166)),
        ((640, 480), (295, 190), (252, 190)),
        ((640, 360), (1920, 1080), (640, 360)),
        ((4000, 2), (100, 100), (100, 2)),
    ],
)
def test_a_picture_fits_its_tile_with_its_aspect_and_is_never_enlarged(
    source: tuple[int, int], room: tuple[int, int], size: tuple[int, int]
) -> None:
    assert fitted(source, room) == size


def test_no_text_of_a_source_carries_its_password() -> None:
    source = TileSource.live("rtsp://guard:s3cret@10.0.0.7:554/ch1?token=abc")
    assert without_credentials(source.address) == "rtsp://10.0.0.7:554/ch1"
    assert "s3cret" not in repr(source) + str(source)
    assert "abc" not in repr(source)


def test_opencv_leaves_qt_alone() -> None:
    code = (
        "import os; os.environ['QT_QPA_FONTDIR'] = '/fonts'; os.environ.pop('QT_QPA_PLATFORM_PLUGIN_PATH', None)\n"
        "from smartcity_console.video.capture.opencv import cv2\n"
        "print(os.environ['QT_QPA_FONTDIR'], os.environ.get('QT_QPA_PLATFORM_PLUGIN_PATH'), bool(cv2.__version__))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["/fonts", "None", "True"]


def test_the_console_does_not_load_opencv_for_the_pool() -> None:
    code = "import sys, smartcity_console.video.capture; print('cv2' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env=environment
    )
    assert done.stdout.strip() == "False"


class TestTile:
    """A tile's story as scripted sequences."""

    HEAD = TileHead(fps=15.0, overwritten=2, skipped=1)

    def tile(self) -> Tile:
        tile = Tile(0)
        assert tile.want(TileSource.live("rtsp://h/1"), (295, 190), 0.0)
        return tile

    def state(self, tile: Tile, captured_s: float | None, now_s: float) -> tuple[TileState, int]:
        status = tile.status(self.HEAD, captured_s, now_s, 2.0)
        return status.state, status.attempt

    def test_connect_live_stale_reconnect_live(self) -> None:
        tile = self.tile()
        assert self.state(tile, None, 0.1) == (TileState.CONNECTING, 0)
        tile.order(0)
        tile.opened("H264", 1.0)
        assert self.state(tile, 1.0, 1.1) == (TileState.LIVE, 0)
        assert self.state(tile, 1.0, 3.2) == (TileState.STALE, 0)
        tile.lost(Reason.READ_TIMEOUT, "", "", 7.0, Middle())
        assert self.state(tile, 1.0, 7.1) == (TileState.STALE, 1)
        assert tile.due_s == pytest.approx(8.0)
        tile.order(1)
        tile.opened("H264", 8.5)
        assert self.state(tile, 8.5, 8.6) == (TileState.LIVE, 0)

    def test_eight_tries_in_vain_are_no_signal(self) -> None:
        tile = self.tile()
        for attempt in range(1, 10):
            tile.order(0)
            tile.lost(Reason.REFUSED, "", "", float(attempt), Middle())
            assert self.state(tile, None, attempt + 0.1) == (TileState.NO_SIGNAL, attempt)
            assert self.state(tile, -99.0, attempt + 0.1)[0] is (
                TileState.STALE if attempt <= 8 else TileState.NO_SIGNAL
            )

    def test_a_feed_that_flaps_keeps_counting_and_one_that_held_starts_anew(self) -> None:
        tile = self.tile()
        for at_s, counted in ((2.0, 1), (5.0, 2), (9.0, 3), (30.0, 1)):
            tile.order(0)
            tile.opened("H264", at_s - 1.0 if at_s < 30 else 15.0)
            tile.lost(Reason.ENDED, "", "", at_s, Middle())
            assert tile.attempt == counted

    def test_a_machine_too_slow_does_not_make_the_camera_wait_longer_and_longer(self) -> None:
        tile = self.tile()
        for at_s in range(1, 30, 3):
            tile.order(0)
            tile.opened("H264", float(at_s))
            tile.lost(Reason.BEHIND, "4.1 s", "", at_s + 1.0, Middle())
            assert (tile.attempt, tile.due_s) == (1, at_s + 2.0)

    def test_only_a_stream_that_a_quick_look_could_not_open_is_looked_at_longer(self) -> None:
        tile = self.tile()
        assert not tile.order(0).patient
        tile.lost(Reason.REFUSED, "", "", 1.0, Middle())
        assert not tile.order(0).patient
        tile.lost(Reason.OPEN_FAILED, "", "", 2.0, Middle())
        assert tile.order(0).patient

    def test_another_source_forgets_the_old_one(self) -> None:
        tile = self.tile()
        tile.order(0)
        tile.lost(Reason.CODEC, "", "AV01", 1.0, Middle())
        assert self.state(tile, None, 1.1) == (TileState.UNSUPPORTED, 1)
        generation = tile.generation
        assert tile.want(TileSource.live("rtsp://h/2"), (295, 190), 2.0)
        assert (tile.generation, tile.attempt, tile.codec, tile.due_s) == (generation + 1, 0, "", 2.0)
        assert not tile.want(TileSource.live("rtsp://h/2"), (295, 190), 3.0)
        assert tile.want(None, (295, 190), 4.0)
        assert self.state(tile, None, 4.1) == (TileState.IDLE, 0)
        assert tile.due_s is None
