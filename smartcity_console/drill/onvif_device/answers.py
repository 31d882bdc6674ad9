"""What the device answers to each operation: Device, Media and PTZ services, as far as a client of a centre asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from smartcity_console.drill.onvif_device.soap import DEVICE, MEDIA, PTZ, Request
from smartcity_console.drill.onvif_device.state import PAN_LIMITS, TILT_LIMITS, DeviceFacts, Head, Place
from smartcity_console.model.ptz import DEGREES_SPACE, GENERIC_SPACE

_SPACES = "http://www.onvif.org/ver10/tptz"
ZOOM_SPACE = f"{_SPACES}/ZoomSpaces/PositionGenericSpace"
OPEN_TO_ALL = frozenset(("GetSystemDateAndTime", "GetServices", "GetCapabilities"))
"""Operations of the class PRE_AUTH (ONVIF Core, access policy): answered without a login."""

_DURATION = re.compile(r"P(?:T(?:(\d+)M)?(?:([\d.]+)S)?)?$")


class Refusal(Exception):
    """Answered as a SOAP fault."""

    def __init__(self, subcode: str, reason: str) -> None:
        super().__init__(reason)
        self.subcode, self.reason = subcode, reason


class Answers:
    """Carries requests out. `address` is how the device is reached: http://host:port."""

    def __init__(self, facts: DeviceFacts, head: Head, address: str, now: Callable[[], datetime]) -> None:
        self._facts, self._head, self._address, self._now = facts, head, address, now

    def answer(self, request: Request) -> str:
        """Return the body's XML. Raises Refusal."""
        table = {DEVICE: _DEVICE, MEDIA: _MEDIA, PTZ: _PTZ if self._facts.has_ptz else {}}.get(request.namespace, {})
        make = table.get(request.operation)
        if make is None:
            raise Refusal("ter:ActionNotSupported", f"{request.operation} is not supported")
        prefix = {DEVICE: "tds", MEDIA: "trt", PTZ: "tptz"}[request.namespace]
        name = f"{prefix}:{request.operation}Response"
        return f"<{name}>{make(self, request)}</{name}>"

    # ---- Device ------------------------------------------------------------------------------------------------

    def date_and_time(self, _: Request) -> str:
        now = self._now()
        return (
            "<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
            f"<tt:UTCDateTime><tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
            f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
        )

    def services(self, _: Request) -> str:
        offered = [(DEVICE, "device_service"), (MEDIA, "media"), *([(PTZ, "ptz")] if self._facts.has_ptz else [])]
        return "".join(
            f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>{self._address}/onvif/{path}</tds:XAddr>"
            "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
            for space, path in offered
        )

    def information(self, _: Request) -> str:
        facts = self._facts
        told = {
            "Manufacturer": facts.manufacturer,
            "Model": facts.model,
            "FirmwareVersion": facts.firmware,
            "SerialNumber": facts.serial,
            "HardwareId": "1",
        }
        return "".join(f"<tds:{name}>{escape(value)}</tds:{name}>" for name, value in told.items())

    # ---- Media -------------------------------------------------------------------------------------------------

    def profiles(self, _: Request) -> str:
        return "".join(self._profile(*stream[:3]) for stream in self._facts.streams)

    def _profile(self, token: str, width_px: int, height_px: int) -> str:
        ptz = (
            '<tt:PTZConfiguration token="ptz"><tt:Name>ptz</tt:Name><tt:UseCount>1</tt:UseCount>'
            "<tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration>"
        )
        return (
            f'<trt:Profiles token={quoteattr(token)} fixed="true"><tt:Name>{escape(token)}</tt:Name>'
            '<tt:VideoEncoderConfiguration token="v"><tt:Name>v</tt:Name><tt:UseCount>1</tt:UseCount>'
            f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width_px}</tt:Width>"
            f"<tt:Height>{height_px}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl>"
            "<tt:FrameRateLimit>25</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
            "<tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration>"
            f"{ptz if self._facts.has_ptz else ''}</trt:Profiles>"
        )

    def stream_uri(self, request: Request) -> str:
        wanted = request.text("ProfileToken")
        address = next((s[3] for s in self._facts.streams if s[0] == wanted), None)
        if address is None:
            raise Refusal("ter:NoProfile", "no such profile")
        return _media_uri(address)

    def snapshot_uri(self, request: Request) -> str:
        return _media_uri(f"{self._address}/snapshot/{request.text('ProfileToken')}.jpg")

    # ---- PTZ ---------------------------------------------------------------------------------------------------

    def nodes(self, _: Request) -> str:
        return f'<tptz:PTZNode token="node">{self._spaces()}</tptz:PTZNode>'

    def _spaces(self) -> str:
        facts = self._facts
        generic = _space2("AbsolutePanTiltPositionSpace", GENERIC_SPACE, (-1, 1), (-1, 1))
        degrees = _space2("AbsolutePanTiltPositionSpace", DEGREES_SPACE, PAN_LIMITS, TILT_LIMITS)
        velocity = f"{_SPACES}/PanTiltSpaces/VelocityGenericSpace"
        absolute = (generic + (degrees if facts.has_degrees else "")) if facts.has_absolute else ""
        zoom = _space1("AbsoluteZoomPositionSpace", ZOOM_SPACE, (0, 1)) if facts.has_absolute else ""
        moves = _space2("ContinuousPanTiltVelocitySpace", velocity, (-1, 1), (-1, 1))
        moves += _space1("ContinuousZoomVelocitySpace", f"{_SPACES}/ZoomSpaces/VelocityGenericSpace", (-1, 1))
        return (
            f"<tt:Name>node</tt:Name><tt:SupportedPTZSpaces>{absolute}{zoom}{moves}</tt:SupportedPTZSpaces>"
            f"<tt:MaximumNumberOfPresets>{facts.most_presets}</tt:MaximumNumberOfPresets>"
            "<tt:HomeSupported>false</tt:HomeSupported>"
        )

    def continuous_move(self, request: Request) -> str:
        pan, tilt = _xy(request, "PanTilt")
        zoom, _ = _xy(request, "Zoom")
        self._head.move(pan or 0.0, tilt or 0.0, zoom or 0.0, _seconds(request.text("Timeout")))
        return ""

    def absolute_move(self, request: Request) -> str:
        if not self._facts.has_absolute:
            raise Refusal("ter:ActionNotSupported", "no absolute positions")
        pan, tilt = _xy(request, "PanTilt")
        zoom, _ = _xy(request, "Zoom")
        found = request.find("PanTilt")
        if found is not None and pan is not None and tilt is not None:
            pan, tilt = _degrees(found.get("space") or GENERIC_SPACE, pan, tilt)
        self._head.go_to(pan, tilt, zoom)
        return ""

    def stop(self, _: Request) -> str:
        self._head.stop()
        return ""

    def status(self, _: Request) -> str:
        place, moving = self._head.place(), "MOVING" if self._head.is_moving else "IDLE"
        x, y, space = place.pan, place.tilt, DEGREES_SPACE
        if not self._facts.has_degrees:
            x, y, space = *_generic(place), GENERIC_SPACE
        return (
            f'<tptz:PTZStatus><tt:Position><tt:PanTilt x="{x:.4f}" y="{y:.4f}" space="{space}"/>'
            f'<tt:Zoom x="{place.zoom:.4f}" space="{ZOOM_SPACE}"/></tt:Position>'
            f"<tt:MoveStatus><tt:PanTilt>{moving}</tt:PanTilt><tt:Zoom>{moving}</tt:Zoom></tt:MoveStatus>"
            f"<tt:UtcTime>{self._now():%Y-%m-%dT%H:%M:%SZ}</tt:UtcTime></tptz:PTZStatus>"
        )

    def presets(self, _: Request) -> str:
        return "".join(
            f"<tptz:Preset token={quoteattr(token)}><tt:Name>{escape(name)}</tt:Name></tptz:Preset>"
            for token, (name, _place) in self._head.presets.items()
        )

    def set_preset(self, request: Request) -> str:
        kept = self._head.presets
        token = request.text("PresetToken") or f"p{1 + max((int(t[1:]) for t in kept), default=0)}"
        if token not in kept and len(kept) >= self._facts.most_presets:
            raise Refusal("ter:TooManyPresets", "no room for another preset")
        kept[token] = (request.text("PresetName") or token, self._head.place())
        return f"<tptz:PresetToken>{token}</tptz:PresetToken>"

    def goto_preset(self, request: Request) -> str:
        _, place = self._preset(request)
        self._head.go_to(place.pan, place.tilt, place.zoom)
        return ""

    def remove_preset(self, request: Request) -> str:
        self._preset(request)
        del self._head.presets[request.text("PresetToken") or ""]
        return ""

    def _preset(self, request: Request) -> tuple[str, Place]:
        kept = self._head.presets.get(request.text("PresetToken") or "")
        if kept is None:
            raise Refusal("ter:NoToken", "no such preset")
        return kept


