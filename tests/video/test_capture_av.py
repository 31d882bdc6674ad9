"""Decoding by PyAV: right colours, no picture held back, lost parts told, other decoders put in at a keyframe."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import InputContainer

from smartcity_console.video.capture.av_capture import AvCapture
from smartcity_console.video.capture.av_complaints import Complaints
from smartcity_console.video.capture.capture import Capture, Grabbed, Pixels
from smartcity_console.video.capture.slots import Arena
from smartcity_console.video.capture.source import Easing, Size

COLOURS = {"red": (0, 0, 255), "lime": (0, 255, 0), "blue": (255, 0, 0), "white": (255, 255, 255), "black": (0, 0, 0)}
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "10")


def encode(path: Path, source: str, *options: str) -> Path:
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    return path


def read(path: Path) -> AvCapture:
    return AvCapture(av.open(str(path), "r"), lambda: None, Complaints().begin())


def drawn(capture: AvCapture, size: Size) -> Pixels:
    """Return the grabbed frame at a size."""
    arena = Arena.create(1, 1)
    canvas = arena.canvas(0, 0, size)
    capture.draw(canvas)
    arena.close()
    return canvas.pixels


def grabbed(capture: Capture) -> Iterator[Grabbed]:
    while (frame := capture.grab()) is not None:
        yield frame


@pytest.mark.parametrize(
    ("size", "matrix", "full"),
    [("1280x720", "bt709", False), ("640x360", "smpte170m", False), ("640x480", "bt709", True)],
)
def test_colours_come_out_as_they_were(tmp_path: Path, size: str, matrix: str, *, full: bool) -> None:
    """Told by the stream for the last; for the others taken from the size, as the stream says nothing."""
    wanted_range = "pc" if full else "tv"
    for name, bgr in COLOURS.items():
        told = ["-colorspace", matrix, "-color_range", wanted_range] if full else []
        convert = f"scale=out_color_matrix={matrix}:out_range={wanted_range},format=yuv420p"
        silent = [] if full else ["-bsf:v", "h264_metadata=matrix_coefficients=2"]
        source = f"color={name}:size={size}:rate=5:duration=0.4"
        path = encode(tmp_path / "c.mp4", source, "-vf", convert, *X264, "-crf", "1", *told, *silent)
        capture = read(path)
        assert capture.grab() is not None
        middle = drawn(capture, (64, 36))[18, 32]
        assert np.abs(middle[:3].astype(int) - bgr).max() <= 8, (name, middle)
        assert middle[3] == 255
        capture.release()


def test_shrinking_keeps_what_fine_lines_add_up_to(tmp_path: Path) -> None:
    """Lines of one pixel in four become an even grey at a quarter of the size, not lines here and none there."""
    stripes = "nullsrc=size=1280x720:rate=5:duration=0.4,geq=lum='if(mod(X,4),16,235)':cb=128:cr=128"
    capture = read(encode(tmp_path / "s.mp4", stripes, *X264, "-crf", "4", "-pix_fmt", "yuv420p"))
    assert capture.grab() is not None
    picture = drawn(capture, (320, 180))[20:-20, 20:-20, 0]
    assert abs(picture.mean() - 64) < 6
    assert picture.std() < 8


def test_every_packet_gives_its_picture_at_once(tmp_path: Path) -> None:
    path = encode(tmp_path / "l.mp4", "testsrc2=size=320x240:rate=25:duration=1", *X264, "-pix_fmt", "yuv420p")
    reads = 0

    def count() -> None:
        nonlocal reads
        reads += 1

    capture = AvCapture(av.open(str(path), "r"), count, Complaints().begin())
    for number, _ in enumerate(grabbed(capture), 1):
        assert reads == number


def frame_numbers(capture: Capture, frames: int | None = None) -> list[int]:
    return [round((frame.media_s or 0.0) * 25) for frame in itertools.islice(grabbed(capture), frames)]


def test_a_decoder_without_deblocking_is_put_in_and_taken_out_at_a_keyframe(tmp_path: Path) -> None:
    path = encode(tmp_path / "e.mp4", "testsrc2=size=320x240:rate=25:duration=2", *X264, "-pix_fmt", "yuv420p")
    capture = read(path)
    numbers = frame_numbers(capture, 15)
    capture.ease(Easing.PLAIN)
    numbers += frame_numbers(capture, 15)
    assert capture._is_plain
    capture.ease(Easing.NONE)
    numbers += frame_numbers(capture)
    assert not capture._is_plain
    assert numbers == list(range(50))


def test_keyframes_alone_come_at_once_and_whole_groups_right_after_one(tmp_path: Path) -> None:
    path = encode(tmp_path / "k.mp4", "testsrc2=size=320x240:rate=25:duration=2", *X264, "-pix_fmt", "yuv420p")
    capture = read(path)
    assert frame_numbers(capture, 13) == list(range(13))
    capture.ease(Easing.KEYFRAMES)
    assert frame_numbers(capture, 2) == [20, 30]
    capture.ease(Easing.NONE)
    rest = list(grabbed(capture))
    assert [round((frame.media_s or 0.0) * 25) for frame in rest] == list(range(31, 50))
    assert not any(frame.damaged for frame in rest)


class Cutting:
    """A container of which one packet lost its second half."""

    def __init__(self, container: InputContainer, number: int) -> None:
        self._container, self._number = container, number

    def __getattr__(self, name: str) -> object:
        return getattr(self._container, name)

    def demux(self, stream: object) -> Iterator[av.Packet]:
        for number, packet in enumerate(self._container.demux(stream)):  # type: ignore[call-overload]
            yield packet if number != self._number else _half(packet)


def _half(packet: av.Packet) -> av.Packet:
    short = av.Packet(bytes(packet)[: packet.size // 2])
    short.pts, short.dts, short.time_base = packet.pts, packet.dts, packet.time_base
    return short


def test_a_picture_cut_short_marks_what_follows_until_the_next_keyframe(tmp_path: Path) -> None:
    path = encode(tmp_path / "d.ts", "testsrc2=size=320x240:rate=25:duration=2", *X264, "-pix_fmt", "yuv420p")
    container = Cutting(av.open(str(path), "r"), 13)
    capture = AvCapture(container, lambda: None, Complaints().begin())  # type: ignore[arg-type]
    found = [frame.damaged for frame in grabbed(capture)]
    capture.release()
    assert [number for number, damaged in enumerate(found) if damaged] == list(range(13, 20))


def test_joining_in_the_middle_of_a_group_shows_nothing_grey(tmp_path: Path) -> None:
    path = encode(tmp_path / "j.ts", "testsrc2=size=320x240:rate=25:duration=2", *X264, "-pix_fmt", "yuv420p")
    whole, late = path.read_bytes(), tmp_path / "late.ts"
    late.write_bytes(whole[188 * (len(whole) // 188 // 10) :])  # the parameter sets and the first keyframe are gone
    capture = read(late)
    frames = list(itertools.islice(grabbed(capture), 20))
    capture.release()
    assert len(frames) == 20
    assert not any(frame.damaged for frame in frames)
