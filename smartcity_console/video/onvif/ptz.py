"""Turning one device: what it can do, moves, absolute positions, presets, where it looks (ONVIF PTZ Service 2.0)."""

from __future__ import annotations

import asyncio
from typing import Any

from smartcity_console.model.ptz import (
    DEGREES_SPACE,
    GENERIC_SPACE,
    Abilities,
    PanTiltSpace,
    Position,
    Preset,
    Range,
    Velocity,
    Verb,
)
from smartcity_console.video.onvif.device import OnvifDevice
from smartcity_console.video.onvif.errors import AbilityMissing, DeviceSilent, short

MOVE_TIMEOUT = "PT1S"
"""The device's own dead man: it stops by itself should nobody be left to stop it."""

MOST_PRESETS = 300
ARRIVE_S, LOOK_EVERY_S, SAME_PLACE = 8.0, 0.2, 1e-3


class PtzUnit:
    """The PTZ node of one media profile."""

    def __init__(self, device: OnvifDevice, profile: str, abilities: Abilities) -> None:
        self._device, self._profile, self.abilities = device, profile, abilities

    @classmethod
    async def open(cls, device: OnvifDevice, profile: str, node: str) -> PtzUnit:
        """Ask what the node can do. Raises OnvifError, ServiceMissing where the device does not turn."""
        nodes = await device.call("ptz", "GetNodes")
        chosen = next((n for n in nodes or () if str(n.token) == node), None) or next(iter(nodes or ()), None)
        return cls(device, profile, abilities_of(chosen) if chosen is not None else Abilities())

    async def move(self, velocity: Velocity) -> None:
        """Turn and zoom until told otherwise, or for a second. Raises OnvifError."""
        told: dict[str, Any] = {}
        if self.abilities.can(Verb.MOVE):
            told["PanTilt"] = {"x": velocity.pan, "y": velocity.tilt}
        if self.abilities.can(Verb.ZOOM):
            told["Zoom"] = {"x": velocity.zoom}
        if not told:
            raise AbilityMissing(device=self._device.address, verb=Verb.MOVE)
        await self._call("ContinuousMove", Velocity=told, Timeout=MOVE_TIMEOUT)

    async def stop(self) -> None:
        """Raises OnvifError."""
        await self._call("Stop", PanTilt=True, Zoom=True)

    async def go_to(self, position: Position) -> None:
        """Move to a position: pan and tilt in `position.space`, zoom in the generic space. Raises OnvifError."""
        told: dict[str, Any] = {}
        if position.pan is not None and position.tilt is not None:
            self._need(Verb.POINT)
            told["PanTilt"] = {"x": position.pan, "y": position.tilt, "space": position.space or GENERIC_SPACE}
        if position.zoom is not None:
            self._need(Verb.POINT_ZOOM)
            told["Zoom"] = {"x": position.zoom}
        await self._call("AbsoluteMove", Position=told)

    async def status(self) -> Position:
        """Return where it looks, as far as it says. Raises OnvifError."""
        told = await self._call("GetStatus")
        place, moving = getattr(told, "Position", None), getattr(told, "MoveStatus", None)
        pan_tilt, zoom = getattr(place, "PanTilt", None), getattr(place, "Zoom", None)
        return Position(
            pan=_number(pan_tilt, "x"),
            tilt=_number(pan_tilt, "y"),
            zoom=_number(zoom, "x"),
            space=str(getattr(pan_tilt, "space", None) or ""),
            moving=_moving(moving),
        )

    async def presets(self) -> tuple[Preset, ...]:
        """Return what it keeps; none where it keeps none. Raises OnvifError."""
        if not self.abilities.can(Verb.USE_PRESET):
            return ()
        told = await self._call("GetPresets")
        kept = [p for p in told or () if getattr(p, "token", None)][:MOST_PRESETS]
        return tuple(Preset(str(p.token), short(getattr(p, "Name", None) or p.token)) for p in kept)

    async def use_preset(self, token: str) -> None:
        """Raises OnvifError."""
        self._need(Verb.USE_PRESET)
        await self._call("GotoPreset", PresetToken=token)

    async def set_preset(self, name: str, token: str = "") -> str:
        """Keep where it looks now; return the preset's token. Raises OnvifError."""
        self._need(Verb.SET_PRESET)
        more = {"PresetToken": token} if token else {}
        return str(await self._call("SetPreset", PresetName=name, **more) or token)

    async def rename_preset(self, token: str, name: str) -> None:
        """Go there, wait until it has arrived, keep the place anew. Raises OnvifError, and renames nothing, when the
        device does not arrive or cannot say so: another place would be kept under the old token."""
        self._need(Verb.STATUS)
        await self.use_preset(token)
        await self._arrived()
        await self.set_preset(name, token)

    async def remove_preset(self, token: str) -> None:
        """Raises OnvifError."""
        self._need(Verb.REMOVE_PRESET)
        await self._call("RemovePreset", PresetToken=token)

    async def _arrived(self) -> None:
        """Wait until two looks in a row find the same place, and no movement."""
        before: Position | None = None
        for _ in range(round(ARRIVE_S / LOOK_EVERY_S)):
            await asyncio.sleep(LOOK_EVERY_S)
            now = await self.status()
            if now.pan is None and now.zoom is None:
                raise AbilityMissing(device=self._device.address, verb=Verb.STATUS)
            if before is not None and not now.moving and _same(before, now):
                return
            before = now
        raise DeviceSilent(device=self._device.address, limit_s=f"{ARRIVE_S:g}")

    def _need(self, verb: Verb) -> None:
        if not self.abilities.can(verb):
            raise AbilityMissing(device=self._device.address, verb=verb)

    async def _call(self, operation: str, **request: Any) -> Any:
        return await self._device.call("ptz", operation, {"ProfileToken": self._profile, **request})


