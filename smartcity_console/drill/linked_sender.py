"""A linked system of 112, 119 or a telecom, as the gateway sees one: sends a message and waits for its answer."""

from __future__ import annotations

import socket
from datetime import datetime

from smartcity_console.clock import Clock
from smartcity_console.intake.linked import Header, encode_message, parse_message
from smartcity_console.intake.linked.message import stamp
from smartcity_console.intake.linked.services import LAYOUTS, Service
from smartcity_console.model.errors import ConsoleError

WAIT_S = 10.0
SENDERS = {
    Service.VIDEO_112: ("112", "10"),
    Service.DISPATCH_112: ("112", "20"),
    Service.DISPATCH_119: ("119", "20"),
    Service.DISASTER: ("DPS", "10"),
    Service.PERSON: ("SKT", "10"),
}
"""SND_SYS_CD and MSG_TYP_CD of each service."""


class LinkedNotTaken(ConsoleError):
    code = "linked_not_taken"
    ko = "연계 메시지를 {to}이(가) 받지 않았습니다: {why}. 아무것도 등록되지 않았습니다. 주소와 내용을 확인하십시오."
    en = "The linked message was not taken by {to}: {why}. Nothing was registered. Check the address and the fields."


class LinkedSender:
    """Sends to `tcp://host:port`, one connection a message."""

    def __init__(self, address: str, clock: Clock) -> None:
        self._address, self._clock = address, clock

    def send(self, service: Service, fields: dict[str, str], state: str = "10") -> None:
        """Send one message; fields left out go blank. Raises LinkedNotTaken."""
        now = self._clock.now()
        sender, kind = SENDERS[service]
        told = {"SEND_NUM": case_number(now), "EVT_DTM": stamp(now), "SENDER_ID": "drill"} | fields
        values = tuple(told.get(name, "") for name in LAYOUTS[service].names)
        answer = self._ask(encode_message(Header(kind, state, now, sender, "UCP", now), values))
        if not answer or answer[0] != "0":
            raise LinkedNotTaken(to=self._address, why=" ".join(answer[1:]) or "no answer")

    def _ask(self, message: bytes) -> tuple[str, ...]:
        host, _, port = self._address.removeprefix("tcp://").rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), WAIT_S) as connection:
                connection.sendall(message)
                answer = b""
                while not answer.endswith(b";"):
                    piece = connection.recv(4096)
                    if not piece:
                        return ()
                    answer += piece
        except OSError as error:
            raise LinkedNotTaken(to=self._address, why=type(error).__name__) from None
        return parse_message(answer).fields


def case_number(now: datetime) -> str:
    """Return a case number as 119 forms it: T and fourteen digits."""
    return f"T{stamp(now)}"
