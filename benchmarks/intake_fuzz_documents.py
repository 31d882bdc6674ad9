"""The protocols under the fuzzer besides DC-09: linked services, reports in JSON, Frigate's events, CAP documents.

The oracles are written anew from the formats, with the standard library alone: they share no line with the readers.
"""

from __future__ import annotations

import hashlib
import json
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from smartcity_console.clock import SystemClock
from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.cap.alerts import arrival_of as arrival_of_document
from smartcity_console.intake.cap.document import CapRefused, read_document
from smartcity_console.intake.linked import Header, encode_message, parse_message
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.framer import LinkedFramer
from smartcity_console.intake.linked.services import LAYOUTS, Service, service_of
from smartcity_console.intake.mqtt.frigate import arrival_of as arrival_of_event
from smartcity_console.intake.mqtt.frigate import is_wanted, read_event
from smartcity_console.intake.mqtt.rules import Rules
from smartcity_console.intake.plain import printable
from smartcity_console.intake.report import ReportRefused, Source, read_report
from smartcity_console.intake.report import arrival_of as arrival_of_report
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.events import AlertReceived, encode_payload
from smartcity_console.model.geo import Position

CLOCK = SystemClock()
TEXTS = ("뒷문 열선 감지", "Rear door", "3층에서 연기; 사람 있음", "", "\u202egolana\x07", "가" * 300)
Draw = Callable[[st.SearchStrategy[bytes], int, int], list[bytes]]


def keep(data: bytes) -> str:
    """Do what the vault does, short of the disk."""
    return hashlib.sha256(data).hexdigest()


def stored(arrival: Arrival) -> bool:
    """Encode an alert as the journal would. Raises AssertionError when a text of it is more than text."""
    encode_payload(AlertReceived(alert=arrival.alert))
    alert = arrival.alert
    for text in (alert.text, alert.account, alert.code, alert.site_name, alert.firm_name, alert.address, alert.zone):
        if printable(text) != text:
            raise AssertionError("a text that is more than text")
    return True


class Documents:
    """What the four have in common; `_draw` is hypothesis' examples of a strategy."""

    resum: Callable[[bytes], bytes] | None = None
    grammar: st.SearchStrategy[bytes]

    def __init__(self, draw: Draw) -> None:
        self._draw, self._compared = draw, 0

    def drawn(self, count: int, number: int) -> list[bytes]:
        return self._draw(self.grammar, count, number)

    def figures(self) -> Mapping[str, object]:
        return {"compared": self._compared}


class LinkedTarget(Documents):
    """The five linked services, through framer, header, fields and personal records."""

    grammar = st.builds(
        lambda head, body: (head + body).encode("utf-8", "replace") + b";",
        st.from_regex(
            r"(99|10|20|30)(10|40|50|90|91)(2026|0001|9999)[0-9]{10}(112|119|DPS|SKT)UCP(2026|0001|9999)[0-9]{10}[0-9]{10}",
            fullmatch=True,
        ),
        st.lists(st.text(max_size=20), max_size=20).map("\x1e".join),
    )

    def __init__(self, draw: Draw) -> None:
        super().__init__(draw)
        self._reader = Reader(lambda: "alert-1", keep, 150.0)

    def valid(self, chance: random.Random) -> bytes:
        service, now = chance.choice(tuple(Service)), CLOCK.now() - timedelta(seconds=chance.randint(0, 60))
        sender, kind = {
            Service.VIDEO_112: ("112", "10"),
            Service.DISPATCH_112: ("112", "20"),
            Service.DISPATCH_119: ("119", "20"),
            Service.DISASTER: ("DPS", "10"),
            Service.PERSON: ("SKT", "10"),
        }[service]
        told = {
            "SEND_NUM": f"T{chance.randrange(10**14):014d}",
            "LON": "127.12",
            "LAT": "37.42",
            "EVT_DTL": chance.choice(TEXTS),
        }
        told |= {"IMAGE": "/9j/4AAQ\x1f/9j/4AAR", "DSC_NM": "김가온", "EVT_DTM": "20261123120400"}
        fields = tuple(told.get(name, chance.choice(("", "화재", "가온로 12"))) for name in LAYOUTS[service].names)
        return encode_message(Header(kind, chance.choice(("10", "40", "91")), now, sender, "UCP", now), fields)

    def take(self, raw: bytes) -> bool:
        framer, middle, understood = LinkedFramer(1 << 16), len(raw) // 2, False
        try:
            pieces = [message for piece in (raw[:middle], raw[middle:]) for message in framer.feed(piece)]
            for one in (*pieces, *framer.flush()):
                message = parse_message(one)
                understood = stored(self._reader.read(service_of(message), message, one, CLOCK.now()))
        except LinkedRefused:
            return False
        return understood

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        """Only of a valid one: where a damaged one ends each guesses as it will."""
        if not strictly:
            return False
        self._compared += 1
        theirs = raw[48:-1].decode().split("\x1e")
        ours = parse_message(raw)
        told = [part.replace("\u202e", " ").replace("\x07", " ").strip() for part in theirs if "\x1f" not in part]
        return told != [part for part in ours.fields if "\x1f" not in part] or ours.header.sender != raw[18:21].decode()


