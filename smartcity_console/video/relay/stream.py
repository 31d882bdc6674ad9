"""From recorded packets to what viewers get: remuxed as they are, or encoded anew where a mask or a viewer demands it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import av

from smartcity_console.clock import Clock
from smartcity_console.video.clip.mux import NotMuxable
from smartcity_console.video.relay.burn import Masks
from smartcity_console.video.relay.errors import ConvertersBusy, LiveBroken, NotPlayable
from smartcity_console.video.relay.fragments import Fragmenter
from smartcity_console.video.relay.reencode import Reencoder
from smartcity_console.video.relay.viewer import Begin, Made, Stop
from smartcity_console.video.ring.format import to_us
from smartcity_console.video.ring.reader import Taken

_FRESH = timedelta(seconds=15)  # older than this is a recording, and a recording must never pass for a live view
_ASK_MASKS_S = 0.2

Masked = Callable[[str], Masks | None]
"""Return a camera's masks as of now, None or empty for none. Called from the cameras' threads; must not block."""


class Converters:
    """How many cameras are encoded anew at once; shared by the threads of one relay."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self.running = 0

    def take(self) -> None:
        """Raises ConvertersBusy."""
        with self._lock:
            if self.running >= self._most:
                raise ConvertersBusy(most=self._most)
            self.running += 1

    def give_back(self) -> None:
        with self._lock:
            self.running -= 1


class CameraStream:
    """Belongs to one thread. `take` gives what a packet completed; a stream begins at a fresh keyframe only."""

    def __init__(self, camera_id: str, codec: str, clock: Clock, masked: Masked, converters: Converters) -> None:
        """`codec` "h264": a camera of another codec is encoded anew; "": only a mask makes it so."""
        self._camera_id, self._codec, self._clock = camera_id, codec, clock
        self._masked, self._converters = masked, converters
        self._masks: Masks = ()
        self._masks_at_s = float("-inf")
        self._fragmenter: Fragmenter | None = None
        self._reencoder: Reencoder | None = None
        self._has_converter = False

    def take(self, taken: Taken) -> list[Made]:
        """Raises NotPlayable, ConvertersBusy or LiveBroken: then the view ends. It never goes on without its masks."""
        stopped = self._look_at_masks()
        try:
            if not self._must_convert(taken):
                self._stop_converting()
                return [*stopped, *self._muxed(taken)]
            return [*stopped, *(made for packet in self._converted(taken) for made in self._muxed(packet))]
        except NotMuxable as error:
            raise NotPlayable(codec=taken.head.codec, why=str(error)) from error
        except (av.FFmpegError, ValueError) as error:
            raise LiveBroken(camera_id=self._camera_id, why=str(error)) from error

    def close(self) -> None:
        self._stop_converting()
        self._drop_fragmenter()

    def _look_at_masks(self) -> list[Made]:
        """Ask for the masks now and then. When they have changed, the picture ends and begins anew at a keyframe."""
        now_s = self._clock.monotonic_s()
        if now_s - self._masks_at_s < _ASK_MASKS_S:
            return []
        self._masks_at_s = now_s
        masks = tuple(tuple(polygon) for polygon in self._masked(self._camera_id) or ())
        if masks == self._masks:
            return []
        self._masks, self._reencoder = masks, None
        self._drop_fragmenter()
        return [Stop()]

    def _must_convert(self, taken: Taken) -> bool:
        return bool(self._masks) or (self._codec == "h264" and taken.head.codec != "h264")

    def _converted(self, taken: Taken) -> list[Taken]:
        """Encode anew, beginning at a fresh keyframe; another connection or picture format begins again."""
        made = self._reencoder
        if made is None or not _same_stream(made, taken):
            self._reencoder = None
            if not self._may_begin(taken):
                return []
            if not self._has_converter:
                self._converters.take()
                self._has_converter = True
            made = self._reencoder = Reencoder(taken.head, self._masks)
        return made.feed(taken)

    def _stop_converting(self) -> None:
        self._reencoder = None
        if self._has_converter:
            self._has_converter = False
            self._converters.give_back()

    def _muxed(self, taken: Taken) -> list[Made]:
        begun: list[Made] = []
        if self._fragmenter is not None and not self._fragmenter.fits(taken.head):
            self._drop_fragmenter()
        if self._fragmenter is None:
            if not self._may_begin(taken):
                return []
            self._fragmenter = Fragmenter(taken)
            begun = [Begin(self._fragmenter.mime, self._fragmenter.init)]
        return [*begun, *self._fragmenter.add(taken)]

    def _drop_fragmenter(self) -> None:
        if self._fragmenter is not None:
            self._fragmenter.close()
            self._fragmenter = None

    def _may_begin(self, taken: Taken) -> bool:
        return taken.record.is_key and taken.record.utc_us >= to_us(self._clock.now() - _FRESH)


def _same_stream(made: Reencoder, taken: Taken) -> bool:
    head, old = taken.head, made.source
    return (head.session, head.codec, head.extradata) == (old.session, old.codec, old.extradata)
