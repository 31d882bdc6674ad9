"""Says to the gateway what hands want, again while they want it; holds what the gateway says of the chosen camera.

Keys, stick and gamepad each hold a velocity; together they make the move. It is said again by a timer of the Qt thread:
a console that hangs stops saying it, and the gateway's dead man stops the camera.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartcity_console.console.operations.ptz_facts import PtzFacts
from smartcity_console.console.ptz.ports import OpenLink, PtzLink
from smartcity_console.console.ptz.words import taken_over, why_not
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.ptz import Velocity, Verb

REPEAT_MS = round(wire.REPEAT_S * 1000)
SOONEST_MS = 40  # a stick moves more often than a camera can follow
STILL = Velocity()


class PtzDriver(QObject):
    """`changed`: something to show has changed; `told`: a sentence for the operator; `answered`: the gateway has
    carried out or refused a wish (its camera, its name, the Refused or None)."""

    changed = Signal()
    told = Signal(str)
    answered = Signal(str, str, object)
    _heard = Signal(object)

    def __init__(self, open_link: OpenLink | None, language: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.camera_id, self.camera_name = "", ""
        self.state: wire.State | None = None
        self.link_up: bool | None = None
        self._steered: dict[str, wire.Steered] = {}
        self.mode = False  # steering by keys
        self.shown = False
        self.speed = 1.0
        self._held: dict[str, Velocity] = {}
        self._said_velocity, self._said_s = STILL, 0.0
        self._watching = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._say_move)
        self._heard.connect(self._take)
        self._link: PtzLink | None = open_link(self._heard.emit) if open_link is not None else None

    # ---- what it steers ------------------------------------------------------------------------------------------

    def choose(self, camera_id: str | None, name: str = "") -> None:
        """Steer another camera from now on; the one before stops."""
        if (camera_id or "") == self.camera_id:
            return
        self.let_go()
        self.camera_id, self.camera_name, self.state = camera_id or "", name or camera_id or "", None
        if not self.camera_id:
            self.set_mode(False)
        self._watch()
        self.changed.emit()

    def set_shown(self, shown: bool) -> None:
        """The panel is in sight, or not: only then is the gateway asked to hold the camera's connection."""
        self.shown = shown
        self._watch()
        self.changed.emit()

    def set_mode(self, on: bool) -> None:
        """Steer by keys, or not any more."""
        if on != self.mode:
            self.mode = on
            self.hold("keys", STILL)
            self._watch()
            self.changed.emit()

    def take(self) -> None:
        """Steer the chosen camera without moving it yet."""
        self.say(wire.Take(self.camera_id))

    def give_up(self) -> None:
        """Let the camera go, for other seats."""
        self.let_go()
        self.say(wire.Release(self.camera_id))

    def try_again(self) -> None:
        """Ask the gateway to connect now, also to a device that has just refused."""
        if self.camera_id:
            self.say(wire.Watch(self.camera_id, again=True))

    def facts(self) -> PtzFacts:
        """Return what operations look at."""
        holder = self.state.holder if self.state else None
        mine = self.state is not None and self.state.is_yours
        return PtzFacts(
            wired=self._link is not None,
            camera_id=self.camera_id,
            reason=why_not(self.state, self._language()) if self.state else "",
            is_mine=mine,
            holder=holder.seat if holder is not None and not mine else "",
            mode=self.mode,
            shown=self.shown,
        )

    def steered(self, camera_id: str) -> wire.Steered | None:
        """Return who steers a camera, chosen here or not; None: nobody, or the gateway cannot be asked."""
        return self._steered.get(camera_id)

    def can(self, verb: Verb) -> bool:
        return self.state is not None and self.state.connected is True and self.state.abilities.can(verb)

    # ---- hands ---------------------------------------------------------------------------------------------------

    def hold(self, source: str, velocity: Velocity) -> None:
        """A hand wants this velocity until it says another: `keys`, `stick`, `zoom`, `pad`."""
        if velocity.is_still:
            self._held.pop(source, None)
        else:
            self._held[source] = velocity
        wanted = self._wanted()
        if wanted.is_still:
            self._stop()
        elif wanted != self._said_velocity:
            since_ms = (time.monotonic() - self._said_s) * 1000
            self._timer.start(max(0, round(SOONEST_MS - since_ms)))

    def let_go(self) -> None:
        """Every hand is off: the window lost the keyboard, or another camera is chosen."""
        self._held.clear()
        self._stop()

    def _wanted(self) -> Velocity:
        held = self._held.values()
        pan, tilt, zoom = (sum(getattr(v, name) for v in held) for name in ("pan", "tilt", "zoom"))
        return Velocity(pan * self.speed, tilt * self.speed, zoom * self.speed).bounded()

    def _stop(self) -> None:
        self._timer.stop()
        if not self._said_velocity.is_still:
            self._said_velocity = STILL
            self.say(wire.Move(self.camera_id, STILL))

    @Slot()
    def _say_move(self) -> None:
        wanted = self._wanted()
        if wanted.is_still or not self.camera_id:
            self._stop()
            return
        self._said_velocity, self._said_s = wanted, time.monotonic()
        self.say(wire.Move(self.camera_id, wanted))
        self._timer.start(REPEAT_MS)

    # ---- the gateway ---------------------------------------------------------------------------------------------

    def say(self, wish: wire.Wish) -> None:
        """Say any wish."""
        if self._link is not None:
            self._link.say(wish)

    def close(self) -> None:
        """Stop, and end the link."""
        self.let_go()
        if self._link is not None:
            self._link.close()
            self._link = None

    def _watch(self) -> None:
        wanted = self.camera_id if self.shown or self.mode else ""
        if wanted == self._watching:
            return
        if self._watching:
            self.say(wire.Unwatch(self._watching))
        self._watching = wanted
        if wanted:
            self.say(wire.Watch(wanted))

    @Slot(object)
    def _take(self, message: wire.Heard) -> None:
        match message:
            case wire.LinkUp():
                self.link_up = True
                self._steered.clear()  # the gateway tells all holds anew
                if self._watching:
                    self.say(wire.Watch(self._watching))
            case wire.LinkDown():
                self.link_up, self.state = False, None
                self._steered.clear()
                self.let_go()
            case wire.State() if message.camera_id == self.camera_id:
                self.state = message
            case wire.Steered():
                self._note_holder(message)
            case wire.TakenOver():
                self.let_go()
                mine = message.camera_id == self.camera_id
                self.told.emit(taken_over(message, self.camera_name if mine else message.camera_id))
            case wire.Done():
                self.answered.emit(message.camera_id, message.wish, None)
            case wire.Refused():
                self._refused(message)
        self.changed.emit()

    def _note_holder(self, steered: wire.Steered) -> None:
        if steered.holder is not None:
            self._steered[steered.camera_id] = steered
        else:
            self._steered.pop(steered.camera_id, None)

    def _refused(self, refused: wire.Refused) -> None:
        if refused.wish == "move":
            self._held.clear()
            self._timer.stop()
            self._said_velocity = STILL
        if refused.wish != "point":  # who turns many cameras to a spot tells of all of them at once
            self.told.emit(refused.ko if self._language() == "ko" else refused.en)
        self.answered.emit(refused.camera_id, refused.wish, refused)
