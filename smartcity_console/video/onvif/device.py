"""One device: its services, each call bounded in time, each failure told in a typed error.

WSDL files are the library's own, parsed once in a thread and shared by all devices: nothing is fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from smartcity_console.video.onvif.address import DeviceAddress, at_host
from smartcity_console.video.onvif.credentials import Credentials
from smartcity_console.video.onvif.errors import (
    DeviceFault,
    DeviceSilent,
    DeviceUnreachable,
    DeviceUnreadable,
    LoginRefused,
    OnvifError,
    ServiceMissing,
    short,
)
from smartcity_console.video.onvif.library import loaded

CALL_LIMIT_S = 5.0
_LOGIN_WORDS = ("notauthorized", "not authorized", "failedauthentication", "unauthorized", "invalidsecurity")


class Identity(msgspec.Struct, frozen=True):
    """What a device says it is (GetDeviceInformation)."""

    manufacturer: str
    model: str
    firmware: str
    serial: str


class OnvifDevice:
    """A connection to one device; belongs to one event loop. `close` it."""

    def __init__(self, address: DeviceAddress, camera: Any, limit_s: float) -> None:
        self.address = address
        self._camera, self._limit_s = camera, limit_s
        self._services: dict[str, Any] = {}

    @classmethod
    async def connect(
        cls, address: DeviceAddress, credentials: Credentials, *, limit_s: float = CALL_LIMIT_S
    ) -> OnvifDevice:
        """Ask a device which services it has. Raises OnvifError."""
        library = await loaded()
        host = f"https://{address.host}" if address.scheme == "https" else address.host
        # The device's clock is asked first: a digest stamped with another time is refused (WS-UsernameToken 1.0, 3.1).
        login = (credentials.user, credentials.password)
        camera = library.ONVIFCamera(host, address.port, *login, no_cache=True, adjust_time=True)
        device = cls(address, camera, limit_s)
        try:
            await device._bounded(camera.update_xaddrs)
        except BaseException:
            await device.close()
            raise
        camera.xaddrs = {name: at_host(url, address.host) for name, url in camera.xaddrs.items()}
        return device

    async def identity(self) -> Identity:
        """Raises OnvifError."""
        told = await self.call("devicemgmt", "GetDeviceInformation")
        words = (getattr(told, name, None) for name in ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber"))
        return Identity(*(short(word or "") for word in words))

    def has(self, service: str) -> bool:
        """Return whether the device offers a service: `media`, `ptz` …"""
        with contextlib.suppress(Exception):
            self._camera.get_definition(service)
            return True
        return False

    async def call(self, service: str, operation: str, request: Mapping[str, Any] | None = None) -> Any:
        """Call one operation and return the answer's object. Raises OnvifError."""
        if service not in self._services:
            if not self.has(service):
                raise ServiceMissing(device=self.address, service=service)
            self._services[service] = await self._bounded(lambda: self._camera.create_onvif_service(service))
        return await self._bounded(lambda: getattr(self._services[service], operation)(dict(request or {})))

    async def close(self) -> None:
        """Close its connections."""
        with contextlib.suppress(Exception):
            await self._camera.close()

    async def _bounded(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        try:
            async with asyncio.timeout(self._limit_s):
                return await ask()
        except Exception as error:
            raise _told(error, self.address, self._limit_s) from None  # the chain could quote the request


def _told(error: Exception, address: DeviceAddress, limit_s: float) -> OnvifError:
    """Return the typed error for what the library, its HTTP client or its parser raised."""
    import aiohttp
    from zeep.exceptions import Fault, TransportError

    if isinstance(error, OnvifError):
        return error
    if isinstance(error, TimeoutError):
        return DeviceSilent(device=address, limit_s=f"{limit_s:g}")
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return DeviceUnreachable(device=address, why=type(error).__name__)
    if isinstance(error, Fault):
        return _fault(error, address)
    if isinstance(error, TransportError):
        if error.status_code in (401, 403):
            return LoginRefused(device=address)
        return DeviceUnreadable(device=address, why=f"HTTP {error.status_code}")
    return DeviceUnreadable(device=address, why=type(error).__name__)


def _fault(fault: Any, address: DeviceAddress) -> OnvifError:
    codes = [fault.code or "", *(getattr(code, "text", None) or str(code) for code in (fault.subcodes or ()))]
    said = short(fault.message or "")
    if any(word in f"{' '.join(codes)} {said}".lower() for word in _LOGIN_WORDS):
        return LoginRefused(device=address)
    return DeviceFault(device=address, said=said or short(" ".join(codes)))