def abilities_of(node: Any) -> Abilities:
    """Return what a node says that it can do (PTZNode, clause 5.1 of the PTZ service)."""
    offered = getattr(node, "SupportedPTZSpaces", None)
    absolute = [s for s in (_space(told) for told in _all(offered, "AbsolutePanTiltPositionSpace")) if s is not None]
    zooms = [r for r in (_range(told, "XRange") for told in _all(offered, "AbsoluteZoomPositionSpace")) if r]
    most_presets = int(getattr(node, "MaximumNumberOfPresets", None) or 0)
    verbs = {Verb.STATUS}
    verbs |= {Verb.MOVE} if _all(offered, "ContinuousPanTiltVelocitySpace") else set()
    verbs |= {Verb.ZOOM} if _all(offered, "ContinuousZoomVelocitySpace") else set()
    verbs |= {Verb.POINT} if absolute else set()
    verbs |= {Verb.POINT_ZOOM} if zooms else set()
    verbs |= {Verb.USE_PRESET, Verb.SET_PRESET, Verb.REMOVE_PRESET} if most_presets else set()
    best_first = sorted(absolute, key=lambda space: (not space.in_degrees, space.uri != GENERIC_SPACE))
    return Abilities(frozenset(verbs), tuple(best_first), zooms[0] if zooms else None, most_presets)


def _all(offered: Any, name: str) -> list[Any]:
    return list(getattr(offered, name, None) or ())


def _space(told: Any) -> PanTiltSpace | None:
    uri, pan, tilt = str(told.URI or ""), _range(told, "XRange"), _range(told, "YRange")
    return PanTiltSpace(uri, pan, tilt) if pan and tilt and uri in (DEGREES_SPACE, GENERIC_SPACE) else None


def _range(told: Any, name: str) -> Range | None:
    bounds = getattr(told, name, None)
    low, high = _number(bounds, "Min"), _number(bounds, "Max")
    return Range(low, high) if low is not None and high is not None and low < high else None


def _number(told: Any, name: str) -> float | None:
    value = getattr(told, name, None)
    return float(value) if value is not None else None


def _moving(told: Any) -> bool | None:
    words = {str(getattr(told, name, None) or "UNKNOWN") for name in ("PanTilt", "Zoom")}
    if "MOVING" in words:
        return True
    return False if "IDLE" in words else None


def _same(a: Position, b: Position) -> bool:
    pairs = ((a.pan, b.pan), (a.tilt, b.tilt), (a.zoom, b.zoom))
    return all(abs((x or 0.0) - (y or 0.0)) <= SAME_PLACE for x, y in pairs)
