"""How each recipient is reached: the ways of recipients.toml, else of the settings, else the desk of this workspace."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import msgspec

from smartcity_console.clock import Clock
from smartcity_console.handoff import recipients as written
from smartcity_console.handoff.alternatives import Alternatives, Later, Way
from smartcity_console.handoff.channels import HttpDeskChannel, by_bearer, by_hmac
from smartcity_console.handoff.errors import CredentialRefused
from smartcity_console.handoff.folder import FolderChannel
from smartcity_console.handoff.mail import MailChannel, MailServer, MakeLink
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import HandoffRequested
from smartcity_console.runtime import read_announcement, secret
from smartcity_console.settings import Settings
from smartcity_console.tls import BesideIt

_log = logging.getLogger(__name__)
MakeClient = Callable[[ssl.SSLContext | None], httpx.AsyncClient]


class DeskAway(ConsoleError):
    code = "desk_away"
    ko = "{kind} 접수대가 이 작업 공간에서 돌고 있지 않습니다. 이관은 대기열에 남아 있으며 접수대가 뜨면 보냅니다. 접수대를 시작하십시오."
    en = "No {kind} desk runs on this workspace. The hand-off waits and is sent when the desk is up. Start the desk."


class _AbsentDesk:
    """A receiver that is not there yet: nothing can be told to it, but the evidence is cut and kept all the same."""

    def __init__(self, kind: AgencyKind) -> None:
        self._kind = kind

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:  # noqa: ARG002
        raise DeskAway(kind=self._kind)

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:  # noqa: ARG002
        raise DeskAway(kind=self._kind)

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:  # noqa: ARG002
        raise DeskAway(kind=self._kind)


class _Unfit:
    """A way whose key or certificate cannot be used: each try says so."""

    def __init__(self, error: CredentialRefused) -> None:
        self._error = error

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:  # noqa: ARG002
        raise self._error

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:  # noqa: ARG002
        raise self._error

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:  # noqa: ARG002
        raise self._error


class WayParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the ways are made with. `client` makes an HTTP client, for whom it is told to believe or for the system's
    authorities; a drill's reach its own desks alone."""

    workspace: Path
    settings: Settings
    clock: Clock
    client: MakeClient
    entries: Callable[[], Mapping[str, written.Entry]]  # as they are written now
    centre_name: str
    link: MakeLink


