"""`smartcity-console onvif discover | probe | adopt`: connecting a centre's ONVIF cameras."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from argparse import Namespace
from typing import Any

import msgspec

from smartcity_console.city import City, city_path
from smartcity_console.composition.streams import StreamRoles, keep_stream_roles
from smartcity_console.model.errors import ConsoleError, Language, UnknownCamera
from smartcity_console.model.ptz import Mounting, Verb
from smartcity_console.settings import Settings
from smartcity_console.video.onvif.address import parse_address
from smartcity_console.video.onvif.adopted import Adopted, keep_adopted
from smartcity_console.video.onvif.credentials import Credentials, credentials_path, keep_credentials
from smartcity_console.video.onvif.discovery import Found, addresses_in, discover
from smartcity_console.video.onvif.survey import Survey, survey

AT_ONCE = 8
EXIT_NOTHING = 4


class NoStream(ConsoleError):
    code = "onvif_no_stream"
    ko = "장치 {device}에 영상 스트림이 없어 카메라 {camera_id}에 연결하지 않았습니다. 장치 설정에서 프로파일을 만드십시오."
    en = "The device {device} has no video stream, so camera {camera_id} was not connected. Make a profile on the device."


def run_onvif(options: Namespace, settings: Settings, language: Language) -> int:
    """Carry one of the three verbs out; the exit code. Raises ConsoleError."""
    if options.verb == "discover":
        return _discover(options, language)
    credentials = _credentials(options)
    told = asyncio.run(survey(parse_address(options.address), credentials, limit_s=options.limit))
    if options.verb == "probe":
        _print(_facts(told), _lines(told, language), as_json=options.json)
        return 0
    return _adopt(options, settings, told, credentials, language)


# ---- discover ----------------------------------------------------------------------------------------------------


def _discover(options: Namespace, language: Language) -> int:
    targets = [address for text in options.address for address in addresses_in(text)]
    credentials = _credentials(options) if options.user else None
    found = asyncio.run(discover(targets, listen_s=options.listen, port=options.port, interface=options.interface))
    asked = asyncio.run(_ask_all(found, credentials, options.limit)) if credentials else []
    rows = [_found_facts(each) | told for each, told in zip(found, asked or [{} for _ in found], strict=True)]
    _print(rows, _found_lines(rows, language), as_json=options.json)
    return 0 if found else EXIT_NOTHING


async def _ask_all(found: list[Found], credentials: Credentials, limit_s: float) -> list[dict[str, Any]]:
    """Ask each device, some at a time; one that refuses says why and costs the others nothing."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(each: Found) -> dict[str, Any]:
        async with turn:
            try:
                return _facts(await survey(each.address, credentials, limit_s=limit_s))
            except ConsoleError as error:
                return {"trouble": error.code, "ko": error.sentence("ko"), "en": error.sentence("en")}

    return list(await asyncio.gather(*(ask(each) for each in found)))


def _found_facts(found: Found) -> dict[str, Any]:
    return {"address": found.address.url, "name": found.name, "model": found.model, "turns": found.turns}


def _found_lines(rows: list[dict[str, Any]], language: Language) -> list[str]:
    korean = language == "ko"
    if not rows:
        return ["응답한 장치가 없습니다." if korean else "No device has answered."]
    head = f"{len(rows)}대가 응답했습니다:" if korean else f"{len(rows)} devices have answered:"
    return [head, *(_found_line(row, language) for row in rows)]


def _found_line(row: dict[str, Any], language: Language) -> str:
    turns = " PTZ" if row["turns"] else ""
    if "trouble" in row:
        return f"  {row['address']}  {row['model']}  {row['name']}{turns}  ! {row[language]}"
    more = f"  {row['manufacturer']} {row['firmware']}" if "manufacturer" in row else ""
    return f"  {row['address']}  {row['model']}  {row['name']}{turns}{more}"


# ---- probe, adopt ------------------------------------------------------------------------------------------------


