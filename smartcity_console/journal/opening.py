"""Opening a journal: what its checkpoint proves is taken, the rest is walked; and renewing that checkpoint."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from smartcity_console.journal.chain import GENESIS, Broken
from smartcity_console.journal.checkpoint import Checkpoint, forget, remember, trusted
from smartcity_console.journal.database import connect, damaged, has_events
from smartcity_console.journal.walker import Walker

CHECKPOINT_EVERY = 10_000
"""Events after which a checkpoint is worth a new one: walking so many takes some 50 ms."""

KEEP_EVERY = 500_000
"""Events of a long walk after which it is put on file how far it came: a kill does not lose all of it."""

MOST_AT_CLOSE = 50_000
"""Most events walked at an orderly end, a quarter of a second: the rest is left to the next start."""

_log = logging.getLogger(__name__)


def verify_untouched(path: Path, every: int = CHECKPOINT_EVERY) -> int:
    """Verify through a connection that cannot write. Raises JournalDamaged, sqlite3.DatabaseError.

    Returns up to which event the checkpoint was believed, 0 when the whole chain was walked.
    """
    with closing(connect(path, read_only=True)) as connection:
        if not has_events(connection):
            return 0
        known = trusted(path, connection)
        walker = walker_from(connection, known)
        start = walker.seq
        broken = _walk_all(walker, path, connection) or walker.missing_end()
        if broken is None and walker.seq - start >= every:
            remember(path, connection, walker.seq, walker.hash)
        elif broken is None and known is None:
            forget(path)  # one that proves nothing shall not be told of at every start
    if broken:
        raise damaged(path, broken)
    return start


def walker_from(connection: sqlite3.Connection, known: Checkpoint | None) -> Walker:
    """Return a walker that goes on from a trusted checkpoint, from the first event without one."""
    return Walker(connection, known.seq, known.hash) if known else Walker(connection, 0, GENESIS)


def _walk_all(walker: Walker, path: Path, connection: sqlite3.Connection) -> Broken | None:
    kept = walker.seq
    while not walker.at_end:
        if broken := walker.step():
            return broken
        if walker.seq - kept >= KEEP_EVERY and remember(path, connection, walker.seq, walker.hash):
            kept = walker.seq
    return None


def renew(path: Path, connection: sqlite3.Connection, every: int = CHECKPOINT_EVERY) -> None:
    """Move a checkpoint on over what was written since, at an orderly end: bounded, and it raises nothing.

    One that is not there, or counts for nothing, stays so: somebody may have removed it for a break that he found.
    """
    try:
        _move_on(path, connection, every)
    except sqlite3.DatabaseError as error:
        _log.warning("the checkpoint of %s was not renewed, the next start walks further: %s", path, error)


def _move_on(path: Path, connection: sqlite3.Connection, every: int) -> None:
    known = trusted(path, connection)
    if known is None:
        return
    walker, broken = walker_from(connection, known), None
    while not (broken or walker.at_end) and walker.seq - known.seq < MOST_AT_CLOSE:
        broken = walker.step()
    if broken:
        _log.error("%s is broken at event %s: %s", path, broken.seq, broken.why)
    elif walker.seq - known.seq >= every and trusted(path, connection) is not None:
        remember(path, connection, walker.seq, walker.hash)