class Ways:
    """The channels of each request's recipient: `first`, the `second` ones while the first is out, `later` for updates."""

    def __init__(self, parts: WayParts) -> None:
        self._parts = parts
        self._client = parts.client(None)
        self._clients: dict[written.Https, httpx.AsyncClient] = {}
        self._beside: dict[AgencyKind, BesideIt] = {}
        self._to_beside: dict[ssl.SSLContext, httpx.AsyncClient] = {}

    async def aclose(self) -> None:
        """Close every connection."""
        for client in (self._client, *self._clients.values(), *self._to_beside.values()):
            await client.aclose()

    def first(self, request: HandoffRequested) -> Way:
        """Return the way that is used while it works."""
        return self._of(request)[0]

    def second(self, request: HandoffRequested) -> Alternatives | None:
        """Return what stands in while the first way is out, where anything is set."""
        others = self._of(request)[1:]
        return Alternatives(others) if others else None

    def later(self, request: HandoffRequested) -> Later:
        """Return how a recipient is told of recalls and messages."""
        return Later(self._of(request))

    def is_masked(self, request: HandoffRequested) -> bool:
        """Return whether this recipient gets masked copies only."""
        entry = self._parts.entries().get(request.agency_id)
        return entry is not None and entry.masked

    def _of(self, request: HandoffRequested) -> list[Way]:
        entry = self._parts.entries().get(request.agency_id)
        if entry is not None and entry.ways:
            return [self._way(one, request) for one in entry.ways]
        return self._usual(request)

    def _usual(self, request: HandoffRequested) -> list[Way]:
        """The desk at the address of the settings, else the one of this workspace; then the folder of the settings."""
        kind = request.agency_kind
        address = self._address(kind)
        ways: list[Way] = [_AbsentDesk(kind)]
        if address is not None:
            ways = [self._desk(self._client_for(kind, address), address, f"desk-{kind}", request)]
        is_set = kind in EMERGENCY_SERVICES and self._parts.settings.text(f"handoff.{kind}_folder")
        return [*ways, FolderChannel(Path(is_set), request.agency_name)] if is_set else ways

    def _address(self, kind: AgencyKind) -> str | None:
        if kind in EMERGENCY_SERVICES and (address := self._parts.settings.text(f"handoff.{kind}_url")):
            return address
        return self._own_address(kind)

    def _own_address(self, kind: AgencyKind) -> str | None:
        told = read_announcement(self._parts.workspace, f"desk-{kind}")
        return str(told["addresses"]["http"]) if told else None

    def _way(self, way: written.Way, request: HandoffRequested) -> Way:
        name, limit_s = request.agency_name, self._parts.settings.number("handoff.timeout_s")
        match way:
            case written.Https():
                return self._https(way, request)
            case written.Folder():
                return FolderChannel(Path(way.path), name, way.documents)
            case written.Sftp():
                from smartcity_console.handoff.sftp import SftpChannel  # SSH loads only where it is used

                key = self._parts.workspace / "secrets" / f"recipient-{request.agency_id}.sftp"
                return _Unfit(bad) if (bad := _unfit_key(key, name)) else SftpChannel(way, key, name, limit_s)
            case written.Mail():
                server = mail_server(self._parts.workspace, self._parts.settings)
                return MailChannel(server, way, name, self._parts.centre_name, self._parts.link, limit_s)

    def _https(self, way: written.Https, request: HandoffRequested) -> Way:
        try:
            client = self._client_of(way)
        except (OSError, ssl.SSLError) as error:
            return _Unfit(CredentialRefused(receiver=request.agency_name, why=f"TLS: {error}"))
        name = f"recipient-{request.agency_id}"
        return self._desk(client, way.url, name, request, is_hmac=way.auth == "hmac")

    def _desk(
        self, client: httpx.AsyncClient, url: str, token: str, request: HandoffRequested, is_hmac: bool = False
    ) -> HttpDeskChannel:
        shared = secret(self._parts.workspace, token)
        credential = by_hmac(shared, self._parts.clock) if is_hmac else by_bearer(shared)
        limit_s = self._parts.settings.number("handoff.timeout_s")
        return HttpDeskChannel(client, url, credential, request.agency_name, limit_s)

    def _client_for(self, kind: AgencyKind, address: str) -> httpx.AsyncClient:
        """Return the client of a usual way: a desk of this workspace is known by the certificate that it laid down."""
        if self._own_address(kind) != address or not address.startswith("https:"):
            return self._client
        beside = self._beside.setdefault(kind, BesideIt(self._parts.workspace, f"desk-{kind}"))
        if (context := beside.context()) is None:
            return self._client
        if context not in self._to_beside:
            self._to_beside[context] = self._parts.client(context)
        return self._to_beside[context]

    def _client_of(self, way: written.Https) -> httpx.AsyncClient:
        """Return the client of a desk's TLS, made once. Raises OSError, ssl.SSLError when a file is unfit."""
        if not (way.ca or way.certificate):
            return self._client
        if way not in self._clients:
            context = ssl.create_default_context(cafile=way.ca or None)
            if way.certificate:
                context.load_cert_chain(way.certificate, way.key)
            self._clients[way] = self._parts.client(context)
        return self._clients[way]


def mail_server(workspace: Path, settings: Settings) -> MailServer:
    """Return the centre's mail server; its password lies in `secrets/mail.password` (0600)."""
    password = workspace / "secrets" / "mail.password"
    return MailServer(
        host=settings.text("mail.host"),
        port=settings.whole("mail.port"),
        sender=settings.text("mail.sender"),
        tls=settings.text("mail.tls"),
        user=settings.text("mail.user"),
        password=password.read_text("utf-8").strip() if password.is_file() else "",
        ca=settings.text("mail.ca"),
    )


def _unfit_key(path: Path, name: str) -> CredentialRefused | None:
    """Return why a private key is not used: it is not there, or others may read it."""
    if not path.is_file():
        return CredentialRefused(receiver=name, why=f"no key secrets/{path.name}")
    return (
        CredentialRefused(receiver=name, why=f"secrets/{path.name} is not 0600")
        if path.stat().st_mode & 0o077
        else None
    )
