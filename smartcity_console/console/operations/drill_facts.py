"""What operations may know of the drill that the console is in: plain facts, no widget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SeatDrillFacts:
    """`sheet`: briefing or result while one lies over the console; `cards`: the trainer's words not acknowledged yet."""

    sheet: str = ""
    cards: int = 0
    ended: bool = False
