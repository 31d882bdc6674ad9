"""The recorder's own RTSP client against a real server: credentials, sound, the camera's clock, odd cameras, a killed ring."""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.settings import Settings
from smartcity_console.video.nal import picture_units, split_annexb, split_sample
from smartcity_console.video.recorder import CameraStatus, Recorder
from smartcity_console.video.recorder.drift import ClockWatch
from smartcity_console.video.ring import RingReader
from smartcity_console.video.ring.format import AUDIO, CLOCK, camera_utc_us
from smartcity_console.video.ring.reader import read_segment
from smartcity_console.video.rtsp import Refused, RtspClient
from smartcity_console.video.rtsp.depacket import Pictures
from smartcity_console.video.rtsp.rtcp import sender_report
from smartcity_console.video.rtsp.sdp import tracks_of
from tests.video.rtsp_server import Camera, served

SETTINGS = Settings().replaced(
    {
        "recorder.segment_s": 2,
        "recorder.min_free_mib": 16,
        "capture.open_timeout_ms": 3000,
        "capture.read_timeout_ms": 3000,
    }
)


def wait_until(condition: Callable[[], object], limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


@contextmanager
def recorded(root: Path, url: str, settings: Settings = SETTINGS) -> Iterator[tuple[Recorder, list[CameraStatus]]]:
    said: list[CameraStatus] = []
    running = Recorder(root, settings, SystemClock(), said.append)
    running.update({"A": url})
    running.start()
    try:
        yield running, said
    finally:
        running.stop()


def in_ring(root: Path, *, everything: bool = False) -> list[bytes]:
    paths = RingReader(root).paths("A")
    return [t.record.payload for path in paths for t in read_segment(path, everything=everything)]


def units_of(file: Path) -> list[list[bytes]]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        return [picture_units(codec, split_sample(bytes(p), extradata)) for p in container.demux(stream) if p.size]


def with_tone(file: Path, codec: str, out: Path) -> Path:
    """Add a tone in another codec to a recording, by a program that is not ours."""
    tone = [
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=440:sample_rate=8000",
        "-shortest",
        "-c:v",
        "copy",
        "-c:a",
        codec,
        "-ac",
        "1",
    ]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", str(file), *tone, str(out)], check=True, timeout=60)
    return out


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("card") / "card.mp4", seconds=4.0)


@pytest.mark.parametrize("digest", ["MD5", "SHA-256"])
def test_credentials_open_a_camera_and_are_told_to_nobody(tmp_path: Path, card: Path, digest: str) -> None:
    camera = Camera(card, user="viewer", password="s3cret word", digest=digest)
    with served(camera), recorded(tmp_path, camera.url.replace(" ", "%20")) as (_, said):
        wait_until(lambda: len(in_ring(tmp_path)) >= 60)
        assert said[0].connected
    assert not any("s3cret" in asked or "viewer:" in asked for asked in camera.asked)


def test_wrong_credentials_are_told_as_such(tmp_path: Path, card: Path) -> None:
    camera = Camera(card, user="viewer", password="right")
    with served(camera), recorded(tmp_path, camera.url.replace("right", "wrong")) as (_, said):
        wait_until(lambda: said)
    assert (said[0].connected, said[0].reason) == (False, "the camera refuses our credentials")


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_pictures_are_the_files_own(tmp_path: Path, codec: str) -> None:
    file = write_testcard(tmp_path / "card.mp4", codec=codec, seconds=3.0, size=(640, 360))
    camera = Camera(file)
    with served(camera), recorded(tmp_path / "ring", camera.url) as (_, said):
        wait_until(lambda: len(in_ring(tmp_path / "ring")) >= 45)
    name = "h264" if codec == "libx264" else "hevc"
    assert (said[0].codec, said[0].width_px, said[0].height_px) == (name, 640, 360)
    assert [picture_units(name, split_annexb(p)) for p in in_ring(tmp_path / "ring")][:45] == units_of(file)


@pytest.mark.parametrize(("wanted", "frames"), [(True, 20), (False, 0)])
def test_sound_is_recorded_only_when_asked_for(tmp_path: Path, card: Path, wanted: bool, frames: int) -> None:
    file = with_tone(card, "aac", tmp_path / "sound.mp4")
    camera = Camera(file)
    settings = SETTINGS.replaced({"recorder.audio": wanted})
    with served(camera), recorded(tmp_path / "ring", camera.url, settings) as (_, said):
        wait_until(lambda: len(in_ring(tmp_path / "ring")) >= 60)
    taken = [t for p in RingReader(tmp_path / "ring").paths("A") for t in read_segment(p, everything=True)]
    heard = [t.record.payload for t in taken if t.record.flags & AUDIO]
    assert len(heard) >= frames
    assert said[0].audio == ("aac" if wanted else "MPEG4-GENERIC not recorded")
    assert bool(heard) is wanted
    with av.open(str(file)) as container:
        stored = [bytes(p) for p in container.demux(audio=0) if p.size]
    assert heard[:frames] == stored[stored.index(heard[0]) :][:frames] if wanted else True
    assert sum("SETUP" in asked for asked in camera.asked) == 1 + wanted


def test_g711_is_recorded_as_it_comes(tmp_path: Path, card: Path) -> None:
    camera = Camera(with_tone(card, "pcm_alaw", tmp_path / "sound.mkv"))
    settings = SETTINGS.replaced({"recorder.audio": True})
    with served(camera), recorded(tmp_path / "ring", camera.url, settings) as (_, said):
        wait_until(lambda: len(in_ring(tmp_path / "ring")) >= 60)
    assert said[0].audio == "pcm_alaw"


