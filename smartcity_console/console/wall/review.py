"""Looking back at one camera: where the playhead is, what of the ring is fetched, what the decoder should play.

Small pieces around the playhead are fetched, one at a time; the newest wish wins. The decoder plays a piece from a place
on. Holding still is taking the picture and having the decoder show nothing. The last pictures are kept, so that a step
back after a pause is there at once; a step beyond them has the decoder play a moment before or after.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from smartcity_console.clock import Clock
from smartcity_console.console.wall.ring_port import Ring, RingClip, Span
from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.capture import Frame, TileSource

PIECE_S = 12.0
AHEAD_S = 2.5  # how long before a piece ends the next one is fetched
SHORTEST_S = 0.5
SPANS_EVERY_S = 3.0
RETRY_S = 0.5
LOOPED_S = 0.4  # the decoder loops a recording: going back by more than this is its end
FIRST_STEP_S = 1 / 15
KEPT = 30  # pictures, at the pane's own size
AHEAD = 8  # pictures taken beyond a step forward, for the next ones
REACH_S = 0.4  # how far before the playhead the decoder begins for a step back
_SAME_S = 0.001
_APART_S = 1.0  # pictures further apart are no neighbours


class Review(QObject):
    """One camera's recording. `changed` says that it reads differently."""

    changed = Signal()

    def __init__(self, ring: Ring, camera_id: str, at: datetime, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.camera_id = camera_id
        self.spans: tuple[Span, ...] = ()
        self.playhead = at
        self.playing = True
        self.picture: Frame | None = None  # of the playhead
        self.trouble = ""  # why there is no picture, in the language of the screen
        self._ring, self._clock = ring, clock
        self._clip: RingClip | None = None
        self._next: RingClip | None = None
        self._from_s = 0.0
        self._step = 0  # which way a single step goes; 0: none
        self._seeking = True  # the next picture shows, whatever its time
        self._fetching = False
        self._wish: datetime | None = at
        self._step_s = FIRST_STEP_S  # between two pictures
        self._reach_s = REACH_S
        self._kept: deque[tuple[datetime, Frame]] = deque(maxlen=KEPT)
        self._before: list[tuple[datetime, Frame]] = []  # what a step back has seen so far
        self._ahead = 0  # pictures still to be taken beyond a step forward
        self._retry_s = self._looked_s = -1e9
        self._closed = False

    # ---- what the operator asks ------------------------------------------------------------------------------------

    def seek(self, at: datetime) -> None:
        """Go to a time, kept within what is recorded; playing goes on, standing still stands still."""
        self.playhead, self._step, self._seeking = self._within(at), 0, True
        self._go_to(self.playhead)
        self.changed.emit()

    def back(self, seconds: float) -> None:
        """Go back from where the playhead is; what is seen then plays."""
        self.playing = True
        self.seek(self.playhead - timedelta(seconds=seconds))

    def toggle(self) -> None:
        """Hold still, or play on."""
        self.playing = not self.playing
        if self.playing:
            self._step = 0
            self._go_to(self.playhead)
        self.changed.emit()

    def step(self, way: int) -> None:
        """Show the next picture (1) or the one before (-1), and hold still."""
        self.playing, self._seeking, self._ahead = False, False, 0
        neighbour = self._neighbour(way)
        if neighbour is not None:
            self._step = 0
            self.playhead, self.picture = neighbour
        else:
            self._step, self._reach_s, self._before = way, REACH_S, []
            self._go_to(self.playhead - timedelta(seconds=0.0 if way > 0 else self._reach_s))
        self.changed.emit()

    def again(self) -> None:
        """Decode the picture of the playhead once more: it is wanted at another size."""
        if not self.playing:
            self._step, self._ahead, self._seeking = 0, 0, True
            self._go_to(self.playhead + timedelta(seconds=self._step_s * 0.3))

    def _neighbour(self, way: int) -> tuple[datetime, Frame] | None:
        """Return the kept picture next to the playhead."""
        same = timedelta(seconds=_SAME_S)
        if way > 0:
            return next((kept for kept in self._kept if kept[0] > self.playhead + same), None)
        return next((kept for kept in reversed(self._kept) if kept[0] < self.playhead - same), None)

    def close(self) -> None:
        """Fetch nothing more and remove what was fetched."""
        self._closed = True
        for clip in (self._clip, self._next):
            self._drop(clip)
        self._clip = self._next = None
        self._kept.clear()

    # ---- what the pane asks ----------------------------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Whether a picture is wanted and none is at hand."""
        return self._wish is not None or (self._fetching and self._clip is None)

    def source(self) -> TileSource | None:
        """Return what the decoder should play now."""
        wanted = self.playing or self._step or self._seeking or self._ahead
        if self._clip is None or not wanted or self._wish is not None:
            return None
        return TileSource.replay(self._clip.path, self._from_s)

    def take(self, frame: Frame) -> bool:
        """Say whether a picture of the decoder is one to show, and move the playhead to it."""
        if self._clip is None or self._wish is not None:
            return False
        at = self._clip.start + timedelta(seconds=frame.media_s)
        gone_s = (at - self.playhead).total_seconds()
        if self._seeking:
            return self._show(at, frame)
        if self._step:
            return self._take_step(at, gone_s, frame)
        if not self.playing:
            self._keep_ahead(at, frame)
            return False
        if gone_s < -LOOPED_S:
            self._ended()
            return False
        return gone_s > 0 and self._show(at, frame)

    def tick(self) -> None:
        """Called some times a second: fetch what is wanted, look again what is recorded."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s >= SPANS_EVERY_S:
            self._looked_s = now_s
            self._ring.submit(lambda: self._ring.spans(self.camera_id), self._take_spans)
        if self._wish is not None:
            self._fetch(self._wish, is_next=False)
        elif self._clip is not None and self.playing and self._next is None and self._left_s() < AHEAD_S:
            self._fetch(self._clip.end, is_next=True)

    # ---- pictures --------------------------------------------------------------------------------------------------

    def _show(self, at: datetime, frame: Frame) -> bool:
        step_s = (at - self.playhead).total_seconds()
        if not self._seeking and _SAME_S < step_s < 0.5:
            self._step_s = step_s
        self._keep(at, frame)
        self.playhead, self.picture, self._seeking, self.trouble = at, frame, False, ""
        if not self.playing:
            self._step = 0
        elif self._next is not None and self._left_s() <= self._step_s / 2:
            self._play_next()
        return True

    def _keep(self, at: datetime, frame: Frame) -> None:
        """Keep a picture next to the one before it; one from elsewhere begins anew."""
        if self._kept and not 0 < (at - self._kept[-1][0]).total_seconds() < _APART_S:
            self._kept.clear()
        self._kept.append((at, frame))

    def _keep_ahead(self, at: datetime, frame: Frame) -> None:
        """Take pictures beyond a step forward until there are enough for the next steps."""
        if self._ahead and self._kept and at > self._kept[-1][0]:
            self._kept.append((at, frame))
            self._ahead -= 1
        elif self._ahead and (self.playhead - at).total_seconds() > LOOPED_S:
            self._ahead = 0  # the piece is over

    def _take_step(self, at: datetime, gone_s: float, frame: Frame) -> bool:
        """A step forward shows the first picture after the playhead, a step back the last one before it."""
        if self._step > 0:
            if gone_s <= _SAME_S:
                return False
            self._ahead = AHEAD
            return self._show(at, frame)
        if gone_s < -_SAME_S:
            self._before.append((at, frame))
        elif self._before:
            self._kept = deque([*self._before, (at, frame)], KEPT)
            self._step, (self.playhead, self.picture) = 0, self._before[-1]
            self.changed.emit()
        else:  # it begins at the picture that is shown: go back further
            self._reach_s = min(4.0, self._reach_s * 2)
            self._go_to(self.playhead - timedelta(seconds=self._reach_s))
        return False

    def _left_s(self) -> float:
        assert self._clip is not None
        return (self._clip.end - self.playhead).total_seconds()

    def _ended(self) -> None:
        """The piece is over: go on with the next one, or wait for it."""
        if self._next is not None:
            self._play_next()
        elif self._clip is not None:
            self._wish = self.playhead + timedelta(seconds=self._step_s)
            self.changed.emit()

    def _play_next(self) -> None:
        self._drop(self._clip)
        self._clip, self._next = self._next, None
        self._start_at(self.playhead + timedelta(seconds=self._step_s / 2))

    def _go_to(self, at: datetime) -> None:
        """Play from a time: at once when it is in the piece at hand."""
        clip = self._clip
        if clip is not None and clip.start <= at < clip.end - timedelta(seconds=self._step_s):
            self._wish = None
            self._start_at(at)
        else:
            self._wish = at
            self._retry_s = -1e9
            self.tick()

    def _start_at(self, at: datetime) -> None:
        assert self._clip is not None
        self._from_s = max(0.0, (at - self._clip.start).total_seconds())

    # ---- fetching --------------------------------------------------------------------------------------------------

    def _fetch(self, at: datetime, *, is_next: bool) -> None:
        now, now_s = self._clock.now(), self._clock.monotonic_s()
        end = min(at + timedelta(seconds=PIECE_S), now)
        soon = (end - at).total_seconds() < SHORTEST_S and is_next
        if self._fetching or self._closed or soon or now_s - self._retry_s < RETRY_S:
            return
        self._fetching = True
        start = min(at, end - timedelta(seconds=SHORTEST_S))
        self._ring.submit(
            lambda: self._ring.clip(self.camera_id, start, end), partial(self._take_clip, at, is_next=is_next)
        )

    def _take_clip(self, at: datetime, outcome: Any, *, is_next: bool) -> None:
        self._fetching = False
        if self._closed:
            self._drop(outcome if isinstance(outcome, RingClip) else None)
        elif isinstance(outcome, ConsoleError):
            self._failed(outcome, at, is_next=is_next)
        elif is_next and self._wish is None and self._clip is not None:
            self._take_next(outcome)
        elif is_next or self._wish != at:  # wanted no more: another time was asked for meanwhile
            self._drop(outcome)
            self.tick()
        else:
            self._begin(outcome, at)
        self.changed.emit()

    def _take_next(self, clip: RingClip) -> None:
        """Keep a piece that goes on after the one at hand; where nothing more is recorded yet, ask again shortly."""
        assert self._clip is not None
        if clip.end > self._clip.end:
            self._next = clip
        else:
            self._retry_s = self._clock.monotonic_s()
            self._drop(clip)

    def _begin(self, clip: RingClip, at: datetime) -> None:
        self._drop(self._clip)
        self._drop(self._next)
        self._clip, self._next, self._wish, self.trouble = clip, None, None, ""
        self._start_at(at)

    def _failed(self, error: ConsoleError, at: datetime, *, is_next: bool) -> None:
        """Nothing was recorded there: go on after the gap when there is something, else keep trying."""
        self._retry_s = self._clock.monotonic_s()
        after = next((start for start, _ in self.spans if start > at), None)
        if after is not None and self.playing:
            self.playhead = after
            self._wish, self._seeking = after, True
        elif not is_next:
            self.trouble = error.sentence(self._ring.language())

    def _take_spans(self, outcome: Any) -> None:
        if not isinstance(outcome, ConsoleError) and not self._closed and tuple(outcome) != self.spans:
            self.spans = tuple(outcome)
            self.changed.emit()

    def _within(self, at: datetime) -> datetime:
        if not self.spans:
            return at
        latest = max(self.spans[-1][1], self._clock.now() - timedelta(seconds=1))
        return max(self.spans[0][0], min(at, latest))

    def _drop(self, clip: RingClip | None) -> None:
        if clip is not None:
            clip.path.unlink(missing_ok=True)
