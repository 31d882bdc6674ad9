"""The console's ends of the journal: one thread reads, one writes, and nothing blocks the Qt thread."""

from __future__ import annotations

import collections
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal
from smartcity_console.journal.follower import BATCH
from smartcity_console.model.centre import Centre
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import CameraPoseSet, Draft, Event

log = logging.getLogger(__name__)

FOLD_AT_ONCE = 250
"""Events folded in one turn of the event loop, about 10 ms: a storm or a long journal cannot freeze the screen."""

CHANGED_EVERY_MS = 80
CHANGED_AT_ONCE = 8
"""So often the screens are told of changes in a storm; before it, so many changes are told one by one, at once."""

STORM_EVENTS = 100
STORM_PAUSE_S = 0.05
"""After so many events at once the reader waits so long: fewer, larger reads leave the interpreter to the operator."""

READ_AHEAD = 5_000
"""Events that may wait for the fold; then the reader waits. Nothing is dropped: the journal keeps the rest."""

WAIT_S = 0.25
RETRY_S = 2.0
JOIN_S = 5.0


class JournalUnread(ConsoleError):
    code = "journal_unread"
    ko = "기록(저널)을 읽지 못해 화면이 멈춰 있습니다({why}). 저장된 것은 그대로이며, 읽힐 때까지 계속 다시 시도합니다."
    en = "The journal cannot be read, so the screen stands still ({why}). What was stored is kept; it is tried again."


class NotStored(ConsoleError):
    code = "not_stored"
    ko = "방금 한 조작을 저장하지 못했습니다({why}). 그 전의 기록은 그대로입니다. 다시 하십시오."
    en = "What was just done could not be stored ({why}). What was stored before is kept. Try again."


