"""Scrubbing: the whole chain is walked again in the background, gently, since an opening believes its checkpoint.

The term is that of RAID and ZFS. A slice is walked in some milliseconds, then the thread sleeps so long that it takes no more
than its share of one core; under load a slice lasts longer, and so does the sleep.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.journal.chain import GENESIS, Broken
from smartcity_console.journal.checkpoint import forget, remember, trusted
from smartcity_console.journal.database import connect, read_rows_at_once, told
from smartcity_console.journal.errors import JournalDamaged
from smartcity_console.journal.opening import CHECKPOINT_EVERY
from smartcity_console.journal.walker import Walker
from smartcity_console.model.errors import ConsoleError

FIRST_S = 60.0
"""The first round waits so long after a start, when there is other work."""

LOOK_EVERY_S = 30.0
"""So often it is asked whether the checkpoint is worth moving on."""

SLICE = 250
_LEAST_PAUSE_S = 0.001
_TWICE_S = 2.0
_JOIN_S = 5.0
_log = logging.getLogger(__name__)


class Scrubbed(msgspec.Struct, frozen=True):
    """What a round found: the last event that holds, its hash, and the break after it."""

    events: int
    last_hash: str
    broken: Broken | None = None


class Scrub:
    """Owns a thread between `start` and `close`; `told` is called in it, after each round over the whole chain and at
    every break."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        told: Callable[[Scrubbed], None],
        *,
        every_s: float,
        share: float,
        checkpoint_every: int = CHECKPOINT_EVERY,
    ) -> None:
        """`share` of one core, 0 to 1; `every_s` between rounds."""
        self._path, self._clock, self._told = path, clock, told
        self._every_s, self._rest_for_work = every_s, 1.0 / share - 1.0
        self._checkpoint_every = checkpoint_every
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-scrub", daemon=True)
        self._rounds, self._proved_to = 0, 0
        self._broken: Broken | None = None
        self._cannot_keep = False

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop within a slice and join the thread."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def figures(self) -> Mapping[str, int | str]:
        """Return rounds over the whole chain, the event up to which it was found whole, and what breaks it."""
        broken = self._broken
        why = f"event {broken.seq}: {broken.why}" if broken else ""
        return {"rounds": self._rounds, "whole_to": self._proved_to, "broken": why}

    def round(self) -> None:
        """Walk the whole chain once. Raises JournalLocked, DiskFull: then nothing is known."""
        found = self._walk_twice(Scrubbed(0, ""))
        if found.broken is None and self._closing.is_set():
            return
        self._rounds += 1
        self._broken = found.broken
        self._told(found)

    def look(self) -> None:
        """Move the checkpoint on when much was written since; where there is none, a round makes one."""
        if self._broken is not None:
            return forget(self._path)  # nobody shall be spared the walk while the chain is known to be broken
        with closing(connect(self._path, read_only=True)) as connection:
            known = trusted(self._path, connection)
            (last,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        if last - (known.seq if known else 0) < self._checkpoint_every:
            return None
        if known is None:
            # Once: where no checkpoint can be written, the schedule's rounds are enough.
            return None if self._cannot_keep else self.round()
        found = self._walk_twice(Scrubbed(known.seq, known.hash))
        if found.broken is not None:
            self._broken = found.broken
            self._told(found)
        return None

    def _run(self) -> None:
        next_s = self._clock.monotonic_s() + min(FIRST_S, self._every_s)
        while not self._closing.is_set():
            is_due = self._clock.monotonic_s() >= next_s
            try:
                self.round() if is_due else self.look()
            except (ConsoleError, sqlite3.DatabaseError) as error:
                _log.warning("the chain of %s was not walked, it is tried again: %s", self._path, error)
            if is_due:
                next_s = self._clock.monotonic_s() + self._every_s
            self._closing.wait(max(0.01, min(LOOK_EVERY_S, next_s - self._clock.monotonic_s())))

    def _walk_twice(self, start: Scrubbed) -> Scrubbed:
        """Walk on from a sound event; a break counts when a second connection finds it a moment later too."""
        found = self._walk(start)
        if found.broken is not None:
            self._closing.wait(_TWICE_S)
            found = self._walk(Scrubbed(found.events, found.last_hash))
        if found.broken is not None:
            _log.error("%s is broken at event %d: %s", self._path, found.broken.seq, found.broken.why)
            forget(self._path)
        self._proved_to = found.events
        return found

    def _walk(self, start: Scrubbed) -> Scrubbed:
        """Walk gently to the end, or until closing. Raises JournalLocked, DiskFull."""
        walker: Walker | None = None
        try:
            with closing(connect(self._path, read_only=True)) as connection:
                head = start.last_hash if start.events else GENESIS
                walker = Walker(connection, start.events, head, read_rows_at_once)
                broken = self._step_gently(walker)
                if broken is None:
                    self._keep(connection, walker)
        except sqlite3.DatabaseError as error:
            sentence = told(error, self._path)
            if not isinstance(sentence, JournalDamaged):
                raise sentence from error
            broken = Broken((walker.seq if walker else start.events) + 1, str(error))
        return Scrubbed(walker.seq, walker.hash, broken) if walker else Scrubbed(start.events, start.last_hash, broken)

    def _step_gently(self, walker: Walker) -> Broken | None:
        while not walker.at_end:
            began_s = self._clock.monotonic_s()
            if broken := walker.step(SLICE):
                return broken
            took_s = self._clock.monotonic_s() - began_s
            if self._closing.wait(max(_LEAST_PAUSE_S, took_s * self._rest_for_work)):
                return None
        return walker.missing_end()

    def _keep(self, connection: sqlite3.Connection, walker: Walker) -> None:
        """Put on file how far the chain was walked, where that is news."""
        known = trusted(self._path, connection)
        if walker.seq - (known.seq if known else 0) >= self._checkpoint_every:
            self._cannot_keep = not remember(self._path, connection, walker.seq, walker.hash)
