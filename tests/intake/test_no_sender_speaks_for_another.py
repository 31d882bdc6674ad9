"""Every door of a running gateway, and a sender that means no good: it speaks for nobody else, learns no key, plays nothing
old again, and leaves no text that is more than text.

One gateway for the module: DC-09 by TCP and UDP, linked services, webhook, CAP by webhook and folder, MQTT.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.intake.dc09 import Frame, encode_frame, seal_frame
from smartcity_console.intake.dc09.siadcs import sia_data
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.linked import Header, encode_message
from smartcity_console.intake.plain import printable
from smartcity_console.intake.webhook.keys import add_key
from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, sign
from smartcity_console.model import events as ev
from smartcity_console.model.sender import Door, SenderRecord
from tests.gateway.conftest import Workspace, kill_what_is_left, until
from tests.intake.cap_example import cap

CLOCK = SystemClock()
AES, OTHER_AES = bytes(range(16)), bytes(range(16, 48))
BOMB = "<img src=x onerror=alert(1)>"
REVERSED = "\u202egolana\u2066\u200f\ufeff\x1b[2J\x07"
LOGIN = "sha256:" + "ab" * 32
PEERS = f"""[systems.119]
networks = ["127.0.0.0/8"]
[systems.SKT]
networks = ["127.0.0.0/8"]
login = "{LOGIN}"
[systems.112]
networks = ["10.20.0.0/16"]
"""


class House:
    """The gateway of the module and one method for each way in."""

    def __init__(self, gateway: Workspace, keys: dict[str, tuple[str, str]], broker: int) -> None:
        self.gateway, self.keys, self.broker = gateway, keys, broker
        self._number = 100

    def number(self) -> int:
        self._number += 1
        return self._number

    def alerts(self) -> list[Any]:
        return [event.payload_as(ev.AlertReceived).alert for event in self._all("AlertReceived")]

    def refusals(self) -> list[ev.FrameRefused]:
        return [event.payload_as(ev.FrameRefused) for event in self._all("FrameRefused")]

    def heard(self) -> set[str]:
        return {event.payload_as(ev.SenderHeard).account for event in self._all("SenderHeard")}

    def _all(self, kind: str) -> list[ev.Event]:
        return self.gateway.events(kind)

    def tcp(self, raw: bytes) -> bytes:
        return self._ask("dc09", raw, b"\r")

    def udp(self, raw: bytes) -> bytes:
        parts = urlsplit(self.gateway.addresses["dc09_udp"])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(20)
            sock.connect((parts.hostname, parts.port))
            sock.send(raw)
            return sock.recv(4096)

    def linked(self, raw: bytes) -> bytes:
        return self._ask("linked", raw, b";")

    def _ask(self, door: str, raw: bytes, end: bytes) -> bytes:
        parts = urlsplit(self.gateway.addresses[door])
        with socket.create_connection((str(parts.hostname), int(parts.port or 0)), 20) as connection:
            connection.sendall(raw)
            answer = b""
            while not answer.endswith(end):
                piece = connection.recv(4096)
                if not piece:
                    return answer
                answer += piece
        return answer

    def report(self, key: str = "s1", at_s: float = 0.0, signed: bytes | None = None, **fields: Any) -> httpx.Response:
        told = {
            "event_id": f"e{self.number()}",
            "account": "1701",
            "kind": "fire",
            "occurred_at": CLOCK.now().isoformat(),
        }
        return self.post("/v1/alerts", json.dumps(told | fields).encode(), key, at_s, signed)

    def post(
        self, path: str, body: bytes, key: str = "s1", at_s: float = 0.0, signed: bytes | None = None
    ) -> httpx.Response:
        key_id, secret = self.keys[key]
        now = int(time.time() + at_s)
        headers = {KEY: key_id, TIME: str(now), SIGNATURE: sign(secret, now, body if signed is None else signed)}
        url = self.gateway.addresses["webhook"] + path
        return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=30)

    def publish(self, topic: str, message: str | bytes) -> None:
        raw = message.encode() if isinstance(message, str) else message
        command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker), "-q", "1", "-t", topic, "-s"]
        subprocess.run(command, input=raw, check=True, timeout=30)

    def drop(self, name: str, raw: bytes) -> Path:
        """Lay a document into the folder as a careful sender does; return where it ended."""
        folder = self.gateway.path / "cap-in"
        (folder / f"{name}.part").write_bytes(raw)
        (folder / f"{name}.part").rename(folder / f"{name}.xml")
        ends = [folder / where / f"{name}.xml" for where in ("done", "refused")]
        return until(lambda: next((end for end in ends if end.exists()), None), 30.0)


def frame(code: str = "BA", account: str = "1701", **more: Any) -> Frame:
    data = more.pop("data", None) or sia_data(more.pop("of", account), code, "3", text=more.pop("text", ""))
    return Frame(id="SIA-DCS", account=account, line="0", data=data, **({"sequence": "0001"} | more))


def sealed(key: bytes, account: str = "2701", at: datetime | None = None, **more: Any) -> bytes:
    return seal_frame(frame(account=account, timestamp=at or CLOCK.now(), **more), key)


def linked_message(sender: str, fields: tuple[str, ...], at: datetime | None = None, kind: str = "10") -> bytes:
    now = at or CLOCK.now()
    return encode_message(Header(kind, "10", now, sender, "UCP", now), fields)


def fire(number: int, **named: str) -> tuple[str, ...]:
    told = {"name": "화재", "text": "연기", "address": "가온로 12", "by": "D7"} | named
    stamp = "20261123120400"
    return (
        f"T{number:014d}",
        told["name"],
        told["text"],
        "127.12",
        "37.42",
        told["address"],
        "4113",
        stamp,
        told["by"],
    )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
    if program is None or not shutil.which("mosquitto_pub"):
        pytest.skip("mosquitto and mosquitto_pub are needed")
    folder = tmp_path_factory.mktemp("broker")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    process = subprocess.Popen([program, "-c", folder / "conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield port
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, broker: int) -> Iterator[House]:
    path = tmp_path_factory.mktemp("house")
    gateway = Workspace(path)
    gateway.settings += [f"intake.mqtt.port={broker}", "intake.mqtt.host=127.0.0.1", "intake.account_rate_s=100"]
    SenderKeys(path, CLOCK).set_all({"2701": AES.hex(), "2702": OTHER_AES.hex()})
    keys = {"s1": add_key(path, "s1", "에스원"), "other": add_key(path, "other", "다른회사")}
    (path / "linked.toml").write_text(PEERS)
    records = (
        SenderRecord(account="2701", firm_id="s1", site_name="금은방"),
        SenderRecord(account="3701", firm_id="s1", site_name="먼 곳", networks=("10.9.0.0/16",)),
        SenderRecord(account="119:FAR", firm_id="agency:119", networks=("10.9.0.0/16",)),
        SenderRecord(account="4701", firm_id="s1", site_name="송신기만", doors=(Door.DC09,)),
    )
    gateway.append(
        *(ev.Draft(f"sender/{one.account}", ev.SenderRegistered(sender=one), "test") for one in records),
    )
    try:
        gateway.start()
        made = House(gateway, keys, broker)
        until(lambda: gateway.get("/health").json()["mqtt"]["connected"], 30.0)
        yield made
    finally:
        kill_what_is_left(gateway)


Way = Callable[[House], Any]


def _dc09_both(raw: Callable[[House], bytes]) -> list[Way]:
    return [lambda house: house.tcp(raw(house)), lambda house: house.udp(raw(house))]


FOR_ANOTHER: dict[str, tuple[Way, Callable[[Any], bool]]] = {}
for _name, _raw in {
    "clear for an account with a key": lambda _: encode_frame(frame(account="2701")),
    "clear head of one's own, data of an account with a key": lambda _: encode_frame(frame(account="9999", of="2701")),
    "sealed with another account's key": lambda _: sealed(OTHER_AES),
    "sealed head of one's own, data of another's": lambda _: sealed(OTHER_AES, "2702", of="2701"),
    "clear from outside its networks": lambda _: encode_frame(frame(account="3701")),
    "data of an account from outside its networks": lambda _: encode_frame(frame(account="9999", of="3701")),
    "leading zeros": lambda _: encode_frame(frame(account="002701")),
}.items():
    for _way, _ask in zip(("TCP", "UDP"), _dc09_both(_raw), strict=True):
        FOR_ANOTHER[f"DC-09 {_way}: {_name}"] = (_ask, lambda answer: b"DUH" in answer)
for _name, _fields in {
    "another firm's account": {"key": "other"},
    "blanks around it": {"key": "other", "account": " 1701"},
    "a sign that vanishes": {"key": "other", "account": "1701\u200e"},
    "a control character": {"key": "other", "account": "\u00001701"},
    "fullwidth digits": {"key": "other", "account": "１７０１"},
    "leading zeros": {"key": "other", "account": "0002701"},
    "the name of a case of 119": {"key": "other", "account": "119:D7"},
    "from outside its networks": {"account": "3701"},
    "by a door that is not its": {"account": "4701"},
}.items():
    FOR_ANOTHER[f"webhook: {_name}"] = (
        lambda house, fields=_fields: house.report(**fields),
        lambda answer: answer.status_code in (403, 422),
    )
FOR_ANOTHER |= {
    "webhook: a guessed secret": (
        lambda house: house.report(signed=b"something else"),
        lambda answer: answer.status_code == 401,
    ),
    "linked: a system from a network that is not its": (
        lambda house: house.linked(linked_message("112", fire(house.number()))),
        lambda answer: answer[48:49] == b"1",
    ),
    "linked: an account from a network that is not its": (
        lambda house: house.linked(linked_message("119", fire(house.number(), by="FAR"))),
        lambda answer: answer[48:49] == b"1",
    ),
    "linked: without its login": (
        lambda house: house.linked(linked_message("SKT", fire(house.number()))),
        lambda answer: answer[48:49] == b"1",
    ),
    "linked: a guessed login": (
        lambda house: house.linked(linked_message("SKT", ("guess",), kind="99")),
        lambda answer: answer[48:49] == b"1",
    ),
}


@pytest.mark.parametrize("name", FOR_ANOTHER)
def test_nobody_is_spoken_for(house: House, name: str) -> None:
    ask, is_refused = FOR_ANOTHER[name]
    before, known = len(house.alerts()), len(house.refusals())
    answer = ask(house)
    assert is_refused(answer), answer
    assert len(house.alerts()) == before
    assert not house.heard() & {"2701", "002701", "3701"}, "who is spoken for does not count as heard"
    if "guess" not in name or "login" in name:
        until(lambda: len(house.refusals()) > known)


def test_by_the_broker_nobody_is_spoken_for(house: House) -> None:
    report = {"event_id": "m-1", "kind": "fire", "occurred_at": CLOCK.now().isoformat()}
    known, before = len(house.refusals()), len(house.alerts())
    for topic, account in (("bell-9", "1701"), ("4701", "4701"), (" 1701", " 1701"), ("119:D7", "119:D7")):
        house.publish(f"smartcity/alerts/{topic}", json.dumps(report | {"account": account}))
    until(lambda: len(house.refusals()) >= known + 4)
    assert len(house.alerts()) == before


@pytest.mark.parametrize("way", ["webhook", "folder"])
def test_a_documents_sender_is_no_account(house: House, way: str) -> None:
    """A CAP document names its sender itself: that name finds no site, and does not keep an account from being late."""
    raw = cap(f"G-{way}").replace(b"gaon@city.example", b"2701")
    if way == "webhook":
        assert house.post("/v1/cap", raw, "other").status_code == 201
    else:
        assert house.drop("speaks", raw).parent.name == "done"
    alert = house.alerts()[-1]
    assert (alert.account, alert.site_id) == ("cap:2701", None)
    assert "2701" not in house.heard()


def test_a_firm_cannot_end_anothers_case(house: House) -> None:
    """A cancellation under another firm's key, naming the case of a document from the folder, is a case of its own."""
    opened = cap("G-77")
    house.drop("case", opened)
    incidents = len(house.gateway.events("IncidentOpened", "AlertJoined"))
    cancel = cap("G-78", type="Cancel", references="gaon@city.example,G-77,2026-11-23T12:00:00+09:00")
    assert house.post("/v1/cap", cancel, "other").status_code == 201
    assert len(house.gateway.events("IncidentOpened", "AlertJoined")) == incidents


