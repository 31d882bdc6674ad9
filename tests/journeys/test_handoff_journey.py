"""One hand-off from the click to its recall: real feeds, gateway, desk and console, the desk's page in Chromium.

The console must show each answer of the desk within 500 ms, and a recall must take the live picture away within 2 s.
"""

from __future__ import annotations

import queue
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from smartcity_console.clock import SystemClock
from smartcity_console.composition.programs import Programs
from smartcity_console.composition.seat import SeatParts, take_seat
from smartcity_console.console.assembly import Console
from smartcity_console.console.operations.recall import RecallWish
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.gateway.doors import FREE_PORTS
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.verdict import Grade
from smartcity_console.settings import Settings
from tests.console.conftest import parts_for

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.timeout(240)]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
CHROMIUM += ["--autoplay-policy=no-user-gesture-required"]
SHOWN_S, GONE_S = 0.5, 2.0
ON_ANY_MACHINE_S = 3.0
"""A single answer may be late where other programs hold the processor; the middle one may not."""
LIMIT_MS = 60_000


class Dispatcher:
    """Somebody at the desk's page: a browser in a thread of its own. `do` returns when an act was clicked, as
    `time.perf_counter` of the moment before the click."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._acts: queue.Queue[Callable[[Page], float] | None] = queue.Queue()
        self._outcomes: queue.Queue[float | BaseException] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="dispatcher")
        self._thread.start()

    def begin(self, act: Callable[[Page], float]) -> None:
        self._acts.put(act)

    def outcome(self) -> float | None:
        """Return what the act that was begun gave, None while it goes on. Raises what it raised."""
        try:
            outcome = self._outcomes.get_nowait()
        except queue.Empty:
            return None
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def close(self) -> None:
        self._acts.put(None)
        self._thread.join(30)

    def _run(self) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
            page.set_default_timeout(LIMIT_MS)
            page.goto(self._url)
            while (act := self._acts.get()) is not None:
                try:
                    self._outcomes.put(act(page))
                except BaseException as error:
                    self._outcomes.put(error)
            browser.close()


def clicked(page: Page, selector: str) -> float:
    target = page.locator(selector).first
    target.wait_for()
    began_s = time.perf_counter()
    target.click()
    return began_s


def opened(handoff_id: str) -> Callable[[Page], float]:
    return lambda page: clicked(page, f'#list [data-id="{handoff_id}"]')


def played(selector: str) -> Callable[[Page], float]:
    """Choose a kind of picture and wait until it moves."""

    def act(page: Page) -> float:
        began_s = clicked(page, selector)
        page.wait_for_function(
            "() => { const v = document.querySelector('.media video'); return v && v.currentTime > 0.3 && v.videoWidth > 0; }"
        )
        return began_s

    return act


def units(page: Page) -> float:
    page.locator('[data-act="units"]').click()
    page.locator("input[name=units]").fill("순21호, 순23호")
    page.locator("input[name=eta]").fill("4")
    return clicked(page, "form.answer button[type=submit]")


def gone(page: Page) -> float:
    """Wait until no live picture is there and the page says that it was taken back; return when."""
    page.wait_for_function(
        "() => { const v = document.querySelector('video[data-live]'); return !v || (v.readyState === 0 && !v.hasAttribute('src')); }"
    )
    at_s = time.perf_counter()
    page.locator(".recall-banner").wait_for()
    return at_s


@pytest.fixture
def programs(tmp_path: Path, tiny_feeds: Path) -> Iterator[tuple[Path, Settings, Programs]]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    free = [*FREE_PORTS, "desk.http.port=0", "feeds.rtsp.port=0"]
    made = Programs(workspace, tiny_feeds, Settings(), free, SystemClock())
    made.start()
    yield workspace, Settings().replaced({"ui.language": "ko"}), made
    made.stop()


class Day:
    """What `parts_for` reads of a day: the workspace's own journal and the time."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, SystemClock()


