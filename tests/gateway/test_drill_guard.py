"""A drill reaches nothing real: an agency that stands in the settings gets no byte, and would without the guard."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.gateway.call_back import CallFailed
from smartcity_console.gateway.outside import DrillOutside, DrillUnguarded, Outside, outside_of
from smartcity_console.handoff.guard import DrillGuard, DrillGuarded, is_loopback
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.model.sender import FirmRecord
from smartcity_console.runtime import ProgramLock, write_atomically
from smartcity_console.settings import Settings

Wait = Callable[..., Any]
FACTS = DrillFacts(drill_id="d-1", scenario_id="robbery", title_ko="훈련", title_en="drill")
REAL_112 = "http://192.0.2.112:8443"  # TEST-NET-1 (RFC 5737): what a real agency's address would look like
WAYS = """
[[recipient]]
id = "police-1"
kind = "police"
name = "은행지구대"
ways = [{{ by = "https", url = "{url}" }}, {{ by = "folder", path = "{folder}" }}]
"""
_DESK = """
import sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.desk.server import run_desk
from smartcity_console.model.agency import AgencyKind
from smartcity_console.settings import load_settings
workspace = Path(sys.argv[1])
sys.exit(run_desk(AgencyKind.POLICE, workspace, load_settings(workspace, ["desk.http.port=0"]), SystemClock()))
"""


class RealAgency:
    """A listener that poses as the real 112: it counts whoever connects and every byte that comes, and answers 201."""

    def __init__(self) -> None:
        self._sock = socket.create_server(("127.0.0.1", 0))
        self._sock.settimeout(0.1)
        self.connections, self.received = 0, b""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="real-112")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._sock.getsockname()[1]}"

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(10.0)
        self._sock.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._sock.accept()
            except TimeoutError:
                continue
            with connection:
                self.connections += 1
                connection.settimeout(0.5)
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        try:
            while not self._stopping.is_set() and (piece := connection.recv(65536)):
                self.received += piece
                connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")
        except OSError:
            return


@pytest.fixture
def agency() -> Iterator[RealAgency]:
    made = RealAgency()
    yield made
    made.close()


@pytest.fixture
def desk(gateway: Any) -> Iterator[httpx.Client]:
    """The drill's own desk, on the gateway's workspace."""
    process = subprocess.Popen([sys.executable, "-c", _DESK, str(gateway.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    with httpx.Client(base_url=told["addresses"]["http"], trust_env=False, timeout=10) as client:
        yield client
    process.terminate()
    assert process.wait(20) == 0
    process.stdout.close()


# ---- the whole gateway -------------------------------------------------------------------------------------------------


def handed_off(gateway: Any, agency: RealAgency, folder: Path) -> None:
    """Start the gateway with a real-looking agency in its settings and hand an incident off."""
    gateway.settings += [f"handoff.police_url={agency.url}", f"handoff.police_folder={folder}"]
    (gateway.path / "recipients.toml").write_text(WAYS.format(url=agency.url, folder=folder), "utf-8")
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)


def test_no_byte_of_a_drill_reaches_the_agency_of_the_settings(
    gateway: Any, desk: httpx.Client, agency: RealAgency, tmp_path: Path, wait: Wait
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    write_drill(gateway.path, FACTS)
    handed_off(gateway, agency, share)
    wait(lambda: gateway.events("HandoffDelivered"))
    assert [one["id"] for one in desk.get("/page/handoffs").json()["handoffs"]] == ["handoff-1"], "its own desk has it"
    assert gateway.end()[0] == 0
    assert (agency.connections, agency.received) == (0, b"")
    assert list(share.iterdir()) == []


def test_the_same_settings_lead_to_the_agency_where_no_drill_is(
    gateway: Any, agency: RealAgency, tmp_path: Path, wait: Wait
) -> None:
    """The planted breach: without the guard the listener of the test above hears of it."""
    handed_off(gateway, agency, tmp_path / "absent")
    wait(lambda: b"POST /api/handoffs" in agency.received)


def test_what_leaves_a_drill_says_that_it_is_one(gateway: Any, desk: httpx.Client, wait: Wait) -> None:
    write_drill(gateway.path, FACTS)
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))
    assert desk.get("/page/handoffs/handoff-1").json()["is_test"] is True
    package = zipfile.ZipFile(io.BytesIO(desk.get("/page/handoffs/handoff-1/package.zip").content))
    assert json.loads(package.read("forwarding.json"))["isTest"] == "Y"
    assert b"<status>Exercise</status>" in package.read("cap.xml")
    assert "DRILL" in package.read("eido.json").decode()
    assert json.loads(package.read("custody.json"))["is_test"] is True


def test_an_alarm_of_a_drill_opens_an_incident_like_a_real_one(gateway: Any) -> None:
    write_drill(gateway.path, FACTS)
    gateway.start()
    assert gateway.open_incident()


def test_a_drills_gateway_does_not_listen_beyond_this_machine(gateway: Any) -> None:
    write_drill(gateway.path, FACTS)
    gateway.settings += ["intake.dc09.host=0.0.0.0"]
    with pytest.raises(AssertionError, match="drill's gateway was not started"):
        gateway.start()
    process, gateway.process = gateway.process, None
    process.communicate(timeout=20)
    assert process.returncode == 3


# ---- the guard ---------------------------------------------------------------------------------------------------------


def knocked_at(outside: Outside, monkeypatch: pytest.MonkeyPatch, url: str) -> list[str]:
    """Post to an address with the gateway's own client; return which hosts a connection was tried to."""
    tried: list[str] = []

    async def connect(remote_host: str, *_: Any, **__: Any) -> Any:
        tried.append(remote_host)
        raise OSError("watched")

    monkeypatch.setattr("anyio.connect_tcp", connect)

    async def post() -> None:
        async with outside.client() as client:
            with pytest.raises((DrillGuarded, httpx.ConnectError)):
                await client.post(f"{url}/api/handoffs", content=b"secret")

    asyncio.run(post())
    return tried


