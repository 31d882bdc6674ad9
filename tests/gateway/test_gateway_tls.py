"""The gateway's HTTP over TLS: refused in clear beyond this machine, believed by the right ones alone, and as quick to end."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from smartcity_console.clock import SystemClock
from smartcity_console.composition.ptz import PtzLink, gateway_of
from smartcity_console.gateway import run_gateway
from smartcity_console.model import events as ev
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import load_settings
from tests.certificates import Authority

Wait = Callable[..., Any]
_DESK = """
import sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.desk.server import run_desk
from smartcity_console.model.agency import AgencyKind
from smartcity_console.settings import load_settings
workspace = Path(sys.argv[1])
settings = load_settings(workspace, ["desk.http.port=0", "handoff.retry_first_s=0.05", *sys.argv[2:]])
sys.exit(run_desk(AgencyKind.POLICE, workspace, settings, SystemClock()))
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def shown(certificate: Path, key: Path, door: str = "gateway") -> list[str]:
    return [f"{door}.http.certificate={certificate}", f"{door}.http.key={key}"]


def refusal(gateway: Any, *settings: str) -> str:
    """Return what a gateway that is not started says; nothing was written or announced."""
    with pytest.raises(ConsoleError) as told:
        run_gateway(gateway.path, load_settings(gateway.path, [*gateway.settings, *settings]), SystemClock())
    assert list(gateway.path.iterdir()) == []
    assert told.value.sentence("ko") != told.value.sentence("en")
    return told.value.sentence("en")


def test_it_is_not_opened_to_other_machines_in_clear(gateway: Any) -> None:
    given = (f"--set={setting}" for setting in (*gateway.settings, "gateway.http.host=0.0.0.0"))
    command = [sys.executable, "-m", "smartcity_console", "gateway", "--workspace", str(gateway.path), *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "gateway.http.certificate" in done.stderr and "0.0.0.0" in done.stderr


def test_what_cannot_serve_is_told_before_anything_is_announced(gateway: Any, authority: Authority) -> None:
    good, other = authority.issue("good", "127.0.0.1"), authority.issue("other", "127.0.0.1")
    locked = authority.issue("locked", "127.0.0.1", password=b"nobody types this")
    named = authority.issue("named", "centre.example")
    assert "No such file" in refusal(gateway, *shown(Path("/nowhere.pem"), good[1]))
    assert "key values mismatch" in refusal(gateway, *shown(good[0], other[1]))
    assert "gateway.http.certificate" in refusal(gateway, *shown(*locked))  # and nobody is asked for a pass phrase
    assert "no certificate for the key" in refusal(gateway, f"gateway.http.key={good[1]}")
    assert "the certificate is for centre.example" in refusal(gateway, *shown(*named))
    assert "no desk can call this" in refusal(gateway, "gateway.http.host=0.0.0.0", *shown(*good))
    for url in ("http://centre.example", "https://", "https://a@centre.example", "wss://centre.example", "https://h:x"):
        assert url in refusal(gateway, *shown(*good), f"gateway.http.url={url}")


def test_addresses_that_are_given_out_are_secure(gateway: Any, desk: Any, authority: Authority, wait: Wait) -> None:
    gateway.settings += [*shown(*authority.issue("given-out", "centre.example", "127.0.0.1"))]
    gateway.settings += ["gateway.http.url=https://centre.example:9680/"]
    gateway.start()
    assert gateway.addresses["http"].startswith("https://127.0.0.1:")
    gateway.hand_off(gateway.open_incident())
    wait(lambda: desk.notices)
    notice = desk.notices["handoff-1"]
    assert notice["receipts"]["url"] == "https://centre.example:9680/receipts"
    assert notice["live"]["url"] == "wss://centre.example:9680/live"
    believed = ssl.create_default_context(cafile=str(authority.pem))
    assert gateway.get("/health", verify=believed).status_code == 200
    with pytest.raises(httpx.ConnectError):
        gateway.get("/health")  # by the system's authorities alone
    gateway.addresses["http"] = gateway.addresses["http"].replace("https", "http")
    with pytest.raises(httpx.HTTPError):
        gateway.get("/health")
    assert gateway.end()[0] == 0


@pytest.fixture
def secured(gateway: Any, desk: Any, authority: Authority, wait: Wait) -> Any:
    """A gateway with TLS and one delivered hand-off; its notice is `notice`."""
    gateway.settings += shown(*authority.issue("secured", "127.0.0.1"))
    gateway.start()
    gateway.incident_id = gateway.open_incident()
    gateway.hand_off(gateway.incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))
    gateway.notice = desk.notices["handoff-1"]
    return gateway


def watched(gateway: Any, authority: Authority) -> Any:
    live = gateway.notice["live"]
    protocols: Any = ["smartcity.live.v1", f"token.{live['token']}"]
    believed = ssl.create_default_context(cafile=str(authority.pem))
    return websockets.connect(f"{live['url']}/GN-0001", subprotocols=protocols, proxy=None, ssl=believed)


