"""A desk with a real journal, a sealed package with real H.264, and a small gateway that takes receipts."""

from __future__ import annotations

import asyncio
import fractions
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from smartcity_console.clock import SystemClock
from smartcity_console.handoff.notice import LiveGrant, ReceiptsGrant, build_notice, encode_notice
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart
from smartcity_console.handoff.seal import Sealed, seal_package
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade
from smartcity_console.web import EndingServer

expect.set_options(timeout=20_000)  # a login is made costly on purpose, and other tests run beside
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def wait_for(condition: Callable[[], Any], timeout_s: float = 15.0) -> Any:
    """Return the condition's value as soon as it is true; fail after the deadline."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, "the condition did not come true in time"
        threading.Event().wait(0.02)
    return value


def picture(number: int) -> np.ndarray:
    """A frame that changes: a bar that wanders over a gradient."""
    image = np.zeros((360, 640, 3), np.uint8)
    image[:, :, 1] = np.linspace(30, 90, 640, dtype=np.uint8)
    image[:, (number * 11) % 600 : (number * 11) % 600 + 40] = (200, 120, 60)
    return image


def write_mp4(path: Path, seconds: float = 4.0, options: dict[str, str] | None = None) -> Path:
    """Write an H.264 file of 640x360 at 15 frames/s."""
    with av.open(str(path), "w", format="mp4", options=options or {"movflags": "faststart"}) as out:
        stream = out.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": "15", "profile": "baseline"}
        for number in range(int(seconds * 15)):
            frame = av.VideoFrame.from_ndarray(picture(number), "rgb24")
            frame.pts, frame.time_base = number, fractions.Fraction(1, 15)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def clip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mp4(tmp_path_factory.mktemp("clip") / "clip.mp4")


@pytest.fixture(scope="session")
def still_bytes() -> bytes:
    codec = av.CodecContext.create("mjpeg", "w")
    codec.width, codec.height, codec.pix_fmt = 640, 360, "yuvj420p"
    codec.time_base = fractions.Fraction(1, 15)
    frame = av.VideoFrame.from_ndarray(picture(8), "rgb24").reformat(format="yuvj420p", dst_color_range="JPEG")
    return b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])


@dataclass
class Gateway:
    """Takes receipts; `down` makes it answer 503. Plays `live` chunks to those who bring the token."""

    receipts: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    url: str = ""
    live_chunks: list[bytes] = field(default_factory=list)
    live_mime: str = 'video/mp4; codecs="avc1.42C01E"'
    token: str = "live-token-1"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/receipts", self.take, methods=["POST"]),
                WebSocketRoute("/live/{camera}", self.play),
            ]
        )

    async def take(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer receipts-token-1":
            return JSONResponse({}, 401)
        if self.down:
            return JSONResponse({}, 503)
        self.receipts.append(await request.json())
        return JSONResponse({})

    async def play(self, socket: WebSocket) -> None:
        if f"token.{self.token}" not in socket.scope["subprotocols"]:
            await socket.accept("smartcity.live.v1")
            await socket.close(4401)
            return
        await socket.accept("smartcity.live.v1")
        try:
            await socket.send_text(json.dumps({"mime": self.live_mime}))
            for chunk in self.live_chunks:
                await socket.send_bytes(chunk)
            await socket.receive()
        except WebSocketDisconnect:
            return


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    config = uvicorn.Config(made.app(), port=0, log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=1)
    server = EndingServer(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="fake-gateway")
    thread.start()
    wait_for(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    made.url = f"http://127.0.0.1:{port}"
    yield made
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def _seen_by(camera_id: str, name: str, ownership: Ownership, distance_m: float) -> SeenBy:
    return SeenBy(
        camera_id=camera_id,
        name=name,
        ownership=ownership,
        purpose=Purpose.CRIME_PREVENTION,
        mount=Mount.FIXED,
        distance_m=distance_m,
        bearing_deg=80.0,
        px_per_m=280.0,
        dori=Dori.IDENTIFY,
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.0,
        has_stream=True,
        score=1.0,
    )


class Sender:
    """Makes hand-offs the way the gateway does: journal, fold, notice, sealed package."""

    def __init__(self, directory: Path, clip: Path, still: bytes, receipts_url: str) -> None:
        self.directory = directory
        self.clip = clip
        self.still = still
        self.receipts_url = receipts_url
        self.clock = SystemClock()
        self.codec = "avc1.42C01E"
        self.live_url = receipts_url.replace("http", "ws").replace("/receipts", "/live")
        self.live_token: Callable[[Incident, ev.HandoffRequested], str] = lambda *_: "live-token-1"

    def incident(self, number: int, **words: str) -> tuple[Incident, ev.HandoffRequested]:
        """Write incident `incident-N` with hand-off `handoff-N`; `words` replace texts from outside."""
        now = self.clock.now()
        text = {
            "site_name": "가온마트 은행로점",
            "address": "가온시 은행동 은행로 85",
            "firm_name": "에스원",
            "zone_name": "비상벨",
            "text": "비상벨 눌림",
            "note": "남성 1명, 검은 패딩, 오토바이 남쪽",
            "camera": "은행로 85 입구 · 방범",
            "agency": "가온경찰서 112상황실",
            "seat": "좌석 3",
        } | words
        alert = self._alert(number, now - timedelta(seconds=40), text)
        request = self._request(number, now, text)
        cameras = (
            _seen_by("GN-0001", text["camera"], Ownership.PUBLIC, 24.0),
            _seen_by("PV-0001", "가온마트 내부", Ownership.PRIVATE, 4.0),
        )
        payloads: list[ev.Payload] = [
            ev.IncidentOpened(
                incident_id=f"incident-{number}",
                alert=alert,
                kind=alert.kind,
                priority=alert.priority,
                position=alert.position,
            ),
            ev.CamerasSelected(cameras=cameras),
            ev.IncidentClaimed(seat=text["seat"]),
            ev.PrivateCamerasUnlocked(
                camera_ids=("PV-0001",), seat=text["seat"], reason="강도 신고", until=now + timedelta(minutes=10)
            ),
            ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat=text["seat"]),
            ev.NoteAdded(text=text["note"], seat=text["seat"]),
            request,
        ]
        journal = SqliteJournal(self.directory / f"sender-{number}.sqlite", self.clock)
        journal.append(*(ev.Draft(f"incident/incident-{number}", payload, text["seat"]) for payload in payloads))
        centre = Centre()
        centre.take(journal.read())
        journal.close()
        return centre.incidents[f"incident-{number}"], request

    def _alert(self, number: int, at: datetime, text: dict[str, str]) -> Alert:
        return Alert(
            id=f"alert-{number}",
            protocol="dc09/SIA-DCS",
            account="1701",
            code="PA",
            kind=AlertKind.ROBBERY,
            priority=Priority.EMERGENCY,
            occurred_at=at,
            received_at=at,
            known=True,
            firm_name=text["firm_name"],
            site_id="site-gaonmart",
            site_name=text["site_name"],
            address=text["address"],
            zone="9",
            zone_name=text["zone_name"],
            position=Position(127.0276, 37.4979, 8.0),
            text=text["text"],
        )

    def _request(self, number: int, now: datetime, text: dict[str, str]) -> ev.HandoffRequested:
        return ev.HandoffRequested(
            handoff_id=f"handoff-{number}",
            agency_id="police-gaon",
            agency_kind=AgencyKind.POLICE,
            agency_name=text["agency"],
            camera_ids=("GN-0001", "PV-0001"),
            span_start=now - timedelta(seconds=70),
            span_end=now,
            live_until=now + timedelta(minutes=30),
            basis="pipa_18_2_3",
            note=text["note"],
            grade=Grade.LIFE_THREAT,
            seat=text["seat"],
        )

    def notice(self, number: int = 1, *, is_test: bool = False, **words: str) -> bytes:
        incident, request = self.incident(number, **words)
        self.last = (incident, request)
        live = LiveGrant(
            url=self.live_url,
            token=self.live_token(incident, request),
            until=request.live_until,
            camera_ids=request.camera_ids,
        )
        receipts = ReceiptsGrant(url=self.receipts_url, token="receipts-token-1")
        return encode_notice(
            build_notice(
                incident, request, live=live, receipts=receipts, centre_name="가온시 통합관제센터", is_test=is_test
            )
        )

    def package(self, gap: str = "") -> Sealed:
        """Seal the package of the last notice."""
        incident, request = self.last
        facts = [
            ClipFacts(
                camera_id=camera_id,
                start=request.span_start,
                end=request.span_end,
                codec=self.codec,
                es_sha256="ab" * 32,
                gaps=(gap,) if gap else (),
            )
            for camera_id in request.camera_ids
        ]
        parts = PackageParts(
            incident=incident,
            request=request,
            clips=tuple(ClipPart(fact, self.clip) for fact in facts),
            stills=tuple(StillPart(fact.camera_id, fact.start, self.still) for fact in facts),
        )
        out = self.directory / f"{request.handoff_id}.zip"
        return seal_package(parts, KEY, datetime(2026, 11, 23, tzinfo=UTC), out)


@pytest.fixture
def sender(tmp_path: Path, clip_file: Path, still_bytes: bytes, gateway: Gateway) -> Sender:
    return Sender(tmp_path, clip_file, still_bytes, f"{gateway.url}/receipts")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a desk in this process keeps what is its own."""
    return tmp_path / "desk-police"