def _facts(told: Survey) -> dict[str, Any]:
    """Return a survey as JSON values."""
    roles, abilities = told.roles, told.abilities
    return {
        "address": told.address.url,
        "manufacturer": told.identity.manufacturer,
        "model": told.identity.model,
        "firmware": told.identity.firmware,
        "serial": told.identity.serial,
        "profiles": [msgspec.to_builtins(profile) for profile in told.profiles],
        "main": roles.main.token if roles else None,
        "sub": roles.sub.token if roles and roles.sub else None,
        "ptz": msgspec.to_builtins(abilities) | {"presets": told.presets} if abilities else None,
    }


def _lines(told: Survey, language: Language) -> list[str]:
    korean, identity = language == "ko", told.identity
    lines = [f"{identity.manufacturer} {identity.model} · {identity.firmware} · {told.address}"]
    for profile in told.profiles:
        roles = told.roles
        role = "main" if roles and profile is roles.main else "sub" if roles and profile is roles.sub else "-"
        size = f"{profile.width_px}x{profile.height_px}@{profile.frames_per_s:g}"
        lines.append(f"  {role:4} {profile.token}  {profile.codec} {size}  {profile.url}")
        if profile.snapshot:
            lines.append(f"       {profile.snapshot}")
    return [*lines, f"  PTZ: {_ptz_line(told, korean=korean)}"]


def _ptz_line(told: Survey, *, korean: bool) -> str:
    if told.abilities is None:
        return "없음" if korean else "none"
    lacking = sorted(verb.value for verb in Verb if not told.abilities.can(verb))
    spaces = "; ".join(
        f"{'°' if s.in_degrees else '±1'} pan {s.pan.low:g}…{s.pan.high:g} tilt {s.tilt.low:g}…{s.tilt.high:g}"
        for s in told.abilities.spaces
    )
    missing = f" · {'지원하지 않음' if korean else 'lacks'}: {', '.join(lacking)}" if lacking else ""
    presets = f"{'프리셋' if korean else 'presets'} {told.presets}/{told.abilities.most_presets}"
    return f"{spaces or '-'} · {presets}{missing}"


def _adopt(options: Namespace, settings: Settings, told: Survey, credentials: Credentials, language: Language) -> int:
    """Write the camera's device, streams and login into the workspace."""
    city = City.open(city_path(options.workspace, settings.text("city.path")))
    if options.camera not in city.cameras:
        raise UnknownCamera(camera_id=options.camera)
    if told.roles is None:
        raise NoStream(device=told.address, camera_id=options.camera)
    main, sub = told.roles.main, told.roles.sub
    keep_credentials(options.workspace, options.camera, credentials)
    identity = told.identity
    adopted = Adopted(
        told.address.url,
        main.token,
        main.ptz_node,
        identity.manufacturer,
        identity.model,
        identity.firmware,
        main.snapshot,
        _mounting(options),
    )
    keep_adopted(options.workspace, options.camera, adopted)
    keep_stream_roles(options.workspace, options.camera, StreamRoles(main.url, sub.url if sub else None))
    facts = _facts(told) | {
        "camera": options.camera,
        "credentials": str(credentials_path(options.workspace, options.camera)),
    }
    _print(facts, [*_lines(told, language), _adopted_line(options.camera, language)], as_json=options.json)
    return 0


def _adopted_line(camera_id: str, language: Language) -> str:
    if language == "ko":
        return f"카메라 {camera_id}에 연결했습니다. 켜져 있는 게이트웨이와 콘솔이 곧 읽습니다."
    return f"Connected to camera {camera_id}. A running gateway and consoles take it up by themselves."


def _mounting(options: Namespace) -> Mounting | None:
    if options.pan_zero is None:
        return None
    return Mounting(
        azimuth_at_zero_deg=options.pan_zero % 360.0,
        pan_span_deg=options.pan_span,
        tilt_low_deg=options.tilt_low,
        tilt_high_deg=options.tilt_high,
        pan_reversed=options.pan_reversed,
        tilt_down=options.tilt_down,
    )


def _credentials(options: Namespace) -> Credentials:
    """Read the password from a file or ask for it: on the command line everybody on the machine could read it."""
    if not options.user:
        return Credentials()
    if options.password_file is not None:
        return Credentials(options.user, options.password_file.read_text("utf-8").rstrip("\r\n"))
    return Credentials(options.user, getpass.getpass(f"{options.user}: "))


def _print(facts: Any, lines: list[str], *, as_json: bool) -> None:
    print(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines), file=sys.stdout, flush=True)
