"""Many RTSP cameras out of one cheap process: what `recorder.py` records. Not a bench of its own.

    python benchmarks/recorder_source.py RECORDING.h264 CAMERAS FPS SECONDS

Every camera sends the same H.264 pictures, each at a moment of its own within the picture's time, over TCP (RTP
interleaved, RFC 2326 10.12). A picture's RTP packets are made once for all cameras: sequence, time stamp and the picture's
number (in an SEI, so that the receiver can tell which are missing) are patched into a template. Prints its port as one
line; after SECONDS from the moment the last camera began, ends all streams and prints what it sent to whom.
"""

from __future__ import annotations

import json
import re
import resource
import selectors
import socket
import struct
import sys
import time
from base64 import b64encode
from dataclasses import dataclass, field

import av
import numpy as np

from smartcity_console.video.nal import split_annexb

PAYLOAD_BYTES = 1400
TICKS_PER_S = 90_000
SSRC = 0x51C5
REPORT_EVERY_S = 5
NTP_UNIX_S = 2_208_988_800
NUMBER_TAG = b"smartcity-number"  # the 16 bytes of an SEI's uuid; the number follows as eight hexadecimal digits
MOST_WAITING = 8 * 2**20


def numbered(number: int) -> bytes:
    """Return an SEI unit (user_data_unregistered, H.264 D.1.7) that carries the picture's number."""
    return b"\x06\x05" + bytes((24,)) + NUMBER_TAG + f"{number:08x}".encode() + b"\x80"


class Template:
    """One picture as interleaved RTP packets, with the places that change from loop to loop."""

    def __init__(self, units: list[bytes]) -> None:
        packets = [p for unit in [numbered(0), *units] for p in _fragments(unit)]
        data, headers = bytearray(), []
        for n, payload in enumerate(packets):
            marker = 0x80 if n == len(packets) - 1 else 0
            headers.append(len(data) + 4)
            data += struct.pack(">BBHBBHII", 0x24, 0, 12 + len(payload), 0x80, marker | 96, 0, 0, SSRC) + payload
        self.data, self.packets = bytes(data), len(packets)
        self._sequence_at = np.array(headers)[:, None] + np.arange(2, 8)
        self._number_at = data.index(NUMBER_TAG) + len(NUMBER_TAG)

    def at(self, number: int, sequence: int, stamp: int) -> bytes:
        made = np.frombuffer(bytearray(self.data), np.uint8)
        fields = np.empty(self.packets, np.dtype([("sequence", ">u2"), ("stamp", ">u4")]))
        fields["sequence"] = (sequence + np.arange(self.packets)) & 0xFFFF
        fields["stamp"] = stamp & 0xFFFFFFFF
        made[self._sequence_at] = fields.view(np.uint8).reshape(self.packets, 6)
        made[self._number_at : self._number_at + 8] = np.frombuffer(f"{number:08x}".encode(), np.uint8)
        return made.tobytes()


def _fragments(unit: bytes) -> list[bytes]:
    """Split a unit into FU-A payloads (RFC 6184 5.8), or leave it whole."""
    if len(unit) <= PAYLOAD_BYTES:
        return [unit]
    indicator, kind, body = unit[0] & 0xE0 | 28, unit[0] & 0x1F, unit[1:]
    parts = [body[at : at + PAYLOAD_BYTES - 2] for at in range(0, len(body), PAYLOAD_BYTES - 2)]
    heads = [kind | 0x80 * (n == 0) | 0x40 * (n == len(parts) - 1) for n in range(len(parts))]
    return [bytes((indicator, head)) + part for head, part in zip(heads, parts, strict=True)]


@dataclass
class Client:
    """One connection: what was asked, what waits to be sent, what was sent whole."""

    sock: socket.socket
    asked: bytes = b""
    waiting: bytearray = field(default_factory=bytearray)
    camera: int = -1
    next_number: int | None = None
    first_number: int | None = None
    sent_pictures: int = 0


