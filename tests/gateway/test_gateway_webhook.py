"""The webhook through the real gateway, by curl and openssl as docs/protocols/webhook.md shows it, and by an attacker."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, sign
from smartcity_console.journal import Vault
from smartcity_console.model.events import AlertReceived, FrameRefused

PAGE = Path(__file__).parents[2] / "docs" / "protocols" / "webhook.md"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "smartcity_console", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def make_key(gateway: Any, *more: str) -> tuple[str, str]:
    done = command("webhook-key", "s1", "--name", "에스원", "--workspace", gateway.path, *more)
    told = json.loads(done.stdout)
    return told["key"], told["secret"]


def post(gateway: Any, key: tuple[str, str], **fields: Any) -> httpx.Response:
    report = {"event_id": "e1", "account": "9999", "kind": "fire", "occurred_at": "2026-11-23T03:00:00Z"} | fields
    body, now = json.dumps(report).encode(), int(time.time())
    headers = {KEY: key[0], TIME: str(now), SIGNATURE: sign(key[1], now, body)}
    return httpx.post(
        f"{gateway.addresses['webhook']}/v1/alerts", content=body, headers=headers, trust_env=False, timeout=20
    )


def alerts(gateway: Any) -> list[Any]:
    return [event.payload_as(AlertReceived).alert for event in gateway.events("AlertReceived")]


def test_the_pages_commands_bring_an_alert(gateway: Any) -> None:
    if not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("curl and openssl are needed")
    gateway.start()
    key, secret = make_key(gateway)
    script = re.search(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert script
    env = {"KEY": key, "SECRET": secret, "WEBHOOK": gateway.addresses["webhook"], "PATH": "/usr/bin:/bin", "TZ": "UTC"}
    done = subprocess.run(["sh", "-c", script[1]], capture_output=True, text=True, timeout=60, check=True, env=env)
    assert json.loads(done.stdout)["stored"] is True, done.stdout
    (alert,) = alerts(gateway)
    assert (alert.account, alert.kind, alert.text) == ("1701", "robbery", "금고 앞 흔들림")
    assert secret not in (gateway.path / "journal.sqlite").read_bytes().decode("latin-1")


def test_a_picture_is_kept_and_a_repeat_is_stored_once(gateway: Any) -> None:
    gateway.start()
    key = make_key(gateway)
    picture = [{"name": "a.jpg", "data": base64.b64encode(JPEG).decode()}]
    assert post(gateway, key, attachments=picture).status_code == 201
    assert post(gateway, key, attachments=picture).json() == {"stored": True, "repeated": True}
    (alert,) = alerts(gateway)
    assert Vault(gateway.path).get(alert.attachments[0].sha256) == JPEG
    assert alert.firm_name == "에스원" and not alert.known


def test_a_firm_speaks_only_for_itself(gateway: Any, wait: Any) -> None:
    gateway.start()
    key, narrow = make_key(gateway), make_key(gateway, "--account", "7")
    assert post(gateway, ("k-none", "x")).status_code == 401
    assert post(gateway, (key[0], "guess")).status_code == 401
    assert post(gateway, narrow).status_code == 403
    assert post(gateway, narrow, account="7").status_code == 201
    assert post(gateway, key, kind="party").status_code == 422
    assert len(alerts(gateway)) == 1
    wait(lambda: len(gateway.events("FrameRefused")) == 2)
    reasons = [event.payload_as(FrameRefused).reason for event in gateway.events("FrameRefused")]
    assert not any("party" in reason for reason in reasons)


def test_an_unknown_key_is_not_listened_to_for_long(gateway: Any) -> None:
    gateway.start()
    headers = {KEY: "k-none", TIME: "1", SIGNATURE: "v1=0"}
    url = f"{gateway.addresses['webhook']}/v1/alerts"
    answer = httpx.post(url, content=b"x" * 70_000, headers=headers, trust_env=False, timeout=20)
    assert answer.status_code == 413


def test_slow_clients_hold_nobody_up(gateway: Any, wait: Any) -> None:
    gateway.start()
    key = make_key(gateway)
    host, _, port = gateway.addresses["webhook"].removeprefix("http://").rpartition(":")
    slow = [socket.create_connection((host, int(port)), 5) for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(b"POST /v1/alerts HTTP/1.1\r\nX-Slow")
        assert post(gateway, key).status_code == 201
        slow[0].settimeout(15)
        assert slow[0].recv(1) == b""  # cut off
    except ConnectionResetError:
        pass
    finally:
        for connection in slow:
            connection.close()


def test_it_does_not_serve_other_machines_in_clear(gateway: Any) -> None:
    settings = (f"--set={setting}" for setting in (*gateway.settings, "intake.webhook.host=0.0.0.0"))
    done = command("gateway", "--workspace", gateway.path, *settings)
    assert done.returncode == 3 and "intake.webhook.certificate" in done.stderr


def test_with_a_certificate_it_serves_tls(gateway: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tls")
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    make += ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, "-keyout", folder / "k.pem", "-out", folder / "c.pem"], check=True, capture_output=True)
    gateway.settings += [f"intake.webhook.certificate={folder / 'c.pem'}", f"intake.webhook.key={folder / 'k.pem'}"]
    gateway.start()
    address = gateway.addresses["webhook"]
    assert address.startswith("https://")
    context = ssl.create_default_context(cafile=str(folder / "c.pem"))
    answer = httpx.get(f"{address}/openapi.json", verify=context, trust_env=False, timeout=20)
    assert answer.json()["info"]["title"] == "smartcity-console webhook"
