"""RTP packets of one stream, made by libavformat's muxer (RFC 6184, 7798, 6416), and RTCP sender reports."""

from __future__ import annotations

import struct
from datetime import datetime
from fractions import Fraction

import av
from av.packet import Packet
from av.video.stream import VideoStream

from smartcity_console.drill.feeds.recording import Unit

CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
MTU_BYTES = 1400
_NTP_UNIX_S = 2_208_988_800  # 1900-01-01 to 1970-01-01, RFC 5905


class _Sink:
    """The muxer writes and flushes once per RTP packet, so that each call is exactly one packet."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.packets.append(bytes(data))
        return len(data)

    def take(self) -> list[bytes]:
        taken, self.packets = self.packets, []
        return taken


class RtpStream:
    """Packetises units whose times lie on the shared clock; the first RTP time stamp is the muxer's random choice."""

    def __init__(self, template: VideoStream, ssrc: int) -> None:
        self.ssrc = ssrc
        self._sink = _Sink()
        options = {
            "packetsize": str(MTU_BYTES),
            "payload_type": str(PAYLOAD_TYPE),
            "ssrc": str(ssrc),
            "rtpflags": "skip_rtcp",  # its reports would tie pts 0 to the moment of opening; ours tie it to the clock
        }
        self._container = av.open(self._sink, "w", format="rtp", options=options)
        self._stream = self._container.add_stream_from_template(template)
        self._container.start_encoding()
        self._base: int | None = None

    def packets(self, unit: Unit) -> list[bytes]:
        """Return the RTP packets of one coded picture. Raises av.FFmpegError."""
        packet: Packet[VideoStream] = unit.packet
        pts_s = Fraction(packet.pts or 0) * packet.time_base
        packet.stream = self._stream
        self._container.mux(packet)
        made = self._sink.take()
        if self._base is None and made:
            self._base = rtp_time(made[0]) - round(pts_s * CLOCK_HZ)
        return made

    def sender_report(self, now: datetime, since_epoch_s: float, sent_packets: int, sent_bytes: int) -> bytes:
        """Return a compound SR + SDES (RFC 3550 6.4.1, 6.5): what the wall clock was at which RTP time."""
        seconds = now.timestamp() + _NTP_UNIX_S
        stamp = ((self._base or 0) + round(since_epoch_s * CLOCK_HZ)) & 0xFFFFFFFF
        ntp = (int(seconds), int(seconds % 1 * 2**32))
        report = struct.pack(
            ">BBHIIIIII", 0x80, 200, 6, self.ssrc, *ntp, stamp, sent_packets & 0xFFFFFFFF, sent_bytes & 0xFFFFFFFF
        )
        return report + struct.pack(">BBHIBB4sH", 0x81, 202, 3, self.ssrc, 1, 4, b"feed", 0)

    def close(self) -> None:
        self._container.close()


def rtp_sequence(packet: bytes) -> int:
    return int.from_bytes(packet[2:4], "big")


def rtp_time(packet: bytes) -> int:
    return int.from_bytes(packet[4:8], "big")
