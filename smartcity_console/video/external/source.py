"""The recorders of a workspace behind one call: cut a camera's span, checked like a clip of our own."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import av
import msgspec
from av.container import InputContainer

from smartcity_console.clock import Clock
from smartcity_console.video.clip.check import ClipUnsound, check_clip
from smartcity_console.video.clip.copying import Copied, copy_container
from smartcity_console.video.clip.cut import PLAYBACK, ClipGap, ClipReport
from smartcity_console.video.clip.mux import NotMuxable
from smartcity_console.video.external.config import (
    FILE_NAME,
    ExternalRecorder,
    RecordersRefused,
    credentials_of,
    read_recorders,
)
from smartcity_console.video.external.fetch import Broken, ExternalFailed, download, with_login

_log = logging.getLogger(__name__)
_SHORT_S = 1.5  # a keyframe a second and a picture's length: nearer to the wish nothing can be


class ExternalRecorders:
    """Reads `recorders.toml` again whenever it changes. A wrong file is told in the log and in `last_error`."""

    def __init__(self, workspace: Path, clock: Clock) -> None:
        self._workspace, self._clock = workspace, clock
        self._path = workspace / FILE_NAME
        self._seen: tuple[int, int] | None = None
        self._recorders: Sequence[ExternalRecorder] = ()
        self.last_error: RecordersRefused | None = None

    def holding(self, camera_id: str) -> list[ExternalRecorder]:
        """Return the recorders that have a camera, in the file's order."""
        self._look()
        return [recorder for recorder in self._recorders if recorder.their_name(camera_id) is not None]

    def cut(self, camera_id: str, start: datetime, end: datetime, out_path: Path) -> ClipReport:
        """Fetch the span from the first recorder that gives it. Raises ExternalFailed, ClipUnsound, DiskFull's OSError.

        The times of the report are those that were asked for: other recorders do not say where a clip really begins.
        """
        holding = self.holding(camera_id)
        failed = ExternalFailed(name="-", camera_id=camera_id, why="no recorder has this camera")
        for recorder in holding:
            try:
                return self._cut(recorder, camera_id, (start, end), out_path)
            except Broken as error:
                failed = ExternalFailed(name=recorder.name, camera_id=camera_id, why=str(error))
                _log.info("%s", failed)
        raise failed

    def _cut(
        self, recorder: ExternalRecorder, camera_id: str, span: tuple[datetime, datetime], out_path: Path
    ) -> ClipReport:
        unfinished = out_path.with_name(out_path.name + ".part")
        out_path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._played(recorder, recorder.url(camera_id, *span), unfinished) as container:
                copied = copy_container(container, unfinished, camera_id, span[0], self._limit(recorder, span))
                _must_be_whole(container, copied)
            sound = (copied.sound_frames, copied.sound_sha256) if copied.sound else None
            check_clip(unfinished, copied.codec, packets=copied.packets, es_sha256=copied.es_sha256, sound=sound)
            unfinished.replace(out_path)
        except NotMuxable as error:
            raise ClipUnsound(camera_id=camera_id, why=str(error)) from error
        except av.FFmpegError as error:
            raise Broken(f"what it sent is no video: {error.strerror}") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return _report(recorder, camera_id, span, copied, out_path)

    @contextmanager
    def _played(self, recorder: ExternalRecorder, url: str, beside: Path) -> Iterator[InputContainer]:
        """Open what the recorder plays: a download beside the clip, or the stream itself."""
        try:
            login = credentials_of(recorder, self._workspace)
        except (OSError, ValueError) as error:
            raise Broken("its credentials file cannot be read") from error
        if url.startswith("rtsp"):
            options, limits = {"rtsp_transport": "tcp"}, (recorder.timeout_s, recorder.timeout_s)
            with av.open(with_login(url, login), "r", options=options, timeout=limits) as container:
                yield container
            return
        fetched = beside.with_name(beside.name + ".fetched")
        try:
            download(recorder, url, login, fetched, self._clock)
            with av.open(str(fetched), "r") as container:
                yield container
        finally:
            fetched.unlink(missing_ok=True)

    def _limit(self, recorder: ExternalRecorder, span: tuple[datetime, datetime]) -> Limit:
        return Limit(
            self._clock, recorder.total_s, round(recorder.max_mib * 2**20), (span[1] - span[0]).total_seconds()
        )

    def _look(self) -> None:
        mark = _mark(self._path)
        if mark == self._seen:
            return
        self._seen = mark
        try:
            self._recorders, self.last_error = read_recorders(self._path), None
        except RecordersRefused as error:
            self._recorders, self.last_error = (), error
            _log.error("%s", error.sentence("en"))


def _must_be_whole(container: InputContainer, copied: Copied) -> None:
    """A file tells how long it is: one that breaks off before is not whole, whatever its sender said. Raises Broken."""
    if not copied.packets:
        raise Broken("what it sent holds no picture")
    if container.format.name.startswith("rtsp") or container.duration is None:
        return
    missing_s = container.duration / av.time_base - copied.duration_s
    if missing_s > _SHORT_S and not copied.ended_early:
        raise Broken(f"the file breaks off {missing_s:.1f} s before its end")


class Limit:
    """Ends a copy at the asked length; refuses one that lasts or grows beyond its bounds."""

    def __init__(self, clock: Clock, total_s: float, most_bytes: int, media_s: float) -> None:
        self._clock, self._most_bytes, self._media_s = clock, most_bytes, media_s
        self._until_s = clock.monotonic_s() + total_s + media_s  # a stream may be played in its own time

    def is_over(self, media_s: float, size: int) -> bool:
        """Say whether the copy is complete. Raises Broken."""
        if size > self._most_bytes:
            raise Broken("the span is larger than max_mib allows")
        if self._clock.monotonic_s() > self._until_s:
            raise Broken("it sends too slowly: total_s is over")
        return media_s > self._media_s + _SHORT_S


def _mark(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def _report(
    recorder: ExternalRecorder, camera_id: str, span: tuple[datetime, datetime], copied: Copied, path: Path
) -> ClipReport:
    asked_s = (span[1] - span[0]).total_seconds()
    gaps: tuple[ClipGap, ...] = ()
    if copied.duration_s < asked_s - _SHORT_S:
        why = f"recorder {recorder.name} gave {copied.duration_s:.1f} s of {asked_s:.1f} s"
        gaps = (ClipGap(span[0] + timedelta(seconds=copied.duration_s), span[1], why),)
    told = (f"times as recorder {recorder.name} was asked for them", *copied.remarks)
    facts = {name: getattr(copied, name) for name in Copied.__struct_fields__ if name not in ("remarks", "ended_early")}
    end = min(span[1], span[0] + timedelta(seconds=copied.duration_s))
    return msgspec.convert(
        {
            **facts,
            "playback": PLAYBACK.get(copied.codec, ""),
            "camera_id": camera_id,
            "path": path,
            "start": span[0],
            "end": end,
            "gaps": gaps,
            "remarks": told,
        },
        ClipReport,
        from_attributes=True,
    )