def test_an_account_that_nobody_registered_is_each_firms_own(house: House) -> None:
    """Two firms may both report for it; neither joins, restores or cancels what the other has told."""
    assert house.report(key="s1", account="9001").status_code == 201
    opened = len(house.gateway.events("IncidentOpened"))
    joined = len(house.gateway.events("AlertJoined"))
    assert house.report(key="other", account="9001", state="cancelled").status_code == 201
    assert house.report(key="other", account="9001").status_code == 201
    assert len(house.gateway.events("AlertJoined")) == joined
    assert len(house.gateway.events("IncidentOpened")) == opened + 1


def test_what_was_heard_cannot_be_played_again(house: House) -> None:
    raw = sealed(AES, sequence="0042")
    assert b"DUH" not in house.tcp(raw)
    before = len(house.alerts())
    for ask in (house.tcp, house.udp):
        ask(raw)
    assert len(house.alerts()) == before
    for old in (sealed(AES, at=CLOCK.now() - timedelta(minutes=6)), sealed(AES, at=CLOCK.now() + timedelta(minutes=2))):
        assert b"NAK" in house.tcp(old) and b"NAK" in house.udp(old)

    message = linked_message("119", fire(7))
    assert [house.linked(message)[48:49] for _ in range(3)] == [b"0"] * 3
    old = linked_message("119", fire(8), CLOCK.now() - timedelta(days=2))
    assert house.linked(old)[48:49] == b"1"

    assert [house.report(event_id="again").status_code for _ in range(3)] == [201, 200, 200]
    assert house.report(at_s=-241).status_code == house.report(at_s=180).status_code == 401

    raw = cap("G-again")
    house.drop("one", raw)
    house.drop("two", raw)
    assert [house.post("/v1/cap", raw, "s1").status_code for _ in range(2)] == [201, 200]
    report = json.dumps(
        {"event_id": "m-9", "account": "bell-9", "kind": "fire", "occurred_at": CLOCK.now().isoformat()}
    )
    for _ in range(2):
        house.publish("smartcity/alerts/bell-9", report)
    until(lambda: [alert.sequence for alert in house.alerts()].count("m-9"))
    assert len(house.alerts()) == before + 5, [alert.protocol for alert in house.alerts()[before:]]


