"""Every door of the intake, from the sender's act to the operator's queue: how long it takes, and what the operator gets.

    python benchmarks/intake_doors.py [--rounds 3] [--within-ms 200]

The real gateway, a real console (offscreen, Korean) and, one after the other: my-dc09-spt in clear and encrypted by TCP
and UDP; a peer for each of the five linked services, the one for persons with a picture; mosquitto_pub with an event of
Frigate's and with a plain report of a bell, by a real mosquitto; a CAP file laid into the folder; curl on the signed
webhook with a picture and a live view. Senders that are programs of their own (mosquitto_pub, curl) count from their start.

Prints one JSON line. shown_ms: by door, the slowest of its rounds, until the queue's model on the Qt thread holds the
alert. missing: by door, what the operator should have and has not: firm, site, type and text in Korean, position, picture.
late: doors that took longer than `--within-ms`.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec

from benchmarks.intake_gateway import ROOT, Gateway
from smartcity_console.city import City, city_path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.linked_sender import LinkedSender
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.linked.services import Service
from smartcity_console.intake.webhook.keys import add_key
from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, sign
from smartcity_console.journal import SqliteJournal, Vault
from smartcity_console.model.events import Draft, SenderRegistered
from smartcity_console.model.sender import SenderRecord

CLOCK = SystemClock()
SPOT = {"LON": "127.4685", "LAT": "37.0380"}
PICTURE = b"\xff\xd8\xff\xe0" + b"what a camera saw " * 2000
BELL = "bell-17"
START_LIMIT_S, SHOWN_LIMIT_S = 90.0, 10.0
CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>gaon@city.example</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>ko-KR</language><category>Met</category><event>호우</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
    <senderName>가온시 재난안전</senderName><headline>가온천 범람 위험</headline><description>둔치 통제</description>
    <resource><resourceDesc>현장</resourceDesc><mimeType>image/jpeg</mimeType><derefUri>{picture}</derefUri></resource>
    <area><areaDesc>가온천</areaDesc><circle>37.0400,127.4600 0.5</circle></area></info>
</alert>
"""


