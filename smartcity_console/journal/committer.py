"""Group commit: what arrived while the last transaction was being written shares the next one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from smartcity_console.journal.errors import JournalBusy, VersionConflict
from smartcity_console.journal.sqlite import SqliteJournal
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event

MAX_GROUP = 500
"""Most submissions in one transaction: bounds how long the first of them waits."""

_Work = tuple[Sequence[Draft], "Future[list[Event]]"]


class GroupCommitter:
    """A thread that owns one journal handle. `submit` may be called from any thread and returns at once."""

    def __init__(self, open_journal: Callable[[], SqliteJournal], max_waiting: int = 10_000) -> None:
        """Open the journal in the caller's thread, so that a damaged one is told to the caller."""
        self._journal = open_journal()
        self._waiting: queue.Queue[_Work | None] = queue.Queue(max_waiting)
        self._closed = threading.Event()
        self.refused = 0
        self._thread = threading.Thread(target=self._run, name="journal-committer", daemon=True)
        self._thread.start()

    def submit(self, *drafts: Draft) -> Future[list[Event]]:
        """Queue drafts that must go in together. The future holds the stored events, or a ConsoleError.

        Raises JournalBusy when the queue is full or the committer is closed.
        """
        future: Future[list[Event]] = Future()
        try:
            if self._closed.is_set():
                raise queue.Full
            self._waiting.put_nowait((drafts, future))
        except queue.Full:
            self.refused += 1
            raise JournalBusy(waiting=self._waiting.qsize()) from None
        return future

    def close(self, timeout_s: float = 10.0) -> None:
        """Commit what waits, then stop the thread and close the journal."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._waiting.put(None, timeout=timeout_s)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._waiting.get()]
            while len(batch) < MAX_GROUP and batch[-1] is not None:
                try:
                    batch.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            going = None not in batch
            self._commit([work for work in batch if work is not None])
        self._refuse_rest()
        self._journal.close()

    def _commit(self, batch: list[_Work]) -> None:
        live = [(drafts, future) for drafts, future in batch if future.set_running_or_notify_cancel()]
        if not live:
            return
        try:
            outcomes = self._journal.append_groups([drafts for drafts, _ in live])
        except ConsoleError as error:
            for _, future in live:
                future.set_exception(error)
            return
        for (_, future), outcome in zip(live, outcomes, strict=True):
            if isinstance(outcome, VersionConflict):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _refuse_rest(self) -> None:
        """Answer what slipped in between the close and the thread's end."""
        while True:
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                return
            if work is not None and work[1].set_running_or_notify_cancel():
                work[1].set_exception(JournalBusy(waiting=0))
