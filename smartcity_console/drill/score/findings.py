"""What a rule finds: how much of a mark was earned, and why."""

from __future__ import annotations

import msgspec

from smartcity_console.drill.scenario.model import Expectation, Words
from smartcity_console.drill.score.model import Standing


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`share` 0..1; `standing` None: it follows from the share."""

    share: float
    reason: Words
    events: tuple[int, ...] = ()
    actual_s: float | None = None
    at_s: float | None = None
    standing: Standing | None = None

    def stands(self) -> Standing:
        if self.standing is not None:
            return self.standing
        if self.share >= 1.0:
            return Standing.MET
        return Standing.LATE if self.share > 0.0 else Standing.MISSED


def void(ko: str, en: str) -> Finding:
    """Return that there was nothing to judge; the weight counts for nobody."""
    return Finding(share=0.0, reason=Words(ko, en), standing=Standing.VOID)


def missed(ko: str, en: str, events: tuple[int, ...] = ()) -> Finding:
    return Finding(share=0.0, reason=Words(ko, en), events=events)


def whole(good: bool, ko: str, en: str, events: tuple[int, ...] = (), at_s: float | None = None) -> Finding:
    """Return an untimed finding: all or nothing."""
    return Finding(share=1.0 if good else 0.0, reason=Words(ko, en), events=events, at_s=at_s)


def timed(wish: Expectation, took_s: float, at_s: float | None, what: Words, events: tuple[int, ...]) -> Finding:
    """Return a finding in proportion: full within `within_s`, none after `late_s`."""
    took_s = max(0.0, took_s)
    share = share_of(wish, took_s)
    goal = f"{wish.within_s:g}" if wish.within_s is not None else "-"
    reason = Words(
        f"{what.ko} {took_s:.1f}초 (목표 {goal}초)",
        f"{what.en} {took_s:.1f} s (target {goal} s)",
    )
    return Finding(share=share, reason=reason, events=events, actual_s=took_s, at_s=at_s)


def share_of(wish: Expectation, took_s: float) -> float:
    """Return 1 within the target, 0 from `late_s` on, in proportion between."""
    if wish.within_s is None or took_s <= wish.within_s:
        return 1.0
    if wish.late_s is None or took_s >= wish.late_s:
        return 0.0
    return (wish.late_s - took_s) / (wish.late_s - wish.within_s)
