"""How long to wait before a failed delivery is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from smartcity_console.settings import Settings


class Pacing(msgspec.Struct, frozen=True):
    """Exponential back-off with a ceiling and jitter, so that a hundred waiters do not come back together."""

    first_s: float = 1.0
    max_s: float = 60.0
    jitter: float = 0.2  # share of the wait by which it is shortened at random
    draw: Callable[[], float] = random.random  # uniform in [0, 1)

    def wait_s(self, failures: int, lasting: bool = False) -> float:
        """Return the wait in seconds after so many failures (1 or more); a lasting one waits for the ceiling."""
        doubled = self.max_s if lasting else self.first_s * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.max_s) * (1.0 - self.jitter * self.draw())


def pacing_from(settings: Settings) -> Pacing:
    """Return the pacing that the settings ask for."""
    return Pacing(settings.number("handoff.retry_first_s"), settings.number("handoff.retry_max_s"))