def test_the_cameras_own_clock_is_kept(tmp_path: Path, card: Path) -> None:
    camera = Camera(card, ahead_s=16.0)
    with served(camera), recorded(tmp_path, camera.url):
        wait_until(lambda: len(in_ring(tmp_path)) >= 60)
    taken = [t for p in RingReader(tmp_path).paths("A") for t in read_segment(p, everything=True)]
    notes = [t.record for t in taken if t.record.flags & CLOCK]
    assert len(notes) >= 3
    assert all(abs(camera_utc_us(n) - n.utc_us - 16_000_000) < 1_000_000 for n in notes)
    pictures = {t.record.pts for t in taken if t.record.is_picture}
    assert {n.pts for n in notes} <= pictures


def test_a_marker_on_every_packet_does_not_tear_pictures(tmp_path: Path, card: Path) -> None:
    camera = Camera(card, marker_on_every_packet=True)
    with served(camera), recorded(tmp_path, camera.url):
        wait_until(lambda: len(in_ring(tmp_path)) >= 60)
    got = [picture_units("h264", split_annexb(p)) for p in in_ring(tmp_path)]
    stored = units_of(card)
    assert got[20:55] == stored[stored.index(got[20]) :][:35]  # what came before the marker was found out may be torn


def test_a_codec_that_is_not_ours_goes_to_the_library(tmp_path: Path, card: Path) -> None:
    camera = Camera(card, encoding="MP4V-ES")
    with served(camera), recorded(tmp_path, camera.url) as (_, said):
        wait_until(lambda: sum("DESCRIBE" in asked for asked in camera.asked) >= 2)
        wait_until(lambda: any("Lavf" in asked for asked in camera.asked))
    assert not any(s.reason.startswith("codec") for s in said)


_RECORD = """
import sys, time
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.settings import Settings
from smartcity_console.video.recorder import Recorder
if __name__ == "__main__":
    recorder = Recorder(Path(sys.argv[1]), Settings(), SystemClock(), lambda status: None)
    recorder.update({"A": sys.argv[2]})
    recorder.start()
    print("recording", flush=True)
    time.sleep(120)
"""


def test_a_kill_of_everything_loses_less_than_two_seconds(tmp_path: Path) -> None:
    """`kill -9` of the recorder and of its supervisor in the same moment: what the index then tells is what is there."""
    file = write_testcard(tmp_path / "card.mp4", seconds=60.0, keyframe_every=15)
    root = tmp_path / "ring"
    camera = Camera(file, speed=1.0)
    with served(camera):
        command = [sys.executable, "-c", _RECORD, str(root), camera.url]
        script = tmp_path / "record.py"
        script.write_text(_RECORD)
        command[1:3] = [str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as program:
            wait_until(lambda: root.is_dir() and len(in_ring(root)) >= 60)
            os.killpg(program.pid, signal.SIGKILL)
            killed_at = SystemClock().now()
    ring = RingReader(root)
    span = ring.spans("A")[-1]
    assert (killed_at - span.end).total_seconds() < 2.0
    kept = [picture_units("h264", split_annexb(t.record.payload)) for t in ring.packets("A", span.start, span.end)]
    assert kept == units_of(file)[: len(kept)]
    assert len(kept) >= 60


# ---- parts ---------------------------------------------------------------------------------------------------------


def test_drift_and_offset_come_from_the_least_delayed() -> None:
    rng, watch, told = random.Random(3), ClockWatch(), 0
    for number in range(2000):  # 80 s of a camera 40 ppm fast and 16 s ahead, over a network that delays up to 50 ms
        camera_s = number * 0.04
        mono_s = camera_s / (1 + 40e-6) + rng.uniform(0, 0.05) * (number % 7 > 0)
        if number % 100 == 0:
            watch.reported(round((camera_s + 16) * 1e6), round(mono_s * 1e6))
        told += watch.received(camera_s, mono_s)
    assert told == 7
    assert watch.drift_ppm == pytest.approx(40, abs=8)
    assert watch.offset_ms == pytest.approx(16_000, abs=60)


def test_a_camera_that_counts_from_its_own_start_tells_no_time() -> None:
    report = struct.pack(">BBHIIIIII", 0x80, 200, 6, 1, 1234, 0, 5, 0, 0)
    assert sender_report(report) is None
    assert sender_report(b"\x80\xc9\x00\x01abcd" + report[:3]) is None


def test_lost_packets_mark_the_picture() -> None:
    pictures = Pictures("h264")
    fragment = lambda head, rest: memoryview(bytes((0x7C, head)) + rest)  # noqa: E731
    assert pictures.push(fragment(0x85, b"abc"), False, 1, False) is None
    made = pictures.push(fragment(0x45, b"ghi"), True, 1, True)
    assert not isinstance(made, list)
    assert made is not None
    assert (made.is_damaged, made.is_key, made.payload) == (True, True, b"\x00\x00\x00\x01\x65abc")


@pytest.mark.parametrize("seed", range(3))
def test_garbage_raises_refused_or_nothing(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        client = RtspClient("rtsp://192.0.2.1/x", want_audio=True)
        client.playing = True
        track = tracks_of(b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")[0]
        client.take_track(track, 0)
        data = b"".join(
            b"$" + bytes((rng.choice((0, 0, 1, 9)),)) + len(body).to_bytes(2, "big") + body
            for body in (bytes((0x80, 96)) + rng.randbytes(rng.randrange(40)) for _ in range(20))
        ) + rng.randbytes(rng.randrange(20))
        try:
            for at in range(0, len(data), 97):
                client.feed(data[at : at + 97])
        except Refused:
            pass