def test_a_linked_message_is_known_again_after_a_restart() -> None:
    from smartcity_console.intake.linked.taken import TakenMessages
    from tests.gateway.test_status_returns import alert

    now, taken = CLOCK.now(), TakenMessages()
    payload = ev.AlertReceived(alert=alert("a", protocol="linked/119UC001", wire_digest="d" * 64))
    raw = ev.encode_payload(payload)
    taken.take([ev.Event(1, "alert/a", 1, "AlertReceived", now - timedelta(hours=20), "x", raw, "", "")])
    assert "d" * 64 in taken
    taken.add("e" * 64, now + timedelta(hours=10))
    assert "d" * 64 not in taken


def test_no_text_is_more_than_text(house: House) -> None:
    bomb = f"{BOMB}{REVERSED}가"
    before = len(house.alerts())
    assert b"ACK" in house.tcp(encode_frame(frame(text=bomb.replace("[", "").replace("]", ""), sequence="0077")))
    assert house.linked(linked_message("119", fire(9, name=bomb, text=bomb, address=bomb, by=bomb)))[48:49] == b"0"
    texts = dict.fromkeys(("event_id", "code", "zone", "text", "reference"), bomb)
    assert house.report(**texts | {"event_id": bomb[:60], "code": bomb[:60]}).status_code == 201
    house.publish("smartcity/alerts/bell-9", json.dumps(_mqtt_report(texts)))
    house.publish("frigate/events", json.dumps(_frigate(bomb)))
    escaped = bomb.replace("\x1b", "").replace("\x07", "").replace("<", "&lt;").encode()
    document = cap("G-text")
    for told in ("호우", "가온시 재난안전", "가온천 범람 위험", "둔치 통제", "가온천<"):
        tail = b"<" if told.endswith("<") else b""
        document = document.replace(told.encode(), escaped + tail)
    house.drop("text", document)
    until(lambda: len(house.alerts()) >= before + 6)
    found = house.alerts()[before:]
    assert {alert.protocol.partition("/")[0] for alert in found} == {"dc09", "linked", "webhook", "mqtt", "cap"}
    for alert in found:
        for text in _texts(alert):
            assert printable(text) == text, (alert.protocol, text)
            assert not set(text) & set(REVERSED.replace("golana", "").replace("[2J", "")), (alert.protocol, text)
        assert any(BOMB in text for text in _texts(alert)), f"{alert.protocol}: kept as the text that it is"


