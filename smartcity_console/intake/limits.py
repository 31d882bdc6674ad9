"""How much one sender may send: token buckets, one for each account or address, bounded in number."""

from __future__ import annotations

import msgspec


class _Bucket(msgspec.Struct):
    tokens: float
    at_s: float


class TokenBuckets:
    """Each key may take `burst` at once and `rate_s` a second in the long run. Times are monotonic seconds.

    At most `most` keys are held. When there are more, those that have been idle until they were full again go: they
    would begin full anyway. If all are busy the oldest half goes.
    """

    def __init__(self, rate_s: float, burst: float, most: int = 20_000) -> None:
        self._rate_s, self._burst, self._most = rate_s, burst, most
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, now_s: float) -> bool:
        """Take one token; False when there is none left."""
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._most:
                self._forget(now_s)
            self._buckets[key] = _Bucket(self._burst - 1.0, now_s)
            return self._burst >= 1.0
        tokens = min(self._burst, bucket.tokens + (now_s - bucket.at_s) * self._rate_s)
        bucket.at_s = now_s
        bucket.tokens = tokens - 1.0 if tokens >= 1.0 else tokens
        return tokens >= 1.0

    def __len__(self) -> int:
        return len(self._buckets)

    def _forget(self, now_s: float) -> None:
        busy = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.tokens + (now_s - bucket.at_s) * self._rate_s < self._burst
        }
        oldest = len(busy) - self._most // 2
        self._buckets = dict(list(busy.items())[oldest:]) if oldest > 0 else busy
