"""Puts the outbox together: who receives, what it is told, what is cut, and what the ring then keeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import Footage, Parts
from smartcity_console.gateway.tokens import LIVE, RECEIPTS, Tokens
from smartcity_console.handoff.channels import HttpDeskChannel
from smartcity_console.handoff.keys import signing_key
from smartcity_console.handoff.notice import LiveGrant, ReceiptsGrant, build_notice, encode_notice
from smartcity_console.handoff.outbox import Outbox, OutboxParts, Prepare
from smartcity_console.handoff.pacing import pacing_from
from smartcity_console.handoff.prepare import Preparer
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, HandoffPackaged, HandoffRequested
from smartcity_console.model.incident import Incident
from smartcity_console.runtime import secret
from smartcity_console.settings import Settings

_log = logging.getLogger(__name__)
Submit = Callable[..., Future[list[Event]]]


class Notices:
    """Writes the notice of a hand-off: what a desk gets first, with its leave to watch and to answer."""

    def __init__(self, tokens: Tokens, http_address: str, centre_name: str) -> None:
        self._tokens, self._http_address, self._centre_name = tokens, http_address, centre_name

    def __call__(self, incident: Incident, request: HandoffRequested) -> bytes:
        notice = build_notice(
            incident,
            request,
            live=self._live(request),
            receipts=ReceiptsGrant(
                url=f"{self._http_address}/receipts", token=self._tokens.make(RECEIPTS, request.handoff_id)
            ),
            centre_name=self._centre_name,
            is_test=False,
        )
        return encode_notice(notice)

    def _live(self, request: HandoffRequested) -> LiveGrant:
        return LiveGrant(
            url=f"ws://{urlsplit(self._http_address).netloc}/live",
            token=self._tokens.make(LIVE, request.handoff_id),
            until=request.live_until,
            camera_ids=request.camera_ids,
        )


class Desks:
    """The channel of each agency kind, at the address that its setting names."""

    def __init__(self, client: httpx.AsyncClient, workspace: Path, settings: Settings) -> None:
        self._client, self._workspace, self._settings = client, workspace, settings

    def __call__(self, request: HandoffRequested) -> HttpDeskChannel:
        return HttpDeskChannel(
            self._client,
            self._settings.text(f"handoff.{request.agency_kind}_url"),
            secret(self._workspace, f"desk-{request.agency_kind}"),
            request.agency_name,
            self._settings.number("handoff.timeout_s"),
        )


def keeping(prepare: Prepare, footage: Footage) -> Prepare:
    """Return a preparation that first exempts the span from the ring's forgetting: what was handed off stays."""

    async def prepared(incident: Incident, request: HandoffRequested) -> HandoffPackaged:
        await asyncio.to_thread(_keep, footage, incident.id, request)
        return await prepare(incident, request)

    return prepared


def make_outbox(
    workspace: Path,
    settings: Settings,
    clock: Clock,
    parts: Parts,
    submit: Submit,
    client: httpx.AsyncClient,
    notices: Notices,
) -> Outbox:
    """Return the outbox over the real parts. Raises SigningKeyUnusable."""

    async def append(draft: Draft) -> list[Event]:
        return await asyncio.wrap_future(submit(draft))

    preparer = Preparer(workspace, signing_key(workspace), clock, parts.cut, parts.still)
    return Outbox(
        OutboxParts(
            workspace=workspace,
            append=append,
            prepare=keeping(preparer, parts.footage),
            channel=Desks(client, workspace, settings),
            notice=notices,
            pacing=pacing_from(settings),
        )
    )


def _keep(footage: Footage, incident_id: str, request: HandoffRequested) -> None:
    """A camera whose span cannot be kept is a gap told by the cut; the others are kept all the same."""
    for camera_id in request.camera_ids:
        try:
            footage.keep(camera_id, request.span_start, request.span_end, f"{incident_id} {request.handoff_id}")
        except ConsoleError as error:
            _log.info("span of %s not kept: %s", camera_id, error.sentence("en"))
