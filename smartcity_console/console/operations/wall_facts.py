"""What operations may know of the wall that the operator works at: plain facts, no widget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WallFacts:
    """The wall as it stands. `chosen` is the place of the chosen tile, from 1. Names stand in the order of their keys.

    `pane`: what stands beside a tile: "", "replay" (from the ring), "alarm" (the seconds around it) or "frozen".
    """

    layout: str = "6"
    fixed: bool = False  # whether the operator chose the layout
    numbers: tuple[int, ...] = ()  # of the cameras that are shown
    chosen: int | None = None
    camera_id: str = ""
    shut: bool = False
    has_stream: bool = False
    has_picture: bool = False
    maximised: bool = False
    zoom: float = 1.0
    swapping: bool = False
    arranged: bool = False
    pane: str = ""
    touring: str = ""  # name of the tour that runs or waits
    tour_waits: bool = False
    window: bool = False
    salvos: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()
    tours: tuple[str, ...] = ()
