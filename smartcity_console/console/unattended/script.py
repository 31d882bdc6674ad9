"""A script that waits for conditions on the Qt event loop: a generator that yields what it waits for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError

log = logging.getLogger(__name__)
POLL_MS = 20


@dataclass(frozen=True)
class Until:
    """Go on when `holds` is true. Not within `limit_s`: the script ends with NotReached."""

    what: str
    holds: Callable[[], object]
    limit_s: float = 30.0


Script = Generator[Until, None, None]


class NotReached(ConsoleError):
    code = "not_reached"
    ko = "무인 실행: '{what}' 상태에 {limit_s:.0f}초 안에 이르지 못했습니다. 여기까지의 기록과 화면은 남겨 두었습니다. {detail}"
    en = "Unattended run: '{what}' was not reached within {limit_s:.0f} s. What was recorded and shot until here is kept. {detail}"


class ScriptBroken(ConsoleError):
    code = "script_broken"
    ko = "무인 실행의 각본에 오류가 있습니다({why}). 여기까지의 기록과 화면은 남겨 두었습니다. 개발자에게 알리십시오."
    en = (
        "The script of the unattended run is broken ({why}). What was recorded until here is kept. Tell the developers."
    )


def _told(error: Exception) -> ConsoleError:
    """Return the error in sentences; one that nobody foresaw is logged with its place."""
    if isinstance(error, ConsoleError):
        return error
    log.error("unattended run", exc_info=error)
    return ScriptBroken(why=f"{type(error).__name__}: {error}")


class Player(QObject):
    """Plays one script. `ended` carries None, or the error that ended it."""

    ended = Signal(object)

    def __init__(self, script: Script, clock: Clock, detail: Callable[[], str] = lambda: "") -> None:
        super().__init__()
        self._script, self._clock, self._detail = script, clock, detail
        self._waiting: Until | None = None
        self._since_s = 0.0
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        self._go_on()
        self._timer.start()

    @Slot()
    def _poll(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        try:
            reached = bool(waiting.holds())
        except Exception as error:
            self._end(_told(error))
            return
        if reached:
            self._go_on()
        elif self._clock.monotonic_s() - self._since_s > waiting.limit_s:
            self._end(NotReached(what=waiting.what, limit_s=waiting.limit_s, detail=self._detail()))

    def _go_on(self) -> None:
        """Run the script to its next wait."""
        try:
            self._waiting = next(self._script)
            self._since_s = self._clock.monotonic_s()
        except StopIteration:
            self._end(None)
        except Exception as error:
            self._end(_told(error))

    def _end(self, error: ConsoleError | None) -> None:
        self._waiting = None
        self._timer.stop()
        self.ended.emit(error)