def test_it_shows_live_by_wss_until_it_is_taken_back(secured: Any, authority: Authority) -> None:
    assert secured.notice["live"]["url"].startswith("wss://127.0.0.1:")

    async def act() -> int:
        async with watched(secured, authority) as opened:
            assert [type(await asyncio.wait_for(opened.recv(), 15)) for _ in range(3)] == [str, bytes, bytes]
            revoked = ev.LiveViewRevoked(handoff_id="handoff-1", reason="seat", seat="3")
            await asyncio.to_thread(secured.on_incident, secured.incident_id, revoked)
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(15):
                    while True:
                        await opened.recv()
            assert closed.value.rcvd is not None
            return closed.value.rcvd.code

    assert asyncio.run(act()) == 4410


def test_connections_that_begin_no_handshake_keep_nobody_out(secured: Any, authority: Authority, wait: Wait) -> None:
    host, _, port = secured.addresses["http"].removeprefix("https://").rpartition(":")
    silent = [socket.create_connection((host, int(port)), 10) for _ in range(700)]
    try:
        believed = ssl.create_default_context(cafile=str(authority.pem))
        assert secured.get("/health", verify=believed).status_code == 200
        wait(lambda: all(map(_is_closed, silent)), 30.0)  # after the limit for a handshake, none is kept
    finally:
        for each in silent:
            each.close()


def _is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_a_seat_beside_it_believes_exactly_its_certificate(secured: Any, authority: Authority, wait: Wait) -> None:
    laid = secured.path / "run" / "gateway.pem"
    own, another = laid.read_bytes(), authority.issue("another", "127.0.0.1")[0].read_bytes()
    for certificate, outcome in (
        (own, wire.LinkUp),
        (another, wire.LinkDown),  # of the same authority, for the same address: still not this gateway's
        (own, wire.LinkUp),
    ):
        laid.write_bytes(certificate)
        heard: list[wire.Heard] = []
        link = PtzLink(gateway_of(secured.path), "1", heard.append)
        try:
            assert isinstance(wait(lambda heard=heard: heard)[0], outcome)
        finally:
            link.close()


class DeskBeside:
    """The 112 desk as a program on the gateway's workspace."""

    def __init__(self, workspace: Path, *settings: str) -> None:
        command = [sys.executable, "-c", _DESK, str(workspace), *settings]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = json.loads(self.process.stdout.readline())["addresses"]["http"]

    def end(self) -> str:
        """Stop it; return what it logged."""
        self.process.terminate()
        errors = self.process.communicate(timeout=20)[1]
        assert self.process.returncode == 0
        return errors


@pytest.fixture
def start_beside(gateway: Any) -> Iterator[Callable[..., DeskBeside]]:
    started: list[DeskBeside] = []

    def start(*settings: str) -> DeskBeside:
        started.append(DeskBeside(gateway.path, *settings))
        return started[-1]

    yield start
    for desk in started:
        if desk.process.poll() is None:
            desk.end()


def test_gateway_and_desk_speak_by_tls_both_ways(
    gateway: Any, start_beside: Callable[..., DeskBeside], authority: Authority, wait: Wait
) -> None:
    desks = Authority(authority.folder / "agency")
    desk = start_beside(f"desk.gateway_ca={authority.pem}", *shown(*desks.issue("desk", "desk.example"), "desk"))
    gateway.settings += shown(*authority.issue("both", "127.0.0.1"))
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: gateway.events("HandoffDelivered"))  # the desk's certificate bears another name: it is known by itself
    believed = ssl.create_default_context(cafile=str(desks.pem))
    headers = {"X-Desk-Request": "1", "Host": "desk.example"}
    with httpx.Client(base_url=desk.url, verify=believed, trust_env=False, headers=headers) as page:
        opened = page.post("/page/handoffs/handoff-1/opened", json={"by": "김경사"}, extensions=_AS_NAMED)
        assert opened.status_code == 200
    wait(lambda: gateway.events("HandoffOpened"))


_AS_NAMED = {"sni_hostname": "desk.example"}


def test_a_receipt_does_not_go_to_a_gateway_of_another_authority(
    gateway: Any, start_beside: Callable[..., DeskBeside], authority: Authority, wait: Wait
) -> None:
    wrong = Authority(authority.folder / "wrong")
    desk = start_beside(f"desk.gateway_ca={wrong.pem}")
    gateway.settings += shown(*authority.issue("refused", "127.0.0.1"))
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: gateway.events("HandoffDelivered"))
    with httpx.Client(base_url=desk.url, trust_env=False, headers={"X-Desk-Request": "1"}) as page:
        assert page.post("/page/handoffs/handoff-1/opened", json={"by": "김경사"}).status_code == 200
        told = wait(lambda: (now := page.get("/page/handoffs").json())["last_failure"] and now)
        assert told["unsent_receipts"] == 1
        assert told["last_failure"].startswith("TLS: ") and "certificate" in told["last_failure"]
    assert gateway.events("HandoffOpened") == []
    assert "not delivered: TLS: " in desk.end()
    again = start_beside(f"desk.gateway_ca={authority.pem}")  # mended: what waited arrives
    wait(lambda: gateway.events("HandoffOpened"))
    again.end()


def test_one_that_is_out_of_date_is_told_and_alarms_come_in_all_the_same(gateway: Any, authority: Authority) -> None:
    gateway.settings += shown(*authority.issue("over", "127.0.0.1", for_=timedelta(hours=-1)))
    gateway.start()
    assert b"ACK" in gateway.alarm()
    gateway.process.terminate()
    process, gateway.process = gateway.process, None
    assert "desks will refuse this gateway" in process.communicate(timeout=20)[1]
