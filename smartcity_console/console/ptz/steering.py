"""Puts steering together: driver, panel, keys, gamepad, badge and the turning to a spot, wired to the runner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from smartcity_console.console.notice import Notice
from smartcity_console.console.ptz import words
from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.console.ptz.gamepad import PadReader, joysticks
from smartcity_console.console.ptz.keys import SteeringKeys
from smartcity_console.console.ptz.panel import ModeBadge, PtzPanel
from smartcity_console.console.ptz.ports import Candidate, OpenLink
from smartcity_console.console.ptz.spot_turner import SpotTurner, Turned
from smartcity_console.console.runner import Runner
from smartcity_console.model.events import Event, PtzSpotWanted
from smartcity_console.model.geo import Position
from smartcity_console.model.ptz import Velocity

Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]
_SPOT_VERBS = frozenset(("ptz.turn_to_spot", "ptz.turn_to_incident"))


class Steering(QObject):
    """One seat's hands on cameras. `close` it before the link's gateway goes."""

    _pad_moved = Signal(object)
    _pad_plugged = Signal(object)

    def __init__(
        self,
        open_link: OpenLink | None,
        candidates: Callable[[Position], list[Candidate]],
        runner: Runner,
        submit: Submit,
        notice: Notice,
        language: Callable[[], str],
        find_pads: Callable[[], list[Path]] = joysticks,
    ) -> None:
        super().__init__()  # no parent: under the runner's it would be deleted twice when the console is collected
        self.driver = PtzDriver(open_link, language, self)
        self.panel = PtzPanel(self.driver, runner.run)
        self.keys = SteeringKeys(self.driver)
        self.turner = SpotTurner(self.driver, candidates, submit, language)
        self._notice = notice
        self._badge: ModeBadge | None = None
        self._pad = PadReader(self._pad_moved.emit, self._pad_plugged.emit, find_pads) if open_link else None
        self._pad_moved.connect(self._hold_pad)
        self._pad_plugged.connect(self.panel.show_pad)
        self.driver.told.connect(notice.tell)
        self.turner.finished.connect(self._tell_turned)
        self.turner.failed.connect(notice.tell_error)
        runner.done.connect(self._done)
        runner.moved.connect(self._moved)

    def attach(self, window: QWidget) -> None:
        """Show the mode's badge over a window, and begin to look for a gamepad."""
        self._badge = ModeBadge(self.driver, window)
        if self._pad is not None:
            self._pad.start()

    def choose(self, camera_id: str | None, name: str = "") -> None:
        self.driver.choose(camera_id, name)

    def close(self) -> None:
        """Stop what moves, join the threads."""
        self.keys.close()
        if self._badge is not None:
            self._badge.leave()
        if self._pad is not None:
            self._pad.close()
        self.driver.close()

    @Slot(object)
    def _hold_pad(self, velocity: Velocity) -> None:
        """A gamepad steers only while its camera is in sight: the panel is open or the mode is on."""
        if velocity.is_still or self.driver.shown or self.driver.mode:
            self.driver.hold("pad", velocity)

    @Slot(str, object)
    def _done(self, op_id: str, events: list[Event]) -> None:
        if op_id in _SPOT_VERBS:
            self.turner.turn_to(events[0].payload_as(PtzSpotWanted).spot)

    @Slot(str)
    def _moved(self, op_id: str) -> None:
        camera_id, driver = self.driver.camera_id, self.driver
        if op_id == "ptz.mode":
            driver.set_mode(not driver.mode)
        elif op_id == "ptz.take":
            driver.take()
        elif op_id == "ptz.release" and camera_id:
            driver.give_up()

    @Slot(object)
    def _tell_turned(self, rows: list[Turned]) -> None:
        self.panel.show_turned(rows)
        good = sum(not row.why for row in rows)
        told = words.turned_line(good, len(rows))
        self._notice.tell(" · ".join([told, *(f"{row.name}: {row.why}" for row in rows if row.why)]))
