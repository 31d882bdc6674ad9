"""What scrubbing finds is put on record in the journal itself: whoever follows it sees, every console by a red lamp."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.journal.scrub import Scrub, Scrubbed
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings

_STORED_S = 10.0
_KEY = "journal"
_log = logging.getLogger(__name__)

Submit = Callable[..., "Future[list[ev.Event]]"]


class ChainWatch:
    """Scrubs one journal on the schedule of the settings. `start`, then `close` before the committer is closed."""

    def __init__(self, path: Path, submit: Submit, settings: Settings, clock: Clock, actor: str) -> None:
        self._submit, self._actor = submit, actor
        self._told: ev.ChainBroken | None = None
        self.scrub = Scrub(
            path,
            clock,
            self.tell,
            every_s=settings.number("journal.verify_h") * 3600.0,
            share=settings.number("journal.verify_share"),
        )

    def start(self) -> None:
        self.scrub.start()

    def close(self) -> None:
        self.scrub.close()

    def figures(self) -> Mapping[str, int | str]:
        return self.scrub.figures()

    def tell(self, found: Scrubbed) -> None:
        """Put a round's outcome on record; the same break once."""
        if found.broken is None:
            self._told = None
            self._record(ev.ChainVerified(events=found.events, last_hash=found.last_hash))
            return
        broken = ev.ChainBroken(event=found.broken.seq, why=found.broken.why)
        if broken != self._told and self._record(broken):
            self._told = broken

    def _record(self, payload: ev.EvidencePayload) -> bool:
        try:
            self._submit(ev.Draft(ev.stream_of(type(payload), _KEY), payload, self._actor)).result(_STORED_S)
        except (ConsoleError, TimeoutError) as error:
            _log.error("%s is not on record: %s", type(payload).__name__, error)
            return False
        return True
