"""Senders that poll have a rhythm: learned, missed, found again, and remembered across a restart."""

from __future__ import annotations

from datetime import UTC, datetime

from smartcity_console.intake.supervision import Supervision, allowed_silence_s
from smartcity_console.model.events import Event, Payload, SenderHeard, SenderLate, encode_payload

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def event(payload: Payload) -> Event:
    return Event(1, "sender/1701", 1, type(payload).__name__, NOW, "test", encode_payload(payload), "", "")


def poll(supervision: Supervision, at_s: float, account: str = "1701") -> SenderHeard | None:
    supervision.note(account, at_s, is_poll=True)
    heard = supervision.heard(account, "s1")
    if heard:
        supervision.take([event(heard)])
    return heard


def learned(started_s: float = 0.0, every_s: float = 60.0) -> Supervision:
    supervision = Supervision(started_s)
    for beat in range(4):
        poll(supervision, started_s + beat * every_s)
    return supervision


def test_first_heard_then_quiet_then_the_rhythm() -> None:
    supervision = Supervision(0.0)
    first = poll(supervision, 0.0)
    assert first is not None
    assert first.interval_s == 0.0
    assert poll(supervision, 60.0) is None
    assert poll(supervision, 121.0) is None
    rhythm = poll(supervision, 180.0)
    assert rhythm is not None
    assert rhythm.interval_s == 60.0
    assert poll(supervision, 241.0) is None


def test_late_once_and_heard_again() -> None:
    supervision = learned()
    limit_s = 180.0 + allowed_silence_s(60.0)
    assert supervision.overdue(limit_s) == []
    (late,) = supervision.overdue(limit_s + 1)
    assert (late.account, late.firm_id, late.silent_s) == ("1701", "s1", 96.0)
    supervision.take([event(late)])
    assert supervision.overdue(limit_s + 100) == []
    back = poll(supervision, limit_s + 200)
    assert back is not None
    assert supervision.overdue(limit_s + 201) == []


def test_alarms_count_as_life_but_make_no_rhythm() -> None:
    supervision = learned()
    supervision.note("1701", 270.0, is_poll=False)
    assert supervision.overdue(300.0) == []
    fresh = Supervision(0.0)
    for at_s in range(10):
        fresh.note("2702", float(at_s), is_poll=False)
    heard = fresh.heard("2702", None)
    assert heard is not None
    assert heard.interval_s == 0.0


def test_a_restart_remembers_the_rhythm_and_counts_from_the_start() -> None:
    supervision = Supervision(1000.0)
    supervision.take([event(SenderHeard(account="1701", firm_id="s1", interval_s=60.0))])
    assert supervision.overdue(1000.0 + allowed_silence_s(60.0)) == []
    assert len(supervision.overdue(1001.0 + allowed_silence_s(60.0))) == 1


def test_late_before_a_restart_stays_late() -> None:
    supervision = Supervision(0.0)
    supervision.take([event(SenderHeard(account="1701", firm_id="s1", interval_s=60.0))])
    supervision.take([event(SenderLate(account="1701", firm_id="s1", silent_s=100.0))])
    assert supervision.overdue(10_000.0) == []
    back = poll(supervision, 10_001.0)
    assert back is not None
    assert back.interval_s == 60.0