_Make = Callable[[Answers, Request], str]
_DEVICE: dict[str, _Make] = {
    "GetSystemDateAndTime": Answers.date_and_time,
    "GetServices": Answers.services,
    "GetDeviceInformation": Answers.information,
}
_MEDIA: dict[str, _Make] = {
    "GetProfiles": Answers.profiles,
    "GetStreamUri": Answers.stream_uri,
    "GetSnapshotUri": Answers.snapshot_uri,
}
_PTZ: dict[str, _Make] = {
    "GetNodes": Answers.nodes,
    "ContinuousMove": Answers.continuous_move,
    "AbsoluteMove": Answers.absolute_move,
    "Stop": Answers.stop,
    "GetStatus": Answers.status,
    "GetPresets": Answers.presets,
    "SetPreset": Answers.set_preset,
    "GotoPreset": Answers.goto_preset,
    "RemovePreset": Answers.remove_preset,
}


def _media_uri(address: str) -> str:
    return (
        f"<trt:MediaUri><tt:Uri>{escape(address)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
        "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT60S</tt:Timeout></trt:MediaUri>"
    )


def _space1(name: str, uri: str, x: tuple[float, float]) -> str:
    return f"<tt:{name}><tt:URI>{uri}</tt:URI>{_bounds('XRange', x)}</tt:{name}>"


