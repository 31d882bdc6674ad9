"""Gateway processes of a test, and a desk that counts what it gets."""

from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.doors import FREE_PORTS
from smartcity_console.intake.dc09 import Frame, encode_frame
from smartcity_console.intake.dc09.siadcs import sia_data
from smartcity_console.journal import Follower, SqliteJournal
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events import (
    Draft,
    Event,
    HandoffRequested,
    Payload,
    PrivateCamerasUnlocked,
    stream_of,
)
from smartcity_console.model.verdict import Grade

SCRIPT = Path(__file__).with_name("run_fake_gateway.py")


def until(condition: Callable[[], Any], limit_s: float = 20.0) -> Any:
    """Wait until a condition holds and return what it gave."""
    deadline_s = time.monotonic() + limit_s
    pause = threading.Event()
    while not (value := condition()):
        assert time.monotonic() < deadline_s, "waited in vain"
        pause.wait(0.01)
    return value


class Workspace:
    """A workspace with its gateway process, its journal and shortcuts for what an operator and a firm do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.process: subprocess.Popen[str] | None = None
        self.addresses: dict[str, str] = {}
        self.incident_id = ""
        self.notice: dict[str, Any] = {}
        self.settings = [*FREE_PORTS, "handoff.retry_first_s=0.05"]

    def start(self) -> dict[str, Any]:
        """Start the gateway and return what it announced."""
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(self.path), *self.settings],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], 30)[0], "the gateway says nothing"
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        told: dict[str, Any] = json.loads(line)
        self.addresses = told["addresses"]
        return told

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; return the exit code and how many seconds the end took."""
        assert self.process is not None
        began_s = time.monotonic()
        self.process.send_signal(number)
        process, self.process = self.process, None
        _, errors = process.communicate(timeout=20)
        assert number is signal.SIGKILL or errors == "", errors
        return process.returncode, time.monotonic() - began_s

    def events(self, *types: str) -> list[Event]:
        if not (self.path / "journal.sqlite").exists():
            return []
        follower = Follower(self.path / "journal.sqlite")
        found = follower.wait(0)
        follower.close()
        return [event for event in found if not types or event.type in types]

    def append(self, *drafts: Draft) -> list[Event]:
        """Append as another program of the workspace does."""
        journal = SqliteJournal(self.path / "journal.sqlite", SystemClock())
        try:
            return journal.append(*drafts)
        finally:
            journal.close()

    def on_incident(self, incident_id: str, payload: Payload) -> list[Event]:
        return self.append(Draft(stream_of(type(payload), incident_id), payload, "console"))

    def alarm(self, code: str = "PA", zone: str = "9", account: str = "1701", sequence: int = 1) -> bytes:
        """Send an alarm as a transmitter does; return the answer."""
        frame = Frame(
            id="SIA-DCS", sequence=f"{sequence:04d}", account=account, line="0", data=sia_data(account, code, zone)
        )
        host, _, port = self.addresses["dc09"].removeprefix("tcp://").rpartition(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            connection.sendall(encode_frame(frame))
            answer = b""
            while not answer.endswith(b"\r"):
                piece = connection.recv(1024)
                assert piece, "closed without an answer"
                answer += piece
        return answer

    def open_incident(self) -> str:
        """Raise an alarm and return the incident it opened."""
        assert b"ACK" in self.alarm()
        return self.events("IncidentOpened")[-1].stream.partition("/")[2]

    def hand_off(self, incident_id: str, handoff_id: str = "handoff-1", **more: Any) -> None:
        """Do what the operator's click does."""
        now = SystemClock().now()
        facts: dict[str, Any] = {
            "agency_id": "police-1",
            "agency_kind": AgencyKind.POLICE,
            "agency_name": "은행지구대",
            "camera_ids": ("GN-0001", "PV-0001"),
            "span_start": now - timedelta(seconds=30),
            "span_end": now,
            "live_until": now + timedelta(minutes=30),
            "basis": "개인정보 보호법 제18조",
            "note": "",
            "grade": Grade.LIFE_THREAT,
            "seat": "1",
        }
        self.on_incident(incident_id, HandoffRequested(handoff_id=handoff_id, **(facts | more)))

    def unlock(self, incident_id: str, for_s: float = 600.0) -> None:
        until_at = SystemClock().now() + timedelta(seconds=for_s)
        self.on_incident(
            incident_id,
            PrivateCamerasUnlocked(camera_ids=("PV-0001",), seat="1", reason="확인", until=until_at),
        )

    def get(self, path: str, **more: Any) -> httpx.Response:
        return httpx.get(self.addresses["http"] + path, timeout=10, trust_env=False, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return httpx.post(self.addresses["http"] + path, timeout=10, trust_env=False, **more)

    def secret(self, name: str) -> str:
        return (self.path / "secrets" / f"{name}.token").read_text()


def kill_what_is_left(workspace: Workspace) -> None:
    if workspace.process is not None:
        if workspace.process.poll() is None:
            os.kill(workspace.process.pid, signal.SIGKILL)
        workspace.process.communicate(timeout=20)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for all tests of a module that do not end its gateway."""
    workspace = Workspace(tmp_path_factory.mktemp("centre"))
    yield workspace
    kill_what_is_left(workspace)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose gateway, if a test leaves one, is killed at the end."""
    workspace = Workspace(tmp_path)
    yield workspace
    kill_what_is_left(workspace)


class Desk:
    """A receiver that keeps the protocol's promises: one hand-off per id, however often it is sent."""

    def __init__(self) -> None:
        self.notices: dict[str, dict[str, Any]] = {}
        self.packages: dict[str, bytes] = {}
        self.updates: dict[str, dict[str, Any]] = {}
        self.tries: list[str] = []
        self.bearers: set[str] = set()
        self.refuse = 0  # answer so many requests with 503 first
        self.hold_package = threading.Event()  # set: a package is kept, but not answered until `release`
        self.release = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="desk")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, method: str, path: str, headers: dict[str, str], body: bytes) -> int:
        self.tries.append(f"{method} {path}")
        self.bearers.add(headers.get("authorization", ""))
        if self.refuse:
            self.refuse -= 1
            return 503
        handoff_id = headers["idempotency-key"]
        if path.endswith("/updates"):
            known = handoff_id in self.updates
            self.updates.setdefault(handoff_id, json.loads(body))
            return 200 if known else 201
        if method == "POST":
            known = handoff_id in self.notices
            self.notices.setdefault(handoff_id, json.loads(body))
            return 200 if known else 201
        assert hashlib.sha256(body).hexdigest() == headers["x-content-sha256"]
        if handoff_id in self.packages:
            return 200 if self.packages[handoff_id] == body else 409
        self.packages[handoff_id] = body
        if self.hold_package.is_set():
            self.release.wait(30)
        return 201

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self._answer()

            def do_PUT(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = desk.take(self.command, self.path, headers, body)
                code = {"code": "unknown_handoff"} if status == 404 else {}
                answer = json.dumps({"receiver": "은행지구대 상황실"} | code).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except (BrokenPipeError, ConnectionResetError):
                    return  # the gateway was killed while it waited

            def log_message(self, *_: object) -> None:
                return

        return Handler


@pytest.fixture
def desk(gateway: Workspace) -> Iterator[Desk]:
    made = Desk()
    gateway.settings.append(f"handoff.police_url={made.url}")
    yield made
    made.close()


def hand_off_once(workspace: Workspace, desk: Desk) -> None:
    """Start a gateway and bring one hand-off, with a private camera unlocked, to its desk."""
    workspace.settings.append(f"handoff.police_url={desk.url}")
    workspace.start()
    workspace.incident_id = workspace.open_incident()
    workspace.unlock(workspace.incident_id)
    workspace.hand_off(workspace.incident_id)
    until(lambda: workspace.events("HandoffDelivered"))
    workspace.notice = desk.notices["handoff-1"]


@pytest.fixture
def handed_off(gateway: Workspace) -> Iterator[Workspace]:
    """A gateway with one delivered hand-off, for a test that kills or closes something."""
    made = Desk()
    hand_off_once(gateway, made)
    yield gateway
    made.close()


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same for all the tests of a module that leave it as it is."""
    workspace, made = Workspace(tmp_path_factory.mktemp("serving")), Desk()
    try:
        hand_off_once(workspace, made)
        yield workspace
    finally:
        made.close()
        kill_what_is_left(workspace)


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until
