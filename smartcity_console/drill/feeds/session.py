"""One client's connection: its requests in order, and the RTP it is played."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from smartcity_console.drill.feeds.mount import Fault, Mount
from smartcity_console.drill.feeds.rtp import RtpStream
from smartcity_console.drill.feeds.sdp import describe
from smartcity_console.drill.feeds.wire import BadRequest, Request, Transport, choose_transport, read_request, response

if TYPE_CHECKING:
    from smartcity_console.drill.feeds.server import RtspServer

_log = logging.getLogger(__name__)
_QUEUE_BYTES = 8 * 1024 * 1024  # what may wait for one client beyond its first group of pictures
_KERNEL_BYTES = 512 * 1024  # of the same queue, what the kernel holds; left alone it grows to megabytes
_SESSION_TIMEOUT_S = 60
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"


class Connection:
    """Answers RTSP on one TCP connection; is the mount's viewer while it plays."""

    def __init__(self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._session = secrets.token_hex(8)
        self._mount: Mount | None = None
        self._carrier: TcpCarrier | UdpCarrier | None = None
        self._playing = False
        self._allowance = _QUEUE_BYTES
        self._sent_packets = 0
        self._sent_bytes = 0
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)

    async def run(self) -> None:
        """Serve until the peer goes, is too slow, or is silent for longer than a session may be."""
        try:
            while await self._next():
                pass
        except (BadRequest, asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
            _log.info("feeds: a client ended: %s", type(error).__name__)
        finally:
            self._stop()
            self._writer.transport.abort()

    async def _next(self) -> bool:
        """Read and answer one request. UDP clients must keep their session alive; TCP clients show life by reading."""
        patience = None if self._playing and isinstance(self._carrier, TcpCarrier) else _SESSION_TIMEOUT_S
        try:
            request = await asyncio.wait_for(read_request(self._reader), patience)
        except BadRequest:
            self._writer.write(response(400, ""))
            raise
        if request is None:
            return False
        await self._answer(request)
        await asyncio.wait_for(self._writer.drain(), _SESSION_TIMEOUT_S)
        return request.method != "TEARDOWN"

    async def _answer(self, request: Request) -> None:
        handlers: dict[str, Callable[[Request, Mount], Awaitable[bytes]]] = {
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
            "TEARDOWN": self._teardown,
            "GET_PARAMETER": self._keep_alive,
        }
        mount = self._server.mounts.get(request.mount)
        if mount is not None and mount.fault is Fault.MUTE:
            return
        if request.method == "OPTIONS":
            self._writer.write(self._reply(request, 200, {"Public": _METHODS}))
        elif request.method not in handlers:
            self._writer.write(self._reply(request, 501, {"Public": _METHODS}))
        elif mount is None:
            self._writer.write(self._reply(request, 404))
        elif mount.fault is Fault.REFUSE:
            self._writer.write(self._reply(request, 503))
        else:
            self._writer.write(await handlers[request.method](request, mount))
            self._begin_if_played(request)

    def _reply(self, request: Request, status: int, headers: dict[str, str] | None = None, body: str = "") -> bytes:
        return response(status, request.headers.get("cseq", ""), headers, body)

    async def _describe(self, request: Request, mount: Mount) -> bytes:
        host = self._writer.get_extra_info("sockname")[0]
        body = describe(mount.recording, host, mount.camera_id, secrets.randbits(31))
        base = request.url.rstrip("/").splitlines()[0] + "/"
        return self._reply(request, 200, {"Content-Base": base, "Content-Type": "application/sdp"}, body)

    async def _setup(self, request: Request, mount: Mount) -> bytes:
        if self._playing or (self._mount is not None and self._mount is not mount):
            return self._reply(request, 455)
        transport = choose_transport(request.headers.get("transport", ""), 0)
        if transport is None:
            return self._reply(request, 461)
        if self._carrier is not None:
            self._carrier.close()
        self._mount, self._carrier = mount, await self._open(transport)
        headers = {"Transport": self._carrier.header, "Session": f"{self._session};timeout={_SESSION_TIMEOUT_S}"}
        return self._reply(request, 200, headers)

    async def _open(self, transport: Transport) -> TcpCarrier | UdpCarrier:
        if transport.tcp:
            return TcpCarrier(self._writer, transport)
        peer, own = (self._writer.get_extra_info(name)[0] for name in ("peername", "sockname"))
        return await UdpCarrier.open(own, peer, transport)

    def _is_mine(self, request: Request) -> bool:
        named = request.headers.get("session", "").partition(";")[0].strip()
        return self._carrier is not None and named == self._session

    async def _play(self, request: Request, mount: Mount) -> bytes:
        if not self._is_mine(request) or mount is not self._mount:
            return self._reply(request, 454)
        first = await mount.first_packet()
        if first is None:
            return self._reply(request, 503)
        sequence, stamp = first
        info = f"url={request.url.rstrip('/').splitlines()[0]}/trackID=0;seq={sequence};rtptime={stamp}"
        return self._reply(request, 200, {"Session": self._session, "Range": "npt=0.000-", "RTP-Info": info})

    def _begin_if_played(self, request: Request) -> None:
        """The first RTP packet must follow the response to PLAY, so the joining waits until that is written."""
        if request.method == "PLAY" and self._is_mine(request) and self._mount is not None and not self._playing:
            self._playing = True
            self._mount.join(self)
            self._allowance = _QUEUE_BYTES + self._sent_bytes

    async def _teardown(self, request: Request, _mount: Mount) -> bytes:
        if not self._is_mine(request):
            return self._reply(request, 454)
        self._stop()
        return self._reply(request, 200, {"Session": self._session})

    async def _keep_alive(self, request: Request, _mount: Mount) -> bytes:
        return self._reply(request, 200, {"Session": self._session} if self._carrier else None)

    def _stop(self) -> None:
        if self._mount is not None:
            self._mount.leave(self)
        if self._carrier is not None:
            self._carrier.close()
        self._mount, self._carrier, self._playing = None, None, False

    # ---- Viewer ---------------------------------------------------------------------------------------------------

    def send(self, packets: Sequence[bytes]) -> None:
        if self._carrier is None or self._writer.transport.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > self._allowance:
            self._server.dropped += 1
            _log.warning("feeds: a client of %s reads too slowly and is dropped", self._mount and self._mount.camera_id)
            self.drop()
            return
        self._carrier.send(packets)
        self._sent_packets += len(packets)
        self._sent_bytes += sum(map(len, packets)) - 12 * len(packets)  # octet count is of payload: RFC 3550 6.4.1

    def report(self, stream: RtpStream, since_epoch_s: float) -> None:
        if self._carrier is not None and not self._writer.transport.is_closing():
            now = self._server.clock.now()
            self._carrier.send_control(stream.sender_report(now, since_epoch_s, self._sent_packets, self._sent_bytes))

    def drop(self) -> None:
        if self._mount is not None:
            self._mount.leave(self)
        self._writer.transport.abort()


class TcpCarrier:
    """RTP interleaved with RTSP: `$`, channel, length, packet (RFC 2326 10.12)."""

    def __init__(self, writer: asyncio.StreamWriter, transport: Transport) -> None:
        self._writer = writer
        self._rtp = b"$" + bytes((transport.first,))
        self._rtcp = b"$" + bytes((transport.second,))
        self.header = f"RTP/AVP/TCP;unicast;interleaved={transport.first}-{transport.second}"

    def send(self, packets: Sequence[bytes]) -> None:
        parts: list[bytes] = []
        for packet in packets:
            parts += (self._rtp, len(packet).to_bytes(2, "big"), packet)
        self._writer.write(b"".join(parts))

    def send_control(self, packet: bytes) -> None:
        self._writer.write(self._rtcp + len(packet).to_bytes(2, "big") + packet)

    def close(self) -> None:
        """Nothing of its own to close: the connection belongs to the session."""


class UdpCarrier:
    """RTP and RTCP from two sockets of ours to two ports of the client."""

    def __init__(self, rtp: asyncio.DatagramTransport, rtcp: asyncio.DatagramTransport, transport: Transport) -> None:
        self._rtp, self._rtcp = rtp, rtcp
        own = [t.get_extra_info("sockname")[1] for t in (rtp, rtcp)]
        ports = f"client_port={transport.first}-{transport.second};server_port={own[0]}-{own[1]}"
        self.header = f"RTP/AVP;unicast;{ports}"

    @classmethod
    async def open(cls, own: str, peer: str, transport: Transport) -> UdpCarrier:
        loop = asyncio.get_running_loop()
        pair = [
            (await loop.create_datagram_endpoint(asyncio.DatagramProtocol, (own, 0), (peer, port)))[0]
            for port in (transport.first, transport.second)
        ]
        return cls(pair[0], pair[1], transport)

    def send(self, packets: Sequence[bytes]) -> None:
        for packet in packets:
            self._rtp.sendto(packet)

    def send_control(self, packet: bytes) -> None:
        self._rtcp.sendto(packet)

    def close(self) -> None:
        self._rtp.close()
        self._rtcp.close()
