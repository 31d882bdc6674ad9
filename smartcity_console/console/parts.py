"""What the composition hands to the console: everything that is not the console's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from smartcity_console.city.speeds import Speeds
from smartcity_console.console.ports import Wall
from smartcity_console.console.ptz.ports import Candidate, OpenLink
from smartcity_console.console.senders.ports import SenderBook
from smartcity_console.console.surroundings import Surroundings
from smartcity_console.console.wall.ring_port import RingClip, Span
from smartcity_console.drill.facts import DrillFacts
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.events import Event
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.recipient import Recipient


@dataclass(frozen=True)
class ConsoleParts:
    """Callables marked (thread) are called off the Qt thread; they may block and may raise ConsoleError.

    `make_map` returns a widget that is a `ports.Map`; `make_wall` a widget with a WallWidget's signals, and its `ports.Wall`.
    """

    seat: str
    user: str
    city_name: str
    journal_path: Path
    open_journal: Callable[[], SqliteJournal]
    rank: Callable[[Incident], list[SeenBy]]  # (thread)
    agency_for: Callable[[AgencyKind, Position], Agency | None]  # where `recipients` proposes nobody
    private_cameras: Callable[[Incident], tuple[str, ...]]
    firm_name: Callable[[str], str]
    fetch_replay: Callable[[str, datetime, datetime], Path]  # (thread)
    look_around: Callable[[], Surroundings]  # (thread)
    new_id: Callable[[str], str]
    make_map: Callable[[], QWidget]
    make_wall: Callable[[], tuple[QWidget, Wall]]
    recipients: Callable[[AlertKind, Position, datetime], Sequence[Recipient]] = lambda _kind, _place, _now: ()
    ring_spans: Callable[[str], Sequence[Span]] = lambda _: ()  # (thread) what is recorded of a camera
    ring_clip: Callable[[str, datetime, datetime], RingClip] | None = None  # (thread) None: no looking back
    seen_for: Callable[[Sequence[str], Incident | None], list[SeenBy]] = lambda _ids, _incident: []  # (thread)
    as_seen: Callable[[list[str]], list[SeenBy]] = lambda _: []  # (thread) cameras selected on the map
    keep_poses: Callable[[list[Event]], list[str]] = lambda _: []  # (thread) CameraPoseSet events; returns the cameras
    reload_city: Callable[[], bool] = lambda: False  # (thread) after an import; returns whether the city is another
    renew_map: Callable[[QWidget], None] = lambda _: None  # show the city as it is now
    warm_up: Callable[[], None] = lambda: None  # (thread) ready what a first question would wait for
    traffic: Callable[[], Speeds] = Speeds  # (thread) the speeds of the last import
    open_ptz: OpenLink | None = None  # a link to the gateway for cameras that turn
    ptz_candidates: Callable[[Position], list[Candidate]] = lambda _: []  # (thread) cameras that could look at a spot
    camera_name: Callable[[str], str] = lambda camera_id: camera_id
    open_url: Callable[[str], object] | None = None  # opens an address outside the console; None: as the system does
    sound: Callable[[str], None] | None = None  # plays a sound by its name ("escalated"); None: the system's beep
    senders: SenderBook | None = None  # (thread) the register of senders and its figures
    drill: DrillFacts | None = None  # the drill that the workspace belongs to
    close: Callable[[], None] = lambda: None
