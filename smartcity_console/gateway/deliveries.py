"""Puts the outbox together: who receives, what it is told, what is cut, and what the ring then keeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import Footage, Parts, Places
from smartcity_console.gateway.secure import live_address
from smartcity_console.gateway.tokens import LIVE, RECEIPTS, Tokens, live_scope
from smartcity_console.gateway.ways import MakeClient, WayParts, Ways
from smartcity_console.handoff.credentials import credentials
from smartcity_console.handoff.documents.track import PlaceOf
from smartcity_console.handoff.errors import PreparationFailed
from smartcity_console.handoff.keys import signing_key
from smartcity_console.handoff.mail import MakeLink
from smartcity_console.handoff.notice import LiveGrant, ReceiptsGrant, build_notice, encode_notice
from smartcity_console.handoff.outbox import Outbox, OutboxParts, Prepare
from smartcity_console.handoff.pacing import pacing_from
from smartcity_console.handoff.prepare import Copies, Masks, Preparer
from smartcity_console.handoff.recipients import Entry, RecipientsFile
from smartcity_console.handoff.updates import UpdateParts, Updates
from smartcity_console.model.centre import Centre
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, HandoffPackaged, HandoffRequested, PrivateCamerasUnlocked
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.masks import Polygons
from smartcity_console.settings import Settings

_log = logging.getLogger(__name__)
Submit = Callable[..., Future[list[Event]]]
Written = Mapping[str, Entry]


class Notices:
    """Writes the notice of a hand-off: what a desk gets first, with its leave to watch and to answer."""

    def __init__(self, tokens: Tokens, address: str, centre_name: str, is_test: bool = False) -> None:
        """`address`: under which desks reach the gateway. `is_test`: every notice says that it is an exercise."""
        self._tokens, self._address, self._centre_name = tokens, address, centre_name
        self._is_test = is_test

    def __call__(self, incident: Incident, request: HandoffRequested) -> bytes:
        notice = build_notice(
            incident,
            request,
            live=self._live(incident, request),
            receipts=ReceiptsGrant(
                url=f"{self._address}/receipts", token=self._tokens.make(RECEIPTS, request.handoff_id)
            ),
            centre_name=self._centre_name,
            is_test=self._is_test,
        )
        return encode_notice(notice)

    def _live(self, incident: Incident, request: HandoffRequested) -> LiveGrant:
        return LiveGrant(
            url=live_address(self._address),
            token=self._tokens.make(LIVE, request.handoff_id, live_scope(incident.id, request)),
            until=request.live_until,
            camera_ids=request.camera_ids,
        )


def opened_only(prepare: Prepare, is_private: Callable[[str], bool]) -> Prepare:
    """Return a preparation that takes nothing of a private camera which the incident never opened.

    Whatever a request names: only an unlocking of this incident, on record before the request, opens such a camera.
    """

    async def prepared(incident: Incident, request: HandoffRequested) -> HandoffPackaged:
        opened = opened_before(incident, request.handoff_id)
        shut = tuple(c for c in request.camera_ids if c not in opened and is_private(c))
        if not shut:
            return await prepare(incident, request)
        rest = tuple(camera_id for camera_id in request.camera_ids if camera_id not in shut)
        packaged = await prepare(incident, msgspec.structs.replace(request, camera_ids=rest))
        told = tuple(f"{camera_id}: 사건에서 열지 않은 민간 카메라입니다" for camera_id in shut)
        return msgspec.structs.replace(packaged, gaps=(*packaged.gaps, *told))

    return prepared


def opened_before(incident: Incident, handoff_id: str) -> set[str]:
    """Return the private cameras that an incident had opened when a hand-off was asked for."""
    opened: set[str] = set()
    for line in incident.log:
        if line.type == PrivateCamerasUnlocked.__name__:
            opened.update(line.facts["camera_ids"])
        elif line.type == HandoffRequested.__name__ and line.facts["handoff_id"] == handoff_id:
            break
    return opened


def keeping(prepare: Prepare, footage: Footage) -> Prepare:
    """Return a preparation that first exempts the span from the ring's forgetting: what was handed off stays.

    A span that cannot be kept does not stop the hand-off: its clips are cut right after, from what is there.
    """

    async def prepared(incident: Incident, request: HandoffRequested) -> HandoffPackaged:
        span = (request.span_start, request.span_end)
        try:
            await asyncio.to_thread(footage.keep, request.camera_ids, *span, request.handoff_id)
        except (ConsoleError, OSError) as error:
            _log.error("the ring does not keep the span of hand-off %s: %s", request.handoff_id, error)
        return await prepare(incident, request)

    return prepared


def make_ways(
    workspace: Path,
    settings: Settings,
    clock: Clock,
    client: MakeClient,
    centre_name: str,
    link: MakeLink,
    allowed: Callable[[Written], Written] = lambda entries: entries,
) -> Ways:
    """Return how every recipient is reached; `allowed` says which of the written ways hold. Raises RecipientsRefused."""
    recipients = RecipientsFile(workspace)
    recipients.read()
    return Ways(
        WayParts(
            workspace=workspace,
            settings=settings,
            clock=clock,
            client=client,
            entries=lambda: allowed(recipients.now()),
            centre_name=centre_name,
            link=link,
        )
    )


def masks_for(ways: Ways, centre: Centre) -> Masks:
    """Return what a receiver may not see: where recipients.toml says masked, the cameras' privacy masks, lifted or not."""

    def masks(request: HandoffRequested, camera_id: str) -> Polygons:
        mask = centre.masks.get(camera_id)
        return mask.polygons if mask is not None and ways.is_masked(request) else ()

    return masks


