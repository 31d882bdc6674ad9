"""The chain itself: each of its three checks finds something that the other two do not."""

from __future__ import annotations

import hashlib

from smartcity_console.journal.chain import GENESIS, Broken, Row, event_hash, follow


def chain(*texts: str, seq: int = 0, prev_hash: str = GENESIS) -> list[Row]:
    """Return rows that follow one another."""
    rows: list[Row] = []
    for text in texts:
        seq += 1
        fields = (seq, "incident/a", seq, "NoteAdded", "2026-11-23T05:03:04.000123Z", "seat/1")
        own = event_hash(*fields, text.encode(), prev_hash)
        rows.append((*fields, text, prev_hash, own))
        prev_hash = own
    return rows


def test_a_whole_chain_is_followed_to_its_end() -> None:
    rows = chain("1", "2", "3")
    assert (follow(rows).seq, follow(rows).hash, follow(rows).broken) == (3, rows[-1][8], None)
    assert follow(rows[1:], 1, rows[0][8]).broken is None


def test_a_number_left_out_is_missed_though_every_hash_is_right() -> None:
    first = chain("1", "2")
    rows = first + chain("4", seq=3, prev_hash=first[-1][8])
    assert follow(rows).broken == Broken(3, "missing, the next is 4")


def test_the_end_of_another_chain_does_not_follow_though_every_hash_is_right() -> None:
    rows = chain("1", "2")[:1] + chain("one", "two")[1:]
    assert follow(rows).broken == Broken(2, "does not follow from the event before")


def test_changed_content_is_found_though_all_is_in_order() -> None:
    rows = chain("1", "2")
    rows[1] = (*rows[1][:6], "two", *rows[1][7:])
    assert follow(rows).broken == Broken(2, "its content was changed")
    assert (follow(rows).seq, follow(rows).hash) == (1, rows[0][8])


def test_no_two_rows_are_hashed_over_the_same_bytes() -> None:
    fields = ("NoteAdded", "2026-11-23T05:03:04.000123Z", "seat/1", b"{}", GENESIS)
    assert event_hash(1, "a", 11, *fields) != event_hash(11, "a", 1, *fields)
    assert event_hash(1, "a1", 1, *fields) != event_hash(1, "a", 11, *fields)


def test_the_hash_is_what_the_format_says() -> None:
    """SHA-256 over `length:bytes,` of each field: written out once, so that a quicker way of making it stays the same."""
    told = "64:" + GENESIS + ",2:12,9:카메라,1:3,9:NoteAdded,27:2026-11-23T05:03:04.000123Z,6:seat/1,2:{},"
    expected = hashlib.sha256(told.encode()).hexdigest()
    assert event_hash(12, "카메라", 3, "NoteAdded", "2026-11-23T05:03:04.000123Z", "seat/1", b"{}", GENESIS) == expected
