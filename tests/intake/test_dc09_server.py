"""The receiver on real sockets: what is answered, when, and what the journal then holds."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from my_dc09_spt.dc09_spt import dc09_spt

from smartcity_console.clock import ManualClock
from smartcity_console.intake.dc09 import Frame, encode_frame
from smartcity_console.intake.dc09.frame import wrap
from smartcity_console.journal import GroupCommitter
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.errors import DiskFull
from smartcity_console.model.events import (
    AlertJoined,
    AlertReceived,
    ChatterFolded,
    Draft,
    Event,
    FrameRefused,
    IncidentOpened,
    NoteAdded,
    SenderHeard,
)
from smartcity_console.model.site import Sensor

NULL = encode_frame(Frame(id="NULL", sequence="0009", account="1701", line="0"))
NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


async def until(condition: Callable[[], object], limit_s: float = 10.0) -> None:
    """Wait for a condition, not for a time."""
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.005)


def test_an_alert_is_stored_looked_up_and_acknowledged(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            (reply,) = await running.ask(sia("PA", "9", text="강도", xdata=(b"Vhttps://firm.example/1",)))
            assert reply[9:] == b'"ACK"0001L0#1701[]\r'
            heard, received, opened = running.events()
            assert [heard.type, received.type, opened.type] == ["SenderHeard", "AlertReceived", "IncidentOpened"]
            assert heard.payload_as(SenderHeard).firm_id == "s1"
            alert = received.payload_as(AlertReceived).alert
            assert (alert.known, alert.firm_name, alert.site_name) == (True, "에스원", "가온마트 은행로점")
            assert (alert.zone, alert.zone_name, alert.sensor) == ("9", "계산대 비상벨", Sensor.PANIC)
            assert (alert.kind, alert.priority, alert.text) == (AlertKind.ROBBERY, Priority.EMERGENCY, "강도")
            assert (alert.protocol, alert.code, alert.verification_url) == (
                "dc09/SIA-DCS",
                "PA",
                "https://firm.example/1",
            )
            assert opened.payload_as(IncidentOpened).position == alert.position

    asyncio.run(scene())


def test_a_frame_in_pieces_and_many_frames_at_once(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            first, second, third = (sia("BA", sequence=number) for number in (1, 2, 3))
            replies = await running.ask(
                first[:1], first[1:20], first[20:] + b"garbage" + second + third[:-1], third[-1:], answers=3
            )
            assert [reply[14:18] for reply in replies] == [b"0001", b"0002", b"0003"]
            assert [e.type for e in running.events("IncidentOpened", "AlertJoined")] == [
                "IncidentOpened",
                "AlertJoined",
                "AlertJoined",
            ]
            await until(lambda: running.server.counters.garbage_bytes == 7)

    asyncio.run(scene())


def test_several_events_of_one_block_are_one_transaction(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            frame = Frame(id="SIA-DCS", sequence="0001", account="1701", data=b"#1701|Nri1/BA3/PA9/BR3")
            await running.ask(encode_frame(frame))
            codes = [e.payload_as(AlertReceived).alert.code for e in running.events("AlertReceived")]
            assert codes == ["BA", "PA", "BR"]
            assert len(running.events("IncidentOpened")) == 1
            assert len(running.events("AlertJoined")) == 2

    asyncio.run(scene())


class HoldingBack:
    """A committer that commits when it is told to: what stands between the network and the disk."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer = committer
        self.let_go = threading.Event()
        self.held = threading.Event()

    def submit(self, *drafts: Any) -> Future[list[Event]]:
        outcome: Future[list[Event]] = Future()

        def later() -> None:
            self.held.set()
            self.let_go.wait(20)
            outcome.set_result(self._committer.submit(*drafts).result(10))

        threading.Thread(target=later, daemon=True).start()
        return outcome


