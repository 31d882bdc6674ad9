"""An inject through the very door that its real sender uses: DC-09, a linked service, the signed webhook, the CAP folder.

Everything here blocks until the gateway has answered, within limits: call it off the director's own thread.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import httpx
import msgspec

from smartcity_console.clock import Clock
from smartcity_console.drill.linked_sender import LinkedSender
from smartcity_console.drill.scenario.model import Cap, Dc09, Linked, Webhook
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.intake.linked.services import Service
from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, sign
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

WAIT_S = 10.0
SERVICES = {
    "112-video": Service.VIDEO_112,
    "112-dispatch": Service.DISPATCH_112,
    "119-dispatch": Service.DISPATCH_119,
    "disaster": Service.DISASTER,
    "person": Service.PERSON,
}
_CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>drill@console.example</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>ko-KR</language><category>Safety</category><event>{event}</event>
    <urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>
    <headline>{headline}</headline><description>{headline}</description>
    <area><areaDesc>{area}</areaDesc>{circle}</area></info>
</alert>
"""
"""Its status is Actual: that it is a drill is what the workspace says, and the operator must find it as in earnest."""


class DoorShut(ConsoleError):
    code = "drill_door_shut"
    ko = "훈련 투입을 보내지 못했습니다: {why}. 관제에 아무것도 남지 않았습니다. 관문이 돌고 있는지 보고 다시 보내십시오."
    en = "The inject could not be sent: {why}. Nothing was left with the centre. See that the gateway runs, and fire it again."


class FirmKey(msgspec.Struct, frozen=True):
    """With which a firm signs its webhook reports."""

    key_id: str
    secret: str


class Doors:
    """`addresses` says where the gateway is to be reached now; it may have been started anew."""

    def __init__(
        self,
        workspace: Path,
        drill_id: str,
        clock: Clock,
        addresses: Callable[[], dict[str, str]],
        new_id: Callable[[], str],
    ) -> None:
        self._workspace, self._drill_id, self._clock = workspace, drill_id, clock
        self._addresses, self._new_id = addresses, new_id
        self._sending = threading.Lock()
        self._transmitters: dict[str, Transmitter] = {}

    def dc09(self, inject: Dc09) -> None:
        """Send one event and return at its ACK. Raises NotAcknowledged, DoorShut."""
        with self._sending:
            self._transmitter().send(inject.account, inject.code, inject.zone, inject.text)

    def poll(self, account: str) -> None:
        """Send a supervision message, as a firm's transmitter does at its interval. Raises NotAcknowledged, DoorShut."""
        with self._sending:
            self._transmitter().poll(account)

    def linked(self, inject: Linked) -> None:
        """Send one message. Raises LinkedNotTaken, DoorShut."""
        fields = inject.fields | ({"SEND_NUM": self.case_number(inject.case)} if inject.case else {})
        sender = LinkedSender(self._address("linked"), self._clock)
        sender.send(SERVICES[inject.service], fields, inject.state)

    def webhook(self, inject: Webhook) -> None:
        """Post one signed report. Raises DoorShut."""
        key = self._firm_key(inject.firm)
        told = {"event_id": self._new_id(), "occurred_at": self._clock.now()} | inject.report
        body, time_s = msgspec.json.encode(told), int(self._clock.now().timestamp())
        headers = {KEY: key.key_id, TIME: str(time_s), SIGNATURE: sign(key.secret, time_s, body)}
        headers["Content-Type"] = "application/json"
        try:
            with httpx.Client(trust_env=False, timeout=WAIT_S) as client:
                answer = client.post(f"{self._address('webhook')}/v1/alerts", content=body, headers=headers)
        except httpx.HTTPError as error:
            raise DoorShut(why=type(error).__name__) from error
        if answer.status_code not in (200, 201):
            raise DoorShut(why=f"HTTP {answer.status_code} {answer.text[:120]}")

    def cap(self, inject: Cap) -> None:
        """Lay a document into the watched folder. Raises DoorShut."""
        folder, name = self._workspace / "cap-in", f"{self._new_id()}.xml"
        try:
            write_atomically(folder / name, cap_document(inject, self._new_id(), self._clock.now()))
        except OSError as error:
            raise DoorShut(why=error.strerror or type(error).__name__) from error

    def case_number(self, case: str) -> str:
        """Return the number under which a case of the scenario runs in this drill: T and fourteen digits."""
        digest = hashlib.sha256(f"{self._drill_id}/{case}".encode()).hexdigest()
        return f"T{int(digest[:16], 16) % 10**14:014d}"

    def _transmitter(self) -> Transmitter:
        address = self._address("dc09")
        if address not in self._transmitters:
            self._transmitters = {address: Transmitter(address, self._clock)}
        return self._transmitters[address]

    def _address(self, door: str) -> str:
        try:
            return self._addresses()[door]
        except KeyError:
            raise DoorShut(why=f"the gateway announces no {door}") from None

    def _firm_key(self, firm: str) -> FirmKey:
        try:
            return read_firm_keys(self._workspace)[firm]
        except KeyError:
            raise DoorShut(why=f"no webhook key for {firm}") from None


def cap_document(inject: Cap, identifier: str, sent: datetime) -> bytes:
    """Return a CAP 1.2 document (OASIS CAP-v1.2, 3.2); its times carry an offset, never Z."""
    circle = f"<circle>{escape(inject.circle)}</circle>" if inject.circle else ""
    told: dict[str, Any] = {
        "identifier": escape(identifier),
        "sent": sent.isoformat(timespec="seconds"),
        "event": escape(inject.event),
        "severity": escape(inject.severity),
        "headline": escape(inject.headline),
        "area": escape(inject.area or "-"),
        "circle": circle,
    }
    return _CAP.format(**told).encode()


KEYS = Path("secrets") / "drill-firms.json"


def write_firm_keys(workspace: Path, keys: dict[str, FirmKey]) -> None:
    """Keep the keys with which the director signs for firms: 0600."""
    write_atomically(workspace / KEYS, msgspec.json.encode(keys), 0o600)


def read_firm_keys(workspace: Path) -> dict[str, FirmKey]:
    """Return them; none where there is no file. Raises DoorShut."""
    try:
        return msgspec.json.decode((workspace / KEYS).read_bytes(), type=dict[str, FirmKey])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise DoorShut(why=f"{KEYS}: {type(error).__name__}") from None
