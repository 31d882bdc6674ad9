"""What is kept is read again on a schedule, and what is due to go goes: packages, snapshots, records of persons.

Nothing of it touches the journal's past: a purge is an event with the digest of what went, and the chain verifies on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.gateway.deliveries import Submit
from smartcity_console.gateway.ports import Footage
from smartcity_console.gateway.state import GatewayState
from smartcity_console.handoff.container import Member, digest
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal import Vault
from smartcity_console.journal.queries import events_of
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.evidence import EvidenceRecord, KeptFile
from smartcity_console.settings import Settings

ACTOR = "gateway/retention"
FIRST_S = 60.0
"""The first round waits so long after a start, when there is other work."""
_TWICE_S = 2.0
_log = logging.getLogger(__name__)


class Retention:
    """Lives on the gateway's event loop; files are read and removed in a thread."""

    def __init__(
        self, workspace: Path, state: GatewayState, footage: Footage, submit: Submit, settings: Settings, clock: Clock
    ) -> None:
        self._workspace, self._state, self._footage = workspace, state, footage
        self._submit, self._settings, self._clock = submit, settings, clock
        self._record, self._seen = EvidenceRecord(), 0
        self._files = self._rounds = 0

    def take(self, events: Iterable[ev.Event]) -> None:
        """Let the ring go of what a supervisor releases, at once."""
        for event in events:
            if event.type == ev.EvidenceReleased.__name__:
                handoff_id = event.payload_as(ev.EvidenceReleased).handoff_id
                try:
                    self._footage.release(handoff_id)
                except (ConsoleError, OSError) as error:
                    _log.error("the ring's lock of hand-off %s stays: %s", handoff_id, error)

    async def run(self) -> None:
        """Round after round, until cancelled."""
        every_s = self._settings.number("evidence.verify_h") * 3600.0
        await asyncio.sleep(min(FIRST_S, every_s))
        while True:
            try:
                await self.round()
            except ConsoleError as error:
                _log.error("evidence was not looked through: %s", error.sentence("en"))
            await asyncio.sleep(every_s)

    async def round(self) -> None:
        """Read all that is kept once, then let go what is due. Raises ConsoleError of the journal."""
        await self._catch_up()
        await self._verify_all()
        await self._purge_personal()
        await self._purge_packages()
        self._rounds += 1

    def figures(self) -> Mapping[str, int]:
        return {"rounds": self._rounds, "files": self._files, "damaged": len(self._record.damaged)}

    async def _catch_up(self) -> None:
        journal = self._workspace / "journal.sqlite"
        events = await asyncio.to_thread(events_of, journal, EvidenceRecord.TYPES, self._seen)
        self._record.take(events)
        self._seen = events[-1].seq if events else self._seen

    async def _verify_all(self) -> None:
        sound = size = 0
        for file in list(self._record.files.values()):
            why = await asyncio.to_thread(trouble_of, self._workspace, file)
            if why:
                why = await self._look_again(file)
            if why:
                await self._tell_damage(file, why)
            else:
                sound, size = sound + 1, size + self._size(file)
                await self._tell_restored(file)
        self._files = sound
        if sound and not self._record.damaged:
            await self._append("round", ev.EvidenceVerified(files=sound, size_bytes=size))

    async def _look_again(self, file: KeptFile) -> str:
        """A package may be made anew at this moment: what counts is the record and the file a moment later."""
        await asyncio.sleep(_TWICE_S)
        await self._catch_up()
        now = self._record.files.get(file.path)
        return await asyncio.to_thread(trouble_of, self._workspace, now) if now is not None else ""

    async def _tell_damage(self, file: KeptFile, why: str) -> None:
        known = self._record.damaged.get(file.path)
        if known is None or known.why != why:
            _log.error("evidence damaged: %s: %s", file.path, why)
            await self._append(file.path, ev.EvidenceDamaged(path=file.path, sha256=file.sha256, why=why))

    async def _tell_restored(self, file: KeptFile) -> None:
        if file.path in self._record.damaged:
            await self._append(file.path, ev.EvidenceRestored(path=file.path, sha256=file.sha256))

    async def _purge_personal(self) -> None:
        """The file goes first: a record of a purge that did not happen would be a lie."""
        days = self._settings.number("retention.personal_days")
        open_alerts = frozenset(alert.id for i in self._state.centre.open_incidents() for alert in i.alerts)
        vault = Vault(self._workspace)
        for due in self._record.personal_due(self._clock.now(), days, open_alerts):
            await asyncio.to_thread(vault.purge, due.sha256)
            await self._append("personal", ev.PersonalPurged(sha256=due.sha256, kept_days=days))

    async def _purge_packages(self) -> None:
        days = self._settings.number("retention.package_days")
        for due in self._record.packages_due(self._clock.now(), days):
            await asyncio.to_thread((self._workspace / due.path).unlink, missing_ok=True)
            gone = ev.PackagePurged(handoff_id=due.handoff_id, path=due.path, sha256=due.sha256, kept_days=days)
            await self._append("packages", gone)

    async def _append(self, key: str, payload: ev.EvidencePayload) -> None:
        events = await asyncio.wrap_future(self._submit(ev.Draft(ev.stream_of(type(payload), key), payload, ACTOR)))
        self._record.take(events)

    def _size(self, file: KeptFile) -> int:
        path = self._workspace / file.path
        return path.stat().st_size if path.is_file() else 0


def trouble_of(workspace: Path, file: KeptFile) -> str:
    """Return what is wrong with a kept file, "" when it is as recorded: missing, unreadable, changed, or why its seal
    does not hold. Blocks."""
    path = workspace / file.path
    try:
        if not path.is_file():
            return "missing"
        known = digest(_gently(Member("", path)))
    except OSError as error:
        return f"unreadable: {error.strerror}"
    if known.sha256 != file.sha256:
        return "changed"
    if not file.handoff_id:
        return ""
    return "; ".join(f"{problem.code} {problem.subject}" for problem in verify_package(path).problems)


def _gently(member: Member) -> Iterator[bytes]:
    """Read with pauses: evidence that lay for weeks does not hurry, and a hand-off may be under way."""
    for chunk in member.chunks():
        yield chunk
        time.sleep(0.001)