def place_by(places: Places) -> PlaceOf:
    """Return where cameras stand, by the catalogue."""

    def where(camera_id: str) -> Position | None:
        found = places.camera_place(camera_id)
        return found[1] if found is not None else None

    return where


def _no_copies(clip: Path, polygons: Polygons, out_path: Path) -> None:
    del polygons, out_path
    raise PreparationFailed(why=f"{clip.name}: no masked copy can be made here")


def make_outbox(
    workspace: Path,
    settings: Settings,
    clock: Clock,
    parts: Parts,
    submit: Submit,
    ways: Ways,
    notices: Notices,
    centre: Centre,
    is_test: bool = False,
) -> Outbox:
    """Return the outbox over the real parts; who folds `centre` tells it of changes. Raises SigningKeyUnusable.

    `is_test`: every document of every package says that it is an exercise.
    """

    async def append(draft: Draft) -> list[Event]:
        return await asyncio.wrap_future(submit(draft))

    key = signing_key(workspace)
    copies = Copies(masks_for(ways, centre), parts.burn_masks or _no_copies)
    cut, still, place, name = parts.cut, parts.still, place_by(parts.places), parts.places.name
    marks = credentials(workspace, key, name, clock.now()) if settings.flag("handoff.c2pa") else None
    preparer = Preparer(workspace, key, clock, cut, still, name, copies, place, is_test, marks)
    return Outbox(
        OutboxParts(
            workspace=workspace,
            append=append,
            prepare=opened_only(keeping(preparer, parts.footage), parts.places.is_private),
            channel=ways.first,
            second=ways.second,
            notice=notices,
            pacing=pacing_from(settings),
        ),
        centre,
    )


def make_updates(settings: Settings, submit: Submit, ways: Ways, centre_name: str, centre: Centre) -> Updates:
    """Return what tells receivers of recalls and messages; who folds `centre` tells it of changes."""

    async def append(draft: Draft) -> list[Event]:
        return await asyncio.wrap_future(submit(draft))

    parts = UpdateParts(append=append, channel=ways.later, centre_name=centre_name, pacing=pacing_from(settings))
    return Updates(parts, centre)