class Door(msgspec.Struct, frozen=True):
    """One way in. `send` is given the round; `mine` says whether an alert in the queue is its."""

    send: Callable[[int], object]
    mine: Callable[[dict[str, Any]], bool]
    has_picture: bool = False
    tells_korean: bool = True


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Knock at every door, print the figures and return them."""
    options = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="intake-doors-", dir=options.data) as folder:
        workspace = Path(folder)
        with _broker(workspace) as port:
            result = _knock(workspace, port, options)
    print(json.dumps(result, ensure_ascii=False))
    return result


def _knock(workspace: Path, broker: int, options: argparse.Namespace) -> dict[str, object]:
    accounts = _accounts(workspace)
    gateway = Gateway(workspace, ("intake.mqtt.host=127.0.0.1", f"intake.mqtt.port={broker}"))
    key = add_key(workspace, "s1", "에스원")
    _register_bell(workspace)
    gateway.start()
    shown: dict[str, list[float]] = {}
    missing: dict[str, list[str]] = {}
    try:
        doors = _doors(workspace, gateway, accounts, key, broker)
        with _eye(workspace) as seen:
            for number in range(options.rounds):
                for name, door in doors.items():
                    took_ms, facts = _one(door, number, seen)
                    shown.setdefault(name, []).append(took_ms)
                    if lacking := _lacking(workspace, door, facts):
                        missing[name] = lacking
    finally:
        gateway.end()
    slowest = {name: round(max(times), 1) for name, times in shown.items()}
    return {
        "doors": len(doors),
        "rounds": options.rounds,
        "shown_ms": slowest,
        "slowest_ms": max(slowest.values()),
        "late": sorted(name for name, ms in slowest.items() if ms > options.within_ms),
        "missing": missing,
    }


def _one(door: Door, number: int, seen: queue.Queue[dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    """Send through a door and wait until the queue shows it. Raises TimeoutError."""
    failed: list[BaseException] = []

    def send() -> None:
        try:
            door.send(number)
        except BaseException as error:
            failed.append(error)

    sender, began_s = threading.Thread(target=send), CLOCK.monotonic_s()
    sender.start()
    try:
        while True:
            facts = seen.get(timeout=SHOWN_LIMIT_S)
            if door.mine(facts):
                return (facts["at_s"] - began_s) * 1000.0, facts
    except queue.Empty:
        raise TimeoutError(f"not in the queue: {failed or 'sent'}") from None
    finally:
        sender.join(SHOWN_LIMIT_S)


def _lacking(workspace: Path, door: Door, facts: dict[str, Any]) -> list[str]:
    """Return what the operator should have of an alert and has not."""
    has = {
        "firm": bool(facts["firm"]),
        "site": bool(facts["site"]),
        "type": _is_korean(facts["type"]),
        # 112 and the telecoms send no text: what they report stands where others name the site.
        "text": _is_korean(facts["text"] or facts["site"]) if door.tells_korean else bool(facts["text"]),
        "position": facts["position"] is not None,
        "picture": not door.has_picture or [Vault(workspace).get(one) for one in facts["pictures"]] == [PICTURE],
        "spoken": _is_korean(facts["spoken"]),
    }
    return [name for name, there in has.items() if not there]


def _is_korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text)


def _accounts(workspace: Path) -> dict[str, tuple[str, bytes]]:
    """Return one account of the sample city for each way of DC-09; those that encrypt get a key."""
    sites = sorted(City.open(city_path(workspace, "")).sites.values(), key=lambda site: site.id)
    free = iter([site.account for site in sites if site.account and site.id.startswith("site-0")])
    made = {
        f"dc09 {transport} {how}": (next(free), os.urandom(size) if size else b"")
        for transport in ("TCP", "UDP")
        for how, size in (("clear", 0), ("AES-128", 16), ("AES-256", 32))
    }
    SenderKeys(workspace, CLOCK).set_all({account: key.hex() for account, key in made.values() if key})
    return made


def _register_bell(workspace: Path) -> None:
    """Enter an emergency bell as a sender with its place, as the window of senders does."""
    bell = SenderRecord(account=BELL, firm_id="s1", site_name="은행동 안심벨 17", address="가온시 은행동 12")
    journal = SqliteJournal(workspace / "journal.sqlite", CLOCK)
    journal.append(Draft(f"sender/{BELL}", SenderRegistered(sender=bell), "bench"))
    journal.close()


def _doors(
    workspace: Path, gateway: Gateway, accounts: dict[str, tuple[str, bytes]], key: tuple[str, str], broker: int
) -> dict[str, Door]:
    addresses = gateway.addresses
    doors = {name: _dc09(addresses, name, account, secret) for name, (account, secret) in accounts.items()}
    doors |= {f"linked {service.value}": _linked(addresses["linked"], service) for service in Service}
    doors["mqtt frigate"] = _frigate(broker)
    doors["mqtt bell"] = _bell(broker)
    doors["cap folder"] = _cap(workspace)
    doors["webhook curl"] = _webhook(addresses["webhook"], key)
    return doors


def _dc09(addresses: dict[str, str], name: str, account: str, key: bytes) -> Door:
    from my_dc09_spt.dc09_spt import dc09_spt

    _, transport, _ = name.split()
    host, _, port = addresses["dc09" if transport == "TCP" else "dc09_udp"].partition("://")[2].rpartition(":")
    transmitter = dc09_spt(account, 0x1F, 2)
    transmitter.set_path("main", "primary", host, int(port), account=account, key=key or None, type=transport)

    def send(number: int) -> None:
        text = "rear door" if key else "뒷문 열선 감지"  # it cannot encrypt what is not ASCII
        transmitter.send_msg("SIA", {"code": "BA", "zone": str(number + 1), "area": 1, "text": text})

    return Door(send, lambda facts: facts["account"] == account, tells_korean=not key)


def _linked(address: str, service: Service) -> Door:
    peer = LinkedSender(address, CLOCK)
    told = {
        "EVT_TYP": "강도",
        "EVT_NM": "화재",
        "EVT_DTL": "3층에서 연기",
        "SVC_TYP": "치매노인",
        "ADDR": "가온로 12",
        **SPOT,
    }
    if service is Service.PERSON:
        told |= {"DSC_NM": "김가온", "IMAGE": base64.b64encode(PICTURE).decode()}

    def send(number: int) -> None:
        # Two kilometres apart: what is near and alike would be one incident, and that is not what is asked here.
        peer.send(service, told | {"SEND_NUM": f"T{number:04d}{service.value:>10}", "LAT": f"{37.0380 + number / 50}"})

    return Door(send, lambda facts: facts["protocol"] == f"linked/{service.value}", service is Service.PERSON)


def _publish(broker: int, topic: str, told: dict[str, object]) -> None:
    """As a firm's engineer would try it; the message goes by standard input, for a picture is too long for a command."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker), "-q", "1", "-t", topic, "-s"]
    subprocess.run(command, input=json.dumps(told).encode(), check=True, timeout=30)


