"""The desk as a program: lock, port, announcement, server, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from smartcity_console.clock import Clock
from smartcity_console.desk.app import BaseMap, DeskParts, desk_app
from smartcity_console.desk.inbox import Inbox
from smartcity_console.desk.receipts import ReceiptSender
from smartcity_console.desk.store import DeskStore
from smartcity_console.desk.users import Users, users_path
from smartcity_console.handoff.keys import fingerprint, load_public_pem
from smartcity_console.handoff.pacing import pacing_from
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import ProgramLock, announce, bind_tcp, secret
from smartcity_console.settings import Settings
from smartcity_console.tls import CertificateUnfit, believing, facts_of, lay_down, server_context
from smartcity_console.web import HastyProtocol, HastyServer, is_this_machine

log = logging.getLogger(__name__)

_GRACE_S = 3
MOST_CONNECTIONS = 512


class DeskUnsafe(ConsoleError):
    code = "desk_unsafe"
    ko = (
        "접수대를 {host}에서 열지 않았습니다({why}). 받은 이관은 그대로입니다. 이 컴퓨터 밖에서 쓰려면 "
        "desk.http.certificate 와 desk.http.key 를 설정하고 desk-user add 로 사용자를 만드십시오."
    )
    en = (
        "The desk was not opened on {host} ({why}). Hand-offs that came are kept. To use it from other machines set "
        "desk.http.certificate and desk.http.key, and make users with desk-user add."
    )


def require_safe(agency: AgencyKind, workspace: Path, settings: Settings) -> None:
    """Raises DeskUnsafe when other machines could reach the desk in clear or without a login, CertificateUnfit, and
    UsersUnsafe when the file of users is not to be trusted."""
    host = settings.text("desk.http.host")
    has_users = Users(users_path(workspace, agency)).has_any()
    if not is_this_machine(host) and not settings.text("desk.http.certificate"):
        raise DeskUnsafe(host=host, why="no certificate")
    if not is_this_machine(host) and not has_users:
        raise DeskUnsafe(host=host, why="no users")
    shown_by(settings)
    believed_by(settings)


def shown_by(settings: Settings) -> ssl.SSLContext | None:
    """Return what the desk shows, and from whom it wants to see a certificate. Raises CertificateUnfit."""
    context, authority = server_context("desk.http", settings), settings.text("desk.http.client_ca")
    if context is not None and authority:
        try:
            context.load_verify_locations(authority)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CertificateUnfit(setting="desk.http.client_ca", path=authority, why=why) from None
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def believed_by(settings: Settings) -> ssl.SSLContext:
    """Return whom the desk believes to be the centre when it sends receipts. Raises CertificateUnfit.

    A gateway of the same settings is believed by its own certificate too: on one machine nothing more is to be set.
    """
    authority, own = settings.text("desk.gateway_ca"), settings.text("gateway.http.certificate")
    try:
        return believing(authority, own if Path(own).is_file() else "")
    except (OSError, ValueError) as error:
        path = authority or own
        raise CertificateUnfit(setting="desk.gateway_ca", path=path, why=type(error).__name__) from None


class DeskServer(HastyServer):
    """Ends the page's long answers first: they would otherwise hold up the stop until the grace runs out. A signal is
    a request to stop, not a death: the program ends with exit code 0."""

    def __init__(self, config: uvicorn.Config, end_long_answers: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_long_answers = end_long_answers

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM end the serving (uvicorn's own would raise them again afterwards)."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_long_answers()
        await super().shutdown(sockets)


def run_desk(agency: AgencyKind, workspace: Path, settings: Settings, clock: Clock, base: BaseMap | None = None) -> int:
    """Serve the desk until SIGINT or SIGTERM; return the exit code.

    Raises AlreadyRunning, PortInUse, AddressRefused, JournalDamaged, DeskUnsafe, CertificateUnfit: each before anything
    was announced.
    """
    program = f"desk-{agency}"
    require_safe(agency, workspace, settings)
    lock = ProgramLock(workspace, program)
    lock.acquire()
    try:
        host = settings.text("desk.http.host")
        listener = bind_tcp(host, settings.whole("desk.http.port"), program, "desk.http.port")
        with contextlib.closing(listener):
            scheme = "https" if settings.text("desk.http.certificate") else "http"
            address = f"{scheme}://{_bracketed(host)}:{listener.getsockname()[1]}"
            asyncio.run(serve(agency, workspace, settings, clock, base, listener, address))
    finally:
        lock.release()
    return 0


async def serve(
    agency: AgencyKind,
    workspace: Path,
    settings: Settings,
    clock: Clock,
    base: BaseMap | None,
    listener: socket.socket,
    address: str,
) -> None:
    """Serve on a listening socket until told to stop; announced once the desk's journal was found sound."""
    program = f"desk-{agency}"
    directory = workspace / program
    store, tls = DeskStore(directory, clock), shown_by(settings)
    chain = store.watch_chain(settings)
    closing = asyncio.Event()
    try:
        async with httpx.AsyncClient(verify=believed_by(settings), trust_env=False) as client:
            sender = ReceiptSender(store, client, pacing_from(settings), settings.number("handoff.timeout_s"))
            parts = DeskParts(
                agency=agency,
                receiver=_RECEIVERS[agency],
                token=secret(workspace, program),
                store=store,
                sender=sender,
                inbox=Inbox(store, trusted_keys(directory / "trusted")),
                clock=clock,
                closing=closing,
                base=base,
                users_file=users_path(workspace, agency),
                secure=bool(settings.text("desk.http.certificate")),
                longest_session=timedelta(hours=settings.number("desk.session_h")),
                idle_session=timedelta(hours=settings.number("desk.idle_h")),
                hosts=_hosts(settings.text("desk.http.host"), settings.text("desk.http.certificate")),
                chain=chain.figures,
            )
            config = uvicorn.Config(
                desk_app(parts, _sending(sender)),
                http=HastyProtocol,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=5,
                ssl_context_factory=(lambda *_: tls) if tls is not None else None,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_GRACE_S,
                server_header=False,
                ws="none",
            )

            def end_long_answers() -> None:
                closing.set()
                store.wake()

            lay_down(workspace, program, settings.text("desk.http.certificate"))
            announce(workspace, program, {"http": address})
            chain.start()
            await DeskServer(config, end_long_answers).serve([listener])
    finally:
        chain.close()
        store.close()


_RECEIVERS = {
    AgencyKind.POLICE: "112",
    AgencyKind.FIRE: "119",
    AgencyKind.CENTRE: "관제센터",
    AgencyKind.FACILITY: "시설",
}


def trusted_keys(directory: Path) -> frozenset[str]:
    """Return the fingerprints of the public keys laid into `directory` (*.pem); none: any signer is taken and shown."""
    keys = {path: load_public_pem(path.read_bytes()) for path in sorted(directory.glob("*.pem"))}
    for path in (path for path, key in keys.items() if key is None):
        log.warning("%s is no Ed25519 public key and counts for nothing", path)
    return frozenset(fingerprint(key) for key in keys.values() if key is not None)


def _sending(sender: ReceiptSender) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(sender.run(), name="receipts")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lifespan


def _hosts(host: str, certificate: str) -> list[str]:
    """Return the names under which the page may be asked for: its own and its certificate's; a desk on every address
    answers to any name. Raises OSError, ValueError for a certificate that cannot be read."""
    if host in ("0.0.0.0", "::"):
        return ["*"]
    return [host, "127.0.0.1", "localhost", *(facts_of(Path(certificate)).names if certificate else ())]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
