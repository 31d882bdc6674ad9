"""The senders of the intake's benchmarks: many transmitters in one process, each waiting for its answer before it goes on.

A sender that gets no answer connects again and sends the same frame again, as DC-09 wants. Frames are encoded before the
load begins, each with the time at which it is due, so that this process costs the machine as little as may be.
"""

from __future__ import annotations

import heapq
import selectors
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09 import Frame, encode_frame, seal_frame
from smartcity_console.intake.dc09.cid import cid_data
from smartcity_console.intake.dc09.siadcs import sia_data

ANSWER_LIMIT_S = 3.0
AGAIN_S = 0.2
_READ_BYTES = 4096


class Sender(msgspec.Struct):
    """One account and how it sends: `key` empty for clear text, `payload` SIA-DCS or ADM-CID."""

    account: str
    key: bytes
    payload: str
    text: str = "뒷문 열선감지"


class Outcome(msgspec.Struct):
    """What came of the load. `acked` is by account and sequence; latencies are from the first byte sent to the ACK,
    `due_ms` from the time at which the frame should have been sent. `longest`: frames of the busiest sender."""

    acked: list[tuple[str, str]] = []
    latencies_ms: list[float] = []
    due_ms: list[float] = []
    longest: int = 0
    refused: int = 0
    resent: int = 0
    restamped: int = 0  # a NAK said that the time was off: sent with another
    began_s: float = 0.0
    ended_s: float = 0.0
    cpu_s: float = 0.0


def make_frames(sender: Sender, times: Sequence[datetime], first: int) -> Iterator[bytes]:
    """Yield the frames of one sender, one for each time, sequence numbers from `first`."""
    for number, at in enumerate(times, first):
        data = (
            cid_data(sender.account, "1130", "3")
            if sender.payload == "ADM-CID"
            else sia_data(sender.account, "BA", "3", area="1", text=sender.text)
        )
        frame = Frame(
            id=sender.payload,
            sequence=f"{number:04d}",
            account=sender.account,
            line="0",
            data=data,
            xdata=(b"X126E58.680", b"Y37N33.960"),
            timestamp=at,
        )
        yield seal_frame(frame, sender.key) if sender.key else encode_frame(frame)


class _Line:
    """One transmitter's connection."""

    __slots__ = ("account", "due_s", "first", "frames", "got", "index", "next", "sent_s", "socket")

    def __init__(self, index: int, account: str) -> None:
        self.index, self.account, self.frames = index, account, list[bytes]()
        self.first, self.next = 1, 0
        self.socket: socket.socket | None = None
        self.sent_s = self.due_s = 0.0
        self.got = b""