def test_beyond_this_machine_not_even_a_connection_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert knocked_at(DrillOutside(tmp_path, Settings()), monkeypatch, REAL_112) == []
    assert knocked_at(Outside(tmp_path, Settings()), monkeypatch, REAL_112) == ["192.0.2.112"], "the breach is seen"


def test_another_listener_of_this_machine_is_not_reached_either(
    tmp_path: Path, agency: RealAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert knocked_at(DrillOutside(tmp_path, Settings()), monkeypatch, agency.url) == []
    assert knocked_at(Outside(tmp_path, Settings()), monkeypatch, agency.url) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9112",  # a name may lead anywhere
        "http://127.0.0.1:9113",
        "https://127.0.0.1:9112",
        "http://127.0.0.1:9112@192.0.2.1/",
        "http://[::ffff:192.0.2.1]:9112",
        "http://0.0.0.0:9112",
        "http://127.0.0.1.example:9112",
        "ftp://[broken",
    ],
)
def test_only_the_very_address_of_an_own_desk_is_admitted(url: str) -> None:
    guard = DrillGuard(lambda: ["http://127.0.0.1:9112"])
    guard.check("http://127.0.0.1:9112/api/handoffs")
    with pytest.raises(DrillGuarded):
        guard.check(url)


def test_a_redirect_is_looked_at_like_any_request() -> None:
    guard = DrillGuard(lambda: ["http://127.0.0.1:9112"])
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": f"{REAL_112}/steal"})

    async def go() -> None:
        from smartcity_console.handoff.guard import GuardedTransport

        transport = GuardedTransport(guard, httpx.MockTransport(answer))
        async with httpx.AsyncClient(transport=transport, follow_redirects=True) as client:
            with pytest.raises(DrillGuarded):
                await client.post("http://127.0.0.1:9112/api/handoffs", content=b"x")

    asyncio.run(go())
    assert asked == ["http://127.0.0.1:9112/api/handoffs"]


def test_a_drills_gateway_without_the_guard_does_not_start(tmp_path: Path) -> None:
    assert isinstance(outside_of(FACTS, tmp_path, Settings()), DrillOutside)
    assert not outside_of(None, tmp_path, Settings()).is_drill
    with pytest.raises(DrillUnguarded):
        outside_of(FACTS, tmp_path, Settings(), Outside)  # somebody has taken it out


def test_settings_that_lead_outside_read_empty_in_a_drill(tmp_path: Path) -> None:
    given = {"handoff.police_url": REAL_112, "handoff.fire_folder": "/share", "intake.mqtt.host": "broker.example"}
    settings = outside_of(FACTS, tmp_path, Settings(given)).settings
    assert [settings.text(name) for name in given] == ["", "", ""]


def test_firms_are_told_nothing_of_a_drill(tmp_path: Path) -> None:
    firm = FirmRecord(id="s1", status_url="https://firm.example/status")

    async def told() -> None:
        call_back = outside_of(FACTS, tmp_path, Settings()).call_back()
        assert call_back is not None
        try:
            with pytest.raises(CallFailed) as failed:
                await call_back.send(firm, "k", Key("s1", "secret"), "r", b"{}", datetime.now(UTC))
            assert failed.value.lasting
        finally:
            await call_back.close()

    asyncio.run(told())


def test_only_the_drills_own_feeds_are_opened(tmp_path: Path) -> None:
    outside = outside_of(FACTS, tmp_path, Settings())
    own, real = "rtsp://127.0.0.1:9554/GN-0001", "rtsp://10.20.30.40/GN-0002"
    assert outside.streams({"GN-0001": own}) == {}, "none has announced itself"
    lock = ProgramLock(tmp_path, "feeds")
    lock.acquire()
    told = {"program": "feeds", "pid": 1, "addresses": {"rtsp": "rtsp://127.0.0.1:9554"}}
    write_atomically(tmp_path / "run" / "feeds.json", json.dumps(told).encode())
    other = "rtsp://127.0.0.1:8554/GN-0003"
    assert outside.streams({"GN-0001": own, "GN-0002": real, "GN-0003": other}) == {"GN-0001": own}
    lock.release()


def test_only_numbers_are_this_machine() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1")
    assert not any(map(is_loopback, ("localhost", "10.0.0.1", "", "0.0.0.0")))
