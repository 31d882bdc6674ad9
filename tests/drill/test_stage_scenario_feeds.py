"""The shipped feeds of the drills: whole, playable as a camera's, within their bounds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from smartcity_console.drill.scenario.model import FeedSpec, Scenario
from smartcity_console.drill.scenario.read import read_scenario, shipped

FEEDS = Path(__file__).resolve().parents[2] / "sample_feeds"
FPS, KEYFRAME_S = 15, 2.0
MOST_BYTES, MOST_BYTES_TOGETHER = 8_000_000, 120_000_000
SCENARIOS = [(folder, read_scenario(folder)) for folder in shipped()]
CASES = [(folder, scenario, feed) for folder, scenario in SCENARIOS for feed in scenario.feeds]


def test_at_least_24_cameras_over_all_scenarios_and_every_file_is_there() -> None:
    assert len(CASES) >= 24
    assert [f"{s.id}/{feed.file}" for folder, s, feed in CASES if not (folder / feed.file).is_file()] == []


def test_all_feeds_together_stay_within_what_the_repository_carries() -> None:
    assert sum(path.stat().st_size for path in FEEDS.rglob("*.mp4")) <= MOST_BYTES_TOGETHER


@pytest.mark.parametrize(("folder", "scenario", "feed"), CASES, ids=[f"{s.id}-{f.camera}" for _, s, f in CASES])
def test_a_feed_plays_as_a_camera_would(folder: Path, scenario: Scenario, feed: FeedSpec) -> None:
    path = folder / feed.file
    assert scenario.stage is not None and path.stat().st_size < MOST_BYTES
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.width * 9 == stream.height * 16
        packets = [packet for packet in container.demux(stream) if packet.size]
    assert stream.average_rate == Fraction(FPS)
    seconds = [float(packet.pts * packet.time_base) for packet in packets]
    keys = [second for second, packet in zip(seconds, packets, strict=True) if packet.is_keyframe]
    assert len(packets) == round(scenario.stage.length_s * FPS)
    assert seconds == sorted(seconds)  # no B-frames: decoding order is showing order
    assert max(b - a for a, b in zip(keys, [*keys[1:], scenario.stage.length_s], strict=True)) <= KEYFRAME_S + 1e-6
    spans = [span for span in (feed.before_s, feed.act_s, feed.after_s) if span is not None]
    for begin, end in spans:
        assert begin % KEYFRAME_S == 0.0 and begin < end <= scenario.stage.length_s