def _frigate(broker: int) -> Door:
    def send(number: int) -> None:
        after = {"id": f"1700000000.{number}-abc", "camera": "GN-0003", "label": "fire", "score": 0.91}
        after |= {"top_score": 0.93, "thumbnail": base64.b64encode(PICTURE).decode()}
        _publish(broker, "frigate/events", {"type": "new", "before": {}, "after": after})

    return Door(send, lambda facts: facts["account"] == "camera:GN-0003", has_picture=True)


def _bell(broker: int) -> Door:
    def send(number: int) -> None:
        report = {"event_id": f"bell-{number}", "account": BELL, "kind": "robbery", "text": "안심벨 눌림"}
        report |= {"occurred_at": CLOCK.now().isoformat(), "position": {"lon_deg": 127.4700, "lat_deg": 37.0300}}
        _publish(broker, f"smartcity/alerts/{BELL}", report)

    return Door(send, lambda facts: facts["account"] == BELL)


def _cap(workspace: Path) -> Door:
    folder = workspace / "cap-in"

    def send(number: int) -> None:
        text = CAP.format(
            identifier=f"G-{number}", sent=CLOCK.now().isoformat(), picture=base64.b64encode(PICTURE).decode()
        )
        (folder / f"{number}.part").write_text(text, "utf-8")
        (folder / f"{number}.part").rename(folder / f"{number}.xml")

    return Door(send, lambda facts: facts["protocol"].startswith("cap"), has_picture=True)


def _webhook(address: str, key: tuple[str, str]) -> Door:
    def send(number: int) -> None:
        report = {
            "event_id": f"e-{number}",
            "account": "1701",
            "kind": "robbery",
            "text": "금고 앞 흔들림",
            "zone": "9",
        }
        report |= {"occurred_at": CLOCK.now().isoformat(), "live_url": "rtsps://firm.example/live/1701"}
        report |= {"attachments": [{"data": base64.b64encode(PICTURE).decode(), "name": "금고.jpg"}]}
        body, now = json.dumps(report).encode(), int(CLOCK.now().timestamp())
        headers = {KEY: key[0], TIME: str(now), SIGNATURE: sign(key[1], now, body)}
        named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["curl", "-sS", "--fail", f"{address}/v1/alerts", *named, "--data-binary", "@-"]
        subprocess.run(command, input=body, check=True, timeout=30, stdout=subprocess.DEVNULL)

    return Door(send, lambda facts: facts["protocol"] == "webhook", has_picture=True)


@contextmanager
def _broker(workspace: Path) -> Iterator[int]:
    """Run mosquitto on a free port. Raises RuntimeError when it is not installed."""
    program = shutil.which("mosquitto", path=f"/usr/sbin:/usr/bin:{os.environ.get('PATH', '')}")
    if program is None or not shutil.which("mosquitto_pub") or not shutil.which("curl"):
        raise RuntimeError("mosquitto, mosquitto_pub and curl are needed (Debian: mosquitto mosquitto-clients curl)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = workspace / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    process = subprocess.Popen([program, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _eye(workspace: Path) -> Iterator[queue.Queue[dict[str, Any]]]:
    """Attach a console; the queue holds what its queue shows, as it comes."""
    command = [sys.executable, str(Path(__file__).with_name("intake_doors_eye.py")), str(workspace)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    seen: queue.Queue[dict[str, Any]] = queue.Queue()
    looking, painted = threading.Event(), threading.Event()
    with (workspace / "console.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line) if line.startswith("{") else {}
            if "painted" in told:
                painted.set()
            elif "looking" in told:
                looking.set()
            elif "at_s" in told:
                seen.put(told)

    reader = threading.Thread(target=read, name="eye")
    reader.start()
    try:
        assert process.stdin is not None
        if not painted.wait(START_LIMIT_S):
            raise RuntimeError((workspace / "console.log").read_text("utf-8", "replace"))
        with process.stdin as begin:
            begin.write("begin\n")
        looking.wait(START_LIMIT_S)
        yield seen
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        assert process.stdout is not None
        process.stdout.close()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--within-ms", type=float, default=200.0)
    parser.add_argument(
        "--data", type=Path, default=None, help="where the workspace is made; default: the system's own"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    told = main()
    sys.exit(1 if told["late"] or told["missing"] else 0)
