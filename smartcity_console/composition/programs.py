"""The programs that a console on one machine starts beside itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from smartcity_console.children import MAX_QUICK_RESTARTS, Child, ChildState
from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import is_running
from smartcity_console.settings import Settings

MAX_SEATS = 64
FIRE_PORT_OFFSET = 7  # 9112 for 112, 9119 for 119


class ProgramDown(ConsoleError):
    code = "program_down"
    ko = "{program}이(가) 멈췄습니다. 저장된 기록은 그대로이며, 스스로 다시 띄우는 중입니다. 오래가면 {log} 을(를) 보십시오."
    en = "{program} has died. What was stored is kept and it is being started again. If this lasts, see {log}."


class ProgramGivenUp(ConsoleError):
    code = "program_given_up"
    ko = "{program}이(가) {times}번 잇달아 멈춰 더는 띄우지 않습니다. 저장된 기록은 그대로입니다. {log} 을(를) 보고 콘솔을 다시 시작하십시오."
    en = "{program} died {times} times in a row and is not started any more. What was stored is kept. See {log}, then start the console again."


class Programs:
    """Feeds, both desks and the gateway: started side by side, watched, stopped with the last seat."""

    def __init__(
        self,
        workspace: Path,
        feeds: Path | None,
        settings: Settings,
        overrides: Sequence[str],
        clock: Clock,
        director: Sequence[str] = (),
    ) -> None:
        """`director`: the arguments of a drill's director; none where no drill is."""
        self._workspace = workspace
        self._lock = threading.Lock()
        self._troubles: list[ConsoleError] = []
        self.addresses: dict[str, Any] = {}
        given = [part for pair in overrides for part in ("--set", pair)]
        port = settings.whole("desk.http.port")
        commands = {
            "feeds": ["feeds", *given, *(("--feeds", str(feeds.absolute())) if feeds else ())],
            "desk-police": ["desk", "--agency", "police", *given, "--set", f"desk.http.port={port}"],
            "desk-fire": [
                *("desk", "--agency", "fire", *given),
                *("--set", f"desk.http.port={port + FIRE_PORT_OFFSET if port else 0}"),
            ],
            "gateway": ["gateway", *given],
        }
        if director:
            commands["director"] = [*director, *given]
        self.children = {
            name: Child(workspace, name, arguments, clock, self._changed) for name, arguments in commands.items()
        }

    def start(self) -> None:
        """Start or find every program. Raises the first ChildFailed, after all have been tried."""
        with ThreadPoolExecutor(len(self.children), thread_name_prefix="start") as pool:
            outcomes = [(name, pool.submit(child.start)) for name, child in self.children.items()]
        errors: list[ConsoleError] = []
        for name, outcome in outcomes:
            error = outcome.exception()
            if error is None:
                self.addresses[name] = outcome.result()["addresses"]
            elif isinstance(error, ConsoleError):
                errors.append(error)
            else:
                raise error
        if errors:
            self._note(errors)
            raise errors[0]

    def next_trouble(self) -> ConsoleError | None:
        """Return what has gone wrong since the last call, one at a time."""
        with self._lock:
            return self._troubles.pop(0) if self._troubles else None

    def stop(self) -> None:
        """Stop all, the gateway first so that it can still reach the others."""
        for name in reversed(self.children):
            self.children[name].stop()

    def leave_running(self) -> None:
        """Stop watching; another seat goes on with them."""
        for child in self.children.values():
            child.leave_running()

    def _changed(self, program: str, state: ChildState) -> None:
        log = self.children[program].log_path
        if state is ChildState.DOWN:
            self._note([ProgramDown(program=program, log=log)])
        elif state is ChildState.GIVEN_UP:
            self._note([ProgramGivenUp(program=program, times=MAX_QUICK_RESTARTS, log=log)])

    def _note(self, errors: Iterable[ConsoleError]) -> None:
        with self._lock:
            self._troubles = [*self._troubles, *errors][-20:]


def other_seats(workspace: Path, seat: str) -> list[str]:
    """Return the seats, other than this one, whose consoles live."""
    numbers = (str(n) for n in range(1, MAX_SEATS + 1))
    return [n for n in numbers if n != seat and is_running(workspace, f"seat-{n}")]
