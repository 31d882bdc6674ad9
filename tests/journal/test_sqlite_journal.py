"""The journal: versions, chain, group commit, subscription; several processes on one file."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.journal import (
    Follower,
    GroupCommitter,
    JournalBusy,
    JournalDamaged,
    SqliteJournal,
    VersionConflict,
)
from smartcity_console.model.errors import DiskFull
from smartcity_console.model.events import Draft, NoteAdded, SeatOpened
from tests.journal.conftest import note, tamper


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> SqliteJournal:
    made = SqliteJournal(tmp_path / "journal.sqlite", clock)
    yield made
    made.close()


def test_events_come_back_as_they_went_in(journal: SqliteJournal, clock: ManualClock) -> None:
    (event,) = journal.append(note("검은 패딩"))
    (read,) = journal.read()
    assert read == event
    assert (read.seq, read.version, read.type, read.at) == (1, 1, "NoteAdded", clock.now())
    assert read.payload() == NoteAdded(text="검은 패딩", seat="1")


def test_versions_count_per_stream_and_numbers_over_all(journal: SqliteJournal) -> None:
    events = journal.append(note("1"), note("2", "incident/b"), note("3"))
    assert [(e.seq, e.stream, e.version) for e in events] == [
        (1, "incident/a", 1),
        (2, "incident/b", 1),
        (3, "incident/a", 2),
    ]


def test_the_second_of_two_claims_is_told_who_was_first(journal: SqliteJournal) -> None:
    journal.append(note("first", expected=0))
    with pytest.raises(VersionConflict) as caught:
        journal.append(note("second", expected=0))
    assert caught.value.last is not None
    assert caught.value.last.actor == "seat/1"
    assert "seat/1" in caught.value.sentence("ko")
    assert journal.last_seq() == 1


def test_a_refused_draft_takes_its_whole_transaction_with_it(journal: SqliteJournal) -> None:
    with pytest.raises(VersionConflict):
        journal.append(note("in"), note("out", "incident/b", expected=7))
    assert journal.read() == []


def test_a_conflict_in_one_group_leaves_the_others(journal: SqliteJournal) -> None:
    good, bad, after = journal.append_groups([[note("a")], [note("b", expected=0)], [note("c", expected=1)]])
    assert isinstance(good, list) and isinstance(bad, VersionConflict) and isinstance(after, list)
    assert [e.version for e in journal.read()] == [1, 2]
    assert journal.verify() is None


def test_two_handles_keep_one_chain(tmp_path: Path, clock: ManualClock) -> None:
    a, b = (SqliteJournal(tmp_path / "j.sqlite", clock) for _ in range(2))
    for turn in range(10):
        (a if turn % 2 else b).append(note(str(turn)))
    assert [e.seq for e in a.read()] == list(range(1, 11))
    assert a.verify() is None
    a.close()
    b.close()


@pytest.mark.parametrize("column", ["stream", "type", "at", "actor", "data", "hash"])
def test_any_changed_column_breaks_the_chain_at_its_event(tmp_path: Path, clock: ManualClock, column: str) -> None:
    path = tmp_path / "j.sqlite"
    journal = SqliteJournal(path, clock)
    journal.append(*(note(str(n)) for n in range(5)))
    journal.close()
    tamper(path, f"UPDATE events SET {column} = replace({column}, substr({column}, 1, 1), 'X') WHERE seq = 3")
    if column == "at":
        tamper(path, "UPDATE events SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 3")
    with pytest.raises(JournalDamaged) as caught:
        SqliteJournal(path, clock)
    assert caught.value.facts["event"] == 3


@pytest.mark.parametrize(
    ("sql", "event"), [("DELETE FROM events WHERE seq = 2", 2), ("DELETE FROM events WHERE seq = 5", 5)]
)
def test_a_removed_event_is_missed(tmp_path: Path, clock: ManualClock, sql: str, event: int) -> None:
    path = tmp_path / "j.sqlite"
    journal = SqliteJournal(path, clock)
    journal.append(*(note(str(n)) for n in range(5)))
    journal.close()
    tamper(path, sql)
    with pytest.raises(JournalDamaged) as caught:
        SqliteJournal(path, clock)
    assert caught.value.facts["event"] == event


def test_rows_cannot_be_changed_through_sql_by_mistake(journal: SqliteJournal) -> None:
    journal.append(note("a"))
    connection = sqlite3.connect(journal.path)
    with pytest.raises(sqlite3.DatabaseError, match="append only"):
        connection.execute("DELETE FROM events")
    connection.close()


def test_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "j.sqlite"
    path.write_bytes(b"nothing like SQLite" * 100)
    with pytest.raises(JournalDamaged) as caught:
        SqliteJournal(path, clock)
    assert "journal.json" in caught.value.sentence("en")


def test_a_full_disk_is_told_and_loses_nothing(journal: SqliteJournal) -> None:
    journal.append(note("kept"))
    pages = journal._conn.execute("PRAGMA page_count").fetchone()[0]
    journal._conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        journal.append(*(note("x" * 4000) for _ in range(200)))
    journal._conn.execute("PRAGMA max_page_count = 1000000")
    journal.append(note("after"))
    assert [e.payload().text for e in journal.read()] == ["kept", "after"]
    assert journal.verify() is None


def test_group_commit_keeps_every_submission_once_and_in_order_of_each_thread(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    committer = GroupCommitter(lambda: SqliteJournal(path, SystemClock()))

    def sender(name: str) -> None:
        futures = [committer.submit(note(str(n), f"incident/{name}")) for n in range(200)]
        assert [f.result(10)[0].version for f in futures] == list(range(1, 201))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sender, "abcd"))
    committer.close()
    journal = SqliteJournal(path, SystemClock())
    assert journal.last_seq() == 800
    journal.close()


def test_a_full_queue_refuses_and_counts(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "j.sqlite"
    committer = GroupCommitter(lambda: SqliteJournal(path, clock), max_waiting=1)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    futures = []
    with pytest.raises(JournalBusy):
        for n in range(10):
            futures.append(committer.submit(note(str(n))))
    assert committer.refused == 1
    blocker.execute("ROLLBACK")
    blocker.close()
    committer.close()
    assert all(f.done() for f in futures)


def test_submitting_after_close_is_refused(tmp_path: Path, clock: ManualClock) -> None:
    committer = GroupCommitter(lambda: SqliteJournal(tmp_path / "j.sqlite", clock))
    committer.close()
    with pytest.raises(JournalBusy):
        committer.submit(note("late"))


def _append_one_by_one(path: str, seat: str, count: int) -> None:
    journal = SqliteJournal(Path(path), SystemClock(), verify=False)
    for _ in range(count):
        journal.append(Draft(f"seat/{seat}", SeatOpened(seat=seat, user="kim"), f"seat/{seat}"))
        time.sleep(0.01)
    journal.close()


def test_a_follower_hears_other_processes_within_50_ms(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    SqliteJournal(path, SystemClock()).close()
    follower = Follower(path)
    children = [
        multiprocessing.get_context("spawn").Process(target=_append_one_by_one, args=(str(path), seat, 30))
        for seat in "12"
    ]
    for child in children:
        child.start()
    delays_s, seen = [], 0
    deadline = time.monotonic() + 30
    while seen < 60 and time.monotonic() < deadline:
        for event in follower.wait(1.0):
            seen += 1
            assert event.seq == seen
            delays_s.append((SystemClock().now() - event.at).total_seconds())
    for child in children:
        child.join(10)
    follower.close()
    assert seen == 60
    assert sorted(delays_s)[30] < 0.05, f"median delay {sorted(delays_s)[30]:.3f} s"


def test_a_follower_tells_at_once_whether_there_is_news(journal: SqliteJournal) -> None:
    follower = Follower(journal.path)
    assert not follower.has_new()
    (event,) = journal.append(note("1"))
    assert follower.has_new() and follower.has_new()
    assert [e.seq for e in follower.wait(0)] == [event.seq] and not follower.has_new()
    (own,) = journal.append(note("2"))
    follower.skip_to(own.seq)
    assert not follower.has_new() and follower.wait(0) == []
    follower.close()


def test_a_follower_goes_on_where_it_was(journal: SqliteJournal) -> None:
    journal.append(note("1"), note("2"))
    follower = Follower(journal.path, after_seq=1)
    assert [e.seq for e in follower.wait(1.0)] == [2]
    assert follower.wait(0.05) == []
    follower.close()
    assert follower.wait(1.0) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=20), st.integers(-1, 3)), max_size=25))
def test_versions_agree_with_a_plain_count(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    clock = SystemClock()
    journal = SqliteJournal(tmp_path_factory.mktemp("j") / "j.sqlite", clock)
    plain: dict[str, int] = {}
    for key, text, expected in steps:
        stream, want = f"incident/{key}", None if expected < 0 else expected
        if want is not None and want != plain.get(stream, 0):
            with pytest.raises(VersionConflict):
                journal.append(note(text, stream, want))
        else:
            journal.append(note(text, stream, want))
            plain[stream] = plain.get(stream, 0) + 1
    assert {s: journal.version(s) for s in plain} == plain
    assert journal.verify() is None
    journal.close()
