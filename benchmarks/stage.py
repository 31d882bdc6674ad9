"""How fast the stage draws: pictures a second at 640x360 in one process, for each light and weather.

    scripts/bench stage [--frames N]

The set is the shipped `gas-leak` (a street with shops, walkers, traffic, evacuation, mist); only its light is exchanged.
Counted is what a film costs without its encoder: the moment (everybody's posture), the picture, reading it back. The last
line is one JSON object; `frames_per_s` is the median over the frames after a warm-up.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import replace

from smartcity_console.city import City
from smartcity_console.drill.scenario.model import Light, Weather
from smartcity_console.drill.scenario.read import find_scenario, read_scenario
from smartcity_console.drill.stage.light import daylight
from smartcity_console.drill.stage.location import set_of
from smartcity_console.drill.stage.render import Renderer, Stock, open_context
from smartcity_console.drill.stage.shoot import SAMPLES, SIZE_PX
from smartcity_console.drill.stage.world import Set, models

FROM_S, WARM_UP = 34.0, 3
LIGHTS = (
    ("day", Light.DAY, Weather.CLEAR),
    ("day_rain", Light.DAY, Weather.RAIN),
    ("dusk", Light.DUSK, Weather.CLEAR),
    ("night", Light.NIGHT, Weather.CLEAR),
    ("night_rain", Light.NIGHT, Weather.RAIN),
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=30)
    frames = parser.parse_args().frames
    scenario = read_scenario(find_scenario("gas-leak"))
    assert scenario.stage is not None
    began = time.perf_counter()
    made = set_of(City.open(""), scenario.stage)
    scenery = made.scenery()
    built_s = time.perf_counter() - began
    found: dict[str, object] = {"built_s": round(built_s, 2), "size_px": list(SIZE_PX)}
    speeds = {}
    for name, light, weather in LIGHTS:
        made.daylight = daylight(light, weather)
        stock = Stock(open_context(), replace(scenery, light=made.daylight))
        found["renderer"] = stock.gl.info["GL_RENDERER"]
        speeds[name] = round(_frames_per_s(made, stock, scenario.stage.cameras[1], frames), 1)
        stock.gl.release()
    print(json.dumps({**found, "frames": frames, "frames_per_s": speeds, "least": min(speeds.values())}))
    return 0


def _frames_per_s(made: Set, stock: Stock, camera: str, frames: int) -> float:
    view = replace(made.views[camera], width_px=SIZE_PX[0], height_px=SIZE_PX[1])
    renderer = Renderer(stock, models(), view, samples=SAMPLES)
    took = []
    for index in range(frames + WARM_UP):
        began = time.perf_counter()
        renderer.frame(made.moment(FROM_S + index / 15.0), index)
        took.append(time.perf_counter() - began)
    return 1.0 / statistics.median(took[WARM_UP:])


if __name__ == "__main__":
    raise SystemExit(main())
