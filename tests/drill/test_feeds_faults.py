"""Cameras that misbehave when told to: the program that the fault journey and the drills talk to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import psutil
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.streams import read_streams
from smartcity_console.settings import Settings
from smartcity_console.video.recorder import CameraStatus, Recorder


def encoded(path: Path, size: str, codec: list[str]) -> None:
    card = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25", "-t", "4"]
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-y", *card, *codec, "-g", "12", "-pix_fmt", "yuv420p", str(path)], check=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("feeds")
    h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-x264-params", "repeat-headers=1"]
    encoded(made / "large.mp4", "320x180", h264)
    encoded(made / "small.mp4", "160x90", h264)
    encoded(made / "other.mp4", "160x90", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"])
    return made


class Program:
    def __init__(self, folder: Path) -> None:
        cameras = ["--camera", "A=large.mp4", "--camera", "B=large.mp4"]
        command = [sys.executable, "-m", "smartcity_console.drill.feeds.faults", str(folder), *cameras]
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self._read()["port"]

    def _read(self) -> Any:
        assert self.popen.stdout is not None
        return json.loads(self.popen.stdout.readline())

    def order(self, line: str) -> Any:
        assert self.popen.stdin is not None
        self.popen.stdin.write(line + "\n")
        self.popen.stdin.flush()
        return self._read()

    def tell(self, **order: str) -> None:
        assert "at_s" in self.order(json.dumps(order))

    def url(self, camera: str) -> str:
        return f"rtsp://127.0.0.1:{self.port}/{camera}"


@pytest.fixture
def program(folder: Path) -> Iterator[Program]:
    made = Program(folder)
    yield made
    made.popen.communicate(timeout=10)  # stdin ends: so does the program, by itself
    assert made.popen.returncode == 0


def opened(url: str) -> Any:
    return av.open(url, options={"rtsp_transport": "tcp", "fpsprobesize": "0"}, timeout=(5, 5))


def sizes(container: Any, limit_s: float = 15.0) -> Iterator[tuple[int, int]]:
    end_s = time.monotonic() + limit_s
    for frame in container.decode(video=0):
        assert time.monotonic() < end_s
        yield frame.width, frame.height


def test_another_recording_of_the_same_codec_follows_in_the_same_stream(program: Program) -> None:
    with opened(program.url("A")) as container:
        seen = sizes(container)
        assert next(seen) == (320, 180)
        program.tell(camera="A", file="small.mp4")
        assert next(size for size in seen if size != (320, 180)) == (160, 90)


def test_another_codec_drops_who_watches_and_is_described_anew(program: Program) -> None:
    with opened(program.url("A")) as container:
        packets = container.demux(video=0)
        next(packets)
        program.tell(camera="A", file="other.mp4")
        began_s = time.monotonic()
        with suppress(av.FFmpegError):
            while next(packets).size:  # an empty one is the stream's end
                assert time.monotonic() < began_s + 10
    with opened(program.url("A")) as container:
        assert container.streams.video[0].codec_context.name == "hevc"


def test_noise_is_no_picture_and_ends_when_told(program: Program) -> None:
    with opened(program.url("A")) as container, opened(program.url("B")) as other:
        packets = container.demux(video=0)
        next(packets)
        program.tell(camera="A", fault="garbage")
        began_s = time.monotonic()
        assert next(size for size in sizes(other) if time.monotonic() > began_s + 0.5) == (320, 180)  # B goes on
        program.tell(camera="A", fault="none")
    with opened(program.url("A")) as container:
        assert next(sizes(container)) == (320, 180)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"camera": "Z", "fault": "none"}',
        '{"camera": "A", "fault": "odd"}',
        '{"camera": "A", "file": "../missing.mp4"}',
    ],
)
def test_an_order_that_cannot_be_obeyed_is_told_and_changes_nothing(program: Program, line: str) -> None:
    assert "error" in program.order(line)
    with opened(program.url("A")) as container:
        assert next(sizes(container)) == (320, 180)


def test_a_camera_that_the_streams_file_has_by_udp_is_recorded_by_udp(program: Program, tmp_path: Path) -> None:
    streams = {"A": {"url": program.url("A"), "transport": "udp"}, "B": {"url": program.url("B")}}
    (tmp_path / "streams.json").write_text(json.dumps({"streams": streams}))
    read = read_streams(tmp_path / "streams.json")
    assert read == {"A": f"{program.url('A')}?udp", "B": program.url("B")}
    said: list[CameraStatus] = []
    settings = Settings().replaced({"recorder.min_free_mib": 16})
    recorder = Recorder(tmp_path / "ring", settings, SystemClock(), said.append)
    recorder.update({"A": read["A"]})
    recorder.start()
    try:
        end_s = time.monotonic() + 30
        while not any(status.connected for status in said):
            assert time.monotonic() < end_s, said
            time.sleep(0.05)
        assert psutil.Process(program.popen.pid).net_connections("udp")
    finally:
        recorder.stop()