class ReportTarget(Documents):
    """The webhook's and MQTT's report in JSON."""

    grammar = st.fixed_dictionaries(
        {
            "event_id": st.text(min_size=1, max_size=70),
            "account": st.text(min_size=1, max_size=40),
            "kind": st.sampled_from([*(kind.value for kind in AlertKind), "other2"]),
            "occurred_at": st.one_of(
                st.datetimes().map(lambda at: f"{at.isoformat()}+09:00"),
                st.sampled_from(("0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00")),
            ),
        },
        optional={
            "text": st.text(max_size=60),
            "position": st.fixed_dictionaries({"lon_deg": st.floats(-200, 200), "lat_deg": st.floats(-100, 100)}),
            "live_url": st.one_of(st.text(max_size=40), st.just("https://[::1/x"), st.just("rtsp://a@b/c")),
            "attachments": st.lists(st.fixed_dictionaries({"data": st.text("QUJD/9j=", max_size=24)}), max_size=5),
        },
    ).map(lambda told: json.dumps(told).encode())

    def valid(self, chance: random.Random) -> bytes:
        told: dict[str, Any] = {
            "event_id": f"e{chance.randrange(10**9)}",
            "account": chance.choice(("1701", "bell-17", "A_9.b")),
            "kind": chance.choice([kind.value for kind in AlertKind]),
            "occurred_at": (CLOCK.now() - timedelta(seconds=chance.randint(0, 60))).isoformat(),
            "text": chance.choice(TEXTS),
            "state": chance.choice(("begun", "restored", "cancelled")),
        }
        if chance.random() < 0.5:
            told |= {"position": {"lon_deg": 127.12, "lat_deg": 37.42}, "attachments": [{"data": "/9j/4AAQ"}]}
        return json.dumps(told, ensure_ascii=chance.random() < 0.5).encode()

    def take(self, raw: bytes) -> bool:
        try:
            return stored(
                arrival_of_report(read_report(raw), Source("webhook", "0" * 64), "alert-1", CLOCK.now(), keep)
            )
        except ReportRefused:
            return False

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        try:
            ours, theirs = read_report(raw), json.loads(raw)
        except (ReportRefused, ValueError):
            return strictly
        self._compared += 1
        return (ours.event_id, ours.account, ours.kind.value, ours.text) != (
            theirs["event_id"],
            theirs["account"],
            theirs["kind"],
            theirs.get("text", ""),
        )


