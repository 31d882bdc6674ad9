"""The gateway's small parts by themselves."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.gateway.cameras import CameraLog
from smartcity_console.gateway.privacy import locks_due
from smartcity_console.gateway.receipts import DeskReceipt, ReceiptRefused, Receipts
from smartcity_console.gateway.state import GatewayState, KnownHandoff
from smartcity_console.gateway.streams import StreamsUnreadable, StreamsWatcher, read_streams
from smartcity_console.gateway.tokens import LIVE, RECEIPTS, Tokens, bearer
from smartcity_console.journal import JournalBusy
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.events import CameraConnected, CameraLost, Draft, Event, HandoffRequested
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def test_a_token_is_for_one_purpose_of_one_handoff() -> None:
    tokens = Tokens("secret")
    token = tokens.make(LIVE, "handoff-1")
    assert tokens.handoff_of(LIVE, token) == "handoff-1"
    assert tokens.handoff_of(RECEIPTS, token) is None
    assert Tokens("secret").handoff_of(LIVE, token) == "handoff-1"
    assert Tokens("another").handoff_of(LIVE, token) is None
    assert tokens.handoff_of(LIVE, token.replace("handoff-1", "handoff-2")) is None


@given(st.text(max_size=120))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert Tokens("secret").handoff_of(LIVE, text) is None


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer abc", "abc"), ("Basic abc", ""), ("", ""), ("Bearer", "")],
)
def test_bearer(header: str, token: str) -> None:
    assert bearer(header) == token


def incident(**more: Any) -> Incident:
    alert = Alert(
        id="a",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=NOW,
        received_at=NOW,
        known=True,
    )
    facts: dict[str, Any] = {
        "id": "inc-1",
        "version": 7,
        "opened_at": NOW,
        "kind": alert.kind,
        "priority": alert.priority,
        "position": None,
        "alerts": (alert,),
    }
    return Incident(**(facts | more))


def test_private_cameras_lock_at_the_end_and_at_their_time() -> None:
    later, earlier = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)
    assert locks_due([incident(unlocked={"PV-1": later}), incident()], NOW) == []
    (expired,) = locks_due([incident(unlocked={"PV-1": later, "PV-2": earlier})], NOW)
    assert expired.payload.camera_ids == ("PV-2",)  # type: ignore[attr-defined]
    assert expired.expected_version == 7
    (closed,) = locks_due([incident(unlocked={"PV-1": later, "PV-2": earlier}, closed_at=NOW)], NOW)
    assert closed.payload.camera_ids == ("PV-1", "PV-2")  # type: ignore[attr-defined]


class Committer:
    """Takes drafts and answers when told."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.busy = False

    def submit(self, *drafts: Draft) -> Future[list[Event]]:
        if self.busy:
            raise JournalBusy(waiting=1)
        self.drafts += drafts
        outcome: Future[list[Event]] = Future()
        outcome.set_result([])
        return outcome


def test_a_camera_is_an_event_for_each_change_only() -> None:
    committer = Committer()
    log = CameraLog(committer.submit)
    for connected, detail in ((False, "refused"), (False, "refused"), (True, "h264"), (True, "h264"), (False, "gone")):
        log.changed("GN-0001", connected, detail, 640, 360)
    assert [type(draft.payload) for draft in committer.drafts] == [CameraLost, CameraConnected, CameraLost]
    assert log.figures() == {"connected": 0, "lost": 1}


@pytest.mark.logs
def test_a_camera_state_that_cannot_be_recorded_is_counted() -> None:
    committer = Committer()
    committer.busy = True
    log = CameraLog(committer.submit)
    log.changed("GN-0001", True, "h264", 640, 360)
    assert log.not_recorded == 1


def known_handoff() -> GatewayState:
    state = GatewayState()
    request = HandoffRequested(
        handoff_id="h-1",
        agency_id="fire-1",
        agency_kind=AgencyKind.FIRE,
        agency_name="119",
        camera_ids=(),
        span_start=NOW,
        span_end=NOW,
        live_until=NOW,
        basis="",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="1",
    )
    state.handoffs["h-1"] = KnownHandoff("inc-1", request)
    return state


def test_the_same_receipt_twice_at_once_is_one_event() -> None:
    async def scene() -> None:
        committer = Committer()
        receipts = Receipts(known_handoff(), committer.submit)
        receipt = DeskReceipt(receipt_id="r-1", handoff_id="h-1", stage="opened", by="김")
        assert sorted(await asyncio.gather(*(receipts.take(receipt) for _ in range(5)))) == [False] * 4 + [True]
        assert len(committer.drafts) == 1
        assert committer.drafts[0].stream == "incident/inc-1"

    asyncio.run(scene())


def test_a_receipt_that_could_not_be_stored_can_be_sent_again() -> None:
    async def scene() -> None:
        committer = Committer()
        receipts = Receipts(known_handoff(), committer.submit)
        receipt = DeskReceipt(receipt_id="r-1", handoff_id="h-1", stage="refused", reason="관할 아님")
        committer.busy = True
        with pytest.raises(JournalBusy):
            await receipts.take(receipt)
        committer.busy = False
        assert await receipts.take(receipt)
        with pytest.raises(ReceiptRefused):
            await receipts.take(msgspec.structs.replace(receipt, handoff_id="h-2"))

    asyncio.run(scene())


def test_streams_are_read_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "streams.json"
    seen: list[dict[str, str]] = []
    watcher = StreamsWatcher(path, seen.append)
    watcher.look()
    path.write_text(json.dumps({"streams": {"GN-0001": {"url": "rtsp://h/1"}}}))
    watcher.look()
    watcher.look()
    assert seen == [{}, {"GN-0001": "rtsp://h/1"}]


@pytest.mark.logs
@pytest.mark.parametrize("text", ["", "{", "[]", '{"streams": {"A": "rtsp://h"}}'])
def test_an_unreadable_list_leaves_the_last_good_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "streams.json"
    path.write_text(json.dumps({"streams": {"GN-0001": {"url": "rtsp://h/1"}}}))
    seen: list[dict[str, str]] = []
    watcher = StreamsWatcher(path, seen.append)
    watcher.look()
    path.write_text(text)
    watcher.look()
    assert len(seen) == 1
    assert isinstance(watcher.last_error, StreamsUnreadable)
    with pytest.raises(StreamsUnreadable):
        read_streams(path)
