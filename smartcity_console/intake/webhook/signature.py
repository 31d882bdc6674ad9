"""The signature: HMAC-SHA256 over the time and the body, in three headers, good for four minutes.

X-Smartcity-Key: k-7f3a
X-Smartcity-Time: 1700000000                    seconds since 1970, UTC
X-Smartcity-Signature: v1=HEX                   of HMAC-SHA256(secret, time + "." + body)
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from smartcity_console.intake.webhook.keys import Key

KEY, TIME, SIGNATURE = "x-smartcity-key", "x-smartcity-time", "x-smartcity-signature"
OLD_S, AHEAD_S = 240, 60
"""Together no longer than repeats are known (`duplicates.MEMORY`): a request that was seen cannot be played again."""


class SignatureRefused(Exception):
    """A request is not signed as it must be; `reason` tells its sender no more than he needs to mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(secret: str, time_s: int, body: bytes) -> str:
    """Return the signature header's value."""
    return "v1=" + hmac.new(secret.encode(), f"{time_s}.".encode() + body, hashlib.sha256).hexdigest()


def check(headers: Mapping[str, str], body: bytes, keys: Mapping[str, Key], now: datetime) -> tuple[str, Key]:
    """Return id and key of the signer. Raises SignatureRefused; an unknown key and a wrong signature look the same."""
    key_id, told = headers.get(KEY, ""), headers.get(SIGNATURE, "")
    key = keys.get(key_id)
    time_s = _time_s(headers.get(TIME, ""))
    wanted = sign(key.secret if key else "", time_s, body)
    if not hmac.compare_digest(wanted.encode(), told.encode()) or key is None:
        raise SignatureRefused("the key or the signature is not known here")
    if not -AHEAD_S <= now.timestamp() - time_s <= OLD_S:
        told = f"its time is more than {OLD_S} s old or {AHEAD_S} s ahead"
        raise SignatureRefused(f"{told}; the time here is {int(now.timestamp())}")
    return key_id, key


def _time_s(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise SignatureRefused("X-Smartcity-Time must be whole seconds since 1970")
    return int(text)
