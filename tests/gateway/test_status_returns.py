"""Status returns over a real journal to real HTTP and HTTPS servers that are slow, away, or answer 500."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.gateway.status_returns import StatusReturns, key_for
from smartcity_console.intake.senders import Senders
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.sender import FirmRecord
from smartcity_console.model.verdict import Grade
from smartcity_console.settings import Settings
from tests.gateway.status_firm import CLOCK, FAST, KEYS, Firm


@pytest.fixture
def firm() -> Iterator[Firm]:
    made = Firm()
    yield made
    made.close()


class Centre:
    """A journal that a test writes, and the returns that follow it."""

    def __init__(self, path: Path, returns: StatusReturns, senders: Senders, committer: GroupCommitter) -> None:
        self.returns, self.senders, self._committer = returns, senders, committer
        self._follower = Follower(path)

    def write(self, *drafts: ev.Draft) -> None:
        self._committer.submit(*drafts).result(10)
        self.follow()

    def follow(self) -> list[ev.Event]:
        events = self._follower.wait(0)
        self.senders.take(events)
        self.returns.take(events)
        return events

    def register(self, url: str, **more: Any) -> None:
        payload = ev.FirmRegistered(firm=FirmRecord(id="s1", status_url=url, **more))
        self.write(ev.Draft("firm/s1", payload, "test"))

    def open(self, incident_id: str = "inc-1", **more: Any) -> None:
        opened = alert(f"alert-{incident_id}", **more)
        payload = ev.IncidentOpened(
            incident_id=incident_id, alert=opened, kind=opened.kind, priority=opened.priority, position=None
        )
        self.on(incident_id, payload)

    def on(self, incident_id: str, *payloads: ev.Payload) -> None:
        self.write(*(ev.Draft(f"incident/{incident_id}", payload, "test") for payload in payloads))

    def close(self) -> None:
        self._follower.close()


def alert(alert_id: str, **more: Any) -> Alert:
    facts: dict[str, Any] = {
        "id": alert_id,
        "protocol": "webhook",
        "account": "1701",
        "sequence": "event-7",
        "code": "PA",
        "kind": AlertKind.ROBBERY,
        "priority": Priority.EMERGENCY,
        "occurred_at": CLOCK.now(),
        "received_at": CLOCK.now(),
        "known": True,
        "firm_id": "s1",
        "reference": "s1:case-9",
    }
    return Alert(**(facts | more))


def handed_off(handoff_id: str = "h-1") -> list[ev.Payload]:
    now = CLOCK.now()
    request = ev.HandoffRequested(
        handoff_id=handoff_id,
        agency_id="p",
        agency_kind=AgencyKind.POLICE,
        agency_name="은행지구대",
        camera_ids=(),
        span_start=now,
        span_end=now,
        live_until=now,
        basis="",
        note="a secret note",
        grade=Grade.LIFE_THREAT,
        seat="1",
    )
    return [request, ev.HandoffDelivered(handoff_id=handoff_id, attempt=1, receiver="x")]


MakeCentre = Callable[..., Any]


@pytest.fixture
def centre(tmp_path: Path) -> MakeCentre:
    @asynccontextmanager
    async def run(keys: dict[str, Key] | None = None, **settings: Any) -> AsyncIterator[Centre]:
        path = tmp_path / "journal.sqlite"
        committer, senders = GroupCommitter(lambda: SqliteJournal(path, CLOCK)), Senders()
        values = Settings().replaced(FAST | {name.replace("__", "."): value for name, value in settings.items()})
        held = KEYS if keys is None else keys
        returns = StatusReturns(senders, lambda: held, committer.submit, values, CLOCK)
        made = Centre(path, returns, senders, committer)
        while made.follow():
            pass
        running = asyncio.create_task(returns.run())
        try:
            yield made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            made.close()
            await asyncio.to_thread(committer.close)

    return run


async def until(condition: Callable[[], Any], limit_s: float = 20.0) -> None:
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        await asyncio.sleep(0.01)


def stored(path: Path, *types: str) -> list[Any]:
    follower = Follower(path / "journal.sqlite")
    found = [event.payload() for event in follower.wait(0) if event.type in types]
    follower.close()
    return found


def test_a_firm_is_told_from_receipt_to_outcome(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with centre() as made:
            made.register(firm.url)
            made.open()
            made.on("inc-1", ev.IncidentClaimed(seat="1"), *handed_off(), ev.NoteAdded(text="a secret note", seat="1"))
            made.on("inc-1", ev.IncidentReleased(seat="1"), ev.IncidentClaimed(seat="2"))
            made.on("inc-1", ev.IncidentClosed(outcome="handed_off", seat="1"))
            await until(lambda: len(firm.taken) == 4)
            await until(lambda: len(stored(tmp_path, "StatusReturned")) == 4)
            assert made.follow() and made.returns.fold.waiting == 0

    asyncio.run(scenario())
    assert firm.statuses() == ["received", "verifying", "informed", "closed"] and not firm.bad
    told = [firm.taken[return_id] for return_id in firm.order]
    assert all(one["event_id"] == "event-7" and one["reference"] == "case-9" for one in told)
    assert told[2]["agency"] == "112" and told[3]["outcome"] == "handed_off"
    assert "secret" not in json.dumps(told) and "은행지구대" not in json.dumps(told, ensure_ascii=False)


def test_what_fails_is_on_record_and_tried_again_in_order(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    firm.answers = [500, 503, 404]

    async def scenario() -> None:
        async with centre() as made:
            made.register(firm.url)
            made.open()
            made.on("inc-1", ev.IncidentClaimed(seat="1"))
            await until(lambda: len(firm.taken) == 2)
            await until(lambda: len(stored(tmp_path, "StatusReturned")) == 2)

    asyncio.run(scenario())
    assert firm.statuses() == ["received", "verifying"]
    assert len(set(firm.tries[:4])) == 1, "the same id at each try"
    failures = stored(tmp_path, "StatusReturnFailed")
    assert [failure.reason for failure in failures] == [f"it answered {status}" for status in (500, 503, 404)]
    assert all("127.0.0.1" not in failure.reason for failure in failures)


def test_a_slow_firm_is_cut_off_and_holds_no_other_up(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    slow = Firm()
    slow.slow_s = 30.0

    async def scenario() -> None:
        keys = KEYS | {"k-slow": Key("slow", "x")}
        async with centre(keys=keys, status__timeout_s=0.3) as made:
            made.write(
                ev.Draft("firm/slow", ev.FirmRegistered(firm=FirmRecord(id="slow", status_url=slow.url)), "test")
            )
            made.register(firm.url)
            made.open("inc-slow", firm_id="slow")
            await until(lambda: slow.tries)
            made.open("inc-2")
            await until(lambda: firm.taken)
            await until(lambda: stored(tmp_path, "StatusReturnFailed"))

    asyncio.run(scenario())
    slow.close()
    assert stored(tmp_path, "StatusReturnFailed")[0].reason == "it did not answer in time"


def test_a_redirect_is_not_followed(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    elsewhere = Firm()
    firm.answers, firm.location = [302], elsewhere.url

    async def scenario() -> None:
        async with centre() as made:
            made.register(firm.url)
            made.open()
            await until(lambda: firm.taken)

    asyncio.run(scenario())
    elsewhere.close()
    assert not elsewhere.tries and len(firm.tries) == 2


def test_a_firm_that_is_away_is_told_after_a_restart(centre: MakeCentre, tmp_path: Path) -> None:
    """The returns end without a word, as by kill -9: the journal alone says what is owed."""
    away = Firm()
    away.close()

    async def first() -> None:
        async with centre() as made:
            made.register(away.url)
            made.open()
            await until(lambda: stored(tmp_path, "StatusReturnFailed"))

    asyncio.run(first())
    back = Firm()

    async def second() -> None:
        async with centre() as made:
            changed = ev.FirmChanged(
                firm=FirmRecord(id="s1", status_url=back.url), before=FirmRecord(id="s1", status_url=away.url)
            )
            made.write(ev.Draft("firm/s1", changed, "test"))
            await until(lambda: stored(tmp_path, "StatusReturned"))

    asyncio.run(second())
    back.close()
    assert back.statuses() == ["received"]


def test_what_is_owed_too_long_is_given_up_on_record(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    firm.answers = [500] * 1000

    async def scenario() -> None:
        async with centre(status__give_up_h=0) as made:
            made.register(firm.url)
            made.open()
            await until(lambda: stored(tmp_path, "StatusReturnFailed"))
            await until(lambda: made.returns.fold.waiting == 0)

    asyncio.run(scenario())
    assert [failure.gave_up for failure in stored(tmp_path, "StatusReturnFailed")] == [True]


def test_nothing_is_sent_for_tests_restorals_and_firms_without_an_address(centre: MakeCentre, firm: Firm) -> None:
    async def scenario() -> None:
        async with centre() as made:
            made.register(firm.url)
            made.open("inc-1", is_test=True)
            made.open("inc-2", kind=AlertKind.RESTORE)
            made.open("inc-3", firm_id="other")
            assert made.returns.fold.waiting == 0

    asyncio.run(scenario())
    assert not firm.tries


def test_what_came_before_the_address_is_not_told_whatever_the_batch(firm: Firm) -> None:
    from smartcity_console.gateway.status_fold import StatusFold

    payloads: list[tuple[str, ev.Payload]] = []
    for number, registered in ((1, False), (2, True)):
        if registered:
            payloads.append(("firm/s1", ev.FirmRegistered(firm=FirmRecord(id="s1", status_url=firm.url))))
        one = alert(f"alert-{number}")
        opened = ev.IncidentOpened(
            incident_id=f"inc-{number}", alert=one, kind=one.kind, priority=one.priority, position=None
        )
        payloads.append((f"incident/inc-{number}", opened))
    fold = StatusFold()
    fold.take(
        ev.Event(seq, stream, 1, type(p).__name__, CLOCK.now(), "x", ev.encode_payload(p), "", "")
        for seq, (stream, p) in enumerate(payloads, 1)
    )
    assert list(fold.owed["s1"]) == ["alert-2:received"]


def test_a_firm_without_a_key_is_told_nothing(centre: MakeCentre, firm: Firm, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with centre(keys={"k-other": KEYS["k-other"]}) as made:
            made.register(firm.url)
            made.open()
            await until(lambda: stored(tmp_path, "StatusReturnFailed"))

    asyncio.run(scenario())
    assert not firm.tries
    assert stored(tmp_path, "StatusReturnFailed")[0].reason == "it has no key to sign with"


def test_the_key_bound_to_the_account_signs() -> None:
    keys = {"b": Key("s1", "x"), "a": Key("s1", "y", accounts=("9",)), "c": Key("s1", "z", accounts=("01701",))}
    assert key_for(keys, "s1", "1701") == "c"
    assert key_for(keys, "s1", "2222") == "b"
    assert key_for(keys, "none", "1701") is None


def test_the_word_of_a_status_cannot_be_played_back_as_a_report() -> None:
    from smartcity_console.gateway.status_fold import Owed, Word
    from smartcity_console.intake.report import ReportRefused, read_report

    facts = {"id": "r", "firm_id": "s1", "alert_id": "a", "account": "1701", "event_id": "e", "reference": ""}
    owed = Owed(**facts, word=Word("closed", outcome="resolved"), at=CLOCK.now() - timedelta(seconds=1))
    with pytest.raises(ReportRefused):
        read_report(owed.body())


def test_a_gateway_killed_between_sending_and_recording_tells_again_under_the_same_id(gateway: Any, wait: Any) -> None:
    from smartcity_console.intake.webhook.keys import FILE

    firm = Firm()
    firm.slow_s = 30.0
    gateway.settings += ["status.timeout_s=60", "status.retry_first_s=0.05"]
    (gateway.path / "secrets").mkdir(mode=0o700)
    (gateway.path / FILE).write_text(json.dumps({"keys": {"k-s1": {"firm_id": "s1", "secret": KEYS["k-s1"].secret}}}))
    (gateway.path / FILE).chmod(0o600)
    try:
        gateway.start()
        record = FirmRecord(id="s1", status_url=firm.url)
        gateway.append(ev.Draft("firm/s1", ev.FirmRegistered(firm=record), "test"))
        written = gateway.events()[-1].seq
        wait(lambda: gateway.get("/health").json()["journal"]["seq"] >= written)  # then it skips what it writes itself
        gateway.open_incident()
        wait(lambda: firm.tries)
        gateway.end(signal.SIGKILL)
        assert not gateway.events("StatusReturned")
        firm.slow_s = 0.0
        gateway.start()
        wait(lambda: gateway.events("StatusReturned"))
        assert len(firm.tries) == 2 and len(set(firm.tries)) == 1 and firm.statuses() == ["received"] and not firm.bad
        assert gateway.get("/health").json()["status_returns"]["returned"] == 1
    finally:
        firm.close()
