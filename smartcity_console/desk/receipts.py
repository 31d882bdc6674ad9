"""The desk's own outbox: every answer reaches the centre, in order, however long the centre is away."""

from __future__ import annotations

import asyncio
import logging
import ssl

import httpx
import msgspec

from smartcity_console.desk.state import DeskHandoff, DeskReceipt
from smartcity_console.desk.store import DeskStore
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError

log = logging.getLogger(__name__)


class ReceiptSender:
    """Posts receipts that the journal holds and the centre has not acknowledged. `run` until it is cancelled."""

    def __init__(self, store: DeskStore, client: httpx.AsyncClient, pacing: Pacing, timeout_s: float = 10.0) -> None:
        self._store = store
        self._client = client
        self._pacing = pacing
        self._timeout = httpx.Timeout(timeout_s)
        self.last_failure = ""

    async def run(self) -> None:
        """Send what waits, then sleep until something changes or the next try is due."""
        changed = self._store.listen()
        failures = 0
        try:
            while True:
                changed.clear()
                sent_all = await self.send_waiting()
                failures = 0 if sent_all else failures + 1
                await self._pause(changed, failures)
        finally:
            self._store.unlisten(changed)

    async def send_waiting(self) -> bool:
        """Try every waiting receipt once; return whether none is left. One centre's silence holds up no other."""
        outcomes = [await self._send_of(handoff) for handoff in self._store.all() if handoff.unsent()]
        return all(outcomes)

    async def _pause(self, changed: asyncio.Event, failures: int) -> None:
        wait_s = self._pacing.wait_s(failures) if failures else None
        try:
            async with asyncio.timeout(wait_s):
                await changed.wait()
        except TimeoutError:
            return

    async def _send_of(self, handoff: DeskHandoff) -> bool:
        for receipt in handoff.unsent():
            if not await self._send(receipt) or not await self._note_sent(receipt):
                return False
        return True

    async def _note_sent(self, receipt: DeskReceipt) -> bool:
        """Record the acknowledgement; when the disk refuses, the receipt goes out again later and changes nothing."""
        sent = ev.DeskReceiptSent(handoff_id=receipt.handoff_id, receipt_id=receipt.receipt_id)
        try:
            await self._store.record(receipt.handoff_id, lambda _: sent)
        except ConsoleError as error:
            return self._failed(receipt, error.code)
        return True

    async def _send(self, receipt: DeskReceipt) -> bool:
        """Post one receipt; its id makes a repetition harmless. A failure is kept in words for the page."""
        try:
            grant = self._store.grants(receipt.handoff_id).receipts
            headers = {"Authorization": f"Bearer {grant.token}", "Content-Type": "application/json"}
            body = msgspec.json.encode(receipt)
            response = await self._client.post(grant.url, headers=headers, content=body, timeout=self._timeout)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, msgspec.DecodeError) as error:
            return self._failed(receipt, _why(error))
        if response.status_code != 200:
            return self._failed(receipt, f"HTTP {response.status_code}")
        self.last_failure = ""
        return True

    def _failed(self, receipt: DeskReceipt, why: str) -> bool:
        """Keep the reason for the page; log it when it is a new one, not at every try."""
        if why != self.last_failure:
            log.warning("receipt %s (%s) not delivered: %s; trying on", receipt.receipt_id, receipt.stage, why)
        self.last_failure = why
        return False


def _why(error: BaseException) -> str:
    """Return a failure in words; one of TLS says what is wrong with the certificate (httpx keeps that as the context)."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"TLS: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
