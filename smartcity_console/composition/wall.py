"""What the walls are given besides pictures: the gateway's ring, and cameras of the city by their ids."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from smartcity_console.console.wall.ring_port import RingClip, Span
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import read_announcement, secret
from smartcity_console.tls import BesideIt

FETCH_LIMIT_S = 10.0


class ReplayUnavailable(ConsoleError):
    code = "replay_unavailable"
    ko = "{camera_id}의 지난 영상을 가져오지 못했습니다({why}). 실시간 영상은 그대로입니다. 잠시 뒤 다시 하십시오."
    en = "The past picture of {camera_id} could not be had ({why}). Live goes on. Try again in a moment."


class RingClient:
    """Asks the gateway of this workspace for its ring. Every call blocks: it belongs on a thread.

    `connections` are kept open: a scrub asks several times a second.
    """

    def __init__(self, workspace: Path, seat: str = "") -> None:
        self._workspace, self._seat = workspace, seat
        self._folder = tempfile.TemporaryDirectory(prefix="smartcity-replay-")
        self._numbers = count(1)
        self._beside = BesideIt(workspace, "gateway")
        self._lock = threading.Lock()
        self._believed: ssl.SSLContext | None = None
        self._http = self._client(None)

    def spans(self, camera_id: str) -> list[Span]:
        """Return what the ring holds of a camera, oldest first. Raises ReplayUnavailable."""
        answer = self._ask(camera_id, "spans", {}).json()
        return [(datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])) for one in answer["spans"]]

    def clip(self, camera_id: str, start: datetime, end: datetime) -> RingClip:
        """Fetch a span. Raises ReplayUnavailable; the caller removes the file."""
        wanted = {"start": start.isoformat(), "end": end.isoformat()}
        answer = self._ask(camera_id, "clip.mp4", wanted)
        path = Path(self._folder.name) / f"{next(self._numbers)}.mp4"
        path.write_bytes(answer.content)
        shown = (answer.headers.get("X-Clip-Start"), answer.headers.get("X-Clip-End"))
        begin, stop = (
            datetime.fromisoformat(text) if text else at for text, at in zip(shown, (start, end), strict=True)
        )
        return RingClip(path, begin, stop)

    def close(self) -> None:
        """Let go of the connections and remove what was fetched."""
        with self._lock:
            self._http.close()
        self._folder.cleanup()

    def _ask(self, camera_id: str, what: str, params: dict[str, Any]) -> httpx.Response:
        told = read_announcement(self._workspace, "gateway")
        if told is None:
            raise ReplayUnavailable(camera_id=camera_id, why="the gateway is down")
        try:
            address = str(told["addresses"]["http"])
            return (
                self._connections(address)
                .get(
                    f"{address}/ring/{camera_id}/{what}",
                    params=params,
                    headers={
                        "Authorization": f"Bearer {secret(self._workspace, 'gateway-console')}",
                        "X-Seat": self._seat,  # every look at recorded pictures goes into the access register
                    },
                )
                .raise_for_status()
            )
        except httpx.HTTPStatusError as error:
            raise ReplayUnavailable(camera_id=camera_id, why=_told(error.response)) from error
        except (httpx.HTTPError, RuntimeError) as error:
            raise ReplayUnavailable(camera_id=camera_id, why=type(error).__name__) from error

    def _connections(self, address: str) -> httpx.Client:
        """Return the connections that are kept open: others once the gateway shows another certificate."""
        believed = self._beside.context() if address.startswith("https:") else None
        with self._lock:
            if believed is not self._believed and not self._http.is_closed:
                self._http.close()
                self._believed, self._http = believed, self._client(believed)
            return self._http

    def _client(self, believed: ssl.SSLContext | None) -> httpx.Client:
        return httpx.Client(verify=believed or True, timeout=FETCH_LIMIT_S, trust_env=False)


def _told(response: httpx.Response) -> str:
    """Return what the gateway answered, in its own words."""
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {response.status_code}"


def in_order(ids: Sequence[str], found: Sequence[Any]) -> list[Any]:
    """Return cameras in the order in which they were asked for."""
    by_id = {one.camera_id: one for one in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]
