"""The desk's record: its own journal is the only truth, tokens lie beside it, packages are kept whole."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.desk.errors import Different, UnknownHandoff
from smartcity_console.desk.state import DeskHandoff, fold
from smartcity_console.handoff.notice import LiveGrant, Notice, ReceiptsGrant
from smartcity_console.journal import ChainWatch, GroupCommitter, SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings

Decide = Callable[[DeskHandoff], ev.DeskPayload | None]
"""Look at a hand-off and return what to record of it (None: nothing new). Raises DeskRefusal."""


class Grants(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets of one notice: they never enter the journal."""

    live: LiveGrant | None
    receipts: ReceiptsGrant


class DeskStore:
    """Folds in memory, facts on disk. For one event loop."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        """Open or create the desk's directory. Raises JournalDamaged."""
        self.directory = directory
        self._clock = clock
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / "journal.sqlite"
        self._handoffs: dict[str, DeskHandoff] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._listeners: set[asyncio.Event] = set()
        self._replay(path)
        self._committer = GroupCommitter(lambda: SqliteJournal(path, clock, verify=False))

    def _replay(self, path: Path) -> None:
        journal = SqliteJournal(path, self._clock)
        try:
            for event in journal.read():
                self._fold(event)
        finally:
            journal.close()

    def watch_chain(self, settings: Settings) -> ChainWatch:
        """Return what walks the desk's journal again in the background: for the caller to start and to close."""
        actor = self.directory.name
        return ChainWatch(self.directory / "journal.sqlite", self._committer.submit, settings, self._clock, actor)

    def close(self) -> None:
        """Commit what waits and close the journal."""
        self._committer.close()

    def all(self) -> list[DeskHandoff]:
        """Return every hand-off, newest first."""
        return sorted(self._handoffs.values(), key=lambda h: (h.received_at, h.id), reverse=True)

    def get(self, handoff_id: str) -> DeskHandoff:
        """Return a hand-off. Raises UnknownHandoff."""
        if handoff_id not in self._handoffs:
            raise UnknownHandoff(handoff_id=handoff_id)
        return self._handoffs[handoff_id]

    def listen(self) -> asyncio.Event:
        """Return a flag that is set at every change; give it back with `unlisten`."""
        flag = asyncio.Event()
        self._listeners.add(flag)
        return flag

    def unlisten(self, flag: asyncio.Event) -> None:
        self._listeners.discard(flag)

    def wake(self) -> None:
        """Set every listener's flag."""
        for flag in self._listeners:
            flag.set()

    def new_receipt_id(self) -> str:
        return new_id("receipt", self._clock.now(), os.urandom)

    async def add_notice(self, notice: Notice) -> bool:
        """Store a notice; False when it was here already. Raises Different when the incident is another one."""
        async with self._locks[notice.handoff_id]:
            known = self._handoffs.get(notice.handoff_id)
            if known is not None and known.notice["incident"]["id"] != notice.incident.id:
                raise Different(handoff_id=notice.handoff_id)
            await asyncio.to_thread(self._keep_grants, notice)
            if known is None:
                plain = msgspec.to_builtins(notice)
                open_part = {name: value for name, value in plain.items() if name not in ("live", "receipts")}
                await self._append(ev.DeskNoticeReceived(handoff_id=notice.handoff_id, notice=open_part))
            return known is None

    async def record(self, handoff_id: str, decide: Decide) -> DeskHandoff:
        """Let `decide` look at the hand-off and append what it returns; nobody else writes to it meanwhile."""
        async with self._locks[handoff_id]:
            payload = decide(self.get(handoff_id))
            if payload is not None:
                await self._append(payload)
            return self.get(handoff_id)

    def grants(self, handoff_id: str) -> Grants:
        """Return the tokens of a hand-off (a small file, read at need)."""
        return msgspec.json.decode(self._grants_path(handoff_id).read_bytes(), type=Grants)

    def _keep_grants(self, notice: Notice) -> None:
        """A notice sent again may carry fresher tokens: the last ones count."""
        path = self._grants_path(notice.handoff_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_atomically(path, msgspec.json.encode(Grants(live=notice.live, receipts=notice.receipts)), 0o600)

    def _grants_path(self, handoff_id: str) -> Path:
        return self.directory / "secrets" / f"{handoff_id}.json"

    async def note_access(self, access: ev.DeskAccessed) -> None:
        """Put a use of the desk on record: what is not on record is not shown. Raises what the journal raises."""
        stream = ev.stream_of(ev.DeskAccessed, f"{self._clock.now():%Y-%m-%d}")
        await asyncio.wrap_future(self._committer.submit(ev.Draft(stream, access, "desk")))

    async def _append(self, payload: ev.DeskPayload) -> None:
        draft = ev.Draft(ev.stream_of(type(payload), payload.handoff_id), payload, "desk")
        for event in await asyncio.wrap_future(self._committer.submit(draft)):
            self._fold(event)
        self.wake()

    def _fold(self, event: ev.Event) -> None:
        kind, _, key = event.stream.partition("/")
        if kind != ev.DeskPayload.stream_kind:
            return
        after = fold(self._handoffs.get(key), event)
        if after is not None:
            self._handoffs[key] = after
