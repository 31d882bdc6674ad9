"""A firm's transmitter: sends an event by DC-09 until it is acknowledged, each try with the same sequence number.

TCP or UDP as its address says, in clear or under the account's key.
"""

from __future__ import annotations

import itertools
import re
import socket
from urllib.parse import urlsplit

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09 import Frame, encode_frame, seal_frame
from smartcity_console.intake.dc09.siadcs import sia_data
from smartcity_console.model.errors import ConsoleError

ANSWER_LIMIT_S = 5.0
TRIES = 3
_ID = re.compile(rb'"\*?([A-Z0-9-]+)"([0-9]{4})')


class NotAcknowledged(ConsoleError):
    code = "not_acknowledged"
    ko = (
        "{address} 이(가) 신호 {code}을(를) 확인하지 않았습니다({why}). "
        "관제에는 남지 않았을 수 있습니다. 다시 보내십시오."
    )
    en = "{address} did not acknowledge the signal {code} ({why}). It may not be on record. Send it again."


class Transmitter:
    """One panel's communicator; sequence numbers run 0001..9999 as DC-09 wants."""

    def __init__(self, address: str, clock: Clock, key: bytes = b"") -> None:
        """`address` as the gateway announces it, tcp://host:port or udp://host:port; `key` of 16, 24 or 32 bytes."""
        self._address = urlsplit(address)
        self._clock, self._key = clock, key
        self._sequence = itertools.cycle(range(1, 10_000))

    def send(self, account: str, code: str, zone: str, text: str = "") -> None:
        """Send one SIA-DCS event and return at its ACK. Raises NotAcknowledged."""
        self._send(account, "SIA-DCS", sia_data(account, code, zone, text=text), code)

    def poll(self, account: str) -> None:
        """Send a supervision message and return at its ACK. Raises NotAcknowledged."""
        self._send(account, "NULL", b"", "NULL")

    def _send(self, account: str, name: str, data: bytes, what: str) -> None:
        frame = Frame(
            id=name,
            sequence=f"{next(self._sequence):04d}",
            account=account,
            line="0",
            data=data,
            timestamp=self._clock.now(),
        )
        raw = seal_frame(frame, self._key) if self._key else encode_frame(frame)
        why = "no answer"
        for _ in range(TRIES):
            try:
                answer = self._exchange(raw)
            except OSError as error:
                why = error.strerror or str(error)
                continue
            if answer == ("ACK", frame.sequence):
                return
            why = answer[0]
        raise NotAcknowledged(address=self._address.geturl(), code=what, why=why)

    def _exchange(self, raw: bytes) -> tuple[str, str]:
        """Return the id and sequence of the answer. Raises OSError."""
        target = (self._address.hostname or "127.0.0.1", self._address.port or 0)
        answer = _by_udp(target, raw) if self._address.scheme == "udp" else _by_tcp(target, raw)
        match = _ID.search(answer)
        return (match[1].decode(), match[2].decode()) if match else ("nothing understood", "")


def _by_tcp(target: tuple[str, int], raw: bytes) -> bytes:
    with socket.create_connection(target, ANSWER_LIMIT_S) as connection:
        connection.sendall(raw)
        answer = b""
        while not answer.endswith(b"\r"):
            piece = connection.recv(4096)
            if not piece:
                raise ConnectionResetError("closed before an answer")
            answer += piece
    return answer


def _by_udp(target: tuple[str, int], raw: bytes) -> bytes:
    family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(ANSWER_LIMIT_S)
        sock.connect(target)
        sock.send(raw)
        return sock.recv(4096)
