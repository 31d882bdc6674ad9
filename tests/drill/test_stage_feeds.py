"""The recordings that ship: whole, small, seekable, and filmed from where the catalogue says the cameras stand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import av
import pytest

from smartcity_console.city import City
from smartcity_console.drill.stage.build import filmed_from
from smartcity_console.drill.stage.world import SCENES

FEEDS = Path(__file__).resolve().parents[2] / "sample_feeds"
CAMERAS = [camera_id for spec in SCENES for camera_id in spec.camera_ids]
LOOP_S, FPS = 90.0, 15
MOST_BYTES, MOST_BYTES_TOGETHER = 7_500_000, 45_000_000


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    return tomllib.loads((FEEDS / "feeds.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def city() -> City:
    return City.open("")


def test_the_list_names_every_camera_and_both_scenes(table: dict[str, Any], city: City) -> None:
    assert (table["loop_s"], table["fps"]) == (LOOP_S, FPS)
    assert [feed["camera"] for feed in table["feed"]] == CAMERAS
    for scene in table["scene"]:
        site = city.sites[scene["site"]]
        assert site.account == scene["account"]
        assert scene["zone"] in {zone.number for zone in site.zones}


@pytest.mark.parametrize("camera_id", CAMERAS)
def test_a_feed_was_filmed_from_its_cameras_present_pose(table: dict[str, Any], city: City, camera_id: str) -> None:
    """When this fails the city was built anew: run scripts/build-feeds."""
    feed = next(feed for feed in table["feed"] if feed["camera"] == camera_id)
    assert feed["filmed_from"] == pytest.approx(filmed_from(city.cameras[camera_id]), abs=1e-6)


@pytest.mark.parametrize("camera_id", CAMERAS)
def test_a_feed_plays_as_a_camera_would(city: City, camera_id: str) -> None:
    path = FEEDS / f"{camera_id}.mp4"
    pose = city.cameras[camera_id].pose
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (pose.width_px, pose.height_px)
        assert stream.codec_context.profile in ("Main", "High")
        packets = [packet for packet in container.demux(stream) if packet.size]
    seconds = [float(packet.pts * packet.time_base) for packet in packets]
    keys = [second for second, packet in zip(seconds, packets, strict=True) if packet.is_keyframe]
    assert len(packets) == LOOP_S * FPS
    assert seconds == sorted(seconds)  # no B-frames: decoding order is showing order
    assert keys[0] == 0.0
    assert max(b - a for a, b in zip(keys, [*keys[1:], LOOP_S], strict=True)) <= 2.0 + 1e-6
    assert path.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("camera_id", CAMERAS)
def test_every_picture_of_a_feeds_first_group_decodes(camera_id: str) -> None:
    with av.open(str(FEEDS / f"{camera_id}.mp4")) as container:
        decoded = [frame for _, frame in zip(range(2 * FPS), container.decode(video=0), strict=False)]
    assert len(decoded) == 2 * FPS
    assert all(frame.to_ndarray(format="gray").std() > 15.0 for frame in decoded[::10])


def test_the_feeds_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in FEEDS.glob("*.mp4")) < MOST_BYTES_TOGETHER
