"""Pictures of the key moments: from the drill's ring, else from the recording that posed as the camera."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from PIL import Image

from smartcity_console.drill.report.moments import KeyMoment
from smartcity_console.drill.scenario.model import FeedSpec, Scenario
from smartcity_console.drill.score.timebase import TimeBase
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event
from smartcity_console.video.clip import cut_clip
from smartcity_console.video.ring import RingReader
from smartcity_console.video.still import NoStill, still_caption, still_pair

_WIDTH_PX, _QUALITY = 960, 85
_AROUND = timedelta(seconds=0.4)


class Still(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a moment. `source`: ring, feed or seat; `jpeg` empty: nothing was kept."""

    moment: KeyMoment
    name: str
    camera: str
    source: str
    jpeg: bytes


class StillMaker:
    """Takes stills of one run. Not shared between threads; reads the ring and writes only into a folder of its own."""

    def __init__(
        self, run_dir: Path, scenario: Scenario, events: Sequence[Event], time: TimeBase, feeds: Sequence[Path]
    ) -> None:
        """`feeds`: folders in which the scenario's recordings are looked for, in order."""
        self._run_dir, self._scenario, self._time, self._feeds = run_dir, scenario, time, feeds
        self._ring = RingReader(run_dir / "ring")
        fired = [event.payload_as(ev.InjectFired) for event in events if event.type == "InjectFired"]
        self._cues = {said.inject_id: said.at_s for said in fired}

    def stills(self, moments: Sequence[KeyMoment]) -> tuple[Still, ...]:
        """Return a still for each moment, empty where no source has it."""
        with tempfile.TemporaryDirectory(prefix="drill-stills-") as made:
            return tuple(self._still(number, moment, Path(made)) for number, moment in enumerate(moments, 1))

    def _still(self, number: int, moment: KeyMoment, folder: Path) -> Still:
        found = self._of_seat(moment) or self._of_ring(moment, folder) or self._of_feed(moment)
        camera, source, jpeg = found or (next(iter(moment.cameras), ""), "", b"")
        name = f"{number:02d}-{camera or 'none'}.jpg"
        return Still(moment=moment, name=name, camera=camera, source=source, jpeg=small(jpeg) if jpeg else b"")

    def _of_seat(self, moment: KeyMoment) -> tuple[str, str, bytes] | None:
        """A picture that the trainee took: its path is the journal's, and must lie inside the run."""
        file = (self._run_dir / moment.file).resolve() if moment.file else None
        if file is None or not file.is_relative_to(self._run_dir.resolve()) or not file.is_file():
            return None
        return moment.cameras[0], "seat", file.read_bytes()

    def _of_ring(self, moment: KeyMoment, folder: Path) -> tuple[str, str, bytes] | None:
        for camera in moment.cameras:
            try:
                cut = cut_clip(self._ring, camera, moment.at - _AROUND, moment.at + _AROUND, folder / "still.mp4")
                if cut.start - _AROUND <= moment.at <= cut.end + _AROUND:
                    offset_s = (moment.at - cut.start).total_seconds()
                    return camera, "ring", still_pair(cut.path, offset_s, still_caption(camera, moment.at)).marked
            except ConsoleError:
                continue  # this camera has nothing of that second: the next one, or the recording that was played
        return None

    def _of_feed(self, moment: KeyMoment) -> tuple[str, str, bytes] | None:
        for camera in moment.cameras:
            feed = next((feed for feed in self._scenario.feeds if feed.camera == camera), None)
            file = self._file(feed) if feed else None
            offset_s = feed_second(feed, self._cues, moment.second) if feed else None
            if file is None or offset_s is None:
                continue
            try:
                return camera, "feed", still_pair(file, offset_s, still_caption(camera, moment.at)).marked
            except NoStill:
                continue  # the report then says that there is no picture of that moment
        return None

    def _file(self, feed: FeedSpec) -> Path | None:
        return next((folder / feed.file for folder in self._feeds if (folder / feed.file).is_file()), None)


def feed_second(feed: FeedSpec, cues: dict[str, float], second: float) -> float | None:
    """Return where in its file a feed stood at a second of the drill; None for one that loops without a cue."""
    if not feed.cue or feed.act_s is None:
        return None
    cue_s = cues.get(feed.cue)
    if cue_s is None or second < cue_s:
        return _looped(feed.before_s, second)
    if second - cue_s <= feed.act_s[1] - feed.act_s[0]:
        return feed.act_s[0] + second - cue_s
    return _looped(feed.after_s, second - cue_s - (feed.act_s[1] - feed.act_s[0]))


def _looped(span: tuple[float, float] | None, second: float) -> float | None:
    return span[0] + second % max(0.1, span[1] - span[0]) if span else None


def small(jpeg: bytes) -> bytes:
    """Return a picture no wider than a report needs. One that is no picture comes back empty."""
    try:
        with Image.open(io.BytesIO(jpeg)) as picture:
            if picture.width <= _WIDTH_PX:
                return jpeg
            height = round(picture.height * _WIDTH_PX / picture.width)
            out = io.BytesIO()
            picture.resize((_WIDTH_PX, height), Image.Resampling.LANCZOS).save(out, "JPEG", quality=_QUALITY)
            return out.getvalue()
    except OSError:
        return b""
