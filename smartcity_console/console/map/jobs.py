"""A few owned threads that do the map's work, most urgent first, and hand results to the GUI thread.

A kind of work (tiles, labels, cones) is posted as a whole: what a new post leaves out and has not begun is dropped,
so a view that has moved on costs nothing. What does not fit the bound is dropped too, and counted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """`run` is called on a worker, `deliver` with its result on the GUI thread. Lower `urgency` goes first."""

    key: Hashable
    urgency: float
    run: Callable[[], Any]
    deliver: Callable[[Any], None]


class JobPool(QObject):
    """Threads, a bounded queue, and a signal that carries results over. `close` joins the threads."""

    _done = Signal(object, object)

    def __init__(self, threads: int = 2, bound: int = 512, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dropped = 0
        self.failed: set[tuple[str, Hashable]] = set()
        self._bound = bound
        self._waiting: dict[tuple[str, Hashable], Job] = {}
        self._running: set[tuple[str, Hashable]] = set()
        self._changed = threading.Condition()
        self._closing = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._threads = [threading.Thread(target=self._work, name=f"map-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def post(self, kind: str, jobs: list[Job]) -> None:
        """Make `jobs` all the work of a kind: those already running go on, waiting ones not named are forgotten."""
        with self._changed:
            self._waiting = {key: job for key, job in self._waiting.items() if key[0] != kind}
            wanted = {(kind, job.key): job for job in jobs}
            fresh = {k: j for k, j in wanted.items() if k not in self._running and k not in self.failed}
            self._waiting |= fresh
            self._trim()
            self._changed.notify_all()

    def pending(self, kind: str) -> int:
        """Return how many jobs of a kind wait or run."""
        with self._changed:
            return sum(key[0] == kind for key in (*self._waiting, *self._running))

    def close(self, limit_s: float = 5.0) -> None:
        """Forget what waits and join the threads. Raises TimeoutError when a job does not end."""
        with self._changed:
            self._closing = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(limit_s)
        stuck = [thread.name for thread in self._threads if thread.is_alive()]
        if stuck:
            raise TimeoutError(f"map workers still busy after {limit_s} s: {', '.join(stuck)}")

    def _trim(self) -> None:
        over = len(self._waiting) - self._bound
        if over > 0:
            self.dropped += over
            kept = sorted(self._waiting.items(), key=lambda item: item[1].urgency)[: self._bound]
            self._waiting = dict(kept)

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            key, job = taken
            try:
                result, error = job.run(), None
            except Exception as raised:
                result, error = None, raised
            self._finish(key, job, result, error)

    def _take(self) -> tuple[tuple[str, Hashable], Job] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or bool(self._waiting))
            if self._closing:
                return None
            key = min(self._waiting, key=lambda k: self._waiting[k].urgency)
            self._running.add(key)
            return key, self._waiting.pop(key)

    def _finish(self, key: tuple[str, Hashable], job: Job, result: Any, error: Exception | None) -> None:
        with self._changed:
            if error is not None:
                self._running.discard(key)
                self.failed.add(key)  # said once, not tried again every frame
            closing = self._closing
        if error is not None:
            log.error("map work %s failed", key, exc_info=error)
        elif not closing:
            self._done.emit((key, job), result)

    def _deliver(self, done: tuple[tuple[str, Hashable], Job], result: Any) -> None:
        key, job = done
        with self._changed:
            self._running.discard(key)  # only now: until it is delivered it must not be begun again
            if self._closing:
                return
        job.deliver(result)
