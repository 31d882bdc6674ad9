"""What operations may know of the camera that the seat steers: plain facts, no widget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PtzFacts:
    """`reason`: why the camera cannot be steered at all, in words; empty: it can. `shown`: whether the panel is."""

    wired: bool = False  # whether this console has a link to cameras at all
    camera_id: str = ""
    reason: str = ""
    is_mine: bool = False
    holder: str = ""  # the seat that steers it, when it is another one
    mode: bool = False
    shown: bool = False
