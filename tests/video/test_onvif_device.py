"""The ONVIF client against a device over real HTTP: identity, streams, turning, and each way of failing."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.onvif_device import DeviceFacts, DeviceServer, Trouble
from smartcity_console.model.ptz import DEGREES_SPACE, GENERIC_SPACE, Position, Velocity, Verb
from smartcity_console.video.onvif import errors
from smartcity_console.video.onvif.address import at_host, parse_address
from smartcity_console.video.onvif.credentials import Credentials, keep_credentials, read_credentials
from smartcity_console.video.onvif.device import OnvifDevice
from smartcity_console.video.onvif.ptz import PtzUnit
from smartcity_console.video.onvif.survey import survey

PASSWORD = "열쇠 <&> 9"
STREAMS = (
    ("main", 1920, 1080, "rtsp://admin:secret@10.9.9.9:8554/main?channel=1&password=secret"),
    ("third", 320, 180, "rtsp://10.9.9.9/third"),
    ("sub", 640, 360, "rtsp://10.9.9.9/sub"),
)
LOGIN = Credentials("operator", PASSWORD)


@pytest.fixture
def device() -> Iterator[DeviceServer]:
    with DeviceServer(DeviceFacts(password=PASSWORD, streams=STREAMS), SystemClock()) as made:
        yield made


def on(device: DeviceServer, act: Callable[[PtzUnit], Awaitable[Any]], limit_s: float = 5.0) -> Any:
    """Connect as the gateway does and carry one act out."""

    async def run() -> Any:
        connected = await OnvifDevice.connect(parse_address(device.address), LOGIN, limit_s=limit_s)
        try:
            return await act(await PtzUnit.open(connected, "main", "node"))
        finally:
            await connected.close()

    return asyncio.run(run())


def test_a_survey_tells_make_streams_and_what_turns(device: DeviceServer) -> None:
    told = asyncio.run(survey(parse_address(device.address), LOGIN))
    assert (told.identity.manufacturer, told.identity.model) == ("Gaon Vision", "GV-PTZ30")
    assert told.roles is not None
    assert told.roles.sub is not None
    assert told.roles.main.url == "rtsp://127.0.0.1:8554/main?channel=1"
    assert (told.roles.sub.token, told.roles.sub.width_px) == ("sub", 640)
    assert told.roles.main.snapshot.endswith("/snapshot/main.jpg")
    assert told.abilities is not None
    assert told.abilities.verbs == frozenset(Verb)
    assert [space.uri for space in told.abilities.spaces] == [DEGREES_SPACE, GENERIC_SPACE]
    assert "secret" not in str(told)


def test_moves_positions_and_presets(device: DeviceServer) -> None:
    async def act(unit: PtzUnit) -> None:
        await unit.move(Velocity(pan=1.0, zoom=0.5))
        while (await unit.status()).pan == 0.0:
            await asyncio.sleep(0.01)
        await unit.stop()
        there = await unit.status()
        assert there.moving is False
        token = await unit.set_preset("정문 <1>")
        await unit.go_to(Position(pan=-30.0, tilt=-45.0, space=DEGREES_SPACE))
        while (await unit.status()).moving:
            await asyncio.sleep(0.01)
        assert await unit.status() == Position(-30.0, -45.0, there.zoom, DEGREES_SPACE, False)
        await unit.rename_preset(token, "후문")
        assert [(p.token, p.name) for p in await unit.presets()] == [(token, "후문")]
        assert (await unit.status()).pan == there.pan
        await unit.remove_preset(token)
        assert await unit.presets() == ()

    on(device, act)


def test_what_a_device_lacks_is_refused_before_it_is_asked() -> None:
    poor = DeviceServer(DeviceFacts(has_absolute=False, most_presets=0), SystemClock())

    async def act(unit: PtzUnit) -> None:
        assert not unit.abilities.can(Verb.POINT)
        with pytest.raises(errors.AbilityMissing):
            await unit.go_to(Position(pan=1.0, tilt=1.0))
        with pytest.raises(errors.AbilityMissing):
            await unit.set_preset("정문")

    with poor:
        on(poor, act)
    assert not {"AbsoluteMove", "SetPreset"} & set(poor.asked)


def test_a_device_without_ptz_says_so() -> None:
    with DeviceServer(DeviceFacts(has_ptz=False), SystemClock()) as fixed:
        told = asyncio.run(survey(parse_address(fixed.address), Credentials()))
        assert told.abilities is None
        with pytest.raises(errors.ServiceMissing):
            on(fixed, lambda unit: unit.stop())


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble.LOGIN, errors.LoginRefused),
        (Trouble.SLOW, errors.DeviceSilent),
        (Trouble.SILENT, errors.DeviceSilent),
        (Trouble.FAULT, errors.DeviceFault),
        (Trouble.GARBAGE, errors.DeviceUnreadable),
    ],
)
def test_each_way_of_failing_has_its_error(
    device: DeviceServer, trouble: Trouble, kind: type[errors.OnvifError]
) -> None:
    async def act(unit: PtzUnit) -> None:
        device.trouble, device.slow_s = trouble, 2.0
        with pytest.raises(kind) as failed:
            await unit.presets()
        assert PASSWORD not in failed.value.sentence("ko") + failed.value.sentence("en")
        assert failed.value.__cause__ is None

    on(device, act, limit_s=0.8)


def test_a_wrong_password_is_refused_and_a_wrong_clock_is_not(device: DeviceServer) -> None:
    with pytest.raises(errors.LoginRefused):
        asyncio.run(survey(parse_address(device.address), Credentials("operator", "guess")))
    assert device.refused_logins == 1, "one try, lest the device lock itself"
    device.clock_off = timedelta(days=-400)
    assert asyncio.run(survey(parse_address(device.address), LOGIN)).identity.serial == "GV30-000001"


def test_nobody_there_is_told_at_once() -> None:
    with pytest.raises(errors.DeviceUnreachable):
        asyncio.run(survey(parse_address("127.0.0.1:1"), Credentials()))


def test_addresses_are_read_and_cleaned() -> None:
    assert str(parse_address("10.1.2.3")) == "10.1.2.3:80"
    assert parse_address("https://cam.local/onvif").url == "https://cam.local:443"
    assert str(parse_address("[fe80::1]:8080")) == "[fe80::1]:8080"
    for wrong in ("rtsp://10.1.2.3", "http://", "10.1.2.3:99999"):
        with pytest.raises(errors.AddressRefused):
            parse_address(wrong)
    with pytest.raises(errors.AddressRefused) as refused:
        parse_address("http://admin:hunter2@10.1.2.3")
    assert "hunter2" not in refused.value.sentence("en")
    assert at_host("rtsp://u:p@192.168.0.9:554/a?b=1&PWD=x", "10.0.0.5") == "rtsp://10.0.0.5:554/a?b=1"


def test_credentials_that_others_may_read_are_not_read(tmp_path: Path) -> None:
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    assert read_credentials(tmp_path, "GN-0001") == LOGIN
    assert PASSWORD not in repr(LOGIN)
    file = tmp_path / "secrets" / "cameras" / "GN-0001.json"
    file.chmod(0o640)
    with pytest.raises(errors.CredentialsUnsafe):
        read_credentials(tmp_path, "GN-0001")
    file.unlink()
    file.symlink_to("/etc/passwd")
    with pytest.raises(errors.CredentialsUnsafe):
        read_credentials(tmp_path, "GN-0001")
    for wrong in ("../x", "..", "a/b"):
        with pytest.raises(errors.CredentialsUnsafe):
            read_credentials(tmp_path, wrong)
    assert read_credentials(tmp_path, "GN-0002") == Credentials()


def test_loading_the_library_changes_no_logging_and_needs_no_network() -> None:
    """Run apart: this process has loaded it already."""
    code = (
        "import asyncio, logging, socket\n"
        "def refuse(*_): raise OSError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "from smartcity_console.video.onvif.library import load\n"
        "library = load()\n"
        "from onvif.client import _cached_document, _WSDL_PATH\n"
        "for name in ('devicemgmt', 'media', 'ptz'):\n"
        "    asyncio.run(_cached_document(f'{_WSDL_PATH}/{name}.wsdl'))\n"
        "root = logging.getLogger()\n"
        "print(root.handlers, root.level, logging.getLogger('onvif').level)\n"
    )
    environment = os.environ | {"HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.stdout.strip() == f"[] {logging.WARNING} {logging.WARNING}", done.stderr