class Load:
    """Runs every sender on one selector: each sends its next frame when it is due and the one before is answered."""

    def __init__(
        self, address: tuple[str, int], senders: Sequence[Sender], clock: Clock, rate_s: float, seconds: float
    ) -> None:
        self._address, self._clock, self._rate_s, self._seconds = address, clock, rate_s, seconds
        self._selector = selectors.DefaultSelector()
        self._due: list[tuple[float, int]] = []
        self._gap_s = len(senders) / rate_s
        self.outcome = Outcome()
        self._begin_s = 0.0
        self._lines = [_Line(index, sender.account) for index, sender in enumerate(senders)]
        self._senders = senders

    def prepare(self, begins_in_s: float, first: int = 1) -> None:
        """Encode every frame for a load that begins in so many seconds."""
        self._begin_s = self._clock.monotonic_s() + begins_in_s
        begin = self._clock.now() + timedelta(seconds=begins_in_s)
        for index, (line, sender) in enumerate(zip(self._lines, self._senders, strict=True)):
            offset_s = self._gap_s * index / len(self._lines)
            count = int((self._seconds - offset_s) / self._gap_s) + 1
            times = [begin + timedelta(seconds=offset_s + self._gap_s * turn) for turn in range(count)]
            line.first, line.frames = first, list(make_frames(sender, times, first))
            line.due_s = self._begin_s + offset_s
            heapq.heappush(self._due, (line.due_s, index))

    def connect(self) -> None:
        """Connect every sender. Raises OSError."""
        for line in self._lines:
            self._connect(line)

    def run(self, until_s: float) -> Outcome:
        """Send until all is acknowledged or the monotonic time has come; may be called again to go on."""
        self.outcome.began_s = self.outcome.began_s or self._begin_s
        while (now_s := self._clock.monotonic_s()) < until_s and not self.done:
            self._send_due(now_s)
            wait_s = self._due[0][0] - now_s if self._due else 0.05
            for key, _ in self._selector.select(min(max(wait_s, 0.0), 0.05)):
                self._take(key.data)
        return self.outcome

    @property
    def done(self) -> bool:
        return not self._due and all(line.next >= len(line.frames) for line in self._lines)

    @property
    def longest(self) -> int:
        """How many frames the busiest sender has."""
        return max(len(line.frames) for line in self._lines)

    @property
    def waiting(self) -> int:
        """How many frames have had no answer yet."""
        return sum(len(line.frames) - line.next for line in self._lines)

    def close(self) -> None:
        for line in self._lines:
            self._hang_up(line)
        self._selector.close()

    def retry_silent(self) -> None:
        """Send again what has had no answer for too long: by a new connection, the same frame."""
        now_s = self._clock.monotonic_s()
        for index, line in enumerate(self._lines):
            if line.sent_s and now_s - line.sent_s > ANSWER_LIMIT_S:
                self._again(line, index, now_s)

    def _send_due(self, now_s: float) -> None:
        while self._due and self._due[0][0] <= now_s:
            _, index = heapq.heappop(self._due)
            line = self._lines[index]
            try:
                if line.socket is None:
                    self._connect(line)
                assert line.socket is not None
                line.sent_s = self._clock.monotonic_s()
                line.socket.send(line.frames[line.next])
            except OSError:
                self._again(line, index, now_s)

    def _take(self, index: int) -> None:
        line = self._lines[index]
        try:
            piece = line.socket.recv(_READ_BYTES) if line.socket else b""
        except OSError:
            piece = b""
        if not piece:
            self._hang_up(line)
            if line.sent_s:
                self._again(line, index, self._clock.monotonic_s())
            return
        line.got += piece
        if line.got.endswith(b"\r"):
            self._answered(line, index)

    def _answered(self, line: _Line, index: int) -> None:
        now_s, outcome = self._clock.monotonic_s(), self.outcome
        answer, line.got = line.got, b""
        if b'"NAK"' in answer[9:15] and self._begin_s:
            self._stamp_anew(line, now_s)
            return
        if b'ACK"' in answer[9:16]:
            outcome.acked.append((line.account, f"{line.first + line.next:04d}"))
            outcome.latencies_ms.append((now_s - line.sent_s) * 1000.0)
            outcome.due_ms.append((now_s - self._planned_s(line)) * 1000.0)
        else:
            outcome.refused += 1
        outcome.ended_s = now_s
        line.sent_s = 0.0
        line.next += 1
        if line.next < len(line.frames):
            line.due_s = max(line.due_s + self._gap_s, now_s)
            heapq.heappush(self._due, (line.due_s, index))

    def _planned_s(self, line: _Line) -> float:
        """When a line's frame was to be sent, had nothing held it up."""
        return self._begin_s + self._gap_s * (line.index / len(self._lines) + line.next)

    def _stamp_anew(self, line: _Line, now_s: float) -> None:
        """Do what a transmitter does that was told its time is off: the same message with the time of now."""
        self.outcome.restamped += 1
        sender = self._senders[line.index]
        line.frames[line.next] = next(make_frames(sender, [self._clock.now()], line.first + line.next))
        line.sent_s = 0.0
        heapq.heappush(self._due, (now_s + AGAIN_S, line.index))

    def _again(self, line: _Line, index: int, now_s: float) -> None:
        self.outcome.resent += 1
        self._hang_up(line)
        line.sent_s = 0.0
        heapq.heappush(self._due, (now_s + AGAIN_S, index))

    def _connect(self, line: _Line) -> None:
        line.socket = socket.create_connection(self._address, 5.0)
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.socket.setblocking(False)
        line.got = b""
        self._selector.register(line.socket, selectors.EVENT_READ, line.index)

    def _hang_up(self, line: _Line) -> None:
        if line.socket is not None:
            self._selector.unregister(line.socket)
            line.socket.close()
            line.socket = None
