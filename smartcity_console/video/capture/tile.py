"""What the console knows of one tile: what it should show, how the try stands, and what to say of it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from smartcity_console.video.capture.messages import Show
from smartcity_console.video.capture.retry import QUICK_TRIES, back_off_s
from smartcity_console.video.capture.slots import TileHead
from smartcity_console.video.capture.source import (
    Easing,
    Reason,
    Size,
    SourceKind,
    StreamRole,
    TileSource,
    TileState,
    TileStatus,
)

STEADY_S = 10.0  # a feed that ran this long starts counting its reconnects anew
_UNSUPPORTED_RETRY_S = 60.0
_CRASHES_APART_S = 60.0
_NEEDS_PATIENCE = frozenset({Reason.OPEN_FAILED, Reason.ENDED, Reason.CODEC})


@dataclass(slots=True)
class Tile:
    """One tile. Guarded by the pool's lock.

    `run` is the try whose reports count. `worker` is where pictures may still be written from: a tile moves to another
    worker only after its feed has ended, so that two never write into one slot.
    """

    number: int
    source: TileSource | None = None
    size_px: Size = (2, 2)
    generation: int = 0
    run: int = 0
    coming_run: int = 0  # of a try at its camera's other stream, which goes on beside `run`; 0: there is none
    running: bool = False
    role: StreamRole = StreamRole.MAIN
    coming_role: StreamRole = StreamRole.MAIN
    no_switch_until_s: float = float("-inf")
    worker: int | None = None
    sent_size_px: Size = (2, 2)
    due_s: float | None = None  # when to try next; None while running or idle
    attempt: int = 0
    opened_s: float | None = None
    crashed_s: float | None = None  # when its worker last crashed under it
    suspect: bool = False  # may be what crashes the workers
    reason: Reason = Reason.NONE
    detail: str = ""
    codec: str = ""

    def want(self, source: TileSource | None, size_px: Size, now_s: float) -> bool:
        """Take what to show; return whether anything changed. Another source starts with a clean slate at once."""
        changed = source != self.source
        resized = size_px != self.size_px
        self.size_px = size_px
        if changed:
            self.source, self.generation = source, self.generation + 1
            self.attempt, self.reason, self.detail, self.codec, self.opened_s = 0, Reason.NONE, "", "", None
            self.crashed_s, self.suspect = None, False
            self.role, self.coming_run, self.no_switch_until_s = StreamRole.MAIN, 0, float("-inf")
            self.running, self.due_s = False, None if source is None else now_s
        return changed or resized

    def order(self, worker: int) -> Show:
        """Start the next try on a worker and return the command for it."""
        assert self.source is not None
        self.run, self.coming_run = max(self.run, self.coming_run) + 1, 0
        self.running, self.worker, self.due_s, self.opened_s = True, worker, None, None
        self.sent_size_px = self.size_px
        patient = self.reason in _NEEDS_PATIENCE
        return Show(self.number, self.generation, self.run, self.source.of_role(self.role), self.size_px, patient)

    def switch(self, role: StreamRole) -> Show:
        """Begin to take the camera's other stream and return the command for it; the one shown goes on meanwhile."""
        assert self.source is not None
        self.coming_run, self.coming_role = max(self.run, self.coming_run) + 1, role
        source = self.source.of_role(role)
        return Show(self.number, self.generation, self.coming_run, source, self.size_px, takeover=True)

    @property
    def is_replay(self) -> bool:
        return self.source is not None and self.source.kind is SourceKind.REPLAY

    def may_switch(self, now_s: float) -> bool:
        return self.running and self.opened_s is not None and not self.coming_run and now_s >= self.no_switch_until_s

    def switched(self, codec: str) -> None:
        """The other stream's first picture is there."""
        self.run, self.role, self.coming_run, self.codec = self.coming_run, self.coming_role, 0, codec

    def not_switched(self, now_s: float) -> None:
        """The other stream cannot be had: keep this one, and leave the other alone for a minute."""
        self.coming_run, self.no_switch_until_s = 0, now_s + _UNSUPPORTED_RETRY_S

    def opened(self, codec: str, now_s: float) -> None:
        self.opened_s, self.codec, self.reason, self.detail = now_s, codec, Reason.NONE, ""

    def lost(self, reason: Reason, detail: str, codec: str, now_s: float, chance: random.Random) -> None:
        """Note why the try ended and when to try again. A machine too slow is no fault of the camera: never slower."""
        steady = self.opened_s is not None and now_s - self.opened_s >= STEADY_S
        self.attempt = 1 if steady or reason is Reason.BEHIND else self.attempt + 1
        self.reason, self.detail, self.codec = reason, detail, codec or self.codec
        wait_s = _UNSUPPORTED_RETRY_S if reason is Reason.CODEC else back_off_s(self.attempt, chance)
        self.running, self.worker, self.due_s, self.opened_s = False, None, now_s + wait_s, None
        self.coming_run = 0

    def crashed(self, now_s: float, chance: random.Random) -> None:
        """Its worker crashed. Twice in a minute, soon after opening, makes the feed a suspect that must wait its turn."""
        steady = self.opened_s is not None and now_s - self.opened_s >= STEADY_S
        again = self.crashed_s is not None and now_s - self.crashed_s < _CRASHES_APART_S
        self.crashed_s, self.suspect = now_s, not steady and (again or self.suspect)
        if self.suspect:
            self.lost(Reason.WORKER_LOST, "", "", now_s, chance)
        else:
            self.again_now(now_s)

    def again_now(self, now_s: float) -> None:
        """Its worker was replaced through no fault of this feed: try at once, counted against nobody."""
        self.reason = Reason.WORKER_LOST
        self.running, self.worker, self.due_s, self.opened_s = False, None, now_s, None
        self.coming_run = 0

    def status(self, head: TileHead, captured_s: float | None, now_s: float, stale_s: float) -> TileStatus:
        """Return what to say; `captured_s` is when the newest picture of this generation was taken."""
        age_s = None if captured_s is None else max(0.0, now_s - captured_s)
        state = self._state(age_s, stale_s)
        moving = state in (TileState.LIVE, TileState.REPLAY)
        return TileStatus(
            state,
            age_s,
            Reason.NONE if moving else self.reason,
            "" if moving else self.detail,
            0 if self.opened_s is not None else self.attempt,
            None if self.due_s is None else max(0.0, self.due_s - now_s),
            head.fps if moving else 0.0,
            head.overwritten + head.skipped,
            self.codec,
            Easing(head.easing) if moving else Easing.NONE,
            bool(head.damaged) and moving,
            self.role,
        )

    def _state(self, age_s: float | None, stale_s: float) -> TileState:
        if self.source is None:
            return TileState.IDLE
        if self.reason is Reason.CODEC and age_s is None:
            return TileState.UNSUPPORTED
        if age_s is None:
            return TileState.CONNECTING if self.attempt == 0 else TileState.NO_SIGNAL
        if age_s <= stale_s:
            return TileState.REPLAY if self.source.kind is SourceKind.REPLAY else TileState.LIVE
        return TileState.STALE if self.attempt <= QUICK_TRIES else TileState.NO_SIGNAL
