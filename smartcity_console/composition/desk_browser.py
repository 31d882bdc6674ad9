"""A person at a desk's page, played by a browser: opens the hand-off, watches the clip and the live view, answers."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError

LIMIT_MS = 20_000
POLL_MS = 100
_MOVES = "video => video.currentTime > 0.3 && video.videoWidth > 0"
JOIN_S = 30.0
PAGE_PX = {"width": 1440, "height": 900}
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(ConsoleError):
    code = "no_browser"
    ko = "접수대 화면을 열 브라우저가 없습니다. 이관은 그대로 전달됐습니다. 설치하십시오: apt-get install -y chromium"
    en = "There is no browser to open the desk's page with. The hand-off was delivered all the same. Install one: apt-get install -y chromium"


class DeskNotAnswered(ConsoleError):
    code = "desk_not_answered"
    ko = "{desk} 접수대 화면에서 답하지 못했습니다: {why}. 이관 자체는 그대로입니다. 화면은 {shot} 에 있습니다."
    en = "The {desk} desk's page could not be answered: {why}. The hand-off itself is kept. See {shot}."


class PictureStill(ConsoleError):
    code = "picture_still"
    ko = "{desk} 접수대의 영상이 움직이지 않습니다. 이관 자체는 그대로입니다. 접수대 화면의 안내를 보십시오."
    en = "The picture on the {desk} desk does not move. The hand-off itself is kept. See what the desk's page says."


class DeskBrowser:
    """One desk. `answer` works in a thread of its own; `shots` are the page's pictures in order."""

    def __init__(self, kind: AgencyKind, url: str, out: Path) -> None:
        self._kind, self._url, self._out = kind, url, out
        self._thread: threading.Thread | None = None
        self._error: ConsoleError | None = None
        self.shots: list[Path] = []

    def answer(self, handoff_id: str, units: Sequence[str]) -> None:
        """Begin to answer one hand-off; returns at once."""
        self._thread = threading.Thread(target=self._answer, args=(handoff_id, units), name=f"desk-{self._kind}")
        self._thread.start()

    def done(self) -> bool:
        """Return whether the answer is through. Raises DeskNotAnswered or NoBrowser."""
        if self._error is not None:
            raise self._error
        return self._thread is not None and not self._thread.is_alive()

    def close(self) -> None:
        """Wait for the browser's end; every step of it is limited."""
        if self._thread is not None:
            self._thread.join(JOIN_S)

    def _answer(self, handoff_id: str, units: Sequence[str]) -> None:
        from playwright.sync_api import Error, sync_playwright  # loads only where a browser is driven

        executable = next(filter(None, map(shutil.which, _BROWSERS)), None)
        if executable is None:
            self._error = NoBrowser()
            return
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
                page = browser.new_page(viewport=PAGE_PX, locale="ko-KR")  # type: ignore[arg-type]
                page.set_default_timeout(LIMIT_MS)
                self._work(page, handoff_id, units)
                browser.close()
        except ConsoleError as error:
            self._error = error
        except Error as error:
            shot = self.shots[-1] if self.shots else "-"
            self._error = DeskNotAnswered(desk=self._kind, why=str(error).splitlines()[0], shot=shot)

    def _work(self, page: Any, handoff_id: str, units: Sequence[str]) -> None:
        page.goto(self._url)
        page.locator(f'#list [data-id="{handoff_id}"]').click()
        self._watch(page)
        self._shoot(page, "opened")
        page.locator('[data-act="accept"]').click()
        page.locator(".progress .is-accepted").wait_for()
        page.locator(".mode-live").click()
        self._watch(page)
        page.locator('[data-act="units"]').click()
        page.locator("input[name=units]").fill(", ".join(units))
        page.locator("input[name=eta]").fill("4")
        page.locator("form.answer button[type=submit]").click()
        page.locator(".progress .is-units_sent").wait_for()
        self._shoot(page, "units-sent")

    def _watch(self, page: Any) -> None:
        """Wait until the picture moves; a codec that this browser lacks is told on the page instead."""
        video, told = page.locator(".media video"), page.locator(".media .unplayable")
        video.or_(told).first.wait_for()
        for _ in range(LIMIT_MS // POLL_MS):
            if told.count() or video.evaluate(_MOVES):
                return
            page.wait_for_timeout(POLL_MS)
        raise PictureStill(desk=self._kind)

    def _shoot(self, page: Any, name: str) -> None:
        path = self._out / f"desk-{self._kind}-{len(self.shots) + 1}-{name}.png"
        page.screenshot(path=str(path))
        self.shots.append(path)
