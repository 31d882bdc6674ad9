"""Encrypted senders: what opens, what is refused, what is answered, and that no key ever leaves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from my_dc09_spt.dc09_spt import dc09_spt
from siadc09 import message as oracle

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.intake.dc09 import Frame, encode_frame, open_frame, parse_frame
from smartcity_console.intake.dc09.frame import wrap
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.model.events import AlertReceived, FrameRefused

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
KEYS = {size: bytes(range(size)) for size in (16, 24, 32)}
OTHER = bytes(reversed(range(16)))


async def refused(running: Any) -> FrameRefused:
    """Wait for the one refusal on record."""
    async with asyncio.timeout(10):
        while not (events := running.events("FrameRefused")):
            await asyncio.sleep(0.005)
    (event,) = events
    return event.payload_as(FrameRefused)


@pytest.mark.parametrize("size", [16, 24, 32])
def test_an_encrypted_alert_is_stored_and_its_ack_is_encrypted(receiver: Any, sealed: Any, size: int) -> None:
    async def scene() -> None:
        key = KEYS[size]
        async with receiver(clock=ManualClock(NOW), keys={"1701": key}) as running:
            (reply,) = await running.ask(sealed("PA", key, NOW, "9", text="계산대 비상벨"))
            assert b'"*ACK"0001L0#1701[' in reply
            read = oracle.parse_frame(reply, keys=key)
            assert (read.idtoken, read.seq, read.timestamp) == ("ACK", 1, NOW)
            alert = running.events("AlertReceived")[0].payload_as(AlertReceived).alert
            assert (alert.site_id, alert.zone, alert.text) == ("site-gaonmart", "9", "계산대 비상벨")

    asyncio.run(scene())


@pytest.mark.parametrize("transport", ["TCP", "UDP"])
@pytest.mark.parametrize("size", [0, 16, 32])  # my-dc09-spt has no 192-bit keys
@pytest.mark.parametrize("kind", ["SIA", "CID"])
def test_a_transmitter_in_use_clear_and_encrypted_by_tcp_and_udp(
    receiver: Any, transport: str, size: int, kind: str
) -> None:
    async def scene() -> None:
        key = KEYS.get(size)
        async with receiver(clock=SystemClock(), keys={"1701": key} if key else {}) as running:
            port = running.port if transport == "TCP" else running.udp_port
            transmitter = dc09_spt("1701", 0x1F, 2)
            transmitter.set_path("main", "primary", "127.0.0.1", port, account="1701", key=key, type=transport)
            sent = {"code": "BA" if kind == "SIA" else "130", "zone": "3", "lon": "126.978", "lat": "37.566"}
            await asyncio.to_thread(transmitter.send_msg, kind, sent)
            assert transmitter.isConnected() and transmitter.notSent() == 0
            alert = running.events("AlertReceived")[0].payload_as(AlertReceived).alert
            assert (alert.site_id, alert.zone, alert.receiver) == ("site-gaonmart", "3", "1F")
            assert (running.server.counters.acks, running.server.counters.naks) == (1, 0)

    asyncio.run(scene())


def test_an_encrypted_account_in_clear_is_refused_and_recorded(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(keys={"1701": KEYS[16]}) as running:
            (reply,) = await running.ask(sia("BA"))
            assert reply[9:] == b'"DUH"0001L0#1701[]\r'
            assert "must send encrypted" in (await refused(running)).reason
            assert running.events("AlertReceived", "SenderHeard") == []

    asyncio.run(scene())


def test_no_poll_in_clear_keeps_an_encrypted_account_alive(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver(keys={"1701": KEYS[16]}) as running:
            (reply,) = await running.ask(encode_frame(Frame(id="NULL", sequence="0001", account="1701")))
            assert b'"DUH"' in reply
            assert running.events("SenderHeard") == []

    asyncio.run(scene())


@pytest.mark.parametrize("head", [b'"SIA-DCS"0001L0#9999[', b'"SIA-DCS"0001L0A0['])
def test_no_head_lets_data_speak_for_an_encrypted_account(receiver: Any, head: bytes) -> None:
    async def scene() -> None:
        async with receiver(keys={"1701": KEYS[16]}) as running:
            (reply,) = await running.ask(wrap(head + b"#1701|NBA3]"))
            assert b'"DUH"' in reply
            assert "its own key" in (await refused(running)).reason
            assert running.events("AlertReceived") == []

    asyncio.run(scene())


def test_one_account_s_key_does_not_speak_for_another(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW), keys={"1701": KEYS[16], "2702": OTHER}) as running:
            (reply,) = await running.ask(sealed("BA", OTHER, NOW, account="2702", of="1701"))
            assert b'"DUH"' in reply
            assert running.events("AlertReceived") == []

    asyncio.run(scene())


def test_a_wrong_key_is_refused_and_nothing_of_it_is_kept(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW), keys={"1701": KEYS[16]}) as running:
            frame = sealed("BA", OTHER, NOW)
            (reply,) = await running.ask(frame)
            assert reply[9:] == b'"DUH"0001L0#1701[]\r'
            assert "does not open" in (await refused(running)).reason
            journal = running.path.read_bytes() + running.path.with_name("journal.sqlite-wal").read_bytes()
            for secret in (KEYS[16], KEYS[16].hex().encode(), KEYS[16].hex().upper().encode(), parse_frame(frame).data):
                assert secret not in journal
                assert secret not in reply

    asyncio.run(scene())


def test_without_a_key_here_an_encrypted_frame_is_refused(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            (reply,) = await running.ask(sealed("BA", OTHER, SystemClock().now()))
            assert b'"DUH"0001' in reply
            assert "no key here" in (await refused(running)).reason

    asyncio.run(scene())


def test_an_encrypted_part_without_a_time_is_refused(receiver: Any) -> None:
    async def scene() -> None:
        from smartcity_console.intake.dc09.cipher import encrypt

        async with receiver(keys={"1701": KEYS[16]}) as running:
            hexed = encrypt(b"#1701|NBA3]", KEYS[16])
            (reply,) = await running.ask(wrap(b'"*SIA-DCS"0001L0#1701[' + hexed))
            assert b'"DUH"' in reply
            assert running.events("AlertReceived") == []

    asyncio.run(scene())


def test_an_old_message_played_again_is_refused(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        clock = ManualClock(NOW)
        async with receiver(clock=clock, keys={"1701": KEYS[16]}) as running:
            heard, unheard = sealed("BA", KEYS[16], NOW), sealed("PA", KEYS[16], NOW, sequence=2)
            assert b'"*ACK"' in (await running.ask(heard))[0]
            assert b'"*ACK"' in (await running.ask(heard))[0]  # its ACK was lost: said again, stored once
            clock.advance(60)
            assert b'"NAK"' in (await running.ask(unheard))[0]  # recorded on its way and held back
            clock.advance(600)
            assert b'"NAK"' in (await running.ask(heard))[0]
            assert len(running.events("AlertReceived")) == 1

    asyncio.run(scene())


def test_a_copy_of_the_encrypted_part_behind_another_head_is_the_same_message(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW), keys={"1701": KEYS[16]}) as running:
            frame = sealed("BA", KEYS[16], NOW)
            hexed = parse_frame(frame).data
            for copy in (wrap(b'"*SIA-DCS"0777R1L9#1701[' + hexed), wrap(b'"*SIA-DCS"0778L0#1701[' + hexed.lower())):
                assert b"ACK" in (await running.ask(frame))[0]
                assert b"ACK" in (await running.ask(copy))[0]
            assert len(running.events("AlertReceived")) == 1

    asyncio.run(scene())


def test_a_late_encrypted_sender_is_told_the_time_in_clear(receiver: Any, sealed: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW), keys={"1701": KEYS[16]}) as running:
            (reply,) = await running.ask(sealed("BA", KEYS[16], NOW - timedelta(minutes=5)))
            assert reply[9:] == b'"NAK"0000R0L0A0[]_05:03:04,11-23-2026\r'

    asyncio.run(scene())


def test_the_oracle_s_encrypted_frames_open() -> None:
    from siadc09.account import Account

    for key in KEYS.values():
        account = Account(acct=0x1701, key=key)
        for made in (oracle.NullMessage(account), oracle.ExtendedNullMessage(account)):
            frame = open_frame(parse_frame(made.encode(timestamp=NOW)), key)
            assert (frame.id, frame.data, frame.timestamp) == (made.idtoken, b"", NOW)


def test_a_key_set_while_the_gateway_runs_is_used(receiver: Any, sealed: Any, tmp_path: Any) -> None:
    async def scene() -> None:
        clock = ManualClock(NOW)
        keys = SenderKeys(tmp_path, clock)
        async with receiver(clock=clock) as running:
            running.server.handler._key_of = keys.of
            assert b'"DUH"' in (await running.ask(sealed("BA", KEYS[32], NOW)))[0]
            SenderKeys(tmp_path, clock).set("1701", KEYS[32].hex())
            clock.advance(2)
            assert b'"*ACK"' in (await running.ask(sealed("BA", KEYS[32], NOW)))[0]

    asyncio.run(scene())
