"""The connection to the broker: paho's thread on one side, the gateway's loop on the other, a bounded number between.

A message of QoS 1 is acknowledged to the broker after its commit; the session is kept, so that what comes while the
gateway is away waits at the broker.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from smartcity_console.intake.mqtt.desk import MessageDesk
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings

_MOST_WAITING = 64
_QOS = 1
_WAIT_S = 5.0
_AGAIN_S = 1.0
_log = logging.getLogger(__name__)


class MqttSubscriber:
    """A Receiver that calls out instead of listening."""

    name = "mqtt"

    def __init__(self, desk: MessageDesk, workspace: Path, settings: Settings) -> None:
        self._desk = desk
        self._address = settings.text("intake.mqtt.host"), settings.whole("intake.mqtt.port")
        self._topics = [topic.strip() for topic in settings.text("intake.mqtt.topics").split(",") if topic.strip()]
        self._client = _make_client(workspace, settings)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._came
        self._waiting = threading.Semaphore(_MOST_WAITING)
        self._taking: set[Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopped = False

    async def start(self) -> None:
        """Begin to connect; a broker that is away is tried again by itself, at most a minute apart."""
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(*self._address, keepalive=20)
        self._client.loop_start()

    async def stop(self) -> None:
        """Take no more and join paho's thread. What was not stored was not acknowledged."""
        if self._loop is None or self._is_stopped:
            return
        self._is_stopped = True
        for taking in tuple(self._taking):
            taking.cancel()
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def figures(self) -> Mapping[str, Any]:
        """Return the counters."""
        return dict(msgspec.to_builtins(self._desk.counters))

    # ---- on paho's thread -------------------------------------------------------------------------------------------

    def _connected(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            _log.error("the MQTT broker refuses this gateway: %s", reason)
            return
        self._desk.counters.connected = True
        for topic in self._topics:
            client.subscribe(topic, qos=_QOS)

    def _disconnected(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._desk.counters.connected = False
        if reason.is_failure and not self._is_stopped:
            _log.info("the MQTT broker is gone (%s); it is tried again", reason)

    def _came(self, client: Client, _data: Any, message: MQTTMessage) -> None:
        if self._loop is None or self._is_stopped or not self._has_room(message):
            self._desk.counters.dropped += 1
            return
        taking = asyncio.run_coroutine_threadsafe(self._keep_trying(message), self._loop)
        self._taking.add(taking)
        taking.add_done_callback(lambda done: self._taken(client, message, done))

    def _has_room(self, message: MQTTMessage) -> bool:
        """What is acknowledged may hold the connection up for a moment; what is not (QoS 0) never does."""
        return self._waiting.acquire(timeout=_WAIT_S) if message.qos else self._waiting.acquire(blocking=False)

    def _taken(self, client: Client, message: MQTTMessage, done: Future[None]) -> None:
        self._taking.discard(done)
        self._waiting.release()
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            client.ack(message.mid, message.qos)
        else:
            _log.error("a message of the MQTT broker could not be handled", exc_info=error)

    # ---- on the gateway's loop --------------------------------------------------------------------------------------

    async def _keep_trying(self, message: MQTTMessage) -> None:
        """Store a message; while the journal cannot, it waits here: the broker would send it again only much later."""
        while True:
            try:
                return await self._desk.take(message.topic, bytes(message.payload))
            except ConsoleError:  # told by the inbox, once for as long as it lasts
                self._desk.counters.unanswered += 1
                await asyncio.sleep(_AGAIN_S)


def _make_client(workspace: Path, settings: Settings) -> Client:
    """One name a workspace: the broker keeps its session under it."""
    name = hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:12]
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"smartcity-{name}", clean_session=False, manual_ack=True)
    client.reconnect_delay_set(1, 60)
    user = settings.text("intake.mqtt.user")
    if user:
        client.username_pw_set(user, _password(workspace))
    if settings.flag("intake.mqtt.tls"):
        client.tls_set(ca_certs=settings.text("intake.mqtt.ca") or None)
    return client


class PasswordRefused(ConsoleError):
    code = "mqtt_password_refused"
    ko = "MQTT 비밀번호 파일 {path}을(를) 쓸 수 없습니다({why}). 게이트웨이를 시작하지 않았습니다. 파일을 고치십시오."
    en = "The MQTT password's file {path} cannot be used ({why}). The gateway was not started. Mend the file."


def _password(workspace: Path) -> str:
    path = workspace / "secrets" / "mqtt.password"
    try:
        if path.stat().st_mode & 0o077:
            raise PasswordRefused(path="secrets/mqtt.password", why="others may read it: chmod 600")
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise PasswordRefused(path="secrets/mqtt.password", why=error.strerror) from None
