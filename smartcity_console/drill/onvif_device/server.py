"""The device's two ends: SOAP over HTTP, and the answer to WS-Discovery probes over UDP. Threads owned and joined."""

from __future__ import annotations

import contextlib
import enum
import socket
import struct
import threading
import uuid
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree

from smartcity_console.clock import Clock
from smartcity_console.drill.onvif_device.answers import OPEN_TO_ALL, Answers, Refusal
from smartcity_console.drill.onvif_device.soap import NotSoap, envelope, fault, login_is_good, read_request
from smartcity_console.drill.onvif_device.state import DeviceFacts, Head

MULTICAST, DISCOVERY_PORT = "239.255.255.250", 3702
MOST_BODY_BYTES, MOST_DATAGRAM = 256 * 1024, 65535
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"


class Trouble(enum.StrEnum):
    """Ways in which cameras fail."""

    NONE = "none"
    LOGIN = "login"  # HTTP 401 to all that needs a login
    SLOW = "slow"  # answers after `slow_s`
    SILENT = "silent"  # takes the request and never answers
    FAULT = "fault"  # a SOAP fault to all but the device's clock and services
    GARBAGE = "garbage"  # an answer that is no XML


class _Server(ThreadingHTTPServer):
    """Knows its connections, so that it can cut them off: a keep-alive one would hold its thread for ever."""

    daemon_threads, block_on_close = False, True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut_off(self) -> None:
        """End every connection."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class DeviceServer:
    """One device. `trouble` may be changed while it runs; `asked` lists the operations as they came."""

    def __init__(
        self,
        facts: DeviceFacts,
        clock: Clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        discovery_port: int | None = None,
        multicast: bool = False,
    ) -> None:
        """`discovery_port` None: it does not answer probes; 0: on a free port."""
        self.facts, self.head = facts, Head(clock)
        self.trouble, self.slow_s, self.clock_off = Trouble.NONE, 1.0, timedelta(0)
        self.asked: list[str] = []
        self.refused_logins = 0
        self._clock, self._released = clock, threading.Event()
        self._http = _Server((host, port), _handler_of(self))
        self._probes = _probe_socket(host, discovery_port, multicast) if discovery_port is not None else None
        self._uuid = uuid.uuid4()
        self._answers = Answers(facts, self.head, self.address, self.now)
        self._threads: list[threading.Thread] = []

    @property
    def address(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def discovery_port(self) -> int:
        return int(self._probes.getsockname()[1]) if self._probes else 0

    def now(self) -> datetime:
        """Return the device's own time, which may be off."""
        return self._clock.now() + self.clock_off

    def start(self) -> None:
        self._run("onvif-http", lambda: self._http.serve_forever(0.05))
        if self._probes is not None:
            self._run("onvif-probes", self._answer_probes)

    def close(self) -> None:
        """Stop and join. What waits for an answer gets none."""
        self._released.set()
        if self._threads:
            self._http.shutdown()
        self._http.cut_off()
        self._http.server_close()
        if self._probes is not None:
            self._probes.close()
        for thread in self._threads:
            thread.join(5.0)

    def __enter__(self) -> DeviceServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, data: bytes) -> tuple[int, bytes] | None:
        """Return status and body for a request; None: no answer at all."""
        try:
            request = read_request(data)
        except NotSoap as error:
            return 400, fault("ter:WellFormed", str(error))
        self.asked.append(request.operation)
        if self.trouble is Trouble.SILENT:
            self._released.wait()
            return None
        if self.trouble is Trouble.SLOW:
            self._released.wait(self.slow_s)
        if self.trouble is Trouble.GARBAGE:
            return 200, b"<html>camera web page<br></html"
        if request.operation not in OPEN_TO_ALL:
            if self.trouble is Trouble.LOGIN:
                return 401, b""
            if self.trouble is Trouble.FAULT:
                return 500, fault("ter:Action", "the device is busy", "s:Receiver")
            if self.facts.password and not login_is_good(request, self.facts.user, self.facts.password, self.now()):
                self.refused_logins += 1
                return 400, fault("ter:NotAuthorized", "Sender not Authorized")
        try:
            return 200, envelope(self._answers.answer(request))
        except Refusal as refusal:
            return 400, fault(refusal.subcode, refusal.reason)

    def _run(self, name: str, work: Any) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _answer_probes(self) -> None:
        assert self._probes is not None
        while not self._released.is_set():
            try:
                data, sender = self._probes.recvfrom(MOST_DATAGRAM)
            except TimeoutError:
                continue
            except OSError:
                return
            if (message_id := _probe_id(data)) and self.trouble is not Trouble.SILENT:
                self._probes.sendto(self._probe_match(message_id), sender)

    def _probe_match(self, message_id: str) -> bytes:
        scopes = " ".join(
            f"onvif://www.onvif.org/{name}/{value.replace(' ', '%20')}"
            for name, value in (("hardware", self.facts.model), ("name", self.facts.name), ("type", "ptz"))
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
            f'xmlns:a="{_ADDRESSING}" xmlns:d="{_DISCOVERY}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
            f"<s:Header><a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{message_id}</a:RelatesTo>"
            f"<a:To>{_ADDRESSING}/role/anonymous</a:To><a:Action>{_DISCOVERY}/ProbeMatches</a:Action></s:Header>"
            f"<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{self._uuid}</a:Address>"
            f"</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes>"
            f"<d:XAddrs>{self.address}/onvif/device_service</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
            "</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
        ).encode()


def _probe_id(data: bytes) -> str | None:
    """Return a probe's message id; None for what is no probe for video transmitters."""
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return None
    if root.find(f".//{{{_DISCOVERY}}}Probe") is None:
        return None
    types = root.findtext(f".//{{{_DISCOVERY}}}Types", "")
    if types.strip() and "NetworkVideoTransmitter" not in types:
        return None
    message_id = root.findtext(f".//{{{_ADDRESSING}}}MessageID", "").strip()
    return message_id if message_id and "<" not in message_id and "&" not in message_id else None


def _probe_socket(host: str, port: int, multicast: bool) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("" if multicast else host, port))
    sock.settimeout(0.2)
    if multicast:
        member = struct.pack("4s4s", socket.inet_aton(MULTICAST), socket.inet_aton(host))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock


def _handler_of(device: DeviceServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if not 0 < length <= MOST_BODY_BYTES:
                self.send_error(413)
                return
            answer = device.answer(self.rfile.read(length))
            if answer is None:
                self.close_connection = True
                return
            try:
                self.send_response(answer[0])
                self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])
            except OSError:
                self.close_connection = True  # the asker did not wait

        def log_message(self, *_: object) -> None:
            return

    return Handler