def test_no_ack_before_the_commit(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        holding: list[HoldingBack] = []

        def wrap_it(committer: GroupCommitter) -> HoldingBack:
            holding.append(HoldingBack(committer))
            return holding[0]

        async with receiver(wrap=wrap_it) as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(sia("BA"))
            answer = asyncio.create_task(reader.readuntil(b"\r"))
            await until(holding[0].held.is_set)
            done, _ = await asyncio.wait({answer}, timeout=0.3)
            assert not done
            assert running.events("AlertReceived") == []
            holding[0].let_go.set()
            assert b"ACK" in await asyncio.wait_for(answer, 10)
            assert len(running.events("AlertReceived")) == 1
            writer.close()
            await writer.wait_closed()

    asyncio.run(scene())


class Failing:
    """A committer whose disk is full until it is mended."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer, self.full = committer, True

    def submit(self, *drafts: Any) -> Future[list[Event]]:
        if not self.full:
            return self._committer.submit(*drafts)
        outcome: Future[list[Event]] = Future()
        outcome.set_exception(DiskFull(path="/", free_mib=0))
        return outcome


@pytest.mark.logs
def test_a_failed_commit_is_not_acknowledged_and_the_connection_lives_on(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        disks: list[Failing] = []

        def wrap_it(committer: GroupCommitter) -> Failing:
            disks.append(Failing(committer))
            return disks[0]

        async with receiver(wrap=wrap_it) as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(sia("BA"))
            await until(lambda: running.server.counters.unanswered == 1)
            assert isinstance(running.inbox.last_error, DiskFull)
            disks[0].full = False
            writer.write(sia("BA"))  # the transmitter tries again with the same frame
            assert b"ACK" in await asyncio.wait_for(reader.readuntil(b"\r"), 10)
            assert len(running.events("AlertReceived")) == 1
            assert running.inbox.last_error is None
            writer.close()
            await writer.wait_closed()

    asyncio.run(scene())


def test_damage_is_answered_with_nak_and_the_time(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW)) as running:
            broken = bytearray(sia("BA"))
            broken[30] ^= 1
            (reply,) = await running.ask(bytes(broken))
            assert reply[9:] == b'"NAK"0000R0L0A0[]_05:03:04,11-23-2026\r'
            await until(lambda: running.events("FrameRefused"))
            assert "CRC" in running.events("FrameRefused")[0].payload_as(FrameRefused).reason
            assert running.events("AlertReceived") == []

    asyncio.run(scene())


@pytest.mark.parametrize(("offset_s", "answer"), [(19, b"ACK"), (-39, b"ACK"), (25, b"NAK"), (-45, b"NAK")])
def test_the_time_window(receiver: Any, sia: Any, offset_s: int, answer: bytes) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW)) as running:
            (reply,) = await running.ask(sia("BA", timestamp=NOW + timedelta(seconds=offset_s)))
            assert answer in reply
            assert len(running.events("AlertReceived")) == (1 if answer == b"ACK" else 0)

    asyncio.run(scene())


@pytest.mark.parametrize(
    "body",
    [
        b'"ACR-SF"0001L0#1701[something]',
        b'"SIA-DCS"0001L0#1701[#1701|]',
        b'"*SIA-DCS"0001L0#1701[' + b"00" * 32,
        b'"ADM-CID"0001L0#1701[#1701|9999]',
    ],
)
def test_what_cannot_be_handled_is_answered_with_duh(receiver: Any, body: bytes) -> None:
    async def scene() -> None:
        async with receiver() as running:
            (reply,) = await running.ask(wrap(body))
            assert reply[9:] == b'"DUH"0001L0#1701[]\r'
            await until(lambda: running.events("FrameRefused"))
            (refused,) = running.events("FrameRefused")
            assert refused.stream == "sender/1701"
            assert b"00" * 32 not in refused.data
            assert running.events("AlertReceived") == []

    asyncio.run(scene())


def test_a_retransmission_is_acknowledged_again_and_stored_once(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            frame = sia("BA")
            await asyncio.gather(*(running.ask(frame, frame, answers=2) for _ in range(5)))
            assert len(running.events("AlertReceived")) == 1
            assert running.server.counters.acks == 10
            assert running.inbox.duplicates == 9
            await running.ask(sia("BA", sequence=2))
            assert len(running.events("AlertReceived")) == 2

    asyncio.run(scene())


def test_a_retransmission_is_known_across_a_restart_for_five_minutes(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        clock = ManualClock(NOW)
        frame = sia("BA", timestamp=NOW)
        async with receiver(clock=clock) as running:
            await running.ask(frame)
        clock.advance(120)
        async with receiver(clock=clock) as running:
            (reply,) = await running.ask(frame)  # its time is out of the window, but it was taken in its time
            assert b"ACK" in reply
            assert len(running.events("AlertReceived")) == 1
        clock.advance(240)
        async with receiver(clock=clock) as running:
            (reply,) = await running.ask(frame)
            assert b"NAK" in reply

    asyncio.run(scene())


def test_an_unknown_account_enters_marked_unknown_with_its_text(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            (reply,) = await running.ask(sia("BA", account="DEAD", text="창고"))
            assert b"ACK" in reply
            alert = running.events("IncidentOpened")[0].payload_as(IncidentOpened).alert
            assert (alert.known, alert.account, alert.text, alert.site_id) == (False, "DEAD", "창고", None)

    asyncio.run(scene())


def test_a_frame_without_an_end_closes_its_connection(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.max_frame_bytes": 128}) as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(b"\n" + b"x" * 200)
            assert await asyncio.wait_for(reader.read(), 10) == b""
            assert running.server.counters.too_long == 1
            writer.close()
            await writer.wait_closed()
            assert b"ACK" in (await running.ask(sia("BA")))[0]

    asyncio.run(scene())


def test_too_many_connections_are_refused_and_counted(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.max_connections": 1}) as running:
            _, first = await asyncio.open_connection("127.0.0.1", running.port)
            await until(lambda: running.server.counters.connections == 1)
            reader, second = await asyncio.open_connection("127.0.0.1", running.port)
            with contextlib.suppress(ConnectionResetError):  # an abort is a reset or an end, as the kernel likes
                assert await asyncio.wait_for(reader.read(), 10) == b""
            assert running.server.counters.connections_refused == 1
            for writer in (first, second):
                writer.close()
            await first.wait_closed()

    asyncio.run(scene())


def test_a_silent_connection_is_closed(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.idle_s": 5}) as running:
            running.server.idle_s = 0.05
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            assert await asyncio.wait_for(reader.read(), 10) == b""
            assert running.server.counters.idle_closed == 1
            writer.close()
            await writer.wait_closed()

    asyncio.run(scene())


def test_garbage_cannot_fill_the_journal(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            await running.ask(b"\nzz\r" * 50, answers=50)
            await until(lambda: len(running.events("FrameRefused")) == 20)
            assert running.server.counters.naks == 50
            assert running.server.counters.refusals_not_recorded == 30

    asyncio.run(scene())


def test_a_poll_is_acknowledged_and_noted_once(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            replies = await running.ask(NULL, NULL, NULL, answers=3)
            assert all(b'"ACK"0009L0#1701[]' in reply for reply in replies)
            assert [event.type for event in running.events()] == ["SenderHeard"]

    asyncio.run(scene())


def folded(running: Any) -> dict[str, int]:
    return {event.stream: event.payload_as(ChatterFolded).count for event in running.events("ChatterFolded")}


def test_a_storm_is_stored_whole(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            accounts = [f"{number:04d}" for number in range(3000, 3020)]
            storm = [[sia("BA", account=account, sequence=n) for n in range(1, 26)] for account in accounts]
            replies = await asyncio.gather(*(running.ask(b"".join(frames), answers=25) for frames in storm))
            assert all(b"ACK" in reply for connection in replies for reply in connection)
            assert len(running.events("AlertReceived")) == 500
            assert len(running.events("IncidentOpened")) == 20
            assert len(running.events("AlertJoined")) == 40
            async with asyncio.timeout(20):  # what a detector repeats is counted, and the count comes within a second
                while sum(folded(running).values()) < 440:
                    await asyncio.sleep(0.02)
            assert sum(folded(running).values()) == 440

    asyncio.run(scene())


@pytest.mark.parametrize("kind", ["SIA-DCS", "ADM-CID"])
def test_a_real_transmitter_gets_its_ack(receiver: Any, kind: str) -> None:
    """my-dc09-spt as it is used: its message is gone from its queue only when it understood our ACK."""
    sent = {
        "SIA-DCS": {"code": "BA", "zone": 3, "area": 1, "areaname": "1층", "text": "뒷문 침입", "time": "now"},
        "ADM-CID": {"code": 130, "q": 1, "zone": 3, "area": 1},
    }[kind] | {"lon": "126.978", "lat": "37.566", "verification": "https://firm.example/v/1"}

    async def scene() -> None:
        async with receiver() as running:
            transmitter = dc09_spt("1701", receiver=0x1F, line=2)
            transmitter.set_path("main", "primary", "127.0.0.1", running.port, account="1701", type="TCP")
            await asyncio.to_thread(transmitter.send_msg, kind, sent)
            assert transmitter.notSent() == 0
            assert transmitter.isConnected()
            alert = running.events("AlertReceived")[0].payload_as(AlertReceived).alert
            assert (alert.protocol, alert.site_id, alert.zone) == (f"dc09/{kind}", "site-gaonmart", "3")
            assert (alert.receiver, alert.line) == ("1F", "2")
            assert alert.verification_url == "https://firm.example/v/1"
            assert alert.position is not None
            assert (alert.position.lon_deg, alert.position.lat_deg) == (126.978, 37.566)
            assert running.server.counters.naks == 0

    asyncio.run(scene())


def test_incidents_go_on_after_a_restart(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            await running.ask(sia("BA"))
        async with receiver() as running:
            await running.ask(sia("PA", "9", sequence=2))
            (joined,) = running.events("AlertJoined")
            assert joined.payload_as(AlertJoined).reason.startswith("같은 현장")
            assert len(running.events("SenderHeard")) == 1

    asyncio.run(scene())


class Interfering:
    """Lets an operator write to the incident just before an alert would join it."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer, self.times = committer, 2

    def submit(self, *drafts: Any) -> Future[list[Event]]:
        joining = next((draft for draft in drafts if isinstance(draft.payload, AlertJoined)), None)
        if joining and self.times:
            self.times -= 1
            note = NoteAdded(text="통화함", seat="1")
            self._committer.submit(Draft(joining.stream, note, "console")).result(10)
        return self._committer.submit(*drafts)


def test_an_operator_who_writes_at_the_same_moment_costs_no_alert(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(wrap=Interfering) as running:
            await running.ask(sia("BA"))
            (reply,) = await running.ask(sia("PA", "9", sequence=2))
            assert b"ACK" in reply
            (opened,) = running.events("IncidentOpened")
            (joined,) = running.events("AlertJoined")
            assert joined.stream == opened.stream
            assert joined.version == 4  # opened, two notes, joined
            assert len(running.events("AlertReceived")) == 2

    asyncio.run(scene())
