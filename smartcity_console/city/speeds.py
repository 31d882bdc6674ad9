"""The traffic speeds that were imported into a workspace, as the map shows them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from smartcity_console.city.store import schema
from smartcity_console.clock import Clock

STALE_AFTER = timedelta(minutes=15)
"""The national ITS gives new speeds every five minutes: after three that did not come, they say nothing of now."""


@dataclass(frozen=True)
class Speeds:
    """Speeds by link id, of links as the road network names them; `measured_at` is the latest one's time, UTC."""

    kmh: Mapping[str, float] = field(default_factory=dict)
    measured_at: datetime | None = None

    def is_stale(self, now: datetime) -> bool:
        """Return whether they are too old to be taken for the traffic of now; of unknown age counts as old."""
        return bool(self.kmh) and (self.measured_at is None or now - self.measured_at > STALE_AFTER)


class LiveSpeeds:
    """Safe to use from several threads."""

    def __init__(self, workspace: Path, clock: Clock) -> None:
        self._path, self._clock = workspace / "catalogue.sqlite", clock
        self._lock = threading.Lock()
        self._seen, self._latest = 0, Speeds()

    def mark(self) -> int:
        """Return what changes when speeds were imported; 0 while none ever were."""
        return schema.read_generation(self._path, "speeds") if self._path.is_file() else 0

    def latest(self) -> Speeds:
        """Return the speeds of the last import. Raises CatalogueDamaged, CatalogueTooNew."""
        with self._lock:
            mark = self.mark()
            if mark != self._seen:
                self._latest = _read(self._path)
                self._seen = mark
            return self._latest


def _read(path: Path) -> Speeds:
    with closing(schema.connect(path, read_only=True)) as db:
        rows = db.execute("SELECT key, speed_kmh, measured_at FROM speeds").fetchall()
    times = [datetime.fromisoformat(text) for _, _, text in rows if text]
    return Speeds({key: speed for key, speed, _ in rows}, max(times, default=None))
