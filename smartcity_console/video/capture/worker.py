"""The decoder worker process: a few feeds, each in its thread; told what to show over a pipe."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.video.capture.messages import Command, Decoder, Hide, Limits, Phase, Report, Resize, Show, Stop
from smartcity_console.video.capture.slots import Arena

BEAT_S = 0.25
_OPENCV = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # libav's lines would carry URLs with passwords
    "OPENCV_LOG_LEVEL": "SILENT",
}


class Worker:
    """Keeps the feeds of one worker process. `run` returns when told to stop or when the console is gone."""

    def __init__(self, pipe: Connection, arena: Arena, number: int, limits: Limits, clock: Clock) -> None:
        self._pipe = pipe
        self._arena = arena
        self._number = number
        self._limits = limits
        self._clock = clock
        self._turn = threading.Lock()
        self._telling = threading.Lock()
        self._feeds: dict[int, Any] = {}

    def run(self) -> None:
        while True:
            self._arena.workers[self._number]["beat_s"] = self._clock.monotonic_s()
            try:
                command: Command | None = self._pipe.recv() if self._pipe.poll(BEAT_S) else None
            except (EOFError, ConnectionResetError):
                return
            if isinstance(command, Stop):
                return
            if command is not None:
                self._obey(command)

    def _obey(self, command: Command) -> None:
        match command:
            case Show():
                self._cancel(command.tile)
                self._start(command)
            case Resize(tile=tile, size_px=size_px) if tile in self._feeds:
                self._feeds[tile].room_px = size_px
            case Hide(tile=tile):
                self._cancel(tile)

    def _start(self, order: Show) -> None:
        # Not at the top: the console imports this module for its entry, and OpenCV stays out of the console's process.
        from smartcity_console.video.capture.feed import Feed

        feed = Feed(order, self._arena, self._limits, self._turn, self._tell, self._clock)
        self._feeds[order.tile] = feed
        feed.start()

    def _cancel(self, tile: int) -> None:
        feed = self._feeds.pop(tile, None)
        if feed is not None:
            feed.cancel()
            self._arena.tiles[tile]["phase"] = Phase.IDLE

    def _tell(self, report: Report) -> None:
        try:
            with self._telling:
                self._pipe.send(report)
        except (BrokenPipeError, ConnectionResetError):
            return  # the console is gone; `run` sees it too and ends the process


def _load(decoder: Decoder) -> None:
    """Import the decoding library before the first feed needs it."""
    if decoder is Decoder.AUTO:
        from smartcity_console.video.capture import av_capture as _
    else:
        from smartcity_console.video.capture import opencv_capture as _  # noqa: F401


def main(pipe: Connection, arena: Arena, number: int, limits: Limits) -> None:
    """Entry of the process; `arena` arrives as an open file handed over by multiprocessing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the console, which stops us
    os.environ.update(_OPENCV)
    os.nice(2)  # under overload the screen stays quick and late frames are shed
    _load(limits.decoder)
    Worker(pipe, arena, number, limits, SystemClock()).run()
    os._exit(0)  # threads that sit in a read are not waited for
