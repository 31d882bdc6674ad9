"""One recording as an endless source of packets in step with a shared clock."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import msgspec
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.model.errors import ConsoleError


class UnreadableFeed(ConsoleError):
    code = "unreadable_feed"
    ko = "영상 파일 {name}을(를) 읽을 수 없습니다: {why}. 다른 영상은 그대로 재생됩니다. 파일을 바꾸거나 빼십시오."
    en = "The recording {name} cannot be read: {why}. The others play on. Replace the file or take it away."


class Recording(msgspec.Struct, frozen=True):
    """What a full pass over a file found. Times in ticks of `time_base` as the file has them."""

    path: Path
    codec: str
    width_px: int
    height_px: int
    extradata: bytes
    first_key: bytes  # the first keyframe as stored: parameter sets may stand in it alone
    time_base: Fraction
    first_dts: int
    keyframes: tuple[int, ...]  # dts of each, ascending
    duration_s: float


class Unit(msgspec.Struct):
    """One packet with the time it is due, in seconds since the shared epoch. `packet` has pts and dts on that scale."""

    due_s: float
    is_key: bool
    packet: Packet[VideoStream]


def read_recording(path: Path) -> Recording:
    """Pass once over the file's packets without decoding. Raises UnreadableFeed."""
    try:
        with av.open(str(path), "r") as container:
            return _survey(path, container)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableFeed(name=path.name, why=_reason(error)) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _survey(path: Path, container: InputContainer) -> Recording:
    stream = _video(path, container)
    context = stream.codec_context
    ticks: list[int] = []
    keys: list[int] = []
    first_key = b""
    for packet in _stored(container, stream):
        assert packet.dts is not None
        if packet.is_keyframe:
            first_key = first_key or bytes(packet)
            keys.append(packet.dts)
        ticks.append(packet.dts)
    if len(ticks) < 2 or not keys:
        raise UnreadableFeed(name=path.name, why=f"{len(ticks)} packets, {len(keys)} keyframes")
    step = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
    base = stream.time_base or Fraction(1, 90_000)
    return Recording(
        path=path,
        codec=context.name,
        width_px=context.width,
        height_px=context.height,
        extradata=bytes(context.extradata or b""),
        first_key=first_key,
        time_base=base,
        first_dts=keys[0],
        keyframes=tuple(keys),
        duration_s=float((ticks[-1] - keys[0] + step) * base),
    )


def _video(path: Path, container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise UnreadableFeed(name=path.name, why="no video stream")
    return container.streams.video[0]


def _stored(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Yield the packets that hold data and a decoding time (AVI marks dropped frames with empty ones)."""
    for packet in container.demux(stream):
        if packet.size and packet.dts is not None:
            yield packet


class Playback:
    """Reads one recording for ever, on the shared clock. Owns an open file: close it."""

    def __init__(self, recording: Recording, loop_s: float) -> None:
        self.recording = recording
        self._loop_s = loop_s
        self._container = av.open(str(recording.path), "r")
        self.stream = self._container.streams.video[0]

    def close(self) -> None:
        self._container.close()

    def units(self, since_epoch_s: float) -> Iterator[Unit]:
        """Yield for ever, beginning at the last keyframe due at or before `since_epoch_s`. Raises av.FFmpegError."""
        cycle = int(since_epoch_s // self._loop_s)
        at = self.recording.first_dts + int((since_epoch_s - cycle * self._loop_s) / self.recording.time_base)
        keys = self.recording.keyframes
        key = keys[max(0, bisect.bisect_right(keys, at) - 1)]
        while True:
            yield from self._one_cycle(cycle, key)
            cycle, key = cycle + 1, keys[0]

    def _one_cycle(self, cycle: int, key: int) -> Iterator[Unit]:
        record, base = self.recording, self.recording.time_base
        shift = round(Fraction(self._loop_s) * cycle / base) - record.first_dts  # from the epoch: no drift adds up
        for packet in self._from_key(key):
            assert packet.dts is not None
            due_s = cycle * self._loop_s + float((packet.dts - record.first_dts) * base)
            if due_s >= (cycle + 1) * self._loop_s:
                return
            packet.pts = (packet.pts if packet.pts is not None else packet.dts) + shift
            packet.dts += shift
            yield Unit(due_s, packet.is_keyframe, packet)

    def _from_key(self, key: int) -> Iterator[Packet[VideoStream]]:
        """Yield stored packets from the keyframe with that dts; a container that seeks badly is read from its start."""
        for target in (key, None):
            self._seek(target)
            packets = _stored(self._container, self.stream)
            first = next(packets, None)
            if first is not None and first.dts is not None and first.dts <= key:
                yield from _skip_to(key, first, packets)
                return

    def _seek(self, target: int | None) -> None:
        if target is None or target == self.recording.keyframes[0]:
            self._container.close()
            self._container = av.open(str(self.recording.path), "r")
            self.stream = self._container.streams.video[0]
            return
        with suppress(
            av.FFmpegError
        ):  # formats without an index: the first packet then lies behind the key and we reread
            self._container.seek(target, stream=self.stream, backward=True)


def _skip_to(
    key: int, first: Packet[VideoStream], rest: Iterator[Packet[VideoStream]]
) -> Iterator[Packet[VideoStream]]:
    if first.dts is not None and first.dts >= key:
        yield first
    for packet in rest:
        if packet.dts is not None and packet.dts >= key:
            yield packet
