"""The real gateway, the real desk and a real ring as the hand-off's benchmarks run them, each a process of its own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import av

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.doors import FREE_PORTS
from smartcity_console.journal import Follower, SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade
from smartcity_console.video.describe import picture_size
from smartcity_console.video.nal import annexb_parameters
from smartcity_console.video.ring import Record, RingWriter, SegmentHead
from smartcity_console.video.ring.format import KEY, NO_DTS, to_us

ROOT = Path(__file__).resolve().parents[1]
CLOCK = SystemClock()
CAMERA = "GN-0001"
START_LIMIT_S = 90.0
STOP_LIMIT_S = 30.0
_FPS = 25
_POLL_MS = 5


class Program:
    """One program of ours on a workspace; may be killed and started again."""

    def __init__(self, workspace: Path, name: str, arguments: tuple[str, ...], settings: tuple[str, ...]) -> None:
        self._log = workspace / f"{name}.log"
        given = [part for pair in settings for part in ("--set", pair)]
        self._command = [sys.executable, "-m", "smartcity_console", *arguments, "--workspace", str(workspace), *given]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait for its announcement. Raises RuntimeError with its log."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, env=os.environ | {"LANG": "en"}
            )
        out = self._process.stdout
        assert out is not None
        line = out.readline() if select.select([out], [], [], START_LIMIT_S)[0] else b""
        if not line:
            raise RuntimeError(self._log.read_text("utf-8", "replace"))

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal and wait until the process is gone; kill it when it does not go."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None


def make_gateway(workspace: Path, *settings: str) -> Program:
    """Return the gateway of a workspace, on ports of its own."""
    return Program(workspace, "gateway", ("gateway",), (*FREE_PORTS, *settings))


def make_desk(workspace: Path, *settings: str) -> Program:
    """Return the 112 desk of a workspace, on a port of its own."""
    return Program(workspace, "desk", ("desk", "--agency", "police"), ("desk.http.port=0", *settings))


class Clicks:
    """An operator who hands off: appends to the gateway's journal what a console would."""

    def __init__(self, workspace: Path, span: tuple[datetime, datetime]) -> None:
        self._journal = SqliteJournal(workspace / "journal.sqlite", CLOCK)
        self._span = span

    def open_incident(self, incident_id: str) -> None:
        """Put an incident on record that can be handed off."""
        alert = an_alert(incident_id)
        opened = ev.IncidentOpened(
            incident_id=incident_id, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
        )
        self._append(incident_id, opened, "gateway")

    def hand_off(self, incident_id: str, handoff_id: str) -> None:
        """Click: returns when the request is on record."""
        start, end = self._span
        request = ev.HandoffRequested(
            handoff_id=handoff_id,
            agency_id="police-gaon",
            agency_kind=AgencyKind.POLICE,
            agency_name="가온경찰서 112상황실",
            camera_ids=(CAMERA,),
            span_start=start,
            span_end=end,
            live_until=CLOCK.now() + timedelta(minutes=30),
            basis="개인정보 보호법 제18조제2항제7호",
            note="",
            grade=max(Grade),
            seat="1",
        )
        self._append(incident_id, request, "seat/1")

    def close(self) -> None:
        self._journal.close()

    def _append(self, incident_id: str, payload: ev.IncidentPayload, actor: str) -> None:
        self._journal.append(ev.Draft(f"incident/{incident_id}", payload, actor))


class Witness:
    """Reads a journal as it grows and remembers when (`time.perf_counter`) each hand-off's event was first seen."""

    def __init__(self, journal: Path) -> None:
        self._follower = Follower(journal, poll_ms=_POLL_MS)
        self.seen_s: dict[tuple[str, str], float] = {}
        self.events: list[ev.Event] = []

    def look(self, timeout_s: float = 0.05) -> None:
        """Take in what is new."""
        events = self._follower.wait(timeout_s)
        now_s = time.perf_counter()
        for event in events:
            handoff_id = str(json.loads(event.data).get("handoff_id", ""))
            self.seen_s.setdefault((event.type, handoff_id), now_s)
        self.events += events

    def wait(self, done: Callable[[], bool], limit_s: float) -> bool:
        """Look until `done`; False when the time ran out."""
        end_s = time.perf_counter() + limit_s
        while not done() and time.perf_counter() < end_s:
            self.look()
        return done()

    def has(self, kind: str, handoff_id: str) -> bool:
        return (kind, handoff_id) in self.seen_s

    def count(self, kind: str) -> dict[str, int]:
        """Return how often each hand-off has an event of a kind."""
        counted: dict[str, int] = {}
        for event in self.events:
            if event.type == kind:
                handoff_id = str(json.loads(event.data)["handoff_id"])
                counted[handoff_id] = counted.get(handoff_id, 0) + 1
        return counted

    def close(self) -> None:
        self._follower.close()


def fill_ring(root: Path, loop: Path, start: datetime, seconds: float) -> None:
    """Record a loop of H.264 over and over into the ring, as if it had been received from `start` on."""
    with av.open(str(loop), "r", format="h264") as container:
        context = container.streams.video[0].codec_context
        extradata = annexb_parameters("h264", bytes(context.extradata or b""))
        packets = [(bytes(p), p.is_keyframe) for p in container.demux(container.streams.video[0]) if p.size]
    head = SegmentHead(CAMERA, "s1", "h264", *picture_size("h264", extradata, packets[0][0]), 1, 90_000, extradata)
    with RingWriter(root, CAMERA, 10.0) as writer:
        for number in range(round(seconds * _FPS)):
            data, is_key = packets[number % len(packets)]
            at_us, pts = to_us(start) + number * 1_000_000 // _FPS, number * 90_000 // _FPS
            writer.append(head, Record(data, KEY * is_key | NO_DTS, pts, pts, at_us, at_us * 1000))


def an_alert(incident_id: str) -> Alert:
    now = CLOCK.now()
    return Alert(
        id=f"alert-{incident_id}",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=now,
        received_at=now,
        known=True,
        site_name="가온마트 은행로점",
        address="가온시 은행동 은행로 85",
        position=Position(127.0276, 37.4979, 8.0),
    )