def _mqtt_report(texts: dict[str, str]) -> dict[str, Any]:
    now = CLOCK.now().isoformat()
    told = {**texts, "event_id": "m-text", "code": texts["code"][:60]}
    return {**told, "account": "bell-9", "kind": "fire", "occurred_at": now}


def _frigate(text: str) -> dict[str, Any]:
    after = {"id": text[:40], "camera": text, "label": "fire", "score": 0.9, "start_time": 0.0, "current_zones": [text]}
    return {"type": "new", "before": after, "after": after}


def _texts(alert: Any) -> list[str]:
    return [value for name in alert.__struct_fields__ if isinstance(value := getattr(alert, name), str)]


def test_what_is_too_long_is_refused_or_cut(house: House) -> None:
    long = "가" * 5000
    before, known = len(house.alerts()), len(house.refusals())
    with pytest.raises((ConnectionError, AssertionError)):
        assert b"ACK" in house.tcp(encode_frame(frame(text="x" * 200_000)))
    assert house.linked(linked_message("119", fire(11, text=long, address=long)))[48:49] == b"0"
    assert house.report(text=long).status_code == 422
    assert house.report(event_id="e" * 65).status_code == house.report(account="1" * 33).status_code == 422
    key_id, secret = house.keys["s1"]
    huge = b"x" * ((24 << 20) + 1)
    assert house.post("/v1/alerts", huge).status_code == 413
    house.publish("smartcity/alerts/bell-9", json.dumps(_mqtt_report(dict.fromkeys(("code", "text"), long))))
    house.drop("long", cap("G-long").replace("둔치 통제".encode(), long.encode()))
    assert house.drop("huge", b"<alert>" + b" " * (64 << 20)).parent.name == "refused"
    until(lambda: len(house.refusals()) >= known + 4)
    found = house.alerts()[before:]
    assert {alert.protocol.partition("/")[0] for alert in found} == {"linked", "cap"}
    assert all(len(text) <= 1000 for alert in found for text in _texts(alert))
    assert key_id and secret


def test_no_key_is_ever_told(house: House) -> None:
    """After all that was sent above: no answer, no figure, no event holds a key or a secret."""
    secrets = [AES.hex(), OTHER_AES.hex(), *(secret for _, secret in house.keys.values())]
    told = house.tcp(sealed(AES)) + house.udp(sealed(OTHER_AES)) + house.report(signed=b"x").content
    told += (
        house.gateway.get("/health").content
        + httpx.get(f"{house.gateway.addresses['webhook']}/openapi.json", trust_env=False, timeout=20).content
    )
    for suffix in ("", "-wal"):
        path = house.gateway.path / f"journal.sqlite{suffix}"
        told += path.read_bytes() if path.exists() else b""
    for secret in secrets:
        assert secret.encode() not in told.lower() + told
    assert AES not in told and OTHER_AES not in told


def test_no_refusal_quotes_what_was_sent(house: House) -> None:
    reasons = " ".join(refusal.reason for refusal in house.refusals())
    assert house.refusals() and BOMB not in reasons and "가가" not in reasons
