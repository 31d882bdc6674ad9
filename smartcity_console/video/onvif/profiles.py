"""Media profiles: which streams a device has, and which of them is the main one and which the small one."""

from __future__ import annotations

from typing import Any

import msgspec

from smartcity_console.video.onvif.address import at_host
from smartcity_console.video.onvif.device import OnvifDevice
from smartcity_console.video.onvif.errors import DeviceFault, OnvifError, short

MOST_PROFILES = 32
SUB_WIDTH_PX = 800
"""A picture at most this wide serves as the small stream of a tile."""


class Profile(msgspec.Struct, frozen=True):
    """One profile. `url` has neither user nor password; `snapshot` is empty where there is none."""

    token: str
    name: str
    codec: str
    width_px: int
    height_px: int
    frames_per_s: float
    url: str
    snapshot: str
    ptz_node: str

    @property
    def pixels(self) -> int:
        return self.width_px * self.height_px


class StreamRoles(msgspec.Struct, frozen=True):
    """The streams that the wall and the recorder use; `sub` None: the device has one stream only."""

    main: Profile
    sub: Profile | None = None


async def read_profiles(device: OnvifDevice) -> list[Profile]:
    """Return the profiles that have a stream, the largest picture first. Raises OnvifError."""
    told = await device.call("media", "GetProfiles")
    found = [await _profile(device, each) for each in list(told or ())[:MOST_PROFILES]]
    return sorted((p for p in found if p.url), key=lambda p: (-p.pixels, p.token))


async def _profile(device: OnvifDevice, told: Any) -> Profile:
    video, ptz = getattr(told, "VideoEncoderConfiguration", None), getattr(told, "PTZConfiguration", None)
    size, rate = getattr(video, "Resolution", None), getattr(video, "RateControl", None)
    return Profile(
        token=str(told.token),
        name=short(told.Name or ""),
        codec=short(getattr(video, "Encoding", None) or ""),
        width_px=int(getattr(size, "Width", None) or 0),
        height_px=int(getattr(size, "Height", None) or 0),
        frames_per_s=float(getattr(rate, "FrameRateLimit", None) or 0.0),
        url=await _stream_url(device, told.token),
        snapshot=await _snapshot_url(device, told.token),
        ptz_node=str(getattr(ptz, "NodeToken", None) or ""),
    )


async def _stream_url(device: OnvifDevice, token: str) -> str:
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    try:
        told = await device.call("media", "GetStreamUri", {"StreamSetup": setup, "ProfileToken": token})
    except DeviceFault:
        return ""  # a profile without a video source has no stream
    return at_host(str(told.Uri), device.address.host) if getattr(told, "Uri", None) else ""


async def _snapshot_url(device: OnvifDevice, token: str) -> str:
    """A device need not have snapshots, and many refuse in ways of their own."""
    try:
        told = await device.call("media", "GetSnapshotUri", {"ProfileToken": token})
    except OnvifError:
        return ""
    return at_host(str(told.Uri), device.address.host) if getattr(told, "Uri", None) else ""


def stream_roles(profiles: list[Profile]) -> StreamRoles | None:
    """Return the roles: main is the largest picture, sub the largest of those that are small; None: no stream at all."""
    if not profiles:
        return None
    main = max(profiles, key=lambda p: p.pixels)
    small = [p for p in profiles if 0 < p.width_px <= SUB_WIDTH_PX and p.pixels < main.pixels and p.url != main.url]
    return StreamRoles(main, max(small, key=lambda p: p.pixels, default=None))
