"""The checkpoint spares a walk where it holds, and counts for nothing where anything is odd."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.journal import JournalDamaged, checkpoint, opening, walker
from smartcity_console.journal.chain import GENESIS, event_hash
from smartcity_console.journal.checkpoint import forget
from smartcity_console.journal.queries import walk
from tests.journal.conftest import Kept, kept_with_checkpoint, note, tamper


def damaged_at(kept: Kept) -> object:
    with pytest.raises(JournalDamaged) as caught:
        kept.open()
    return caught.value.facts["event"]


def test_an_opening_reads_the_proved_event_and_what_came_after_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[tuple[object, ...]]:
        rows = connection.execute("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit))
        found = rows.fetchall()
        read.extend(row[0] for row in found)
        return found

    kept.write(4)
    for module in (walker, checkpoint):
        monkeypatch.setattr(module, "read_rows", counted)
    assert kept.proved_to() == 30
    assert read == [30, 31, 32, 33, 34]


def test_checkpoint_and_key_are_their_owners_alone_and_name_no_secret(kept: Kept) -> None:
    assert kept.checkpoint.stat().st_mode & 0o777 == 0o600
    assert kept.key.stat().st_mode & 0o777 == 0o600
    assert kept.key.read_text() not in kept.checkpoint.read_text()


def test_a_short_journal_gets_no_checkpoint(tmp_path: Path, clock: ManualClock) -> None:
    kept = Kept(tmp_path, clock)
    kept.write(9)
    kept.proved_to()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.sqlite"]


def test_who_wrote_much_moves_it_on_at_the_end_and_who_wrote_little_does_not(kept: Kept) -> None:
    kept.write(9)
    assert kept.proved_to() == 30
    kept.write(1)
    assert kept.proved_to() == 40


def test_an_end_makes_no_checkpoint_where_somebody_removed_it(kept: Kept) -> None:
    with closing(kept.open()) as journal:
        journal.append(*(note(str(n)) for n in range(20)))
        forget(kept.path)
    assert not kept.checkpoint.exists()


@pytest.mark.logs
def test_an_end_proves_nothing_over_a_break(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    with closing(kept.open()) as journal:
        journal.append(*(note(str(n)) for n in range(20)))
        tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 35")
    assert "broken at event 35" in caplog.text
    assert damaged_at(kept) == 35


def test_an_end_walks_only_so_far(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_AT_CLOSE", 10)
    monkeypatch.setattr(walker.Walker.step, "__defaults__", (5,))
    kept.write(30)
    assert kept.proved_to() == 40


def test_a_long_walk_that_is_broken_off_keeps_how_far_it_came(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write(30)
    forget(kept.path)
    monkeypatch.setattr(opening, "KEEP_EVERY", 20)
    monkeypatch.setattr(walker.Walker.step, "__defaults__", (5,))
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 55")
    assert damaged_at(kept) == 55
    tamper(kept.path, "UPDATE events SET actor = 'seat/1' WHERE seq = 55")
    assert kept.proved_to() == 40


# ---- what is changed in the file ---------------------------------------------------------------------------------------


def test_a_change_after_the_checkpoint_is_found_at_the_opening(kept: Kept) -> None:
    kept.write(4)
    tamper(kept.path, "UPDATE events SET data = replace(data, 'note', 'nose') WHERE seq = 32")
    assert damaged_at(kept) == 32


@pytest.mark.logs
@pytest.mark.parametrize("column", ["stream", "type", "at", "actor", "data", "prev_hash", "hash"])
def test_a_change_of_the_proved_event_itself_is_found(kept: Kept, column: str) -> None:
    tamper(kept.path, f"UPDATE events SET {column} = {column} || '0' WHERE seq = 30")
    assert damaged_at(kept) == 30


@pytest.mark.logs
@pytest.mark.parametrize(("cut", "found"), [(33, 33), (25, 25)])
def test_a_cut_off_end_is_found_after_and_before_the_checkpoint(kept: Kept, cut: int, found: int) -> None:
    kept.write(4)
    tamper(kept.path, "DELETE FROM events WHERE seq >= ?", cut)
    assert damaged_at(kept) == found


@pytest.mark.parametrize("count", [20, 33])
def test_a_changed_count_of_events_is_found(kept: Kept, count: int) -> None:
    kept.write(4)
    tamper(kept.path, "UPDATE sqlite_sequence SET seq = ?", count)
    assert damaged_at(kept) == 35


def test_a_change_before_the_checkpoint_is_found_by_the_check_that_believes_nothing(kept: Kept) -> None:
    tamper(kept.path, "UPDATE events SET data = replace(data, 'note', 'nose') WHERE seq = 7")
    assert kept.proved_to() == 30  # the price of a short opening; the background walk finds it: test_scrub.py
    assert (walk(kept.path).events, walk(kept.path).why) == (6, "its content was changed")


@pytest.mark.logs
def test_who_writes_the_whole_chain_anew_cannot_use_the_checkpoint(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """The chain alone does not find this: every hash is right. That the proved event is another one is told."""
    prev_hash = GENESIS
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.execute("DROP TRIGGER events_as_they_are")
        for row in connection.execute("SELECT * FROM events ORDER BY seq").fetchall():
            data = row[6].replace("note", "nose")
            own = event_hash(*row[:6], data.encode(), prev_hash)
            connection.execute(
                "UPDATE events SET data = ?, prev_hash = ?, hash = ? WHERE seq = ?", (data, prev_hash, own, row[0])
            )
            prev_hash = own
        connection.commit()
    forged = json.loads(kept.checkpoint.read_text()) | {"hash": prev_hash}
    assert kept.proved_to() == 0
    assert "is not the journal that was verified up to event 30" in caplog.text
    kept.checkpoint.write_text(json.dumps(forged))
    assert kept.proved_to() == 0


# ---- what is changed beside it -----------------------------------------------------------------------------------------


def changed(**fields: object) -> Callable[[Kept], None]:
    def change(kept: Kept) -> None:
        kept.checkpoint.write_text(json.dumps(json.loads(kept.checkpoint.read_text()) | fields))

    return change


def a_key_of_another(kept: Kept) -> None:
    kept.key.write_text("k" * 43)


def a_key_that_others_read(kept: Kept) -> None:
    kept.key.chmod(0o640)


def a_key_by_a_link(kept: Kept) -> None:
    elsewhere = kept.workspace / "elsewhere"
    kept.key.rename(elsewhere)
    kept.key.symlink_to(elsewhere)


def another_table(kept: Kept) -> None:
    tamper(kept.path, "ALTER TABLE events ADD COLUMN more TEXT")


ODD: dict[str, Callable[[Kept], None]] = {
    "no file": lambda kept: kept.checkpoint.unlink(),
    "an empty file": lambda kept: kept.checkpoint.write_bytes(b""),
    "half a file": lambda kept: kept.checkpoint.write_bytes(kept.checkpoint.read_bytes()[:40]),
    "no JSON": lambda kept: kept.checkpoint.write_bytes(os.urandom(300)),
    "a long file": lambda kept: kept.checkpoint.write_bytes(kept.checkpoint.read_bytes() + b" " * 5000),
    "a folder": lambda kept: (kept.checkpoint.unlink(), kept.checkpoint.mkdir())[0],
    "another code": changed(mac="0" * 64),
    "no code": changed(mac=""),
    "a code that is no ASCII": changed(mac="가"),
    "another number": changed(seq=29),
    "a number below": changed(seq=0),
    "another format": changed(format=2),
    "another schema": changed(schema="0" * 64),
    "a field more": changed(more=1),
    "no key": lambda kept: kept.key.unlink(),
    "an empty key": lambda kept: kept.key.write_bytes(b""),
    "another key": a_key_of_another,
    "a key that others read": a_key_that_others_read,
    "a key by a link": a_key_by_a_link,
    "another table": another_table,
}


@pytest.mark.logs
@pytest.mark.parametrize("oddity", ODD)
def test_where_anything_is_odd_the_whole_chain_is_walked(kept: Kept, oddity: str) -> None:
    ODD[oddity](kept)
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    assert damaged_at(kept) == 7


@pytest.mark.logs
@pytest.mark.parametrize("oddity", sorted(set(ODD) - {"a folder", "another table"}))
def test_after_the_whole_walk_there_is_a_good_one_again(kept: Kept, oddity: str) -> None:
    ODD[oddity](kept)
    assert kept.proved_to() == 0
    assert kept.proved_to() == 30
    assert kept.key.stat().st_mode & 0o777 == 0o600 and not kept.key.is_symlink()


def remade(kept: Kept) -> None:
    """Write the checkpoint anew, with a code that is right."""
    kept.checkpoint.unlink()
    kept.proved_to()


@pytest.mark.logs
def test_a_right_code_is_not_enough(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of another format, a short key, somebody else's file: each with a code that agrees."""
    with monkeypatch.context() as other:
        other.setattr(checkpoint, "FORMAT", 2)
        remade(kept)
        assert kept.proved_to() == 30
    assert kept.proved_to() == 0
    with monkeypatch.context() as other:
        other.setattr(checkpoint, "_MIN_KEY", 1)
        kept.key.write_text("short")
        remade(kept)
        assert kept.proved_to() == 30
    assert kept.proved_to() == 0
    monkeypatch.setattr(os, "geteuid", lambda: kept.key.stat().st_uid + 1)
    assert kept.proved_to() == 0


