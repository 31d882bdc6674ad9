"""An RTSP server for tests: one connection at a time, pictures and sound, packetised by libavformat, with what a test asks
for: authentication, sender reports, a codec of its own choice, garbage."""

from __future__ import annotations

import hashlib
import re
import secrets
import socket
import struct
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from smartcity_console.video.nal import parameter_sets

NTP_UNIX_S = 2_208_988_800


class Packets:
    """Takes what libavformat's RTP muxer writes: one call, one packet."""

    def __init__(self) -> None:
        self.made: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.made.append(bytes(data))
        return len(data)

    def take(self) -> list[bytes]:
        made, self.made = self.made, []
        return made


@dataclass
class Camera:
    """A file played once a connection at `speed`. `ahead_s`: how far its clock is ahead; None: it sends no report."""

    file: Path
    user: str = ""
    password: str = ""
    digest: str = "MD5"  # or "SHA-256"; "" asks for Basic
    encoding: str = ""  # another name for the codec in the SDP
    ahead_s: float | None = None
    speed: float = 4.0
    marker_on_every_packet: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        who = f"{self.user}:{self.password}@" if self.user else ""
        return f"rtsp://{who}127.0.0.1:{self.port}/stream"

    # ---- requests --------------------------------------------------------------------------------------------------

    def serve(self, listener: socket.socket) -> None:
        listener.settimeout(0.1)
        while not self.stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(10)
                try:
                    self._talk(connection)
                except (OSError, EOFError):
                    continue

    def _talk(self, connection: socket.socket) -> None:
        nonce = secrets.token_hex(8)
        while not self.stopping.is_set():
            request = _read(connection)
            method = request.split(" ")[0]
            self.asked.append(request)
            if not self._may(request, method, nonce):
                digest = f'Digest realm="cam", nonce="{nonce}", qop="auth", algorithm={self.digest}'
                want = digest if self.digest else 'Basic realm="cam"'
                _reply(connection, request, "401 Unauthorized", {"WWW-Authenticate": want})
            elif method == "DESCRIBE":
                _reply(connection, request, "200 OK", {"Content-Type": "application/sdp"}, self._sdp())
            elif method == "SETUP":
                channels = re.search(r"interleaved=\d+-\d+", request)
                transport = f"RTP/AVP/TCP;unicast;{channels[0] if channels else ''}"
                _reply(connection, request, "200 OK", {"Session": "77;timeout=60", "Transport": transport})
            elif method == "PLAY":
                _reply(connection, request, "200 OK", {"Session": "77"})
                self._play(connection)
                return
            else:
                _reply(connection, request, "200 OK", {})

    def _may(self, request: str, method: str, nonce: str) -> bool:
        if not self.user:
            return True
        if not self.digest:
            return f"Authorization: Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}\r" in request
        found = re.search(r"Authorization: Digest ([^\r]*)", request)
        if not found:
            return False
        facts = dict(re.findall(r'(\w+)="?([^",]+)"?', found[1]))
        make = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[self.digest]
        secret = make(f"{self.user}:cam:{self.password}".encode()).hexdigest()
        asked = make(f"{method}:{facts['uri']}".encode()).hexdigest()
        told = f"{secret}:{nonce}:{facts['nc']}:{facts['cnonce']}:auth:{asked}"
        return facts["response"] == make(told.encode()).hexdigest()

    def _sdp(self) -> str:
        with av.open(str(self.file)) as container:
            lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "t=0 0", "a=control:*"]
            for number, stream in enumerate(container.streams):
                lines += [*_medium(stream, 96 + number, self.encoding), f"a=control:track{number}"]
        return "\r\n".join([*lines, ""])

    # ---- packets ---------------------------------------------------------------------------------------------------

    def _play(self, connection: socket.socket) -> None:
        began_s = time.monotonic()
        with av.open(str(self.file)) as container:
            muxers = [_Muxer(stream, 96 + n) for n, stream in enumerate(container.streams)]
            try:
                for packet in container.demux():
                    if not packet.size or self.stopping.is_set():
                        continue
                    at_s = float(packet.pts * packet.time_base)
                    time.sleep(max(0.0, began_s + at_s / self.speed - time.monotonic()))
                    made = muxers[packet.stream.index].packets(packet)
                    if self.marker_on_every_packet:
                        made = [p[:1] + bytes((p[1] | 0x80,)) + p[2:] for p in made]
                    for data in made:
                        connection.sendall(
                            b"$" + bytes((2 * packet.stream.index,)) + len(data).to_bytes(2, "big") + data
                        )
                    if self.ahead_s is not None and packet.is_keyframe and packet.stream.type == "video":
                        report = _report(made[-1], time.time() + self.ahead_s)
                        connection.sendall(b"$\x01" + len(report).to_bytes(2, "big") + report)
            finally:
                for muxer in muxers:
                    muxer.container.close()


