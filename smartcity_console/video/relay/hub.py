"""One camera's live view: a thread follows the ring and remuxes once, any number of viewers share the fragments."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import av
import msgspec

from smartcity_console.clock import Clock
from smartcity_console.video.clip.mux import NotMuxable
from smartcity_console.video.relay.fragments import Fragment, Fragmenter
from smartcity_console.video.ring.format import to_us
from smartcity_console.video.ring.reader import RingReader, Taken

_log = logging.getLogger(__name__)
_POLL_S = 0.04
_FRESH = timedelta(seconds=15)  # older than this is a recording, and a recording must never pass for a live view
VIEWER_FRAGMENTS = 64  # about 16 s
GROUP_FRAGMENTS = 256


class Begin(msgspec.Struct, frozen=True):
    """A stream begins (again): its type and its init segment."""

    mime: str
    init: bytes


class Viewer:
    """One viewer's bounded queue. All calls on the event loop."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Begin | Fragment | None] = asyncio.Queue(VIEWER_FRAGMENTS)
        self.dropped = 0
        self._must_have_key = False

    def offer(self, fragment: Fragment) -> None:
        """Queue a fragment. A viewer that has fallen a queue behind loses what waits and goes on at the next keyframe."""
        if self._must_have_key and not fragment.is_key:
            self.dropped += 1
            return
        self._must_have_key = False
        if self.queue.full():
            self._empty()
            if not fragment.is_key:
                self._must_have_key = True
                self.dropped += 1
                return
        self.queue.put_nowait(fragment)

    def begin(self, begin: Begin, group: list[Fragment]) -> None:
        """Give the init segment and what has been shown since the last keyframe."""
        self.queue.put_nowait(begin)
        if len(group) < VIEWER_FRAGMENTS:
            for fragment in group:
                self.queue.put_nowait(fragment)
        else:
            self._must_have_key = True

    def end(self) -> None:
        self._empty()
        self.queue.put_nowait(None)

    def _empty(self) -> None:
        while not self.queue.empty():
            self.dropped += isinstance(self.queue.get_nowait(), Fragment)


class CameraHub:
    """Follows one camera while it has viewers. Made and used on one event loop; only `_run` is the thread's."""

    def __init__(self, ring: RingReader, camera_id: str, clock: Clock) -> None:
        self._ring = RingReader(ring.root)  # a reader is not shared between threads
        self.camera_id = camera_id
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._viewers: set[Viewer] = set()
        self._begin: Begin | None = None
        self._group: list[Fragment] = []
        self._halted = threading.Event()
        self.ended = False
        self._thread = threading.Thread(target=self._run, name=f"relay {camera_id}")
        self._thread.start()

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def join(self) -> Viewer:
        viewer = Viewer()
        if self._begin is not None:
            viewer.begin(self._begin, self._group)
        self._viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)

    async def close(self) -> None:
        """End the thread and wait for it without holding the loop up."""
        self._halted.set()
        await asyncio.to_thread(self._thread.join)

    # ---- on the event loop ------------------------------------------------------------------------------------------

    def _started(self, begin: Begin) -> None:
        """A stream begins. Viewers of an earlier picture format are ended: a player needs a new start for another."""
        for viewer in tuple(self._viewers):
            if self._begin is not None:
                viewer.end()
                self._viewers.discard(viewer)
            else:
                viewer.begin(begin, [])
        self._begin, self._group = begin, []

    def _made(self, fragment: Fragment) -> None:
        if fragment.is_key:
            self._group = []
        if len(self._group) < GROUP_FRAGMENTS:
            self._group.append(fragment)
        for viewer in tuple(self._viewers):
            viewer.offer(fragment)

    def _finished(self) -> None:
        self.ended = True
        for viewer in tuple(self._viewers):
            viewer.end()

    def _post(self, act: Callable[..., None], *values: object) -> None:
        """Hand something to the loop; a loop that has closed meanwhile wants nothing more."""
        try:
            self._loop.call_soon_threadsafe(act, *values)
        except RuntimeError:
            self._halted.set()

    # ---- on the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        tail = self._ring.follow(self.camera_id)
        fragmenter: Fragmenter | None = None
        try:
            while not self._halted.is_set():
                batch = tail.read()
                for taken in batch:
                    fragmenter = self._take(fragmenter, taken)
                if not batch:
                    self._halted.wait(_POLL_S)
        except (av.FFmpegError, NotMuxable, OSError, ValueError) as error:
            _log.warning("live view of %s ends: %s", self.camera_id, error)
        finally:
            tail.close()
            if fragmenter is not None:
                fragmenter.close()
            self._post(self._finished)

    def _take(self, fragmenter: Fragmenter | None, taken: Taken) -> Fragmenter | None:
        """Remux one packet; a stream begins at a fresh keyframe only."""
        if fragmenter is not None and not fragmenter.fits(taken.head):
            fragmenter.close()
            fragmenter = None
        if fragmenter is None:
            if not taken.record.is_key or taken.record.utc_us < to_us(self._clock.now() - _FRESH):
                return None
            fragmenter = Fragmenter(taken)
            self._post(self._started, Begin(fragmenter.mime, fragmenter.init))
        for fragment in fragmenter.add(taken):
            self._post(self._made, fragment)
        return fragmenter
