"""What the gateway may reach beyond itself: the world as it is set, or in a drill its own desks and feeds alone."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from smartcity_console.drill.facts import DrillFacts
from smartcity_console.gateway.call_back import CallBack, CallFailed
from smartcity_console.handoff.guard import DrillGuard, GuardedTransport, is_loopback
from smartcity_console.handoff.recipients import Entry
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.sender import FirmRecord
from smartcity_console.runtime import read_announcement
from smartcity_console.settings import Settings
from smartcity_console.tls import believing

_SHUT = {
    "handoff.police_url": "",
    "handoff.fire_url": "",
    "handoff.police_folder": "",
    "handoff.fire_folder": "",
    "handoff.link_url": "",
    "gateway.http.url": "",
    "gateway.http.certificate": "",
    "gateway.http.key": "",
    "intake.mqtt.host": "",
    "mail.host": "",
}
"""Settings that lead outside, as a drill's gateway reads them whatever they say."""
_LISTENING = ("intake.dc09", "intake.dc09_udp", "intake.linked", "intake.webhook", "gateway.http")


class DrillUnguarded(ConsoleError):
    code = "drill_unguarded"
    ko = "훈련의 관문을 시작하지 않았습니다: {why}. 훈련이 실제 기관에 닿을 수 있었습니다. 아무것도 보내지 않았습니다. 훈련을 새로 시작하십시오."
    en = "The drill's gateway was not started: {why}. It could have reached real agencies. Nothing was sent. Begin the drill anew."


class Outside:
    """The world as the settings have it."""

    is_drill = False

    def __init__(self, workspace: Path, settings: Settings) -> None:
        self.workspace, self.settings = workspace, settings

    def client(self, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
        """Return an HTTP client for deliveries; whoever asks closes it. `tls`: whom it believes; None: the system's
        authorities."""
        return httpx.AsyncClient(verify=tls or believing(""), trust_env=False)

    def recipients(self, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        """Return by which of the written ways (recipients.toml) anybody may be reached."""
        return entries

    def call_back(self) -> CallBack | None:
        """Return who calls firms back; None: the usual one."""
        return None

    def streams(self, streams: dict[str, str]) -> dict[str, str]:
        """Return the camera streams that may be opened."""
        return streams


class DrillOutside(Outside):
    """Nothing but this drill's own desks and feeds, all on this machine."""

    is_drill = True

    def __init__(self, workspace: Path, settings: Settings) -> None:
        super().__init__(workspace, settings.replaced(_SHUT))
        self.guard = DrillGuard(lambda: own_desks(workspace))

    def client(self, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
        inner = httpx.AsyncHTTPTransport(verify=tls or believing(""), trust_env=False)
        return httpx.AsyncClient(transport=GuardedTransport(self.guard, inner), trust_env=False)

    def recipients(self, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        del entries
        return {}

    def call_back(self) -> CallBack | None:
        return _NobodyIsCalled(self.settings)

    def streams(self, streams: dict[str, str]) -> dict[str, str]:
        own = own_feeds(self.workspace)
        return {camera: url for camera, url in streams.items() if _feed_of(url) == own and own is not None}


class _NobodyIsCalled(CallBack):
    """A firm is told nothing of a drill."""

    async def send(self, firm: FirmRecord, key_id: str, key: Key, return_id: str, body: bytes, now: datetime) -> int:
        del firm, key_id, key, return_id, body, now
        raise CallFailed("this is a drill: nobody outside is told", lasting=True)


Make = Callable[[Path, Settings], Outside]


def outside_of(
    facts: DrillFacts | None, workspace: Path, settings: Settings, make_drill: Make = DrillOutside
) -> Outside:
    """Return what this gateway may reach. Raises DrillUnguarded where a drill's gateway would have no guard, or would
    be heard beyond this machine."""
    if facts is None:
        return Outside(workspace, settings)
    made = make_drill(workspace, settings)
    if not (isinstance(made, DrillOutside) and isinstance(made.guard, DrillGuard)):
        raise DrillUnguarded(why="no guard")
    for prefix in _LISTENING:
        if not is_loopback(settings.text(f"{prefix}.host")):
            raise DrillUnguarded(why=f"{prefix}.host = {settings.text(f'{prefix}.host')}")
    return made


def own_desks(workspace: Path) -> list[str]:
    """Return the addresses that the desks which run on this workspace announce."""
    told = (read_announcement(workspace, f"desk-{kind}") for kind in AgencyKind)
    return [str(one["addresses"]["http"]) for one in told if one is not None]


def own_feeds(workspace: Path) -> tuple[str, int | None] | None:
    """Return host and port of the feeds that run on this workspace; None while none do."""
    told = read_announcement(workspace, "feeds")
    return _feed_of(str(told["addresses"]["rtsp"])) if told is not None else None


def _feed_of(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        return (parts.hostname, parts.port) if parts.hostname and is_loopback(parts.hostname) else None
    except ValueError:
        return None
