"""The whole chain is walked again in the background: gently, and what it finds is told, kept and acted on."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from smartcity_console.clock import Clock, ManualClock, SystemClock
from smartcity_console.journal import ChainWatch, GroupCommitter, JournalDamaged, scrub
from smartcity_console.journal.checkpoint import checkpoint_path, forget
from smartcity_console.journal.errors import JournalLocked
from smartcity_console.journal.queries import all_events
from smartcity_console.journal.scrub import Scrub, Scrubbed
from smartcity_console.journal.walker import Walker
from smartcity_console.model import events as ev
from smartcity_console.model.centre import JOURNAL, Centre
from smartcity_console.settings import Settings
from tests.journal.conftest import EVERY, Kept, note, tamper

PATIENCE_S = 20.0
COLUMNS = ("stream", "version", "type", "at", "actor", "data", "prev_hash", "hash")


@pytest.fixture(autouse=True)
def no_second_thoughts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrub, "_TWICE_S", 0.0)


class Told:
    """A scrub and what it told; in the test's own thread unless it is started."""

    def __init__(self, kept: Kept, clock: Clock | None = None, share: float = 1.0, every_s: float = 3600.0) -> None:
        self.found: list[Scrubbed] = []
        self.heard = threading.Event()
        clock = clock or SystemClock()
        self.scrub = Scrub(kept.path, clock, self._hear, every_s=every_s, share=share, checkpoint_every=EVERY)

    def _hear(self, found: Scrubbed) -> None:
        self.found.append(found)
        self.heard.set()


def last_hash(kept: Kept) -> str:
    with closing(kept.open()) as journal:
        return journal.read()[-1].hash


def test_a_round_over_a_whole_chain_says_how_far_it_holds(kept: Kept) -> None:
    told = Told(kept)
    told.scrub.round()
    assert told.found == [Scrubbed(30, last_hash(kept))]
    assert told.scrub.figures() == {"rounds": 1, "whole_to": 30, "broken": ""}


@pytest.mark.logs
def test_a_change_before_the_checkpoint_is_told_and_the_next_opening_refuses(kept: Kept) -> None:
    tamper(kept.path, "UPDATE events SET data = replace(data, 'note', 'nose') WHERE seq = 7")
    assert kept.proved_to() == 30
    told = Told(kept)
    told.scrub.round()
    (found,) = told.found
    assert found.broken is not None
    assert (found.events, found.broken.seq, found.broken.why) == (6, 7, "its content was changed")
    assert told.scrub.figures() == {"rounds": 1, "whole_to": 6, "broken": "event 7: its content was changed"}
    with pytest.raises(JournalDamaged) as caught:
        kept.open()
    assert caught.value.facts["event"] == 7


@pytest.mark.logs
def test_no_change_of_one_letter_at_any_place_stays_unfound(kept: Kept) -> None:
    chance = random.Random(4)
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.execute("DROP TRIGGER events_as_they_are")
        for _ in range(120):
            column, seq = chance.choice(COLUMNS), chance.randrange(1, 31)
            (was,) = connection.execute(f"SELECT {column} FROM events WHERE seq = ?", (seq,)).fetchone()
            for value in (_one_letter_changed(was, chance), was):
                connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (value, seq))
                connection.commit()
                told = Told(kept)
                told.scrub.round()
                broken = told.found[0].broken
                assert (broken is None) if value == was else (broken is not None and broken.seq in (seq, seq + 1))


def _one_letter_changed(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + 1000
    text = str(value)
    at = chance.randrange(len(text))
    return text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]


@pytest.mark.logs
@pytest.mark.parametrize(
    ("sql", "event"),
    [
        ("DELETE FROM events WHERE seq = 7", 7),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq > 25", 26),
        ("UPDATE sqlite_sequence SET seq = 29", 31),
        ("DELETE FROM sqlite_sequence", 31),
        ("UPDATE events SET seq = 1000 WHERE seq = 30", 30),
        ("UPDATE events SET actor = CAST(x'73ff' AS TEXT) WHERE seq = 7", 7),  # no UTF-8
        ("UPDATE events SET actor = CAST(actor AS BLOB) WHERE seq = 7", 7),
        ("UPDATE events SET actor = actor || char(0) WHERE seq = 7", 7),
        ("UPDATE events SET version = version + 0.5 WHERE seq = 7", 7),
        ("UPDATE events SET at = replace(at, 'Z', '+00:00') WHERE seq = 7", 7),  # the same time, spelt otherwise
    ],
)
def test_what_is_removed_or_spelt_otherwise_is_found_at_its_event(kept: Kept, sql: str, event: int) -> None:
    tamper(kept.path, sql)
    told = Told(kept)
    told.scrub.round()
    (found,) = told.found
    assert found.broken is not None and found.broken.seq == event