def test_an_end_gives_no_new_one_for_one_that_goes_meanwhile(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    step = walker.Walker.step

    def while_somebody_finds_a_break(self: walker.Walker) -> object:
        forget(kept.path)
        return step(self)

    with closing(kept.open()) as journal:
        journal.append(*(note(str(n)) for n in range(20)))
        monkeypatch.setattr(walker.Walker, "step", while_somebody_finds_a_break)
    assert not kept.checkpoint.exists()


# ---- copies and backups ------------------------------------------------------------------------------------------------


def test_another_journals_checkpoint_counts_for_nothing(kept: Kept, tmp_path: Path, clock: ManualClock) -> None:
    other = kept_with_checkpoint(tmp_path / "other", clock)
    shutil.copy(other.checkpoint, kept.checkpoint)
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    assert damaged_at(kept) == 7


def test_a_copied_workspace_is_proved_as_its_model_is(kept: Kept, tmp_path: Path, clock: ManualClock) -> None:
    shutil.copytree(kept.workspace, tmp_path / "copy")
    assert Kept(tmp_path / "copy", clock).proved_to() == 30


@pytest.mark.logs
def test_two_copies_that_went_on_apart_do_not_prove_each_other(kept: Kept, tmp_path: Path, clock: ManualClock) -> None:
    shutil.copytree(kept.workspace, tmp_path / "copy")
    copy = Kept(tmp_path / "copy", clock)
    for number, one in enumerate((kept, copy)):
        with closing(one.open()) as journal:
            journal.append(*(note(f"of {number}: {n}") for n in range(20)))
        assert one.proved_to() == 50
    shutil.copy(copy.checkpoint, kept.checkpoint)
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    assert damaged_at(kept) == 7


@pytest.mark.logs
def test_an_older_backup_is_opened_whole_and_told_of_once(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    backup = kept.workspace / "backup.sqlite"
    shutil.copy(kept.path, backup)
    kept.write(40)
    assert kept.proved_to() == 70
    shutil.copy(backup, kept.path)
    assert kept.proved_to() == 0
    assert "restored from a backup" in caplog.text
    caplog.clear()
    assert kept.proved_to() == 30
    assert not caplog.records


@pytest.mark.logs
def test_a_short_backup_is_told_of_once_too(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(tmp_path, clock)
    kept.write(5)
    backup = tmp_path / "backup.sqlite"
    shutil.copy(kept.path, backup)
    kept.write(20)
    kept.proved_to()
    shutil.copy(backup, kept.path)
    kept.proved_to()
    assert len(caplog.records) == 1
    kept.proved_to()
    assert len(caplog.records) == 1


@pytest.mark.logs
def test_a_damaged_backup_is_found(kept: Kept) -> None:
    backup = kept.workspace / "backup.sqlite"
    shutil.copy(kept.path, backup)
    kept.write(40)
    tamper(backup, "UPDATE events SET actor = 'x' WHERE seq = 7")
    shutil.copy(backup, kept.path)
    assert damaged_at(kept) == 7


# ---- crashes and full disks --------------------------------------------------------------------------------------------

_WRITER = """
import sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.events import Draft, NoteAdded
while True:
    journal = SqliteJournal(Path(sys.argv[1]), SystemClock(), checkpoint_every=10)
    print(journal.proved_to, flush=True)
    journal.append(*(Draft("incident/a", NoteAdded(text=str(n), seat="1"), "seat/1") for n in range(12)))
    journal.close()
"""


def test_a_program_killed_at_any_moment_leaves_a_checkpoint_that_holds(tmp_path: Path, clock: ManualClock) -> None:
    kept = Kept(tmp_path, clock)
    believed = 0
    for turn in range(6):
        child = subprocess.Popen([sys.executable, "-c", _WRITER, str(kept.path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(3 + turn):
            assert child.stdout.readline().strip().isdigit()
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=20)
        proved_to = kept.proved_to()
        assert proved_to > believed or turn == 0
        believed = proved_to
        assert walk(kept.path).why == ""


@pytest.mark.logs
def test_a_disk_that_takes_nothing_more_keeps_the_checkpoint_before(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    before = kept.checkpoint.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = kept.open()
    journal.append(*(note(str(n)) for n in range(20)))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))  # the kernel refuses longer files, as a full disk does
        opening.renew(kept.path, journal._conn, 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "was not renewed" in caplog.text
    assert kept.checkpoint.read_bytes() == before
    assert [path.name for path in kept.workspace.iterdir() if path.name.endswith(".tmp")] == []
    assert kept.proved_to() == 30
    journal.close()
    assert kept.proved_to() == 50
