"""The running desk walks its journal again: damage behind its back is on record, in its health and on its page."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import httpx

from smartcity_console.model import events as ev
from tests.desk.conftest import RunningDesk

PATIENCE_S = 20.0


def test_damage_behind_a_running_desk_is_told(start_desk: Callable[..., RunningDesk]) -> None:
    desk = start_desk(0, "journal.verify_h=0.0001")
    with httpx.Client(base_url=desk.url, trust_env=False, timeout=15) as http:
        until(lambda: http.get("/health").json()["journal"]["rounds"] >= 2)
        journal = desk.workspace / "desk-police" / "journal.sqlite"
        with closing(sqlite3.connect(journal)) as connection:
            connection.execute("DROP TRIGGER events_as_they_are")
            connection.execute("UPDATE events SET actor = 'x' WHERE seq = 1")
            connection.commit()
        until(lambda: http.get("/health").json()["journal"]["broken"] != "")
        assert http.get("/page/handoffs").json()["journal_broken"] == "event 1: its content was changed"
        with closing(sqlite3.connect(journal)) as connection:
            told = connection.execute("SELECT actor FROM events WHERE type = ?", (ev.ChainBroken.__name__,)).fetchall()
        assert told == [("desk-police",)]


def until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s
