"""What the page for firms says is what the commands do, against a receiver on real sockets."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.__main__ import parser
from smartcity_console.intake.dc09 import Frame, encode_frame
from smartcity_console.model.events import AlertReceived
from smartcity_console.settings import TABLE

PAGE = (Path(__file__).parents[2] / "docs" / "protocols" / "dc09.md").read_text("utf-8")
KEY = bytes(range(24))


def send(*arguments: str, given: str = "") -> dict[str, Any]:
    """Run the command as a firm's engineer does; return what it prints."""
    command = [sys.executable, "-m", "smartcity_console", "dc09", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("line", re.findall(r"^ *scripts/run ((?:sender|dc09) .+)$", PAGE, re.MULTILINE))
def test_every_command_of_the_page_is_understood(line: str) -> None:
    words = shlex.split(line.partition("<")[0])
    assert parser().parse_args(words).command == words[0]


def test_every_setting_of_the_page_exists() -> None:
    named = set(re.findall(r"\b(intake(?:\.[a-z0-9_]+)+)", PAGE))
    assert named and named <= {setting.name for setting in TABLE}


def test_the_command_sends_by_tcp_udp_and_encrypted(receiver: Any) -> None:
    async def scene() -> None:
        async with receiver(keys={"2702": KEY}) as running:
            tcp, udp = f"tcp://127.0.0.1:{running.port}", f"udp://127.0.0.1:{running.udp_port}"
            await asyncio.gather(
                asyncio.to_thread(send, "1701", "--code", "PA", "--zone", "9", "--text", "강도", "--to", tcp),
                asyncio.to_thread(send, "1701", "--code", "NULL", "--to", udp),
                asyncio.to_thread(send, "2702", "--code", "FA", "--to", udp, "--encrypted", given=KEY.hex() + "\n"),
            )
            alerts = {e.payload_as(AlertReceived).alert.account: e for e in running.events("AlertReceived")}
            assert alerts.keys() == {"1701", "2702"}
            assert alerts["1701"].payload_as(AlertReceived).alert.text == "강도"
            assert running.server.counters.acks == 3

    asyncio.run(scene())


def test_all_extended_data_is_read_and_no_key_is_kept(receiver: Any) -> None:
    async def scene() -> None:
        extra = (
            b"I2nd floor",
            "S가온상가".encode(),
            b"OB",
            b"Llobby",
            b"R201",
            b"X126E58.680",
            b"Y37N33.960",
            b"Z123.2M",
        )
        more = (
            b"H05:00:00,11-23-2026",
            b"TF",
            b"Vhttps://firm.example/v/9",
            b"M0026b9e4268b",
            b"K" + KEY.hex().encode(),
        )
        async with receiver() as running:
            frame = Frame(id="SIA-DCS", sequence="0001", account="1701", data=b"#1701|NUA4", xdata=(*extra, *more))
            assert b"ACK" in (await running.ask(encode_frame(frame)))[0]
            (event,) = running.events("AlertReceived")
            alert = event.payload_as(AlertReceived).alert
            assert alert.text == "2nd floor · 가온상가 · B · lobby · 201 · 고도 123 m"
            assert alert.verification_url == "https://firm.example/v/9"
            assert alert.sensor == "smoke" and alert.position is not None
            assert (round(alert.position.lon_deg, 6), round(alert.position.lat_deg, 6)) == (126.978, 37.566)
            assert KEY.hex().encode() not in b"".join(e.data for e in running.events())

    asyncio.run(scene())
