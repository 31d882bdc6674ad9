"""The decoder worker process: a few feeds, each in its thread; told what to show over a pipe."""

from __future__ import annotations

import importlib
import os
import signal
import threading
import time
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
        self._changing = threading.Lock()  # of the two below: a feed's thread takes over by itself
        self._feeds: dict[int, Any] = {}
        self._coming: dict[int, Any] = {}  # feeds that take their tile over with their first picture

    def run(self) -> None:
        while True:
            about = self._arena.workers[self._number]
            about.cpu_s = time.process_time()
            about.beat_s = self._clock.monotonic_s()
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
            case Show(takeover=True) if command.tile in self._feeds:
                self._start(command, self._coming)
            case Show():
                self._cancel(command.tile)
                self._start(command, self._feeds)
            case Resize(tile=tile, size_px=size_px):
                for feed in filter(None, (self._feeds.get(tile), self._coming.get(tile))):
                    feed.room_px = size_px
            case Hide(tile=tile):
                self._cancel(tile)

    def _start(self, order: Show, among: dict[int, Any]) -> None:
        # Not at the top: the console imports this module for its entry, and OpenCV stays out of the console's process.
        from smartcity_console.video.capture.feed import Feed

        feed = Feed(order, self._arena, self._limits, self._turn, self._tell, self._clock)
        if among is self._coming:
            feed.before_first = lambda: self._take_over(order.tile, feed)
        with self._changing:
            before, among[order.tile] = among.get(order.tile), feed
        if before is not None:
            before.cancel()
        feed.start()

    def _take_over(self, tile: int, feed: Any) -> None:
        """End the feed whose tile this one takes over. In the new feed's thread, before it writes its first picture."""
        with self._changing:
            if self._coming.get(tile) is not feed:
                return  # cancelled meanwhile
            del self._coming[tile]
            before, self._feeds[tile] = self._feeds.get(tile), feed
        if before is not None:
            before.cancel()

    def _cancel(self, tile: int) -> None:
        with self._changing:
            feeds = [self._coming.pop(tile, None), self._feeds.pop(tile, None)]
        for feed in filter(None, feeds):
            feed.cancel()
            self._arena.tiles[tile].phase = Phase.IDLE

    def _tell(self, report: Report) -> None:
        try:
            with self._telling:
                self._pipe.send(report)
        except (BrokenPipeError, ConnectionResetError):
            return  # the console is gone; `run` sees it too and ends the process


def _load(decoder: Decoder) -> None:
    """Import the decoding library before the first feed needs it."""
    library = "av_capture" if decoder is Decoder.AUTO else "opencv_capture"
    importlib.import_module(f"smartcity_console.video.capture.{library}")


def main(pipe: Connection, arena: Arena, number: int, limits: Limits) -> None:
    """Entry of the process; `arena` arrives as an open file handed over by multiprocessing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the console, which stops us
    os.environ.update(_OPENCV)
    os.nice(2)  # under overload the screen stays quick and late frames are shed
    _load(limits.decoder)
    Worker(pipe, arena, number, limits, SystemClock()).run()
    os._exit(0)  # threads that sit in a read are not waited for