class JournalFollower(QObject):
    """Reads on in a thread of its own. `ready` says that `take` has something; it is not sent again until taken."""

    ready = Signal()
    failed = Signal(object)

    def __init__(self, path: Path, poll_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path, self._poll_ms = path, poll_ms
        self._waiting: collections.deque[Event] = collections.deque()
        self._room = threading.Condition()
        self._told = False
        self._read_to = 0
        self._closing = False
        self.at_end = False  # whether the journal was read to its end once
        self._thread = threading.Thread(target=self._run, name="console-follower", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self, limit: int) -> list[Event]:
        """Return up to `limit` events in order and let the reader go on."""
        with self._room:
            taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
            self._told = bool(self._waiting)
            self._room.notify_all()
        return taken

    @property
    def has_more(self) -> bool:
        return bool(self._waiting)

    def close(self) -> None:
        """Stop the thread and wait for it."""
        with self._room:
            self._closing = True
            self._room.notify_all()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        """Follow for as long as the console lives: what goes wrong is told once, then tried again and again."""
        told = False
        while not self._closing:
            try:
                self._follow()
            except Exception as error:
                if not told:
                    self.failed.emit(error if isinstance(error, ConsoleError) else JournalUnread(why=str(error)))
                told = True
                with self._room:
                    self._room.wait_for(lambda: self._closing, RETRY_S)

    def _follow(self) -> None:
        follower = Follower(self._path, after_seq=self._read_to, poll_ms=self._poll_ms)
        try:
            while not self._closing:
                events = follower.wait(WAIT_S)
                self._hand_over(events, at_end=len(events) < BATCH)
                if STORM_EVENTS <= len(events) < BATCH:
                    with self._room:
                        self._room.wait_for(lambda: self._closing, STORM_PAUSE_S)
        finally:
            follower.close()

    def _hand_over(self, events: list[Event], *, at_end: bool) -> None:
        if not events and self.at_end:
            return
        with self._room:
            self._room.wait_for(lambda: self._closing or len(self._waiting) < READ_AHEAD)
            self._waiting.extend(events)
            self._read_to = events[-1].seq if events else self._read_to
            self.at_end = self.at_end or at_end
            tell, self._told = not self._told, True
        if tell and not self._closing:
            self.ready.emit()


class JournalWriter(QObject):
    """Appends through a group committer. The outcome comes back on the Qt thread to the caller's `done`."""

    _settled = Signal(object, object)

    def __init__(self, open_journal: Callable[[], SqliteJournal], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._committer = GroupCommitter(open_journal)
        self._settled.connect(self._tell)

    def append(self, drafts: Sequence[Draft], done: Callable[[list[Event] | ConsoleError], None]) -> None:
        """Append in one transaction; `done` gets the stored events, or the error in sentences."""
        try:
            future = self._committer.submit(*drafts)
        except ConsoleError as error:
            done(error)
            return
        future.add_done_callback(lambda finished: self._settled.emit(finished, done))

    @Slot(object, object)
    def _tell(self, finished: Future[list[Event]], done: Callable[[list[Event] | ConsoleError], None]) -> None:
        error = finished.exception()
        if error is None:
            done(finished.result())
        elif isinstance(error, ConsoleError):
            done(error)
        else:
            log.error("an append failed", exc_info=error)
            done(NotStored(why=f"{type(error).__name__}: {error}"))

    def close(self) -> None:
        """Commit what waits and stop."""
        self._committer.close()


class Session(QObject):
    """Folds the journal into a `Centre` on the Qt thread, a bounded batch at a time, and says what changed: at once,
    but in a storm, which would leave the Qt thread to nothing else, every CHANGED_EVERY_MS."""

    changed = Signal(object)  # set[str]: incidents touched
    posed = Signal(object)  # list[Event]: CameraPoseSet, the past's too; they may come again
    taken = Signal(object)  # list[Event]: every event once, in order, after it was folded
    caught_up = Signal()
    failed = Signal(object)  # ConsoleError

    def __init__(self, follower: JournalFollower, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.centre = Centre()
        self.is_live = False  # False while the past is folded: nothing may be done about what is long over
        self._follower = follower
        self._is_closed = False
        self._untold: set[str] | None = None  # incidents touched since `changed` was sent last; None: nothing happened
        self._free = CHANGED_AT_ONCE  # changes that may be told at once; one more comes back at each beat
        self._beat = QTimer(self)
        self._beat.setInterval(CHANGED_EVERY_MS)
        self._beat.timeout.connect(self._regain)
        follower.ready.connect(self._fold)
        follower.failed.connect(self.failed)

    def take_written(self, events: list[Event]) -> None:
        """Fold what this console wrote itself without waiting for the reader, where nothing lies in between."""
        if events and events[0].seq == self.centre.last_seq + 1:
            self._take(events)
            self._tell()

    def close(self) -> None:
        """Tell nobody anything any more: the screens go."""
        self._is_closed = True
        self._beat.stop()

    @Slot()
    def _fold(self) -> None:
        if self._is_closed:
            return
        self._take(self._follower.take(FOLD_AT_ONCE))
        if self._follower.has_more:
            QTimer.singleShot(0, self._fold)
        elif self._follower.at_end and not self.is_live:
            self._tell()
            self.is_live = True
            self.caught_up.emit()
        if self._free > 0 and self._untold is not None:
            self._free -= 1
            if not self._beat.isActive():
                self._beat.start()
            self._tell()

    def _take(self, events: list[Event]) -> None:
        new = [event for event in events if event.seq > self.centre.last_seq]
        posed = [event for event in new if event.type == CameraPoseSet.__name__]
        self._untold = (self._untold or set()) | self.centre.take(events)
        self.taken.emit(new)
        if posed:
            self.posed.emit(posed)

    @Slot()
    def _tell(self) -> None:
        """Say what changed since it was said last."""
        if self._untold is not None:
            changed, self._untold = self._untold, None
            self.changed.emit(changed)

    @Slot()
    def _regain(self) -> None:
        if self._untold is not None:
            self._tell()
        else:
            self._free += 1
        if self._free >= CHANGED_AT_ONCE:
            self._beat.stop()
