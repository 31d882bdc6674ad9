"""The gateway's life: take lock, ports and journal; run the parts side by side; stop within three seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import uvloop

from smartcity_console import __version__
from smartcity_console.clock import Clock
from smartcity_console.drill.facts import read_drill
from smartcity_console.gateway import secure
from smartcity_console.gateway.cameras import CameraLog
from smartcity_console.gateway.deliveries import Notices, make_outbox, make_updates, make_ways
from smartcity_console.gateway.doors import Doors, open_doors
from smartcity_console.gateway.escalation import escalations_due, restored_due
from smartcity_console.gateway.evidence_link import EvidenceLinks
from smartcity_console.gateway.font_cut import make_font_cut
from smartcity_console.gateway.live import LiveViews
from smartcity_console.gateway.outside import Outside, outside_of
from smartcity_console.gateway.ports import CameraStatus, Parts
from smartcity_console.gateway.privacy import lifts_due, locks_due
from smartcity_console.gateway.ptz import PtzDesk
from smartcity_console.gateway.receipts import Receipts
from smartcity_console.gateway.receivers import Hearing, make_receivers
from smartcity_console.gateway.replays import Replays
from smartcity_console.gateway.retention import Retention
from smartcity_console.gateway.saved_clips import SavedClips
from smartcity_console.gateway.secure import told_address
from smartcity_console.gateway.server import EmbeddedServer
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.status_returns import StatusReturns
from smartcity_console.gateway.streams import StreamsWatcher
from smartcity_console.gateway.tokens import Tokens
from smartcity_console.gateway.views import Views
from smartcity_console.gateway.web import Web
from smartcity_console.handoff.outbox import Outbox
from smartcity_console.intake.inbox import Inbox, make_rules
from smartcity_console.intake.linked.taken import TakenMessages
from smartcity_console.intake.senders import Senders, register_over
from smartcity_console.intake.webhook.keys import read_keys
from smartcity_console.journal import ChainWatch, Follower, GroupCommitter, SqliteJournal, VersionConflict
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import (
    Draft,
    Event,
    GatewayStarted,
    GatewayStopped,
    MaskSet,
    RecordingPaused,
    RecordingResumed,
    stream_of,
)
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import ProgramLock, announce, prepare_for_storms, secret
from smartcity_console.settings import Settings
from smartcity_console.tls import lay_down, server_context

_log = logging.getLogger(__name__)
PROGRAM = "gateway"
ACTOR = "gateway"
_STREAM = stream_of(GatewayStarted, "main")
_FOLLOW_S = 0.5
_FOLD_AT_ONCE = 200
_PRIVACY_EVERY_S = 0.5
_QUEUE_EVERY_S = 1.0
_DISK_EVERY_S = 1.0
_STOP_LIMIT_S = 2.0

MakeParts = Callable[[Path, Settings, Clock, CameraStatus], Parts]


def run_gateway(workspace: Path, settings: Settings, clock: Clock, make_parts: MakeParts | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    Raises ConsoleError before anything is written when it cannot run: AlreadyRunning, PortInUse, JournalDamaged,
    GatewayUnsafe, CertificateUnfit, GatewayAddressUnfit.
    """
    outside = outside_of(read_drill(workspace), workspace, settings)
    settings = outside.settings
    secure.require_safe(settings, clock)
    lock = ProgramLock(workspace, PROGRAM)
    lock.acquire()
    try:
        with open_doors(workspace, settings, PROGRAM) as doors:
            prepare_for_storms()
            # libuv's loop: half the processor time for each of many small messages.
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(outside, clock, make_parts or _real_parts, doors))
    finally:
        lock.release()
    return 0


def _real_parts(workspace: Path, settings: Settings, clock: Clock, status: CameraStatus) -> Parts:
    from smartcity_console.gateway.wiring import open_parts  # codecs and catalogue load only here

    return open_parts(workspace, settings, clock, status)


