"""How far a camera's clock is from ours, and how fast it goes."""

from __future__ import annotations

from collections import deque

_BUCKET_S = 10.0
_BUCKETS = 60  # ten minutes
_FEWEST = 3


class ClockWatch:
    """Compares camera times with receptions. A network only ever delays, so the least delayed packet of ten seconds counts.

    The offset comes from sender reports (RFC 3550 6.4.1) alone: pts tell how fast a camera's clock goes, not what it shows.
    """

    def __init__(self) -> None:
        self.offset_ms: float | None = None
        self._began_s: float | None = None
        self._ahead_s: float | None = None
        self._offset_us: int | None = None
        self._points: deque[tuple[float, float]] = deque(maxlen=_BUCKETS)

    def reported(self, camera_utc_us: int, received_utc_us: int) -> None:
        """Take a sender report: camera time minus our time, delay included."""
        offset = camera_utc_us - received_utc_us
        self._offset_us = offset if self._offset_us is None else max(self._offset_us, offset)
        self.offset_ms = self._offset_us / 1000

    def received(self, pts_s: float, mono_s: float) -> bool:
        """Take a picture's camera time and reception; True when ten seconds are full and there is something to tell."""
        if self._began_s is None:
            self._began_s = mono_s
        ahead = pts_s - mono_s
        self._ahead_s = ahead if self._ahead_s is None else max(self._ahead_s, ahead)
        if mono_s - self._began_s < _BUCKET_S:
            return False
        self._points.append((self._began_s, self._ahead_s))
        self._began_s, self._ahead_s, self._offset_us = mono_s, None, None
        return True

    @property
    def drift_ppm(self) -> float | None:
        """Microseconds that the camera's clock gains a second; None before half a minute has been seen."""
        if len(self._points) < _FEWEST:
            return None
        middle_x = sum(x for x, _ in self._points) / len(self._points)
        middle_y = sum(y for _, y in self._points) / len(self._points)
        spread = sum((x - middle_x) ** 2 for x, _ in self._points)
        return 1e6 * sum((x - middle_x) * (y - middle_y) for x, y in self._points) / spread
