"""A request to a desk signed with the shared secret (HMAC-SHA256, RFC 2104), which then never travels itself.

    X-Smartcity-Time: <seconds since 1970>
    X-Smartcity-Signature: v1=<hex HMAC of time, method, path, Content-Range and SHA-256 of the body, a line each>

The SHA-256 is that of the body; of a package (PUT, HEAD) it is X-Content-SHA256, which is of the whole whatever part is sent.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

TIME, SIGNATURE = "x-smartcity-time", "x-smartcity-signature"
OLDEST_S, AHEAD_S = 240, 60


def signed(secret: str, now_s: int, method: str, path: str, sha256: str, content_range: str = "") -> dict[str, str]:
    """Return the two headers."""
    return {
        "X-Smartcity-Time": str(now_s),
        "X-Smartcity-Signature": _signature(secret, str(now_s), method, path, sha256, content_range),
    }


def is_signed(secret: str, now_s: float, method: str, path: str, sha256: str, headers: Mapping[str, str]) -> bool:
    """Return whether the headers (names in lower case) hold a signature of this secret over this request, not too old."""
    time_s, told = headers.get(TIME, ""), headers.get(SIGNATURE, "")
    if not time_s.isascii() or not time_s.isdecimal() or not -AHEAD_S <= now_s - int(time_s[:12]) <= OLDEST_S:
        return False
    wanted = _signature(secret, time_s, method, path, sha256.lower(), headers.get("content-range", ""))
    return hmac.compare_digest(wanted.encode(), told.encode())


def body_sha256(body: bytes) -> str:
    """Return the digest of a body as it is signed."""
    return hashlib.sha256(body).hexdigest()


def _signature(secret: str, time_s: str, method: str, path: str, sha256: str, content_range: str) -> str:
    message = "\n".join((time_s, method, path, content_range, sha256)).encode()
    return "v1=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
