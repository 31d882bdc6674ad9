"""What light there is: by day, at dusk, at night; under a clear sky and in rain. Pure data for the shaders."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from smartcity_console.drill.scenario.model import Light, Weather

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Daylight:
    """Colours are linear, relative to a white of about 1 under full sun; shares 0..1. The defaults are a clear afternoon."""

    sun_azimuth_deg: float = 232.0
    sun_altitude_deg: float = 36.0
    sun: Rgb = (2.35, 1.95, 1.45)
    sky: Rgb = (0.38, 0.46, 0.58)
    bounce: Rgb = (0.22, 0.21, 0.19)
    overcast: float = 0.0
    sky_glow: Rgb = (0.0, 0.0, 0.0)  # on the haze near the horizon
    fog_m: float = 700.0  # distance at which haze takes 1 - 1/e of a thing's contrast
    lit_windows: float = 0.07  # share of them
    window_glow: float = 0.22
    open_shops: float = 1.0  # share of them
    front_glow: float = 0.0
    sign_gain: float = 1.0
    lamps_on: float = 0.0  # street lamps, headlights, shop lights
    wet: float = 0.0
    rain: float = 0.0
    middle_tone: float = 0.185  # to which the camera exposes the mean of its picture
    most_gain: float = 1.3
    grain: float = 0.037
    vivid: float = 0.92  # what the sensor keeps of the colours

    @property
    def is_dark(self) -> bool:
        """Tell whether lamps and headlights are on."""
        return self.lamps_on > 0.5


DAYLIGHT = Daylight()
_DUSK = Daylight(
    sun_azimuth_deg=284.0, sun_altitude_deg=7.0, sun=(0.07, 0.035, 0.02), sky=(0.036, 0.042, 0.070), bounce=(0.016, 0.015, 0.017),
    overcast=0.15, sky_glow=(0.17, 0.08, 0.035), fog_m=560.0, lit_windows=0.38, window_glow=0.55, open_shops=0.9,
    front_glow=0.5, sign_gain=3.2, lamps_on=1.0, middle_tone=0.105, most_gain=3.6, grain=0.075, vivid=0.80,
)  # fmt: skip
_NIGHT = Daylight(
    sun_azimuth_deg=150.0, sun_altitude_deg=48.0, sun=(0.006, 0.007, 0.010), sky=(0.011, 0.012, 0.016),
    bounce=(0.008, 0.0075, 0.007), overcast=0.2, sky_glow=(0.022, 0.016, 0.010), fog_m=600.0, lit_windows=0.10,
    window_glow=0.30, open_shops=0.30, front_glow=0.40, sign_gain=2.6, lamps_on=1.0, middle_tone=0.085, most_gain=7.5,
    grain=0.14, vivid=0.66,
)  # fmt: skip
_LIGHTS = {Light.DAY: DAYLIGHT, Light.DUSK: _DUSK, Light.NIGHT: _NIGHT}


def daylight(light: Light, weather: Weather = Weather.CLEAR) -> Daylight:
    """Return the light of an hour in a weather."""
    clear = _LIGHTS[light]
    return clear if weather is Weather.CLEAR else _rained_on(clear)


def _rained_on(clear: Daylight) -> Daylight:
    """No sun, a grey sky, nearer haze, wet ground."""
    dark = clear.is_dark
    grey = _times(clear.sky, 1.1) if dark else (0.46, 0.48, 0.51)
    return replace(
        clear,
        sun=_times(clear.sun, 0.03),
        sky=grey,
        bounce=_times(clear.bounce, 0.9),
        overcast=1.0,
        sky_glow=_times(clear.sky_glow, 1.4),
        fog_m=clear.fog_m * 0.42,
        lit_windows=max(clear.lit_windows, 0.16),
        window_glow=max(clear.window_glow, 0.4 if not dark else 0.0),
        sign_gain=max(clear.sign_gain, 1.6),
        front_glow=max(clear.front_glow, 0.12),
        wet=1.0,
        rain=0.55 if dark else 0.42,
        vivid=clear.vivid * 0.9,
        grain=clear.grain * 1.1,
    )


def _times(colour: Rgb, factor: float) -> Rgb:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def sees_infrared(camera_id: str, light: Light) -> bool:
    """Tell whether a camera goes over to infrared by night: about two in five do, always the same ones."""
    return light is Light.NIGHT and hashlib.sha256(camera_id.encode()).digest()[0] < 102
