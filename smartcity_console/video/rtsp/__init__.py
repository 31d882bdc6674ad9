"""An RTSP client (RFC 2326) for one thread and many cameras: RTP over the RTSP connection, whole coded pictures out."""

from smartcity_console.video.rtsp.client import Accepted, Refused, RtspClient
from smartcity_console.video.rtsp.depacket import Unit
from smartcity_console.video.rtsp.rtcp import SenderReport
from smartcity_console.video.rtsp.sdp import Track

__all__ = ["Accepted", "Refused", "RtspClient", "SenderReport", "Track", "Unit"]
