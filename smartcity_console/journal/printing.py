"""`smartcity-console journal`: the events as lines, of a damaged journal too (that is how it is exported)."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import TextIO

from smartcity_console.journal.chain import Broken, first_break
from smartcity_console.journal.database import connect, read_events, told
from smartcity_console.journal.errors import JournalDamaged, JournalMissing
from smartcity_console.journal.follower import Follower
from smartcity_console.model.events import Event

WAIT_S = 0.5


def print_journal(path: Path, to: TextIO, as_json: bool, follow: bool, poll_ms: int, stop: threading.Event) -> int:
    """Print every event, then (with `follow`) each new one until `stop`. Raises JournalMissing, JournalDamaged.

    A broken chain is told after the last line that can be read, as JournalDamaged.
    """
    if not path.is_file():
        raise JournalMissing(path=path)
    last = _print_all(path, to, as_json)
    if follow:
        _follow(path, to, as_json, last, poll_ms, stop)
    return 0


def _print_all(path: Path, to: TextIO, as_json: bool) -> int:
    connection = connect(path, read_only=True)
    events: list[Event] = []
    try:
        for event in read_events(connection):
            events.append(event)
            _line(event, to, as_json)
    except sqlite3.DatabaseError as error:
        raise told(error, path) from error
    finally:
        connection.close()
    if broken := first_break(events):
        raise _damaged(path, broken)
    return events[-1].seq if events else 0


def _damaged(path: Path, broken: Broken) -> JournalDamaged:
    return JournalDamaged(path=path, workspace=path.parent, event=broken.seq, why=broken.why)


def _follow(path: Path, to: TextIO, as_json: bool, after_seq: int, poll_ms: int, stop: threading.Event) -> None:
    follower = Follower(path, after_seq, poll_ms)
    try:
        while not stop.is_set():
            for event in follower.wait(WAIT_S):
                _line(event, to, as_json)
    except (KeyboardInterrupt, BrokenPipeError):
        return  # the reader has seen enough
    finally:
        follower.close()


def _line(event: Event, to: TextIO, as_json: bool) -> None:
    if as_json:
        text = json.dumps(event.as_json(), ensure_ascii=False)
    else:
        data = event.data.decode().replace("\n", " ")
        text = (
            f"{event.seq:>6} {event.at:%Y-%m-%d %H:%M:%S.%f}Z {event.stream:<40} {event.type:<22} {event.actor} {data}"
        )
    print(text, file=to, flush=True)
