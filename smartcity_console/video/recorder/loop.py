"""One thread for all cameras that our own RTSP client pulls.

A camera paces its packets; waking for each would be tens of thousands of wakes a second. So the loop lets data gather
for some milliseconds and then reads what every camera has sent. What that costs: a reception is known to that precision.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import av

from smartcity_console.video.recorder.lane import PullContext
from smartcity_console.video.recorder.rtsp_pull import RtspPull
from smartcity_console.video.rtsp import Refused

_log = logging.getLogger(__name__)
_GATHER_S = 0.010
_TICK_S = 0.1
_BUFFER_BYTES = 512 * 1024


class RtspLoop:
    """`add`, `remove` and `close` may be called from one other thread; `progress_s` tells it that the loop goes round."""

    def __init__(self, context: PullContext) -> None:
        self._context = context
        self._poll = select.epoll()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK)
        self._poll.register(self._wake, select.EPOLLIN)
        self._lock = threading.Lock()
        self._coming: list[RtspPull] = []
        self._going: list[RtspPull] = []
        self._pulls: set[RtspPull] = set()
        self._by_socket: dict[int, RtspPull] = {}
        self._resolver = ThreadPoolExecutor(2, thread_name_prefix="resolve")
        self._stopping = False
        self.progress_s = context.clock.monotonic_s()
        self._thread = threading.Thread(target=self._run, name="rtsp loop", daemon=True)
        self._thread.start()

    def add(self, pull: RtspPull) -> None:
        with self._lock:
            self._coming.append(pull)
        os.eventfd_write(self._wake, 1)

    def remove(self, pull: RtspPull) -> None:
        with self._lock:
            self._going.append(pull)
        os.eventfd_write(self._wake, 1)

    def close(self, wait_s: float) -> None:
        """End all connections and close their segments; what is stuck in the disk is not waited for longer."""
        self._stopping = True
        os.eventfd_write(self._wake, 1)
        self._thread.join(wait_s)
        self._resolver.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        buffer = memoryview(bytearray(_BUFFER_BYTES))
        ticked_s = 0.0
        while not self._stopping:
            self._round(buffer)
            self.progress_s = now_s = self._context.clock.monotonic_s()
            if now_s - ticked_s >= _TICK_S or self._coming or self._going:
                ticked_s = now_s
                self._exchange()
                for pull in tuple(self._pulls):
                    if pull.tick(now_s, self._resolver):
                        self._watch(pull)
        for pull in self._pulls:
            pull.end()

    def _round(self, buffer: memoryview) -> None:
        if self._poll.poll(_TICK_S):
            time.sleep(_GATHER_S)
        for number, events in self._poll.poll(0):
            pull = self._by_socket.get(number)
            if pull is None:
                os.eventfd_read(self._wake)
            else:
                self._attend(pull, number, events, buffer)

    def _attend(self, pull: RtspPull, number: int, events: int, buffer: memoryview) -> None:
        try:
            if pull.connecting:
                pull.writable()
                self._poll.modify(number, select.EPOLLIN)
            elif events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                pull.readable(buffer)
        except (Refused, OSError, ValueError, av.FFmpegError) as error:
            self._lose(pull, number, error)
        except Exception as error:  # what one camera sends must never end the recording of the others
            _log.exception("camera %s: its stream cannot be understood", pull.camera_id)
            self._lose(pull, number, error)

    def _lose(self, pull: RtspPull, number: int, error: Exception) -> None:
        del self._by_socket[number]
        pull.lose(error, self._context.clock.monotonic_s())  # closing a socket takes it out of the poll

    def _watch(self, pull: RtspPull) -> None:
        assert pull.client is not None
        assert pull.client.sock is not None
        number = pull.client.sock.fileno()
        self._by_socket[number] = pull
        self._poll.register(number, select.EPOLLOUT)

    def _exchange(self) -> None:
        with self._lock:
            coming, self._coming = self._coming, []
            going, self._going = self._going, []
        self._pulls.update(coming)
        for pull in going:
            self._pulls.discard(pull)
            pull.end()
        self._by_socket = {n: p for n, p in self._by_socket.items() if p in self._pulls and p.client is not None}