class Source:
    def __init__(self, recording: str, cameras: int, fps: int, seconds: float) -> None:
        self.cameras, self.fps, self.seconds = cameras, fps, seconds
        self.templates, self.keys, self.parameters = _read(recording)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.clients: dict[int, Client] = {}
        self.made: dict[int, bytes] = {}
        self.first_sequence = {0: 0}
        self.began_s = time.monotonic()
        self.began_utc_s = time.time()
        self.all_began_s: float | None = None

    def run(self) -> None:
        print(json.dumps({"port": self.listener.getsockname()[1]}), flush=True)
        while self.all_began_s is None or time.monotonic() - self.all_began_s < self.seconds:
            for key, mask in self.selector.select(0.002):
                self._attend(key, mask)
            self._send_due()
        self._finish()
        used = resource.getrusage(resource.RUSAGE_SELF)
        sent = {c.camera: [c.first_number, c.sent_pictures] for c in self.clients.values() if c.camera >= 0}
        lasted_s = time.monotonic() - self.all_began_s
        print(json.dumps({"sent": sent, "cpu_s": used.ru_utime + used.ru_stime, "seconds": lasted_s}), flush=True)

    def _attend(self, key: selectors.SelectorKey, mask: int) -> None:
        if key.data is None:
            sock, _ = self.listener.accept()
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ, Client(sock))
        elif mask & selectors.EVENT_READ:
            self._hear(key.data)
        if key.data is not None and mask & selectors.EVENT_WRITE:
            self._push(key.data)

    def _hear(self, client: Client) -> None:
        try:
            data = client.sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.selector.unregister(client.sock)
            client.next_number = None
            return
        client.asked += data
        while client.asked[:1] == b"$" and len(client.asked) >= 4:
            client.asked = client.asked[4 + int.from_bytes(client.asked[2:4], "big") :]
        while (end := client.asked.find(b"\r\n\r\n")) >= 0:
            request, client.asked = client.asked[:end].decode(), client.asked[end + 4 :]
            self._answer(client, request)

    def _answer(self, client: Client, request: str) -> None:
        method, url = request.split(" ")[:2]
        sequence = re.search(r"CSeq: *(\d+)", request, re.I)
        lines, body = [f"CSeq: {sequence[1] if sequence else 0}", "Session: 1;timeout=60"], ""
        if method == "OPTIONS":
            lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN")
        elif method == "DESCRIBE":
            body = self._describe()
            lines += ["Content-Type: application/sdp", f"Content-Base: {url}/", f"Content-Length: {len(body)}"]
        elif method == "SETUP":
            lines.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        elif method == "PLAY":
            client.camera = int(url.rstrip("/").rsplit("/", 1)[1])
            self.clients[client.camera] = client
        client.waiting += ("\r\n".join(["RTSP/1.0 200 OK", *lines, "", ""]) + body).encode()
        if method == "PLAY":
            now = int((time.monotonic() - self.began_s) * self.fps) + 1
            client.next_number = (
                -(-now // len(self.templates)) * len(self.templates) if not self.keys else self._key(now)
            )
            client.first_number = client.next_number
        self._push(client)

    def _key(self, number: int) -> int:
        while number % len(self.templates) not in self.keys:
            number += 1
        return number

    def _describe(self) -> str:
        sets = ",".join(b64encode(unit).decode() for unit in self.parameters)
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=source", "t=0 0", "a=control:*", "m=video 0 RTP/AVP 96"]
        lines += ["a=rtpmap:96 H264/90000", f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}"]
        return "\r\n".join([*lines, "a=control:track1", ""])

    def _send_due(self) -> None:
        now = (time.monotonic() - self.began_s) * self.fps
        for client in self.clients.values():
            while client.next_number is not None and client.next_number + client.camera / self.cameras <= now:
                client.waiting += self._picture(client.next_number)
                client.next_number += 1
                client.sent_pictures += 1
                self._push(client)
        if self.all_began_s is None and len(self.clients) == self.cameras:
            self.all_began_s = time.monotonic()

    def _picture(self, number: int) -> bytes:
        if number not in self.made:
            for old in [n for n in self.made if n < number - 4 * self.fps]:
                del self.made[old]
            template = self.templates[number % len(self.templates)]
            loops, rest = divmod(number, len(self.templates))
            sequence = loops * self._before(len(self.templates)) + self._before(rest)
            stamp = number * TICKS_PER_S // self.fps
            data = template.at(number, sequence, stamp)
            self.made[number] = data + (
                self._report(number, stamp) if number % (REPORT_EVERY_S * self.fps) == 0 else b""
            )
        return self.made[number]

    def _before(self, place: int) -> int:
        if place not in self.first_sequence:
            self.first_sequence[place] = sum(t.packets for t in self.templates[:place])
        return self.first_sequence[place]

    def _report(self, number: int, stamp: int) -> bytes:
        """Return a sender report (RFC 3550 6.4.1): the wall clock at which the picture was due."""
        at_s = self.began_utc_s + number / self.fps + NTP_UNIX_S
        ntp = (int(at_s), int(at_s % 1 * 2**32))
        report = struct.pack(">BBHIIIIII", 0x80, 200, 6, SSRC, *ntp, stamp & 0xFFFFFFFF, 0, 0)
        return struct.pack(">BBH", 0x24, 1, len(report)) + report

    def _push(self, client: Client) -> None:
        """Send what waits; a client that lets megabytes wait is cut off, as a camera would."""
        try:
            while client.waiting:
                del client.waiting[: client.sock.send(client.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            client.waiting.clear()
        if len(client.waiting) > MOST_WAITING:
            client.sock.shutdown(socket.SHUT_RDWR)
            client.next_number = None
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.waiting else 0)
        if client.sock in self.selector.get_map() and self.selector.get_key(client.sock).events != events:
            self.selector.modify(client.sock, events, client)

    def _finish(self) -> None:
        """Let everything that was counted as sent leave; the connections stay open until this process ends."""
        end_s = time.monotonic() + 5
        while any(c.waiting for c in self.clients.values()) and time.monotonic() < end_s:
            for client in self.clients.values():
                self._push(client)
            time.sleep(0.002)


def _read(recording: str) -> tuple[list[Template], set[int], list[bytes]]:
    templates: list[Template] = []
    keys: set[int] = set()
    parameters: list[bytes] = []
    with av.open(recording, "r", format="h264") as container:
        for packet in container.demux(video=0):
            if packet.size:
                units = split_annexb(bytes(packet))
                if packet.is_keyframe:
                    keys.add(len(templates))
                    parameters = parameters or [u for u in units if u[0] & 0x1F in (7, 8)]
                templates.append(Template([u for u in units if u[0] & 0x1F not in (7, 8, 9)]))
    return templates, keys, parameters


if __name__ == "__main__":
    Source(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])).run()
    sys.stdin.read()  # until the bench has read what it wanted