def _space2(name: str, uri: str, x: tuple[float, float], y: tuple[float, float]) -> str:
    return f"<tt:{name}><tt:URI>{uri}</tt:URI>{_bounds('XRange', x)}{_bounds('YRange', y)}</tt:{name}>"


def _bounds(name: str, bounds: tuple[float, float]) -> str:
    return f"<tt:{name}><tt:Min>{bounds[0]}</tt:Min><tt:Max>{bounds[1]}</tt:Max></tt:{name}>"


def _xy(request: Request, name: str) -> tuple[float | None, float | None]:
    found = request.find(name)
    if found is None:
        return None, None
    try:
        x, y = (float(v) if (v := found.get(axis)) is not None else None for axis in ("x", "y"))
    except ValueError:
        raise Refusal("ter:InvalidArgVal", "not a number") from None
    return x, y


def _degrees(space: str, pan: float, tilt: float) -> tuple[float, float]:
    """Return degrees for a position in a space. Raises Refusal beyond the stops."""
    limits = (PAN_LIMITS, TILT_LIMITS) if space == DEGREES_SPACE else ((-1.0, 1.0), (-1.0, 1.0))
    if not all(low <= value <= high for value, (low, high) in zip((pan, tilt), limits, strict=True)):
        raise Refusal("ter:InvalidPosition", "beyond the stops")
    if space == DEGREES_SPACE:
        return pan, tilt
    return pan * PAN_LIMITS[1], TILT_LIMITS[0] + (tilt + 1.0) / 2.0 * (TILT_LIMITS[1] - TILT_LIMITS[0])


def _generic(place: Place) -> tuple[float, float]:
    share = (place.tilt - TILT_LIMITS[0]) / (TILT_LIMITS[1] - TILT_LIMITS[0])
    return place.pan / PAN_LIMITS[1], share * 2.0 - 1.0


def _seconds(text: str | None) -> float:
    """Read an xs:duration of minutes and seconds; without one it turns for a minute."""
    found = _DURATION.match(text or "")
    if not found or not any(found.groups()):
        return 60.0
    return 60.0 * float(found[1] or 0) + float(found[2] or 0)
