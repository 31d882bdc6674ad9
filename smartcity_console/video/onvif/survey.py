"""All that a person wants to know of a device before connecting it: identity, streams, what it can turn."""

from __future__ import annotations

import msgspec

from smartcity_console.model.ptz import Abilities
from smartcity_console.video.onvif.address import DeviceAddress
from smartcity_console.video.onvif.credentials import Credentials
from smartcity_console.video.onvif.device import CALL_LIMIT_S, Identity, OnvifDevice
from smartcity_console.video.onvif.profiles import Profile, StreamRoles, read_profiles, stream_roles
from smartcity_console.video.onvif.ptz import PtzUnit


class Survey(msgspec.Struct, frozen=True):
    """`abilities` None: the device does not turn."""

    address: DeviceAddress
    identity: Identity
    profiles: list[Profile]
    roles: StreamRoles | None
    abilities: Abilities | None
    presets: int = 0


async def survey(address: DeviceAddress, credentials: Credentials, *, limit_s: float = CALL_LIMIT_S) -> Survey:
    """Ask a device everything; each call takes at most `limit_s`. Raises OnvifError."""
    device = await OnvifDevice.connect(address, credentials, limit_s=limit_s)
    try:
        identity, profiles = await device.identity(), await read_profiles(device)
        roles = stream_roles(profiles)
        unit = await _unit(device, roles)
        presets = len(await unit.presets()) if unit is not None else 0
        return Survey(address, identity, profiles, roles, unit.abilities if unit else None, presets)
    finally:
        await device.close()


async def _unit(device: OnvifDevice, roles: StreamRoles | None) -> PtzUnit | None:
    if roles is None or not roles.main.ptz_node or not device.has("ptz"):
        return None
    return await PtzUnit.open(device, roles.main.token, roles.main.ptz_node)