_PROGRAM = """
import json, sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.desk.server import run_desk
from smartcity_console.model.agency import AgencyKind
from smartcity_console.settings import load_settings
workspace = Path(sys.argv[1])
base_file = workspace / "base.json"
base = (lambda *bbox: json.loads(base_file.read_text("utf-8"))) if base_file.exists() else None
settings = load_settings(workspace, [f"desk.http.port={sys.argv[2]}", "handoff.retry_first_s=0.05", "handoff.retry_max_s=0.2", *sys.argv[3:]])
sys.exit(run_desk(AgencyKind.POLICE, workspace, settings, SystemClock(), base))
"""


@dataclass
class RunningDesk:
    url: str
    token: str
    process: subprocess.Popen[str]
    workspace: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def events(self) -> list[ev.Event]:
        journal = SqliteJournal(self.workspace / "desk-police" / "journal.sqlite", SystemClock())
        try:
            return journal.read()
        finally:
            journal.close()


@pytest.fixture
def start_desk(tmp_path: Path) -> Iterator[Callable[..., RunningDesk]]:
    """Start the desk as a program of its own; what is started is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int = 0, *changes: str) -> RunningDesk:
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        command = [sys.executable, "-c", _PROGRAM, str(workspace), str(port), *changes]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."})
        started.append(process)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        token = (workspace / "secrets" / "desk-police.token").read_text("ascii")
        return RunningDesk(told["addresses"]["http"], token, process, workspace)

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        assert process.stdout is not None
        process.stdout.close()


def plain(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])
