"""A firm's transmitter: sends an event by DC-09 over TCP until it is acknowledged, each try with the same sequence."""

from __future__ import annotations

import itertools
import re
import socket
from urllib.parse import urlsplit

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09 import Frame, encode_frame
from smartcity_console.intake.dc09.siadcs import sia_data
from smartcity_console.model.errors import ConsoleError

ANSWER_LIMIT_S = 5.0
TRIES = 3
_ID = re.compile(rb'"(\*?[A-Z0-9-]+)"([0-9]{4})')


class NotAcknowledged(ConsoleError):
    code = "not_acknowledged"
    ko = (
        "{address} 이(가) 신호 {code}을(를) 확인하지 않았습니다({why}). "
        "관제에는 남지 않았을 수 있습니다. 다시 보내십시오."
    )
    en = "{address} did not acknowledge the signal {code} ({why}). It may not be on record. Send it again."


class Transmitter:
    """One panel's communicator; sequence numbers run 0001..9999 as DC-09 wants."""

    def __init__(self, address: str, clock: Clock) -> None:
        """`address` as the gateway announces it: tcp://host:port."""
        self._address = urlsplit(address)
        self._clock = clock
        self._sequence = itertools.cycle(range(1, 10_000))

    def send(self, account: str, code: str, zone: str, text: str = "") -> None:
        """Send one SIA-DCS event and return at its ACK. Raises NotAcknowledged."""
        frame = Frame(
            id="SIA-DCS",
            sequence=f"{next(self._sequence):04d}",
            account=account,
            line="0",
            data=sia_data(account, code, zone, text=text),
            timestamp=self._clock.now(),
        )
        why = "no answer"
        for _ in range(TRIES):
            try:
                answer = self._exchange(encode_frame(frame))
            except OSError as error:
                why = error.strerror or str(error)
                continue
            if answer == ("ACK", frame.sequence):
                return
            why = answer[0]
        raise NotAcknowledged(address=self._address.geturl(), code=code, why=why)

    def _exchange(self, raw: bytes) -> tuple[str, str]:
        """Return the id and sequence of the answer. Raises OSError."""
        target = (self._address.hostname or "127.0.0.1", self._address.port or 0)
        with socket.create_connection(target, ANSWER_LIMIT_S) as connection:
            connection.sendall(raw)
            answer = b""
            while not answer.endswith(b"\r"):
                piece = connection.recv(4096)
                if not piece:
                    raise ConnectionResetError("closed before an answer")
                answer += piece
        match = _ID.search(answer)
        return (match[1].decode(), match[2].decode()) if match else ("nothing understood", "")
