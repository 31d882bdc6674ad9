"""DC-09 over UDP, and senders that mean no good over either transport."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import UTC, datetime
from typing import Any

from smartcity_console.clock import ManualClock
from smartcity_console.intake.dc09 import Frame, encode_frame
from smartcity_console.intake.dc09.datagrams import MOST_LONGER_BYTES
from smartcity_console.model.events import FrameRefused, SenderHeard

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


async def until(condition: Any, limit_s: float = 10.0) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_datagram_is_stored_and_acknowledged(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            replies = await running.ask_by_udp(sia("BA"), sia("PA", "9", sequence=2), answers=2)
            assert {reply[9:19] for reply in replies} == {b'"ACK"0001L', b'"ACK"0002L'}
            assert len(running.events("AlertReceived")) == 2

    asyncio.run(scene())


def test_the_same_frame_by_tcp_and_udp_is_one_alert(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            frame = sia("BA")
            await asyncio.gather(running.ask(frame), running.ask_by_udp(frame))
            assert len(running.events("AlertReceived")) == 1

    asyncio.run(scene())


def test_what_is_no_frame_gets_no_answer(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            frame = sia("BA")
            wrong = (b"", b"\n", b"hello", frame[1:], frame[:-1], frame + frame, b"\n" + b"x" * 60_000 + b"\r")
            await running.ask_by_udp(*wrong, answers=0)
            (reply,) = await running.ask_by_udp(frame)
            assert b"ACK" in reply
            assert running.server.counters.datagrams_dropped == len(wrong)

    asyncio.run(scene())


def test_an_answer_is_never_much_longer_and_refusals_are_few(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW)) as running:
            short = b'\n00000000"X"\r'  # looks like a frame; its NAK would be four times as long
            damaged = bytearray(encode_frame(Frame(id="NULL", sequence="0001", account="1701")))
            damaged[-3] ^= 1
            assert len(bytes(damaged)) + MOST_LONGER_BYTES >= 48
            replies = await running.ask_by_udp(short, *[bytes(damaged)] * 40, answers=10)
            assert all(b"NAK" in reply for reply in replies)
            await until(lambda: running.server.counters.naks == 41)
            assert running.server.counters.datagrams_dropped == 31

    asyncio.run(scene())


def test_answers_are_not_answered(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            replies = [
                encode_frame(Frame(id=name, sequence="0001", account="1701")) for name in ("ACK", "NAK", "DUH", "RSP")
            ]
            await running.ask_by_udp(*replies, answers=0)
            await until(lambda: running.server.counters.replies_ignored == 4)
            assert running.events() == []

    asyncio.run(scene())


def test_an_account_s_flood_is_slowed_and_recorded_once(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(clock=ManualClock(NOW), settings={"intake.account_rate_s": 0.5}) as running:
            frames = [sia("BA", sequence=number) for number in range(1, 41)]
            replies = await running.ask_by_udp(*frames, answers=6)
            assert all(b"ACK" in reply for reply in replies)
            await until(lambda: running.server.counters.limited == 34)
            assert b"ACK" in (await running.ask_by_udp(sia("BA", account="2702")))[0]
            await until(lambda: running.events("FrameRefused"))
            (refused,) = running.events("FrameRefused")
            assert "slows down" in refused.payload_as(FrameRefused).reason

    asyncio.run(scene())


def test_a_tcp_sender_over_its_limit_waits_and_loses_nothing_it_was_told_is_kept(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.account_rate_s": 1}) as running:
            frames = [sia("BA", sequence=number) for number in range(1, 31)]
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(b"".join(frames))
            answers = [await asyncio.wait_for(reader.readuntil(b"\r"), 10) for _ in range(12)]
            assert all(b"ACK" in answer for answer in answers)
            assert b"ACK" in (await running.ask(sia("BA", account="2702")))[0]  # others are not held up
            assert running.server.counters.limited >= 1
            stored = {e.payload().alert.sequence for e in running.events("AlertReceived")}  # type: ignore[attr-defined]
            assert {answer[14:18].decode() for answer in answers} <= stored
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    asyncio.run(scene())


def test_an_account_bound_to_other_addresses_is_refused(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        asked: list[tuple[str, str]] = []

        def allowed(account: str, address: str) -> bool:
            asked.append((account, address))
            return account != "1701"

        async with receiver(allowed=allowed) as running:
            assert b"DUH" in (await running.ask(sia("BA")))[0]
            assert b"DUH" in (await running.ask_by_udp(sia("BA", sequence=2)))[0]
            relayed = encode_frame(Frame(id="SIA-DCS", sequence="0003", account="FFFF", data=b"#1701|NBA3"))
            assert b"DUH" in (await running.ask(relayed))[0]
            assert b"ACK" in (await running.ask(sia("BA", account="2702")))[0]
            assert ("1701", "127.0.0.1") in asked
            assert len(running.events("AlertReceived")) == 1

    asyncio.run(scene())


def test_silent_and_dribbling_clients_hold_nobody_up(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.max_connections": 20}) as running:
            held = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(20)]
            for _, writer in held[:10]:
                writer.write(b"\n0000")
            await until(lambda: running.server.counters.connections == 20)
            for connection in running.server._open:
                connection.since_s -= 10.0  # as if ten seconds had passed
            assert b"ACK" in (await running.ask(sia("BA")))[0]
            assert running.server.counters.strangers_closed == 1
            for _, writer in held:
                writer.close()

    asyncio.run(scene())


def _send_all(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):  # the receiver closes it in the end
        sock.sendall(data)


def test_who_does_not_take_its_answers_is_read_no_further(receiver: Any, sia: Any) -> None:
    async def scene() -> None:
        async with receiver(settings={"intake.account_rate_s": 100_000, "intake.address_rate_s": 100_000}) as running:
            deaf = socket.socket()
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", running.port))
            await until(lambda: running.server._open)
            (theirs,) = running.server._open
            theirs._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            sending = asyncio.create_task(asyncio.to_thread(_send_all, deaf, sia("BA") * 10_000))
            assert b"ACK" in (await running.ask(sia("BA", sequence=2)))[0]
            await until(lambda: any(c.choked_since_s is not None for c in running.server._open), 60)
            assert b"ACK" in (await running.ask(sia("BA", sequence=3)))[0]
            for connection in running.server._open:
                if connection.choked_since_s is not None:
                    connection.choked_since_s -= 60.0
            await until(lambda: running.server.counters.slow_closed == 1)
            await sending
            deaf.close()

    asyncio.run(scene())


def test_a_supervision_category_says_when_a_sender_is_late(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver() as running:
            poll = encode_frame(Frame(id="XNM", sequence="0001", account="1701", xdata=(b"CDP4",)))
            assert b"ACK" in (await running.ask(poll))[0]
            (heard,) = running.events("SenderHeard")
            assert heard.payload_as(SenderHeard).interval_s == 90.0

    asyncio.run(scene())