async def _serve(outside: Outside, clock: Clock, make_parts: MakeParts, doors: Doors) -> None:
    workspace, settings = outside.workspace, outside.settings
    path = workspace / "journal.sqlite"
    committer = GroupCommitter(lambda: SqliteJournal(path, clock), settings.whole("journal.queue"))
    try:
        cameras = CameraLog(committer.submit)
        parts = make_parts(workspace, settings, clock, cameras.changed)
        await Gateway(outside, clock, parts, committer, cameras, doors).run(_stop_signal())
    finally:
        await asyncio.to_thread(committer.close, _STOP_LIMIT_S)


def _first_told(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what a person can be told of a group of failures, else the group."""
    told: BaseException | None = group.subgroup(ConsoleError)
    while isinstance(told, BaseExceptionGroup):
        told = told.exceptions[0]
    return told or group


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


class Gateway:
    """The running parts and how they feed each other. Built and run on one event loop."""

    def __init__(
        self,
        outside: Outside,
        clock: Clock,
        parts: Parts,
        committer: GroupCommitter,
        cameras: CameraLog,
        doors: Doors,
    ) -> None:
        workspace, settings, is_drill = outside.workspace, outside.settings, outside.is_drill
        self._workspace, self._settings, self._clock = workspace, settings, clock
        self._parts, self._committer, self._cameras, self._doors = parts, committer, cameras, doors
        self._began_s = clock.monotonic_s()
        poll_ms = settings.whole("journal.poll_ms")
        journal = workspace / "journal.sqlite"
        self._follower = Follower(journal, poll_ms=poll_ms)
        self._inbox_follower = Follower(journal, poll_ms=poll_ms)
        self.state = GatewayState()
        self._tokens = Tokens(secret(workspace, "gateway-handoffs"))
        self._senders, self._taken = Senders(), TakenMessages()
        self._inbox = self._make_inbox()
        hearing = Hearing(self._inbox, doors, parts.places, workspace, settings, clock, self._senders, self._taken)
        self._receivers = make_receivers(hearing)
        self._told_address = told_address(settings, doors.addresses()["http"])
        notices = Notices(self._tokens, self._told_address, parts.places.name, is_drill)
        self._returns = StatusReturns(
            self._senders, lambda: read_keys(workspace), committer.submit, settings, clock, outside.call_back()
        )
        self._links = self._make_links()
        self._ways = make_ways(
            workspace, settings, clock, outside.client, parts.places.name, self._links.make, outside.recipients
        )
        self._outbox: Outbox = make_outbox(
            workspace, settings, clock, parts, committer.submit, self._ways, notices, self.state.centre, is_drill
        )
        self._updates = make_updates(settings, committer.submit, self._ways, parts.places.name, self.state.centre)
        self._retention = Retention(workspace, self.state, parts.footage, committer.submit, settings, clock)
        self._chain = ChainWatch(journal, committer.submit, settings, clock, "gateway/journal")
        self._saved_clips = SavedClips(workspace, self.state, parts, committer.submit, clock)
        self._streams = StreamsWatcher(
            workspace / "streams.json", lambda streams: parts.recording.update(outside.streams(streams))
        )
        self._ptz = self._make_ptz()
        self._views = Views(self.state, committer.submit, clock)
        self._http = EmbeddedServer(self._make_web().app(), server_context(secure.PREFIX, settings))

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; a part that fails ends the program, which is started again by who watches it."""
        await self._load()
        await asyncio.to_thread(self._parts.recording.start)
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(part) for part in self._endless()]
                await self._open()
                await stop.wait()
                await self._close()
                for task in running:
                    task.cancel()
        except BaseExceptionGroup as group:
            raise _first_told(group) from group
        finally:
            await self._release()

    def _endless(self) -> list[Any]:
        return [
            self._inbox.run(),
            self._follow(),
            self._guard_privacy(),
            self._guard_queue(),
            self._watch_disk(),
            self._streams.run(),
            self._ptz.run(),
            self._views.run(),
            self._returns.run(),
            self._retention.run(),
            self._saved_clips.run(),
            self._http.run_on(self._doors["http"]),
            make_font_cut(),
        ]

    async def _load(self) -> None:
        """Take the whole journal in before anything is served."""
        await self._inbox.load()
        while events := await asyncio.to_thread(self._follower.wait, 0.0):
            self._take(events)

    async def _open(self) -> None:
        addresses = self._doors.addresses()
        await self._append(Draft(_STREAM, GatewayStarted(addresses=addresses, version=__version__), ACTOR))
        self._outbox.start()
        self._updates.start()
        for receiver in self._receivers:
            await receiver.start()
        lay_down(self._workspace, PROGRAM, self._settings.text("gateway.http.certificate"))
        announce(self._workspace, PROGRAM, addresses)
        self._chain.start()

    async def _close(self) -> None:
        """End in order: no new alerts, no new deliveries, the ring's last packets, the last event."""
        await self._ptz.close()
        self._http.should_exit = True
        recorder = asyncio.create_task(asyncio.to_thread(self._parts.recording.stop))
        await self._stop_receivers()
        await self._parts.live.close()
        await self._views.close()
        await self._updates.close()
        await self._outbox.close()
        await asyncio.wait({recorder}, timeout=_STOP_LIMIT_S)
        try:
            await self._append(Draft(_STREAM, GatewayStopped(reason="stopped on request"), ACTOR))
        except (ConsoleError, TimeoutError) as error:
            _log.error("the end could not be recorded: %s", error)

    async def _stop_receivers(self) -> None:
        for receiver in self._receivers:
            await receiver.stop()

    async def _release(self) -> None:
        await asyncio.to_thread(self._chain.close)
        await self._stop_receivers()
        await self._ptz.close()
        await self._updates.close()
        await self._outbox.close()
        await self._ways.aclose()
        await self._parts.live.close()
        await asyncio.to_thread(self._parts.recording.stop)
        self._follower.close()
        self._inbox_follower.close()

    async def _append(self, draft: Draft) -> None:
        async with asyncio.timeout(_STOP_LIMIT_S):  # not wait_for: it can swallow a cancel that comes with the result
            await asyncio.wrap_future(self._committer.submit(draft))

    async def _follow(self) -> None:
        """Hand each event of any program to whoever folds it."""
        while True:
            events = await asyncio.to_thread(self._follower.wait, _FOLLOW_S)
            for at in range(0, len(events), _FOLD_AT_ONCE):
                self._changed(self._take(events[at : at + _FOLD_AT_ONCE]))
                await asyncio.sleep(0)  # senders wait for their answers on this loop too

    def _changed(self, incident_ids: set[str]) -> None:
        self._outbox.changed(incident_ids)
        self._updates.changed(incident_ids)

    def _take(self, events: list[Event]) -> set[str]:
        """Fold events; tell the live views of masks before anything else is done with them."""
        changed = self.state.take(events)
        self._senders.take(events)
        self._taken.take(events)
        self._returns.take(events)
        self._retention.take(events)
        self._saved_clips.take(events)
        if any(event.type == MaskSet.__name__ for event in events):
            self._parts.show_masks(self.state.centre.masks)
        return changed

    async def _guard_privacy(self) -> None:
        """Close private cameras when their incident ends or their time is over."""
        while True:
            await asyncio.sleep(_PRIVACY_EVERY_S)
            now, centre = self._clock.now(), self.state.centre
            await self._submit_due([*locks_due(centre.incidents.values(), now), *lifts_due(centre.masks, now)])

    async def _guard_queue(self) -> None:
        """Bring what nobody takes before the supervisor; close technical faults that have restored themselves."""
        claim_s = self._settings.number("intake.claim_s")
        while True:
            await asyncio.sleep(_QUEUE_EVERY_S)
            now, centre = self._clock.now(), self.state.centre
            waiting = centre.open_incidents()
            late = escalations_due(waiting, now, claim_s, centre.closed_seats)
            await self._submit_due([*restored_due(waiting, now), *late])

    async def _submit_due(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            try:
                await asyncio.wrap_future(self._committer.submit(draft))
            except VersionConflict:
                continue  # somebody wrote to the incident meanwhile: look again in a moment
            except ConsoleError as error:
                _log.error("%s waits: %s", type(draft.payload).__name__, error.sentence("en"))

    async def _watch_disk(self) -> None:
        """Put on record when recording waits for disk space and when it goes on."""
        paused = False
        while True:
            await asyncio.sleep(_DISK_EVERY_S)
            now_paused = bool(self._parts.recording.health().get("paused"))
            if now_paused != paused:
                paused = now_paused
                free_mib = shutil.disk_usage(self._workspace).free >> 20
                payload = RecordingPaused(free_mib=free_mib) if paused else RecordingResumed(free_mib=free_mib)
                with contextlib.suppress(ConsoleError):  # the journal may have no room either: the next change is told
                    await asyncio.wrap_future(self._committer.submit(Draft(_STREAM, payload, ACTOR)))

    def _make_inbox(self) -> Inbox:
        settings, clock, places = self._settings, self._clock, self._parts.places
        rules = make_rules(
            settings.number("intake.join_s"),
            lambda: new_id("inc", clock.now(), os.urandom),
            settings.number("intake.join_m"),
        )
        return Inbox(
            self._committer.submit,
            lambda: self._inbox_follower.wait(0.0),
            register_over(self._senders, places.site_of_account, places.firm),
            rules,
            clock,
            settings.whole("journal.queue"),
            self._inbox_follower.skip_to,
            self._take_own,
            self._inbox_follower.has_new,
        )

    def _take_own(self, events: list[Event]) -> None:
        """Fold what the inbox has just written without reading it back, when nobody wrote between."""
        if events and events[0].seq == self.state.centre.last_seq + 1:
            self._follower.skip_to(events[-1].seq)
            self._changed(self._take(events))

    def _make_web(self) -> Web:
        parts, clock = self._parts, self._clock
        return Web(
            self.state,
            self._tokens,
            secret(self._workspace, "gateway-console"),
            Receipts(self.state, self._committer.submit),
            parts,
            LiveViews(self.state, self._tokens, parts.places, parts.live, self._views, clock),
            self._ptz,
            clock,
            self.health,
            Replays(self.state, self._committer.submit, clock),
            self._links.routes(),
        )

    def _make_links(self) -> EvidenceLinks:
        base = self._settings.text("handoff.link_url") or self._told_address
        return EvidenceLinks(self._workspace, self.state, self._tokens, self._submitted, self._clock, base)

    async def _submitted(self, draft: Draft) -> list[Event]:
        return await asyncio.wrap_future(self._committer.submit(draft))

    def _make_ptz(self) -> PtzDesk:
        parts, token = self._parts, secret(self._workspace, "gateway-console")
        submit = self._committer.submit
        return PtzDesk(self.state, parts.places, parts.ptz, submit, self._settings, self._clock, token)

    def health(self) -> Mapping[str, Any]:
        """Return the figures of every part; nothing that names a person or a place."""
        error = self._inbox.last_error
        return {
            "program": PROGRAM,
            "version": __version__,
            "up_s": round(self._clock.monotonic_s() - self._began_s, 1),
            "journal": {
                "seq": self.state.centre.last_seq,
                "trouble": error.sentence("en") if error else "",
                **self._chain.figures(),
            },
            **{receiver.name: dict(receiver.figures()) for receiver in self._receivers},
            "alerts": {
                "stored": self._inbox.alerts,
                "repeated": self._inbox.duplicates,
                "failed": self._inbox.failures,
            },
            "cameras": self._cameras.figures(),
            "recorder": dict(self._parts.recording.health()),
            "ptz": self._ptz.figures(),
            "live": self._views.figures(),
            "handoffs_under_way": self._outbox.busy,
            "updates_under_way": self._updates.busy,
            "receivers_away": len(self._outbox.receivers_away),
            "evidence": dict(self._retention.figures()),
            "status_returns": dict(self._returns.figures()),
        }
