"""A centre as docs/tls.md turns TLS on: certificates by its command lines, every program as it is, the page in Chromium.

Live plays over wss on the desk's HTTPS page and is gone within 2 s of its revocation; the page can reach nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, Worker, expect, sync_playwright

from smartcity_console.clock import SystemClock
from smartcity_console.composition.programs import Programs
from smartcity_console.composition.wall import ReplayUnavailable, RingClient
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.gateway.doors import FREE_PORTS
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.verdict import Grade
from smartcity_console.settings import Settings
from tests.journeys.conftest import ROOT, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.timeout(240)]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
CHROMIUM += ["--autoplay-policy=no-user-gesture-required"]
CLOCK = SystemClock()
SHOWN = "document.querySelector('video[data-live]')"
GONE_S = 2.0
REACHED = (
    "async url => { try { await fetch(url, { mode: 'no-cors' }); return 'reached'; } catch { return 'refused'; } }"
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's command lines were run, for this machine."""
    folder = tmp_path_factory.mktemp("certificates")
    make, issue = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "tls.md").read_text("utf-8"), re.DOTALL)
    for script, who in ((make, ""), (issue, "gateway"), (issue, "desk")):
        env = {"WHO": who, "SAN": "IP:127.0.0.1,DNS:localhost", "PATH": "/usr/bin:/bin"}
        subprocess.run(["sh", "-ec", script], cwd=folder, env=env, check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture
def programs(tmp_path: Path, tiny_feeds: Path, certificates: Path) -> Iterator[tuple[Path, Programs]]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    given = [*FREE_PORTS, "desk.http.port=0", "feeds.rtsp.port=0", f"desk.gateway_ca={certificates / 'centre-ca.pem'}"]
    for who in ("gateway", "desk"):
        given += [f"{who}.http.certificate={certificates / who}.pem", f"{who}.http.key={certificates / who}.key"]
    made = Programs(workspace, tiny_feeds, Settings(), given, CLOCK)
    made.start()
    yield workspace, made
    made.stop()


@pytest.fixture
def page(certificates: Path) -> Iterator[Page]:
    """A browser that believes the centre's authority, and no other that its machine does not know."""
    key = x509.load_pem_x509_certificate((certificates / "centre-ca.pem").read_bytes()).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    believed = f"--ignore-certificate-errors-spki-list={base64.b64encode(digest).decode()}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*CHROMIUM, believed])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def hand_off(workspace: Path, made: Programs) -> str:
    """Raise an alarm and hand it to 112 with a camera that sends; return the incident."""
    Transmitter(made.addresses["gateway"]["dc09"], CLOCK).send("1701", "PA", "9", "")
    camera_id = wait_for(lambda: public_cameras(workspace), "a public camera sends")[0]
    incident_id = wait_for(lambda: events(workspace, ev.IncidentOpened), "an incident")[-1].stream.partition("/")[2]
    now = CLOCK.now()
    append(
        workspace,
        incident_id,
        ev.HandoffRequested(
            handoff_id="handoff-1",
            agency_id="police-1",
            agency_kind=AgencyKind.POLICE,
            agency_name="은행지구대",
            camera_ids=(camera_id,),
            span_start=now - timedelta(seconds=5),
            span_end=now,
            live_until=now + timedelta(minutes=10),
            basis="개인정보 보호법 제18조",
            note="",
            grade=Grade.LIFE_THREAT,
            seat="1",
        ),
    )
    return incident_id


def public_cameras(workspace: Path) -> list[str]:
    seen = (event.payload_as(ev.CameraConnected).camera_id for event in events(workspace, ev.CameraConnected))
    return [camera_id for camera_id in seen if camera_id.startswith("GN-")]


def events(workspace: Path, kind: Any) -> list[ev.Event]:
    journal = SqliteJournal(workspace / "journal.sqlite", CLOCK, verify=False)
    try:
        return [event for event in journal.read() if event.type == kind.__name__]
    finally:
        journal.close()


def append(workspace: Path, incident_id: str, payload: ev.IncidentPayload) -> None:
    journal = SqliteJournal(workspace / "journal.sqlite", CLOCK, verify=False)
    try:
        journal.append(ev.Draft(ev.stream_of(type(payload), incident_id), payload, "seat/1"))
    finally:
        journal.close()


def until(page: Page, script: str, limit_s: float = 30.0) -> None:
    deadline = time.monotonic() + limit_s
    while not page.evaluate(script):
        assert time.monotonic() < deadline, f"{script}: {page.locator('body').inner_text()}"
        page.wait_for_timeout(40)


def test_live_plays_on_an_https_page_and_goes_when_it_is_taken_back(
    programs: tuple[Path, Programs], page: Page, certificates: Path
) -> None:
    workspace, made = programs
    desk, gateway = made.addresses["desk-police"]["http"], made.addresses["gateway"]["http"]
    assert desk.startswith("https://127.0.0.1:") and gateway.startswith("https://127.0.0.1:")
    workers: list[Worker] = []
    page.on("worker", lambda worker: workers.append(worker))  # noqa: PLW0108 – playwright marks what it is given
    page.goto(desk)
    incident_id = hand_off(workspace, made)
    page.locator(".row").click()
    page.locator(".mode-live").click()
    until(page, f"{SHOWN}?.currentTime > 1 && {SHOWN}.videoWidth > 0")
    expect(page.locator(".live-state")).to_contain_text("LIVE")
    shoot(page, "tls-live")
    wait_for(lambda: events(workspace, ev.HandoffOpened), "the receipt reaches the gateway by https")
    (opened,) = events(workspace, ev.LiveViewOpened)
    camera_id = opened.payload_as(ev.LiveViewOpened).camera_id
    assert spans(workspace, camera_id)  # the console's replay, by https
    believe_another(workspace, certificates, camera_id)
    worker = workers[-1]
    assert page.evaluate(REACHED, f"{gateway}/health") == "refused"  # by the page's policy
    assert worker.evaluate(REACHED, f"{desk}/health") == "refused"  # by the worker's
    append(workspace, incident_id, ev.LiveViewRevoked(handoff_id="handoff-1", reason="seat", seat="1"))
    began_s = time.monotonic()
    until(page, f"{SHOWN}.readyState === 0 && !{SHOWN}.hasAttribute('src')")
    gone_s = time.monotonic() - began_s
    print({"gone_s": round(gone_s, 2)})
    assert gone_s < GONE_S
    expect(page.locator(".screen-message")).to_contain_text("거두었습니다")


def believe_another(workspace: Path, certificates: Path, camera_id: str) -> None:
    """The console believes the certificate that the gateway laid down, and none other of the same authority."""
    laid = workspace / "run" / "gateway.pem"
    own = laid.read_bytes()
    laid.write_bytes((certificates / "desk.pem").read_bytes())
    with pytest.raises(ReplayUnavailable):
        spans(workspace, camera_id)
    laid.write_bytes(own)


def spans(workspace: Path, camera_id: str) -> list[Any]:
    ring = RingClient(workspace, "1")
    try:
        return list(ring.spans(camera_id))
    finally:
        ring.close()


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("DESK_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")
