"""The sample firm's transmitter: sends again with the same sequence, and says when nobody answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.drill.transmitter import NotAcknowledged, Transmitter
from smartcity_console.intake.dc09 import parse_frame
from smartcity_console.intake.dc09.replies import ack, nak


@contextmanager
def receiver(answer: Callable[[bytes, int], bytes | None]) -> Iterator[tuple[str, list[bytes]]]:
    """Answer each connection's frame; None closes without a word."""
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(4096))
                reply = answer(heard[-1], len(heard))
                if reply is not None:
                    connection.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_it_is_done_at_the_acknowledgement(clock: ManualClock) -> None:
    with receiver(lambda frame, _: ack(parse_frame(frame))) as (address, heard):
        Transmitter(address, clock).send("1701", "PA", "9", "비상벨")
    (frame,) = map(parse_frame, heard)
    assert (frame.account, frame.sequence, frame.timestamp) == ("1701", "0001", clock.now().replace(microsecond=0))
    assert "비상벨".encode() in frame.data


def test_an_unanswered_frame_is_sent_again_as_it_was(clock: ManualClock) -> None:
    with receiver(lambda frame, n: ack(parse_frame(frame)) if n == 2 else None) as (address, heard):
        Transmitter(address, clock).send("1701", "PA", "9")
    assert len(heard) == 2 and heard[0] == heard[1]


def test_a_refusal_is_told(clock: ManualClock) -> None:
    with (
        receiver(lambda *_: nak(clock.now())) as (address, heard),
        pytest.raises(NotAcknowledged) as caught,
    ):
        Transmitter(address, clock).send("1701", "PA", "9")
    assert len(heard) == 3 and "NAK" in caught.value.sentence("ko")


def test_nobody_there_is_told(clock: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotAcknowledged):
        Transmitter(f"tcp://127.0.0.1:{port}", clock).send("1701", "PA", "9")
