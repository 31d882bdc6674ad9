"""The webhook's door: the intake's HTTP application served beside the gateway's own, by TLS wherever it leaves the machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from typing import Any

import msgspec

from smartcity_console.gateway.server import EmbeddedServer
from smartcity_console.intake.webhook.app import PROTOCOL, Webhook
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings
from smartcity_console.tls import server_context
from smartcity_console.web import is_this_machine

_STOP_LIMIT_S = 2.0


class WebhookUnsafe(ConsoleError):
    code = "webhook_unsafe"
    ko = (
        "웹훅을 {host}에서 암호화 없이 열지 않았습니다({why}). 다른 수신은 그대로입니다. "
        "intake.webhook.certificate 와 intake.webhook.key 를 설정하십시오."
    )
    en = (
        "The webhook was not opened on {host} without encryption ({why}). Nothing was started. "
        "Set intake.webhook.certificate and intake.webhook.key."
    )


class WebhookServer:
    """A Receiver over HTTP."""

    name = PROTOCOL

    def __init__(self, webhook: Webhook, sock: socket.socket, settings: Settings) -> None:
        """Raises WebhookUnsafe when it would serve other machines in clear, CertificateUnfit."""
        self._webhook, self._sock = webhook, sock
        self._server = _make_server(webhook, settings)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._server.run_on(self._sock))

    async def stop(self) -> None:
        """Take no more requests; those begun have a moment to end."""
        task, self._task = self._task, None
        if task is None:
            return
        self._server.should_exit = True
        await asyncio.wait({task}, timeout=_STOP_LIMIT_S)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    def figures(self) -> Mapping[str, Any]:
        """Return the counters."""
        return dict(msgspec.to_builtins(self._webhook.counters))


def _make_server(webhook: Webhook, settings: Settings) -> EmbeddedServer:
    host, tls = settings.text("intake.webhook.host"), server_context("intake.webhook", settings)
    if tls is None and not is_this_machine(host):
        raise WebhookUnsafe(host=host, why="no certificate")
    return EmbeddedServer(webhook.app(), tls)
