"""The workspace's ONVIF cameras as the gateway's cameras that turn."""

from __future__ import annotations

from pathlib import Path

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ptz import Abilities, Mounting, Position, Preset, Velocity
from smartcity_console.video.onvif.address import parse_address
from smartcity_console.video.onvif.adopted import Adopted, adopted_path, read_adopted
from smartcity_console.video.onvif.credentials import read_credentials
from smartcity_console.video.onvif.device import OnvifDevice
from smartcity_console.video.onvif.ptz import PtzUnit


class NotAdopted(ConsoleError):
    code = "ptz_not_adopted"
    ko = "카메라 {camera_id}은(는) 조작할 수 있는 장치로 등록되어 있지 않습니다. `smartcity-console onvif adopt` 로 등록하십시오."
    en = "Camera {camera_id} is not connected to a device that turns. Connect it with `smartcity-console onvif adopt`."


class OnvifDevices:
    """Reads `onvif.json` again whenever it has changed: a camera adopted while the gateway runs can be turned at once."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._mark: tuple[int, int] | None = None
        self._adopted: dict[str, Adopted] = {}

    async def open(self, camera_id: str) -> OnvifTurner:
        """Connect. Raises ConsoleError: NotAdopted, AdoptedUnreadable, CredentialsUnsafe, OnvifError."""
        adopted = self._list().get(camera_id)
        if adopted is None:
            raise NotAdopted(camera_id=camera_id)
        credentials = read_credentials(self._workspace, camera_id)
        device = await OnvifDevice.connect(parse_address(adopted.address), credentials)
        try:
            return OnvifTurner(device, await PtzUnit.open(device, adopted.profile, adopted.node))
        except BaseException:
            await device.close()
            raise

    def mounting(self, camera_id: str) -> Mounting | None:
        adopted = self._adopted.get(camera_id)
        return adopted.mounting if adopted is not None else None

    def _list(self) -> dict[str, Adopted]:
        path = adopted_path(self._workspace)
        stat = path.stat() if path.exists() else None
        mark = (stat.st_mtime_ns, stat.st_size) if stat else None
        if mark != self._mark or mark is None:
            self._adopted, self._mark = read_adopted(self._workspace), mark
        return self._adopted


class OnvifTurner:
    """A connection and its PTZ node as one thing."""

    def __init__(self, device: OnvifDevice, unit: PtzUnit) -> None:
        self._device, self._unit = device, unit

    @property
    def abilities(self) -> Abilities:
        return self._unit.abilities

    async def move(self, velocity: Velocity) -> None:
        await self._unit.move(velocity)

    async def stop(self) -> None:
        await self._unit.stop()

    async def go_to(self, position: Position) -> None:
        await self._unit.go_to(position)

    async def status(self) -> Position:
        return await self._unit.status()

    async def presets(self) -> tuple[Preset, ...]:
        return await self._unit.presets()

    async def use_preset(self, token: str) -> None:
        await self._unit.use_preset(token)

    async def set_preset(self, name: str, token: str = "") -> str:
        return await self._unit.set_preset(name, token)

    async def rename_preset(self, token: str, name: str) -> None:
        await self._unit.rename_preset(token, name)

    async def remove_preset(self, token: str) -> None:
        await self._unit.remove_preset(token)

    async def close(self) -> None:
        await self._device.close()