def test_desk_and_console_see_each_other_at_once(programs: Any, qapp: Any, qtbot: Any) -> None:
    workspace, settings, made = programs
    clock = SystemClock()
    seat, lock = take_seat(workspace)
    real = SeatParts(workspace, settings, clock, seat, lambda: None)
    day = Day(workspace / "journal.sqlite")
    parts = parts_for(
        day,  # type: ignore[arg-type]
        seat,
        rank=real.rank,
        agency_for=real.agency_for,
        recipients=real.recipients.propose,
        private_cameras=real.private_cameras,
        open_journal=lambda: SqliteJournal(day.path, clock),
    )
    console = Console(qapp, workspace, settings, clock, parts)
    dispatcher = Dispatcher(made.addresses["desk-police"]["http"])
    try:
        console.window.show()
        with qtbot.waitSignal(console.session.caught_up, timeout=10_000):
            console.start()
        answers, recall_s = journey(console, dispatcher, made, clock, qtbot)
    finally:
        dispatcher.close()
        console.window.close()
        console.window.deleteLater()
        real.close()
        lock.release()
    print({"shown_s": {k: round(v, 3) for k, v in answers.items()}, "recall_s": round(recall_s, 3)})
    assert statistics.median(answers.values()) <= SHOWN_S, answers
    assert max(answers.values()) <= ON_ANY_MACHINE_S, answers
    assert recall_s <= GONE_S


def journey(
    console: Console, dispatcher: Dispatcher, made: Programs, clock: SystemClock, qtbot: Any
) -> tuple[dict[str, float], float]:
    """Return seconds from each click at the desk to the console's receipt, and from the recall to the live view's end."""

    def wait(holds: Callable[[], Any]) -> None:
        qtbot.waitUntil(lambda: bool(holds()), timeout=LIMIT_MS)

    def run(op_id: str, argument: Any = None) -> None:
        wait(lambda: console.runner.reason(op_id) is None)
        with qtbot.waitSignal(console.runner.done, timeout=20_000):
            console.runner.run(op_id, argument)

    def handoff() -> Any:
        return console.seat.incident.handoffs[-1]

    Transmitter(made.addresses["gateway"]["dc09"], clock).send("1701", "PA", "9", "")
    wait(console.seat.queue)
    console.seat.select(console.seat.queue()[0].id)
    wait(lambda: any(camera.has_stream for camera in console.seat.incident.cameras))
    run("incident.claim")
    run(f"incident.grade.{int(Grade.LIFE_THREAT)}")
    run("incident.hand_off.police")
    wait(lambda: handoff().reached(HandoffStage.DELIVERED))

    shown_s: dict[HandoffStage, float] = {}

    def note_stages(*_: object) -> None:
        for receipt in handoff().receipts:
            shown_s.setdefault(receipt.stage, time.perf_counter())

    console.seat.updated.connect(note_stages)  # after the strip, which showed it
    answers: dict[str, float] = {}

    def answered(act: Callable[[Page], float], stage: HandoffStage | None = None) -> None:
        dispatcher.begin(act)
        outcome: list[float] = []
        wait(lambda: outcome or outcome.extend(filter(None, [dispatcher.outcome()])) or outcome)
        if stage is not None:
            wait(lambda: stage in shown_s)
            answers[stage.value] = shown_s[stage] - outcome[0]

    answered(opened(handoff().id), HandoffStage.OPENED)
    answered(played(".mode-clip"))
    answered(lambda page: clicked(page, '[data-act="accept"]'), HandoffStage.ACCEPTED)
    answered(units, HandoffStage.UNITS_SENT)
    answered(lambda page: clicked(page, '[data-act="on_scene"]'), HandoffStage.ON_SCENE)
    answered(played(".mode-live"))
    wait(lambda: handoff().viewers)
    dispatcher.begin(gone)
    began_s = time.perf_counter()
    run("incident.recall", RecallWish("wrong_receiver"))
    ended: list[float] = []
    wait(lambda: ended or ended.extend(filter(None, [dispatcher.outcome()])) or ended)
    wait(lambda: handoff().recall_told)
    return answers, ended[0] - began_s
