"""The page in Chromium plays the real relay: live, at the live edge, told in words, gone when it is taken back."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.gateway.live import LiveViews
from smartcity_console.gateway.server import EmbeddedServer
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import LIVE, Tokens, live_scope
from smartcity_console.gateway.views import Views
from smartcity_console.journal import GroupCommitter, SqliteJournal
from smartcity_console.model.events import Draft, LiveViewRevoked
from smartcity_console.runtime import bind_tcp
from smartcity_console.video.relay import LiveRelay
from smartcity_console.video.ring import RingReader
from tests.video.test_relay import LiveCamera, camera_packets

pytestmark = pytest.mark.browser
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SHOWN = "document.querySelector('video[data-live]')"


class Places:
    name = "가온시"

    def is_private(self, camera_id: str) -> bool:
        return camera_id.startswith("PV")


class Centre:
    """The gateway's live part over a ring and the journal that the sender wrote, on a loop of its own."""

    def __init__(self, ring: Path) -> None:
        self.ring = ring
        self.clock = SystemClock()
        self.tokens = Tokens("secret of the test")
        self.socket = bind_tcp("127.0.0.1", 0, "live", "none")
        self.state = GatewayState()
        self.masks: list[list[tuple[float, float]]] = []
        self.up = threading.Event()
        self._halt: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return "ws://{}:{}/live".format(*self.socket.getsockname()[:2])

    def token(self, incident: Any, request: Any) -> str:
        return self.tokens.make(LIVE, request.handoff_id, live_scope(incident.id, request))

    def open(self, journal: Path) -> None:
        self.journal = journal
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="centre")
        self._thread.start()
        assert self.up.wait(15)

    def close(self) -> None:
        self._halt()
        self._thread.join(15)
        self.socket.close()
        assert not self._thread.is_alive()

    def revoke(self) -> None:
        payload = LiveViewRevoked(handoff_id="handoff-1", reason="seat", seat="3")
        journal = SqliteJournal(self.journal, self.clock)
        journal.append(Draft("incident/incident-1", payload, "seat/3"))
        journal.close()

    def types(self) -> list[str]:
        journal = SqliteJournal(self.journal, self.clock)
        try:
            return [event.type for event in journal.read()]
        finally:
            journal.close()

    async def _serve(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        self._halt = lambda: loop.call_soon_threadsafe(stop.set)
        committer = GroupCommitter(lambda: SqliteJournal(self.journal, self.clock), 100)
        relay = LiveRelay(RingReader(self.ring), self.clock, masked=lambda _: self.masks)
        views = Views(self.state, committer.submit, self.clock)
        live = LiveViews(self.state, self.tokens, Places(), relay, views, self.clock)  # type: ignore[arg-type]
        server = EmbeddedServer(Starlette(routes=[WebSocketRoute("/live/{camera_id}", live.serve)]))
        tasks = [asyncio.create_task(part) for part in (server.run_on(self.socket), self._follow(), views.run())]
        self.up.set()
        await stop.wait()
        server.should_exit = True
        await relay.close()
        await views.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(committer.close, 5.0)

    async def _follow(self) -> None:
        seen = 0
        journal = SqliteJournal(self.journal, self.clock)
        try:
            while True:
                events = [event for event in journal.read() if event.seq > seen]
                self.state.take(events)
                seen = max([seen, *(event.seq for event in events)])
                await asyncio.sleep(0.1)
        finally:
            journal.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


@pytest.fixture
def centre(tmp_path: Path, sender: Any) -> Iterator[Centre]:
    made = Centre(tmp_path / "ring")
    sender.live_url, sender.live_token = made.url, made.token
    yield made
    made.close()


def watch(page: Page, desk: Any, sender: Any, centre: Centre) -> None:
    """Hand off, and open the live view on the page."""
    with httpx.Client(base_url=desk.url, headers=desk.bearer, trust_env=False, timeout=20) as client:
        assert client.post("/api/handoffs", content=sender.notice()).status_code == 201
    centre.open(sender.directory / "sender-1.sqlite")
    page.goto(desk.url)
    page.locator(".row").click()
    page.locator(".mode-live").click()


def until(page: Page, script: str, timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(script):
        assert time.monotonic() < deadline, f"{script}: {page.locator('.screen').inner_text()}"
        page.wait_for_timeout(40)


def pixels(page: Page) -> list[int]:
    """Return the picture that is shown, small, as grey values."""
    return page.evaluate(
        """() => { const c = document.createElement('canvas'); c.width = 32; c.height = 18; const d = c.getContext('2d');
        d.drawImage(document.querySelector('video[data-live]'), 0, 0, 32, 18);
        return [...d.getImageData(0, 0, 32, 18).data].filter((_, i) => i % 4 === 0); }"""
    )


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("DESK_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("live") / "card.mp4", size=(640, 360), fps=30, keyframe_every=30)


@pytest.mark.alone
def test_it_plays_live_tells_its_delay_and_goes_when_it_is_taken_back(
    start_desk: Any, sender: Any, centre: Centre, page: Page, card: Path
) -> None:
    desk = start_desk()
    with LiveCamera(centre.ring, *camera_packets(card), camera="GN-0001"):
        watch(page, desk, sender, centre)
        until(page, f"{SHOWN}?.currentTime > 1")
        first, seen = page.evaluate(f"{SHOWN}.currentTime"), pixels(page)
        until(page, f"{SHOWN}.currentTime > {first} + 1")
        assert sum(abs(a - b) for a, b in zip(seen, pixels(page), strict=True)) > 500
        expect(page.locator(".live-state")).to_contain_text("LIVE · 지연")
        expect(page.locator(".live-left")).to_contain_text("남음")
        expect(page.locator(".live .screen-message")).to_be_hidden()
        shoot(page, "live-playing")
        assert "LiveViewOpened" in centre.types()
        assert "LiveViewClosed" not in centre.types()
        centre.revoke()
        began_s = time.monotonic()
        until(page, f"{SHOWN}.readyState === 0 && !{SHOWN}.hasAttribute('src')")
        assert time.monotonic() - began_s < 2.0
        expect(page.locator(".screen-message")).to_contain_text("거두었습니다", timeout=15_000)
        expect(page.locator(".live-state")).to_be_empty()
        expect(page.locator(".live-left")).to_be_empty()
        shoot(page, "live-revoked")


def test_it_catches_up_when_it_was_held_up_and_connects_again_by_itself(
    start_desk: Any, sender: Any, centre: Centre, page: Page, card: Path
) -> None:
    desk = start_desk()
    with LiveCamera(centre.ring, *camera_packets(card), camera="GN-0001"):
        watch(page, desk, sender, centre)
        until(page, f"{SHOWN}?.currentTime > 0.5")
        page.evaluate(f"{SHOWN}.currentTime = 0")  # as after a page that slept
        until(page, "parseFloat(document.querySelector('.live-state').textContent.match(/[\\d.]+/)) < 1.5")
        centre.masks = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]  # the stream ends and begins anew, masked
        deadline = time.monotonic() + 15
        while max(pixels(page)) - min(pixels(page)) > 12 or not page.evaluate(f"{SHOWN}.readyState > 2"):
            assert time.monotonic() < deadline, "the mask does not show"
            page.wait_for_timeout(100)
        expect(page.locator(".live .screen-message")).to_be_hidden()
        shoot(page, "live-masked")


def test_a_package_that_comes_leaves_the_live_view_alone(
    start_desk: Any, sender: Any, centre: Centre, page: Page, card: Path
) -> None:
    desk = start_desk()
    with LiveCamera(centre.ring, *camera_packets(card), camera="GN-0001"):
        watch(page, desk, sender, centre)
        until(page, f"{SHOWN}?.currentTime > 0.5")
        page.evaluate(f"{SHOWN}.dataset.mark = 'the same'")
        sealed = sender.package()
        headers = desk.bearer | {"X-Content-SHA256": sealed.sha256}
        with httpx.Client(base_url=desk.url, headers=headers, trust_env=False) as client:
            put = client.put("/api/handoffs/handoff-1/package", content=sealed.path.read_bytes())
        assert put.status_code == 201
        page.locator('a[href$="package.zip"]').wait_for()
        first = page.evaluate(f"{SHOWN}.dataset.mark === 'the same' && {SHOWN}.currentTime")
        assert first
        until(page, f"{SHOWN}.currentTime > {first} + 0.5")
        assert centre.types().count("LiveViewOpened") == 1
        page.locator(".mode-clip").click()
        expect(page.locator("video[data-live]")).to_have_count(0)


def test_h265_is_named_and_offered_converted(
    start_desk: Any, sender: Any, centre: Centre, page: Page, tmp_path: Path
) -> None:
    file = write_testcard(tmp_path / "card.mp4", codec="libx265", size=(320, 180), fps=30, keyframe_every=30)
    desk = start_desk()
    with LiveCamera(centre.ring, *camera_packets(file), camera="GN-0001"):
        watch(page, desk, sender, centre)
        expect(page.locator(".screen-message")).to_contain_text("H.265 (HEVC)", timeout=15_000)
        shoot(page, "live-h265")
        page.locator("button.convert").click()
        until(page, f"{SHOWN}?.currentTime > 0.5")
        expect(page.locator(".live-state")).to_contain_text("변환됨")
        shoot(page, "live-converted")


def test_a_camera_without_a_picture_says_so(start_desk: Any, sender: Any, centre: Centre, page: Page) -> None:
    desk = start_desk()
    watch(page, desk, sender, centre)
    expect(page.locator(".screen-message")).to_contain_text("카메라에서 영상이 오지 않습니다", timeout=15_000)
    expect(page.locator(".live-state")).to_be_empty()
