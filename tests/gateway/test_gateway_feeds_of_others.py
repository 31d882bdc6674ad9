"""CAP documents in the folder and MQTT messages of a real broker, through the real gateway, as the pages show them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartcity_console.model.events import AlertReceived
from tests.intake.cap_example import cap

PAGES = Path(__file__).parents[2] / "docs" / "protocols"


def alerts(gateway: Any) -> list[Any]:
    return [event.payload_as(AlertReceived).alert for event in gateway.events("AlertReceived")]


def test_a_document_laid_into_the_folder_is_taken(gateway: Any, wait: Any) -> None:
    gateway.start()
    folder = gateway.path / "cap-in"
    (folder / "a.xml").write_bytes(cap())
    wait((folder / "done" / "a.xml").exists)
    (alert,) = alerts(gateway)
    assert alert.site_name == "가온천 범람 위험"
    written_at = datetime.fromtimestamp((folder / "done" / "a.xml").stat().st_mtime, UTC)
    assert (gateway.events("AlertReceived")[0].at - written_at).total_seconds() < 2.0


def test_a_file_that_grows_is_waited_for_and_nonsense_is_laid_aside(gateway: Any, wait: Any) -> None:
    gateway.start()
    folder = gateway.path / "cap-in"
    raw = cap("G-7")
    with (folder / "slow.xml").open("wb") as file:
        file.write(raw[:300])
        file.flush()
        (folder / "bad.xml").write_bytes(b"<alert>")
        wait(lambda: gateway.path.joinpath("cap-in").exists())
        file.write(raw[300:])
    (folder / "link.xml").symlink_to("/etc/hostname")
    wait((folder / "done" / "slow.xml").exists)
    wait((folder / "refused" / "bad.xml").exists)
    assert "no CAP 1.2" in (folder / "refused" / "bad.txt").read_text()
    assert len(alerts(gateway)) == 1


@pytest.fixture
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


def publish(port: int, *arguments: str) -> None:
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), *arguments], check=True, timeout=20)


def test_the_pages_messages_bring_alerts(gateway: Any, broker: int, wait: Any) -> None:
    gateway.settings += ["intake.mqtt.host=127.0.0.1", f"intake.mqtt.port={broker}"]
    gateway.start()
    wait(lambda: connected(gateway))
    commands = re.findall(r"^mosquitto_pub -h BROKER (.*)$", (PAGES / "mqtt.md").read_text("utf-8"), re.MULTILINE)
    for command in commands:
        publish(broker, *shlex.split(command))
    wait(lambda: len(alerts(gateway)) == 2)
    fire, bell = sorted(alerts(gateway), key=lambda alert: alert.protocol)
    assert (fire.kind, fire.site_name, fire.text) == ("fire", "은행로 3길 입구", "불꽃 93%") and fire.known
    assert (bell.kind, bell.account, bell.text) == ("robbery", "bell-17", "안심벨 눌림")
    publish(broker, "-q", "1", "-t", "smartcity/alerts/other", "-m", '{"event_id": "e-1", "account": "bell-17"}')
    wait(lambda: gateway.events("FrameRefused"))
    assert len(alerts(gateway)) == 2


def test_what_comes_while_the_gateway_is_away_waits_at_the_broker(gateway: Any, broker: int, wait: Any) -> None:
    gateway.settings += ["intake.mqtt.host=127.0.0.1", f"intake.mqtt.port={broker}"]
    gateway.start()
    wait(lambda: connected(gateway))
    gateway.end(signal.SIGKILL)
    for number in range(5):
        publish(broker, "-q", "1", "-t", "smartcity/alerts/bell-17", "-m", json.dumps(report(number)))
    gateway.start()
    wait(lambda: len(alerts(gateway)) == 5)


def report(number: int) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {"event_id": f"e-{number}", "account": "bell-17", "kind": "robbery", "occurred_at": at}


def connected(gateway: Any) -> bool:
    told = httpx.get(f"{gateway.addresses['http']}/health", trust_env=False, timeout=20).json()
    return bool(told["mqtt"]["connected"])
