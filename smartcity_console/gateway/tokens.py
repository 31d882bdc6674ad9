"""Tokens for one purpose of one hand-off: made of the gateway's own secret, so that they survive its restart.

`<handoff id>.<HMAC-SHA256 over purpose and id, base64url>`. A token carries no right by itself: expiry and scope are
asked of the journal each time it is shown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC

from smartcity_console.model.events import HandoffRequested

LIVE = "live"
RECEIPTS = "receipts"

_SHAPE = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{43})")


class Tokens:
    """Makes and checks tokens under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def make(self, purpose: str, handoff_id: str, scope: str = "") -> str:
        """Return the token; safe in a header and as a WebSocket subprotocol. It holds for this scope only."""
        return f"{handoff_id}.{self._mac(purpose, handoff_id, scope)}"

    def handoff_of(self, purpose: str, token: str) -> str | None:
        """Return the hand-off that a token stands for; None when it was not made here for this purpose."""
        return self.claimed(token) if self.is_genuine(purpose, token) else None

    def claimed(self, token: str) -> str:
        """Return the hand-off that a token names, genuine or not; "" when it has not the shape of one."""
        match = _SHAPE.fullmatch(token)
        return match[1] if match else ""

    def is_genuine(self, purpose: str, token: str, scope: str = "") -> bool:
        """Return whether a token was made here for this purpose and exactly this scope."""
        match = _SHAPE.fullmatch(token)
        return match is not None and hmac.compare_digest(match[2], self._mac(purpose, match[1], scope))

    def _mac(self, purpose: str, handoff_id: str, scope: str = "") -> str:
        message = f"{len(purpose)}:{purpose}:{handoff_id}{scope and chr(10)}{scope}".encode()
        digest = hmac.new(self._secret, message, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def live_scope(incident_id: str, request: HandoffRequested) -> str:
    """Return what a live token is bound to: incident, receiver, cameras, expiry."""
    until = request.live_until.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps([incident_id, request.agency_kind, request.agency_id, sorted(request.camera_ids), until])


def bearer(header: str) -> str:
    """Return the token of an Authorization header; "" when there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_secret(shown: str, secret: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(shown.encode(), secret.encode())