class FrigateTarget(Documents):
    """`frigate/events`."""

    grammar = st.builds(
        lambda kind, told: json.dumps({"type": kind, "before": {}, "after": told}).encode(),
        st.sampled_from(("new", "update", "end", "")),
        st.fixed_dictionaries(
            {
                "id": st.text(max_size=30),
                "camera": st.text(max_size=30),
                "label": st.sampled_from(("fire", "person", "x")),
            },
            optional={
                "score": st.floats(-2, 2),
                "start_time": st.floats(allow_nan=False, allow_infinity=False),
                "thumbnail": st.text("QUJD/9j=", max_size=24),
                "entered_zones": st.lists(st.text(max_size=10), max_size=3),
            },
        ),
    )

    def valid(self, chance: random.Random) -> bytes:
        after = {
            "id": f"{CLOCK.now().timestamp()}-{chance.randrange(10**6)}",
            "camera": chance.choice(("GN-0003", "뒷마당", "gate_west")),
            "label": chance.choice(("fire", "smoke", "person")),
            "score": 0.7 + chance.random() * 0.3,
            "start_time": CLOCK.now().timestamp(),
            "thumbnail": chance.choice((None, "/9j/4AAQ")),
        }
        return json.dumps({"type": "new", "before": {}, "after": after}).encode()

    def take(self, raw: bytes) -> bool:
        try:
            event = read_event(raw)
        except ReportRefused:
            return False
        rules, source = Rules(), Source("mqtt/frigate", "0" * 64, firm_name="영상분석 Frigate")
        if not is_wanted(event, rules):
            return False
        return stored(arrival_of_event(event, rules, _place, source, lambda: "alert-1", CLOCK.now(), keep))

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        try:
            ours, theirs = read_event(raw), json.loads(raw)
        except (ReportRefused, ValueError):
            return strictly
        self._compared += 1
        after = theirs["after"]
        return (ours.type, ours.after.id, ours.after.camera, ours.after.label) != (
            theirs["type"],
            after["id"],
            after["camera"],
            after["label"],
        )


def _place(camera_id: str) -> tuple[str, Position] | None:
    return ("은행로 66 앞", Position(127.12, 37.42)) if camera_id == "GN-0003" else None


_CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier><sender>{sender}</sender>
<sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
<info><language>ko-KR</language><category>{category}</category><event>{event}</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Observed</certainty><headline>가온천 범람 위험</headline>
<resource><resourceDesc>현장</resourceDesc><mimeType>image/jpeg</mimeType><derefUri>/9j/4AAQ</derefUri></resource>
<area><areaDesc>가온천</areaDesc>{shape}</area></info></alert>
"""
_SHAPES = (
    "<circle>37.42,127.12 0.5</circle>",
    "<polygon>37.4,127.1 37.5,127.1 37.5,127.2 37.4,127.1</polygon>",
    "<circle>nan,inf -1</circle>",
    "",
)


class CapTarget(Documents):
    """CAP 1.2 documents, as the folder and the webhook take them."""

    grammar = st.builds(
        lambda identifier, sent, status, kind, event, shape: _CAP.format(
            identifier=identifier,
            sender="a@b",
            sent=sent,
            status=status,
            kind=kind,
            category="Met",
            event=event,
            shape=shape,
        ).encode("utf-8", "replace"),
        st.text(max_size=20),
        st.from_regex(
            r"(0000|0001|2026|9999|[0-9]{4})-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]([+-][01][0-9]:00|Z)?",
            fullmatch=True,
        ),
        st.sampled_from(("Actual", "Exercise", "Draft", "Test", "x")),
        st.sampled_from(("Alert", "Update", "Cancel", "Ack", "Error")),
        st.text(max_size=20),
        st.sampled_from(_SHAPES),
    )

    def valid(self, chance: random.Random) -> bytes:
        return _CAP.format(
            identifier=f"G-{chance.randrange(10**9)}",
            sender="gaon@city.example",
            sent=CLOCK.now().isoformat(timespec="seconds"),
            status=chance.choice(("Actual", "Exercise", "Test")),
            kind=chance.choice(("Alert", "Update", "Cancel")),
            category=chance.choice(("Met", "Fire", "Rescue", "Safety")),
            event=chance.choice(("호우", "산불", "실종 경보")),
            shape=chance.choice(_SHAPES),
        ).encode()

    def take(self, raw: bytes) -> bool:
        source = Source("cap", hashlib.sha256(raw).hexdigest())
        try:
            return stored(arrival_of_document(read_document(raw), source, lambda: "alert-1", CLOCK.now(), keep))
        except CapRefused:
            return False

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        """A document with names of its own for the schema's is not one that the oracle looks into."""
        try:
            ours, root = read_document(raw), ElementTree.fromstring(raw)
        except (CapRefused, ElementTree.ParseError, ValueError, LookupError):
            return strictly
        told = root.findtext("{urn:oasis:names:tc:emergency:cap:1.2}identifier")
        if not strictly:
            return False
        self._compared += 1
        return (told or "").strip() != ours.identifier.strip()