class _Muxer:
    def __init__(self, stream: Any, payload_type: int) -> None:
        self.sink = Packets()
        options = {"payload_type": str(payload_type), "rtpflags": "skip_rtcp", "packetsize": "1200"}
        self.container = av.open(self.sink, "w", format="rtp", options=options)
        self.stream = self.container.add_stream_from_template(stream)
        self.container.start_encoding()

    def packets(self, packet: Any) -> list[bytes]:
        source = packet.stream
        packet.stream = self.stream
        self.container.mux(packet)
        packet.stream = source
        return self.sink.take()


def _report(rtp: bytes, at_s: float) -> bytes:
    ntp = at_s + NTP_UNIX_S
    return struct.pack(">BBHIII", 0x80, 200, 6, 1, int(ntp), int(ntp % 1 * 2**32)) + rtp[4:8] + bytes(8)


def _medium(stream: Any, number: int, encoding: str) -> list[str]:
    context = stream.codec_context
    if stream.type == "audio":
        if context.name == "aac":
            lines = [
                f"m=audio 0 RTP/AVP {number}",
                f"a=rtpmap:{number} MPEG4-GENERIC/{context.sample_rate}/{context.channels}",
            ]
            facts = (
                f"mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={bytes(context.extradata).hex()}"
            )
            return [*lines, f"a=fmtp:{number} {facts}"]
        return [
            f"m=audio 0 RTP/AVP {number}",
            f"a=rtpmap:{number} {'PCMA' if context.name == 'pcm_alaw' else 'PCMU'}/8000",
        ]
    name = encoding or {"h264": "H264", "hevc": "H265"}[context.name]
    lines = [f"m=video 0 RTP/AVP {number}", f"a=rtpmap:{number} {name}/90000"]
    sets = parameter_sets(context.name, bytes(context.extradata))
    if context.name == "h264":
        texts = ",".join(b64encode(unit).decode() for unit in sets["sps"] + sets["pps"])
        return [*lines, f"a=fmtp:{number} packetization-mode=1;sprop-parameter-sets={texts}"]
    texts = ";".join(f"sprop-{kind}={b64encode(units[0]).decode()}" for kind, units in sets.items())
    return [*lines, f"a=fmtp:{number} {texts}"]


def _read(connection: socket.socket) -> str:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        more = connection.recv(4096)
        if not more:
            raise EOFError
        data += more
    return data.decode()


def _reply(connection: socket.socket, request: str, status: str, headers: dict[str, str], body: str = "") -> None:
    sequence = re.search(r"CSeq: (\d+)", request)
    lines = [
        f"RTSP/1.0 {status}",
        f"CSeq: {sequence[1] if sequence else 0}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    connection.sendall(("\r\n".join([*lines, "", ""]) + body).encode())


@contextmanager
def served(camera: Camera) -> Iterator[Camera]:
    """Serve one camera on a free port until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    camera.port = listener.getsockname()[1]
    thread = threading.Thread(target=camera.serve, args=(listener,), name="test camera")
    thread.start()
    try:
        yield camera
    finally:
        camera.stopping.set()
        thread.join(15)
        listener.close()
