"""Carries an inject out: through the doors, at the feeds, at the desks. What blocks runs in threads of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from smartcity_console.drill.director.desks import DeskPlayer
from smartcity_console.drill.director.doors import Doors
from smartcity_console.drill.director.polls import Polls
from smartcity_console.drill.director.stage_link import StageLink
from smartcity_console.drill.scenario import model as m
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError

AT_ONCE = 4
MOST_WAITING = 400
Failed = Callable[[str, str], None]
"""Told of an inject that did not come off: its id and a sentence. Called from any thread."""


class Hands:
    """`do` from the director's own thread; `close` waits for what is under way, within its limits."""

    def __init__(
        self, doors: Doors, stage: StageLink, desks: Mapping[AgencyKind, DeskPlayer], polls: Polls, failed: Failed
    ) -> None:
        self._doors, self._stage, self._desks, self._polls, self._failed = doors, stage, desks, polls, failed
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="director-door")
        self._stager = ThreadPoolExecutor(1, thread_name_prefix="director-stage")
        self._room = threading.BoundedSemaphore(MOST_WAITING)
        self._staging = threading.Event()

    def do(self, inject: m.AnyInject, at_s: float) -> None:
        """Do it, or have it done: what goes wrong is told to `failed`."""
        match inject:
            case m.Dc09():
                self._send(inject.id, lambda: self._doors.dc09(inject))
            case m.Linked():
                self._send(inject.id, lambda: self._doors.linked(inject))
            case m.Webhook():
                self._send(inject.id, lambda: self._doors.webhook(inject))
            case m.Cap():
                self._send(inject.id, lambda: self._doors.cap(inject))
            case m.Cue():
                self._stage.cue(inject.id, at_s)
                self.stage(inject.id)
            case m.Camera():
                self._fault(inject)
            case m.Desk():
                self._desk(inject)
            case m.Sender():
                self._polls.set_silent(inject.accounts, inject.silent)

    def pause(self, paused: bool) -> None:
        """Hold the feeds, or let them go on."""
        self._stage.pause(paused)
        self.stage()

    def look_after_the_stage(self) -> None:
        """Tell feeds that were started anew what they are to do."""
        if not self._staging.is_set() and not self._stage.is_told():
            self.stage()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._stager.shutdown(cancel_futures=True)

    def stage(self, inject_id: str = "") -> None:
        """Tell the feeds all that they are to do now; one order after the other."""
        self._staging.set()

        def told() -> None:
            try:
                self._stage.send()
            finally:
                self._staging.clear()

        self._stager.submit(self._tried, inject_id, told)

    def _send(self, inject_id: str, send: Callable[[], None]) -> None:
        """Send in a thread; a flood greater than the room for it is told, never kept waiting without end."""
        if not self._room.acquire(blocking=False):
            self._failed(inject_id, f"{MOST_WAITING}개 넘게 밀려 있어 보내지 않았습니다.")
            return

        def sent() -> None:
            try:
                self._tried(inject_id, send)
            finally:
                self._room.release()

        self._pool.submit(sent)

    def _tried(self, inject_id: str, act: Callable[[], None]) -> None:
        try:
            act()
        except ConsoleError as error:
            self._failed(inject_id, error.sentence("ko"))
        except Exception as error:  # one inject must not end the drill: it is put on record as failed
            self._failed(inject_id, f"{type(error).__name__}: {error}")

    def _fault(self, inject: m.Camera) -> None:
        try:
            self._stage.fault(inject.cameras, inject.fault)
        except ConsoleError as error:
            self._failed(inject.id, error.sentence("ko"))
            return
        self.stage(inject.id)

    def _desk(self, inject: m.Desk) -> None:
        desk = self._desks[inject.agency]
        if inject.manner is not None:
            desk.manner = inject.manner
        if inject.says:
            desk.say(inject.says)
