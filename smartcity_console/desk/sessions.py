"""Who is logged in: a random token in a cookie here, only its digest on disk, so that a restart logs nobody out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.runtime import write_atomically

MOST_SESSIONS = 200


class Session(msgspec.Struct):
    """`seen_at` is kept in memory only: an idle session is looked at, not written."""

    user: str
    since: datetime
    seen_at: datetime


class Sessions:
    """Bounded: beyond the bound the oldest goes."""

    def __init__(self, path: Path, clock: Clock, longest: timedelta, idle: timedelta) -> None:
        self._path, self._clock, self._longest, self._idle = path, clock, longest, idle
        self._sessions = self._read()

    def open(self, user: str) -> str:
        """Return the token of a new session. Blocks for one small write."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        self._sessions = {key: s for key, s in self._sessions.items() if self._holds(s, now)}
        while len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        self._sessions[_digest(token)] = Session(user, now, now)
        self._write()
        return token

    def user(self, token: str) -> str:
        """Return whose session it is; "" when it is none, or over."""
        session, now = self._sessions.get(_digest(token)), self._clock.now()
        if session is None or not self._holds(session, now):
            return ""
        session.seen_at = now
        return session.user

    def close(self, token: str) -> None:
        """End a session. Blocks for one small write."""
        if self._sessions.pop(_digest(token), None) is not None:
            self._write()

    def _holds(self, session: Session, now: datetime) -> bool:
        return now - session.since < self._longest and now - session.seen_at < self._idle

    def _write(self) -> None:
        write_atomically(self._path, msgspec.json.encode(self._sessions), 0o600)

    def _read(self) -> dict[str, Session]:
        try:
            sessions = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Session])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}  # everybody logs in again
        for session in sessions.values():
            session.seen_at = self._clock.now()  # when it was used last is not known: the longest time still holds
        return sessions


def csrf_token(session_token: str) -> str:
    """Return what a changing request of this session has to carry: known to the page, not to another site."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
