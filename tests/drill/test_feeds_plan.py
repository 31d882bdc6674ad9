"""Which recording plays as which camera, what cannot be read, and what is converted."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import av
import pytest

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.drill.feeds import (
    SCENE_CAMERAS,
    FeedsFileRefused,
    LoopClock,
    NoFeeds,
    UnreadableFeed,
    load_mounts,
    plan_feeds,
    read_recording,
)
from smartcity_console.drill.feeds.convert import ConversionStopped, as_h264
from smartcity_console.drill.feeds.recording import Playback
from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.drill.feeds.wire import choose_transport


def test_recordings_take_the_scene_cameras_in_turn(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.avi", "notes.txt", "c.part.mp4", ".d.mp4"):
        (tmp_path / name).write_bytes(b"")
    plan = plan_feeds(tmp_path)
    assert [b.camera_id for b in plan.bindings] == list(SCENE_CAMERAS)
    assert [b.file.name for b in plan.bindings[:3]] == ["a.avi", "b.mp4", "a.avi"]
    assert plan.loop_s is None


def test_feeds_file_binds_by_name(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(
        'loop_s = 90.0\nfps = 15\n[[feed]]\nfile = "x.mp4"\ncamera = "GN-0007"\n'
        '[[scene]]\nid = "robbery"\nat_s = 40.0\n'
    )
    plan = plan_feeds(tmp_path)
    assert plan.loop_s == 90.0
    assert [(b.file.name, b.camera_id) for b in plan.bindings] == [("x.mp4", "GN-0007")]


@pytest.mark.parametrize(
    "text",
    [
        "loop_s = ",
        "[[feed]]\nfile = 3",
        '[[feed]]\nfile = "x"\ncamera = "../../etc"',
        '[[feed]]\nfile = "x"\ncamera = ".."',
        '[[feed]]\nfile = "x"\ncamera = "A"\n[[feed]]\nfile = "y"\ncamera = "A"',
        'loop_s = 0.0\n[[feed]]\nfile = "x"\ncamera = "A"',
    ],
)
def test_a_bad_feeds_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "feeds.toml").write_text(text)
    with pytest.raises(FeedsFileRefused, match=r"feeds\.toml"):
        plan_feeds(tmp_path)


def test_nothing_to_play(tmp_path: Path) -> None:
    with pytest.raises(NoFeeds, match="no recording"):
        plan_feeds(tmp_path)
    with pytest.raises(NoFeeds, match="no such folder"):
        plan_feeds(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"no film", bytes(range(256)) * 64])
def test_an_unreadable_recording_is_told_in_both_languages(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.mp4"
    file.write_bytes(content)
    with pytest.raises(UnreadableFeed) as caught:
        read_recording(file)
    assert "bad.mp4" in caught.value.sentence("ko")
    assert "bad.mp4" in caught.value.sentence("en")


@pytest.mark.logs
def test_the_rest_plays_when_one_cannot_be_read(tmp_path: Path) -> None:
    write_testcard(tmp_path / "good.mp4", seconds=1.0)
    (tmp_path / "bad.mp4").write_bytes(b"?")
    said: list[str] = []
    clock = SystemClock()
    mounts = load_mounts(plan_feeds(tmp_path), tmp_path / "cache", LoopClock(clock, clock.monotonic_s()), said.append)
    assert [m.camera_id for m in mounts] == list(SCENE_CAMERAS[1::2])
    assert sum("bad.mp4" in line for line in said) == 2  # once in Korean, once in English, not five times


@pytest.mark.parametrize("codec", ["msmpeg4v3", "mjpeg"])
def test_conversion_happens_once_and_looks_the_same(tmp_path: Path, codec: str) -> None:
    source = write_testcard(tmp_path / "old.avi", codec=codec, seconds=2.0)
    said: list[str] = []
    copy = as_h264(source, tmp_path / "cache", said.append)
    first_made = copy.stat().st_mtime_ns
    assert said
    assert as_h264(source, tmp_path / "cache", said.append).stat().st_mtime_ns == first_made
    recording = read_recording(copy)
    assert recording.codec == "h264"
    assert recording.duration_s == pytest.approx(2.0, abs=0.1)
    assert len(recording.keyframes) == 2
    assert not list((tmp_path / "cache").glob("*.part"))
    with av.open(str(copy)) as container:
        shown = [number_shown(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    assert shown == list(range(30))


def test_a_stop_in_the_middle_of_a_conversion_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write_testcard(tmp_path / "old.avi", codec="msmpeg4v3", seconds=2.0)
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(ConversionStopped):
        as_h264(source, tmp_path / "cache", lambda _: None, stopped)
    assert len(asked) == 6
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("at_s", [0.0, 0.97, 1.0, 3.99, 4.0, 41.5])
def test_playback_begins_at_the_keyframe_before_the_phase(tmp_path: Path, suffix: str, at_s: float) -> None:
    recording = read_recording(write_testcard(tmp_path / f"card.{suffix}", seconds=4.0))
    playback = Playback(recording, 4.0)
    units = playback.units(at_s)
    got = [next(units) for _ in range(70)]
    playback.close()
    assert got[0].is_key
    assert at_s - 1.0 - 0.04 < got[0].due_s <= at_s + 0.001
    steps = [b.due_s - a.due_s for a, b in pairwise(got)]
    assert max(steps) < 0.11  # one picture of 15 a second, the seam and a container's rounding included
    assert min(steps) > 0.03
    assert [bool(u.is_key) for u in got[:16]] == [True, *[False] * 14, True]


def test_the_phase_comes_from_the_monotonic_clock() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    line = LoopClock(clock, clock.monotonic_s())
    clock.advance(12.5)
    assert line.elapsed_s() == 12.5


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=2-3", (True, 2, 3)),
        ("RTP/AVP;multicast,RTP/AVP;unicast;client_port=5000-5001", (False, 5000, 5001)),
        ("RTP/AVP/UDP;unicast;client_port=5000", (False, 5000, 5001)),
        ("RTP/AVP/TCP;unicast;interleaved=255-256", None),
        ("RTP/AVP;unicast", None),
        ("RTP/AVP;unicast;client_port=99999-100000", None),
        ("", None),
    ],
)
def test_transport_offers(header: str, expected: tuple[bool, int, int] | None) -> None:
    chosen = choose_transport(header, 0)
    assert (chosen and (chosen.tcp, chosen.first, chosen.second)) == expected