@pytest.mark.logs
def test_a_file_that_is_no_database_any_more_is_told(kept: Kept) -> None:
    data = bytearray(kept.path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    kept.path.write_bytes(data)
    told = Told(kept)
    told.scrub.round()
    assert told.found[0].broken is not None


@pytest.mark.logs
def test_once_broken_nobody_is_spared_the_walk_until_a_round_finds_it_whole(kept: Kept) -> None:
    told = Told(kept)
    proof = kept.checkpoint.read_bytes()
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    told.scrub.round()
    kept.checkpoint.write_bytes(proof)  # a console that closes at this moment puts it there again
    told.scrub.look()
    assert not kept.checkpoint.exists()
    tamper(kept.path, "UPDATE events SET actor = 'seat/1' WHERE seq = 7")
    told.scrub.look()
    assert not kept.checkpoint.exists()
    told.scrub.round()
    assert told.found[-1].broken is None and told.scrub.figures()["broken"] == ""
    assert kept.proved_to() == 30


def test_a_break_that_is_gone_a_moment_later_is_none(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    step, looks = Walker.step, []

    def once_wrong(self: Walker, limit: int = 2000) -> object:
        looks.append(limit)
        return scrub.Broken(self.seq + 1, "a flicker") if len(looks) == 1 else step(self, limit)

    monkeypatch.setattr(Walker, "step", once_wrong)
    told = Told(kept)
    told.scrub.round()
    assert told.found == [Scrubbed(30, last_hash(kept))]


def test_a_journal_that_is_locked_is_not_called_broken(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Walker, limit: int) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(Walker, "step", locked)
    told = Told(kept)
    with pytest.raises(JournalLocked):
        told.scrub.round()
    assert told.found == [] and kept.checkpoint.exists()


# ---- the checkpoint ----------------------------------------------------------------------------------------------------


def test_a_look_moves_the_checkpoint_on_when_much_was_written(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    told, writer = Told(kept), kept.open()
    for _ in range(9):
        writer.append(note("one"))
    before = kept.checkpoint.read_bytes()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Walker, "step", None)  # nothing is walked for so little
        told.scrub.look()
    assert kept.checkpoint.read_bytes() == before
    writer.append(note("one"))
    told.scrub.look()
    assert kept.proved_to() == 40
    assert told.found == []  # that the chain goes on is no news
    writer.close()


@pytest.mark.logs
def test_a_look_tells_of_a_break_in_what_was_written_since(kept: Kept) -> None:
    told, writer = Told(kept), kept.open()
    for _ in range(12):
        writer.append(note("one"))
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 35")
    told.scrub.look()
    (found,) = told.found
    assert found.broken is not None and found.broken.seq == 35
    assert not kept.checkpoint.exists()
    writer.close()


def test_a_round_renews_no_checkpoint_for_little(kept: Kept) -> None:
    writer = kept.open()
    writer.append(note("one"))
    before = kept.checkpoint.read_bytes()
    Told(kept).scrub.round()
    assert kept.checkpoint.read_bytes() == before
    writer.close()


def test_a_journal_that_grew_without_one_gets_one(kept: Kept) -> None:
    forget(kept.path)
    told = Told(kept)
    told.scrub.look()
    assert len(told.found) == 1
    assert kept.proved_to() == 30


@pytest.mark.logs
def test_where_no_checkpoint_can_be_written_only_the_schedule_walks(kept: Kept) -> None:
    kept.checkpoint.unlink()
    kept.checkpoint.mkdir()
    told = Told(kept)
    for _ in range(3):
        told.scrub.look()
    assert len(told.found) == 1
    told.scrub.round()
    assert len(told.found) == 2


# ---- gently ------------------------------------------------------------------------------------------------------------


class Pauses:
    """Stands for the event that a pause waits on; the clock moves as if each slice took 10 ms."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        self.waited: list[float] = []
        self._after = after

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        self._after()
        return False

    def is_set(self) -> bool:
        return False


def test_it_takes_no_more_than_its_share_of_a_core(
    kept: Kept, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Walker.step

    def slow(self: Walker, limit: int) -> object:
        clock.advance(0.01)
        return step(self, limit)

    monkeypatch.setattr(Walker, "step", slow)
    monkeypatch.setattr(scrub, "SLICE", 10)
    told, pauses = Told(kept, clock, share=0.05), Pauses()
    told.scrub._closing = pauses  # type: ignore[assignment]
    told.scrub.round()
    assert pauses.waited == pytest.approx([0.19] * 4)  # three slices and the empty one that is the end


def test_between_slices_nothing_holds_the_log_up(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that lasts would keep SQLite from checkpointing its log, which then grows for as long."""
    monkeypatch.setattr(scrub, "SLICE", 10)
    busy: list[int] = []
    with closing(kept.open()) as writer:

        def checkpoint_the_log() -> None:
            writer.append(note("one"))
            busy.append(writer._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

        told = Told(kept)
        told.scrub._closing = Pauses(lambda: checkpoint_the_log() if len(busy) < 3 else None)  # type: ignore[assignment]
        told.scrub.round()
    assert busy == [0, 0, 0] and told.found[0].events == 33


def test_its_thread_ends_in_the_middle_of_a_walk(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()

    def endless(self: Walker, limit: int) -> None:
        began.set()

    monkeypatch.setattr(Walker, "step", endless)
    told = Told(kept, every_s=0.0001)
    told.scrub.start()
    assert began.wait(PATIENCE_S)
    told.scrub.close()
    assert not told.scrub._thread.is_alive()
    assert told.found == []


@pytest.mark.logs
def test_a_round_that_could_not_be_is_tried_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    step, tries = Walker.step, []

    def at_first_locked(self: Walker, limit: int) -> object:
        tries.append(limit)
        if len(tries) == 1:
            raise sqlite3.OperationalError("database is locked")
        return step(self, limit)

    monkeypatch.setattr(Walker, "step", at_first_locked)
    told = Told(kept, every_s=0.01)
    told.scrub.start()
    assert told.heard.wait(PATIENCE_S)
    told.scrub.close()
    assert told.found[0].broken is None


# ---- on record ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def committer(kept: Kept) -> Iterator[GroupCommitter]:
    made = GroupCommitter(kept.open)
    yield made
    made.close()


@pytest.mark.logs
def test_what_is_found_is_on_record_and_lights_the_lamp_until_it_is_mended(
    kept: Kept, committer: GroupCommitter
) -> None:
    watch = ChainWatch(kept.path, committer.submit, Settings(), kept.clock, "gateway/journal")

    def told() -> list[ev.Payload]:
        with closing(sqlite3.connect(kept.path)) as connection:
            rows = connection.execute("SELECT type, data, stream, actor FROM events WHERE seq > 30 ORDER BY seq")
            found = rows.fetchall()
        assert {row[2:] for row in found} <= {("evidence/journal", "gateway/journal")}
        return [ev.PAYLOADS[row[0]] for row in found]

    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    for _ in range(3):
        watch.scrub.round()
    assert told() == [ev.ChainBroken]  # once
    assert lamp(kept) == {JOURNAL: "event 7: its content was changed"}
    tamper(kept.path, "UPDATE events SET actor = 'seat/1' WHERE seq = 7")
    watch.scrub.round()
    assert told() == [ev.ChainBroken, ev.ChainVerified]
    assert lamp(kept) == {}
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    watch.scrub.round()
    assert lamp(kept) == {JOURNAL: "event 7: its content was changed"}  # the same again, after it was mended


def lamp(kept: Kept) -> dict[str, str]:
    centre = Centre()
    centre.take(all_events(kept.path))
    return centre.damaged_evidence


@pytest.mark.logs
def test_a_finding_that_could_not_be_recorded_is_recorded_the_next_time(kept: Kept, committer: GroupCommitter) -> None:
    closed = GroupCommitter(kept.open)
    closed.close()
    watch = ChainWatch(kept.path, closed.submit, Settings(), kept.clock, "gateway/journal")
    tamper(kept.path, "UPDATE events SET actor = 'x' WHERE seq = 7")
    watch.scrub.round()
    assert lamp(kept) == {}
    watch._submit = committer.submit
    watch.scrub.round()
    assert lamp(kept) == {JOURNAL: "event 7: its content was changed"}


def test_the_schedule_is_the_settings(kept: Kept) -> None:
    heard = threading.Event()

    class Submitted:
        def result(self, timeout: float) -> list[ev.Event]:
            heard.set()
            return []

    settings = Settings({"journal.verify_h": 0.0001})
    watch = ChainWatch(kept.path, lambda *drafts: Submitted(), settings, SystemClock(), "gateway/journal")  # type: ignore[arg-type,return-value]
    watch.start()
    assert heard.wait(PATIENCE_S)
    watch.close()
    assert checkpoint_path(kept.path).exists()
