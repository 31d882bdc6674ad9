"""Work off the Qt thread: a small pool whose results come back on the Qt thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from smartcity_console.model.errors import ConsoleError

log = logging.getLogger(__name__)
MAX_WAITING = 64


class WorkRefused(ConsoleError):
    code = "work_refused"
    ko = "화면 뒤의 작업이 {waiting}건 밀려 있어 이번 것은 하지 않았습니다. 기록은 그대로입니다. 잠시 뒤 다시 하십시오."
    en = (
        "{waiting} pieces of work wait behind the screen, so this one was refused. Nothing was lost. Try again shortly."
    )


class WorkFailed(ConsoleError):
    code = "work_failed"
    ko = "작업을 마치지 못했습니다({why}). 기록은 그대로입니다. 다시 하십시오."
    en = "Work behind the screen failed ({why}). Nothing was lost. Try again."


class Background(QObject):
    """At most MAX_WAITING pieces wait; a further one is refused and counted. After `close` nothing is begun any more."""

    _settled = Signal(object, object)

    def __init__(self, threads: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="console-work")
        self._lock = threading.Lock()
        self._waiting = 0
        self._is_closed = False
        self.refused = 0
        self._settled.connect(self._tell)

    def submit(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run `work` in a thread; `done` gets what it returned, or a ConsoleError."""
        with self._lock:
            if self._is_closed:
                return  # the screen that wanted it is going; what is not begun tells nothing, as in `close`
            begun = self._pool.submit(work) if self._waiting < MAX_WAITING else None
            self._waiting += 1 if begun else 0
        if begun is None:
            self.refused += 1
            done(WorkRefused(waiting=MAX_WAITING))
            return
        begun.add_done_callback(lambda finished: self._settled.emit(finished, done))

    @Slot(object, object)
    def _tell(self, finished: Future[Any], done: Callable[[Any], None]) -> None:
        with self._lock:
            self._waiting -= 1
        if finished.cancelled():
            return
        error = finished.exception()
        if error is None:
            done(finished.result())
        elif isinstance(error, ConsoleError):
            done(error)
        else:
            log.error("work behind the screen failed", exc_info=error)
            done(WorkFailed(why=f"{type(error).__name__}: {error}"))

    def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        with self._lock:
            self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
