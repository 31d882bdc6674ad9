"""The watched folder: each `*.xml` laid into it is taken once and moved to `done/` or, with its reason, to `refused/`."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.cap.alerts import arrival_of
from smartcity_console.intake.cap.document import MOST_BYTES, CapRefused, read_document
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.report import KeepFile, Source
from smartcity_console.model.errors import ConsoleError

PROTOCOL = "cap/folder"
LOOK_EVERY_S = 0.1
UNFINISHED_S = 3.0  # a file that cannot be read yet may still be being written
_MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)


class Counters(msgspec.Struct):
    """What the folder brought since the start."""

    taken: int = 0
    refused: int = 0
    unanswered: int = 0
    troubled: int = 0  # looks at the folder that failed


class CapFolder:
    """A Receiver without a port."""

    name = "cap"

    def __init__(self, folder: Path, inbox: Inbox, keep: KeepFile, new_id: Callable[[], str], clock: Clock) -> None:
        self._folder, self._inbox, self._keep, self._new_id, self._clock = folder, inbox, keep, new_id, clock
        self.counters = Counters()
        self._task: asyncio.Task[None] | None = None
        self._first_seen_s: dict[str, float] = {}
        self._trouble = ""

    async def start(self) -> None:
        """Make the folder and begin to look into it."""
        for folder in (self._folder, self._folder / "done", self._folder / "refused"):
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o770)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Look no more; a document that is not stored yet stays where it is."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def figures(self) -> Mapping[str, Any]:
        """Return the counters."""
        return dict(msgspec.to_builtins(self.counters))

    async def _run(self) -> None:
        while True:
            try:
                names = await asyncio.to_thread(self._names)
                for name in names:
                    await self._take(name)
                self._trouble = ""
            except OSError as error:
                self._say(error)
            await asyncio.sleep(LOOK_EVERY_S)

    def _names(self) -> list[str]:
        with os.scandir(self._folder) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.lower().endswith(".xml") and entry.is_file(follow_symlinks=False)
            ]
        self._first_seen_s = {name: self._first_seen_s.get(name, self._clock.monotonic_s()) for name in names}
        return sorted(names)[:_MOST_AT_ONCE]

    async def _take(self, name: str) -> None:
        try:
            raw = await asyncio.to_thread(_read, self._folder / name)
            await self._store(raw)
        except CapRefused as error:
            if self._clock.monotonic_s() - self._first_seen_s[name] >= UNFINISHED_S:
                self.counters.refused += 1
                self._inbox.put_refusal("cap", PROTOCOL, error.reason)
                await asyncio.to_thread(self._move, name, "refused", error.reason)
        except ConsoleError:  # told by the inbox, once for as long as it lasts; the document is tried again
            self.counters.unanswered += 1
        else:
            self.counters.taken += 1
            await asyncio.to_thread(self._move, name, "done", "")

    async def _store(self, raw: bytes) -> None:
        document = await asyncio.to_thread(read_document, raw)
        source = Source(PROTOCOL, hashlib.sha256(raw).hexdigest())
        now = self._clock.now()
        arrival = await asyncio.to_thread(arrival_of, document, source, self._new_id, now, self._keep)
        await self._inbox.put_alerts(arrival.alert.account, source.digest, [arrival])

    def _move(self, name: str, where: str, reason: str) -> None:
        """Move a document aside under a name that is free; its reason lies beside it."""
        stem, number = Path(name).stem, 0
        target = self._folder / where / name
        while target.exists():
            number += 1
            target = self._folder / where / f"{stem}-{number}.xml"
        (self._folder / name).rename(target)
        if reason:
            target.with_suffix(".txt").write_text(f"{reason}\n", "utf-8")

    def _say(self, error: OSError) -> None:
        """Tell a trouble with the folder once for as long as it lasts."""
        self.counters.troubled += 1
        if str(error) != self._trouble:
            self._trouble = str(error)
            _log.error("the folder for CAP documents cannot be used (%s): what lies in it waits", error.strerror)


def _read(path: Path) -> bytes:
    """Return a document's bytes; a link is not followed: it could show any file of this machine."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise CapRefused(f"it is longer than {MOST_BYTES} bytes")
    return raw
