"""Films one view: the still world once, then only what moves, frame by frame. Headless (EGL)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage import shaders, weather
from smartcity_console.drill.stage.mesh import COLUMNS, LAYOUT
from smartcity_console.drill.stage.scenery import GLOW_COLUMNS, PUFF_COLUMNS, Moment, Scenery
from smartcity_console.drill.stage.touched import grid_shape, may_show, tile_boxes, touched_tiles
from smartcity_console.drill.stage.view import View, shadow_matrix, sun_direction

STILL_NAMES = ("in_position", "in_normal", "in_uv", "in_colour", "in_material")
MOVING_SHADOW_PX, STILL_SHADOW_PX = 2048, 3000
MAX_INSTANCES, MAX_PUFFS = 512, 2048
# Multisampling of what moves costs a software renderer dearly; at 1080p the sensor's blur hides the edges.
SMOOTH_UP_TO_PX = 960
ANISOTROPY = 8.0
MAX_LAMPS, LAMPS_AHEAD_M, MAX_GLOWS = 24, 32.0, 8
INFRARED, INFRARED_TONE, INFRARED_GRAIN = 34.0, 0.10, 0.10


def open_context() -> Any:
    """Return a GL context without a window. Raises when libegl1 or the mesa drivers are missing."""
    return moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]


class Stock:
    """A scene's textures and triangles in one context, shared by all its views."""

    def __init__(self, context: Any, scenery: Scenery) -> None:
        self.gl, self.scenery = context, scenery
        self.ground_near = self._image(scenery.ground_near.pixels)
        self.ground_far = self._image(scenery.ground_far.pixels)
        self.atlas = self._image(scenery.atlas)
        self.cloud = self._image(weather.cloud_noise())
        self.speckle, self.streaks = self._tile(weather.speckle()), self._tile(weather.streaks())
        self.triangles = context.buffer(scenery.vertices.astype("f4").tobytes())

    def sharpen(self, anisotropy: float) -> None:
        """Set how finely slanting textures are sampled.

        1 for what moves: a sliver of it has derivatives without bound where it is multisampled, and llvmpipe's
        anisotropic filter then takes samples for minutes.
        """
        for texture in (self.ground_near, self.ground_far, self.atlas):
            texture.anisotropy = anisotropy

    def _image(self, pixels: NDArray[np.uint8]) -> Any:
        height, width = pixels.shape[:2]
        texture = self.gl.texture((width, height), 4, np.ascontiguousarray(pixels).tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return texture

    def _tile(self, pixels: NDArray[np.uint8]) -> Any:
        """A small texture that repeats, taken as it is."""
        texture = self.gl.texture((pixels.shape[1], pixels.shape[0]), 4, np.ascontiguousarray(pixels).tobytes())
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture

    def lens_drops(self, size: tuple[int, int], seed: int) -> Any:
        """Return the texture of the drops that hang on one camera's lens."""
        return self._tile(weather.drops(size, seed))


class Renderer:
    """Films one view of a stock. `models` are the meshes that instances name; `infrared` films by the camera's own lamp."""

    def __init__(
        self,
        stock: Stock,
        models: Mapping[str, NDArray[np.float32]],
        view: View,
        *,
        samples: int = 3,
        infrared: bool = False,
        seed: int = 0,
    ) -> None:
        self._gl, self._scenery, self._view = stock.gl, stock.scenery, view
        self._stock, self._infrared = stock, infrared
        self._noise = np.random.default_rng((seed, 5)).uniform(size=(997, 2))
        self._size = (view.width_px, view.height_px)
        self._smooth = view.width_px <= SMOOTH_UP_TO_PX
        self._sun = sun_direction(self._scenery.light.sun_azimuth_deg, self._scenery.light.sun_altitude_deg)
        self._to_clip = view.matrix()
        self._drops = stock.lens_drops(self._size, seed)
        self._shadow_maps()
        self._programs()
        stock.sharpen(ANISOTROPY)
        self._still(samples)
        stock.sharpen(1.0)
        self._moving(models)

    def frame(self, moment: Moment, index: int) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) uint8 sRGB of one moment; `index` seeds the sensor's grain."""
        self._load(moment)
        self._choose_tiles(moment)
        self._cast_moving_shadows()
        self._draw_moving()
        self._compose(moment)
        return self._expose(index)

    # ---- set-up ------------------------------------------------------------------------------------------------

    def _shadow_maps(self) -> None:
        focus = self._focus(38.0)
        self._near_matrix = shadow_matrix(self._sun, focus, 60.0)
        self._far_matrix = shadow_matrix(self._sun, self._focus(110.0), 260.0)
        self._moving_matrix = shadow_matrix(self._sun, focus, 55.0)
        self._near_map, self._near_target = self._depth_target(STILL_SHADOW_PX)
        self._far_map, self._far_target = self._depth_target(STILL_SHADOW_PX)
        self._moving_map, self._moving_target = self._depth_target(MOVING_SHADOW_PX)

    def _focus(self, ahead_m: float) -> NDArray[np.float64]:
        forward = self._view.axes()[2] * np.array([1.0, 1.0, 0.0])
        ground = np.array([self._view.eye[0], self._view.eye[1], 0.0])
        return np.asarray(ground + forward / max(float(np.linalg.norm(forward)), 1e-6) * ahead_m)

    def _depth_target(self, size_px: int) -> tuple[Any, Any]:
        texture = self._gl.depth_texture((size_px, size_px))
        texture.compare_func = "<="
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture, self._gl.framebuffer(depth_attachment=texture)

    def _programs(self) -> None:
        make = self._gl.program
        self._still_program = make(shaders.STILL_VERTEX, shaders.STILL_FRAGMENT)
        self._cast_program = make(shaders.STILL_VERTEX, shaders.SHADOW_FRAGMENT)
        self._sky_program = make(shaders.SCREEN_VERTEX, shaders.SKY_FRAGMENT)
        self._shrink_program = make(shaders.SCREEN_VERTEX, shaders.SHRINK_FRAGMENT)
        self._moving_program = make(shaders.MOVING_VERTEX, shaders.MOVING_FRAGMENT)
        self._moving_cast_program = make(shaders.MOVING_VERTEX, shaders.SHADOW_FRAGMENT)
        self._puff_program = make(shaders.PUFF_VERTEX, shaders.PUFF_FRAGMENT)
        self._depth_program = make(shaders.TILE_VERTEX, shaders.DEPTH_FRAGMENT)
        self._compose_program = make(shaders.TILE_VERTEX, shaders.COMPOSE_FRAGMENT)
        self._sensor_program = make(shaders.TILE_VERTEX, shaders.SENSOR_FRAGMENT)
        for program in (self._still_program, self._sky_program, self._moving_program, self._shrink_program):
            self._light(program)

    def _light(self, program: Any) -> None:
        light = self._scenery.light
        _set(program, sun_dir=self._sun, sun_colour=light.sun, sky_colour=light.sky, bounce_colour=light.bounce)
        for name in ("overcast", "sky_glow", "fog_m", "lit_windows", "window_glow", "open_shops"):
            _set(program, **{name: getattr(light, name)})
        for name in ("front_glow", "sign_gain", "lamps_on", "wet"):
            _set(program, **{name: getattr(light, name)})
        self._shine(program)
        _set(program, eye=self._view.eye, ground_box_near=self._scenery.ground_near.box)
        _set(program, ground_box_far=self._scenery.ground_far.box)
        _set(program, to_shadow_near=self._near_matrix, to_shadow_far=self._far_matrix)
        _set(program, to_shadow_moving=self._moving_matrix)
        _set(program, ground_near=0, ground_far=1, atlas=2, shadow_near=3, shadow_far=4, shadow_moving=5)

    def _shine(self, program: Any) -> None:
        """Set the street lamps nearest to what the camera looks at, and its own infrared lamp."""
        rows = self._scenery.lamps if self._scenery.light.is_dark else self._scenery.lamps[:0]
        away = np.linalg.norm(rows[:, :3] - self._focus(LAMPS_AHEAD_M), axis=1)
        rows = rows[np.argsort(away)[:MAX_LAMPS]]
        held = np.zeros((MAX_LAMPS, 7), np.float32)
        held[: len(rows)] = rows
        _set(program, lamps=len(rows), lamp_at=held[:, :4].T, lamp_colour=held[:, 4:].T)
        _set(program, infrared=(*self._view.axes()[2], INFRARED if self._infrared else 0.0))

    def _bind_world(self) -> None:
        for unit, texture in enumerate(
            (
                self._stock.ground_near,
                self._stock.ground_far,
                self._stock.atlas,
                self._near_map,
                self._far_map,
                self._moving_map,
            )
        ):
            texture.use(unit)

    # ---- the still world ---------------------------------------------------------------------------------------

    def _still(self, samples: int) -> None:
        content = [(self._stock.triangles, LAYOUT, *STILL_NAMES)]
        cast = self._gl.vertex_array(self._cast_program, content, skip_errors=True)
        draw = self._gl.vertex_array(self._still_program, content, skip_errors=True)
        self._gl.enable(moderngl.DEPTH_TEST)
        for matrix, target in ((self._near_matrix, self._near_target), (self._far_matrix, self._far_target)):
            _draw_depth(target, cast, self._cast_program, matrix)
        big = self._light_buffer((self._size[0] * samples, self._size[1] * samples), depth=True)
        self._draw_still(big, draw)
        self._light_maps = self._light_buffer(self._size, depth=False)
        self._shrink(big, samples)
        self._exposure = self._measured_exposure()
        self._gl.enable(moderngl.DEPTH_TEST)
        self._still_depth_map = self._gl.depth_texture(self._size)
        self._still_depth_map.compare_func = ""
        _draw_depth(
            self._gl.framebuffer(depth_attachment=self._still_depth_map), cast, self._cast_program, self._to_clip
        )
        for thing in (*big.color_attachments, big.depth_attachment, big, draw, cast):
            thing.release()

    def _light_buffer(self, size: tuple[int, int], *, depth: bool) -> Any:
        layers = [self._gl.texture(size, 4, dtype=kind) for kind in ("f4", "f4", "f4", "f2")]
        for layer in layers:
            layer.filter = (moderngl.NEAREST, moderngl.NEAREST)
        return self._gl.framebuffer(layers, self._gl.depth_renderbuffer(size) if depth else None)

    def _draw_still(self, target: Any, draw: Any) -> None:
        target.use()
        target.clear()
        self._gl.disable(moderngl.DEPTH_TEST)
        _set(self._sky_program, from_clip=np.linalg.inv(self._to_clip))
        self._gl.vertex_array(self._sky_program, []).render(moderngl.TRIANGLES, vertices=3)
        self._gl.enable(moderngl.DEPTH_TEST)
        self._bind_world()
        _set(self._still_program, to_clip=self._to_clip)
        draw.render()

    def _shrink(self, big: Any, samples: int) -> None:
        self._light_maps.use()
        self._gl.disable(moderngl.DEPTH_TEST)
        for unit, layer in enumerate(big.color_attachments):
            layer.use(unit)
        _set(self._shrink_program, ambient=0, sunlit=1, place=2, colour=3, factor=samples, to_clip=self._to_clip)
        self._gl.vertex_array(self._shrink_program, []).render(moderngl.TRIANGLES, vertices=3)

    def _measured_exposure(self) -> float:
        """Return the exposure that brings the still picture's mean to the middle tone, as a camera's own control would."""
        layers = [np.frombuffer(layer.read(), np.float32) for layer in self._light_maps.color_attachments[:2]]
        mean = float(layers[0].reshape(-1, 4)[:, :3].mean() + layers[1].reshape(-1, 4)[:, :3].mean())
        light = self._scenery.light
        tone = INFRARED_TONE if self._infrared else light.middle_tone
        return min(max(tone / max(mean, 1e-4), 0.35), light.most_gain)

    # ---- what moves --------------------------------------------------------------------------------------------

    def _moving(self, models: Mapping[str, NDArray[np.float32]]) -> None:
        self._places = {name: self._gl.buffer(reserve=MAX_INSTANCES * 80, dynamic=True) for name in models}
        self._draws: dict[str, tuple[Any, Any]] = {}
        for name, array in models.items():
            shape = self._gl.buffer(np.asarray(array, np.float32).reshape(-1, COLUMNS).tobytes())
            content = [
                (shape, LAYOUT, *STILL_NAMES),
                (self._places[name], "16f 4f/i", "in_place", "in_tint"),
            ]
            self._draws[name] = tuple(
                self._gl.vertex_array(program, content, skip_errors=True)
                for program in (self._moving_cast_program, self._moving_program)
            )
        self._counts = dict.fromkeys(models, 0)
        self._puff_buffer = self._gl.buffer(reserve=MAX_PUFFS * PUFF_COLUMNS * 4, dynamic=True)
        layout = [(self._puff_buffer, "3f 2f 4f 4f/i", "in_centre", "in_size", "in_colour", "in_look")]
        self._puffs = self._gl.vertex_array(self._puff_program, layout)
        self._frame_targets()

    def _frame_targets(self) -> None:
        self._actor_picture = self._gl.texture(self._size, 4, dtype="f2")
        self._actor_plain = self._gl.framebuffer([self._actor_picture], self._gl.depth_renderbuffer(self._size))
        self._actors = self._smooth_target() if self._smooth else self._actor_plain
        self._scene_picture = self._gl.texture(self._size, 4, dtype="f2")
        self._scene = self._gl.framebuffer([self._scene_picture])
        self._out = self._gl.framebuffer([self._gl.texture(self._size, 3)])
        self._tiles = self._gl.buffer(reserve=np.prod(grid_shape(self._view)) * 16, dynamic=True)
        self._before = np.ones(grid_shape(self._view), np.bool_)
        self._tile_count = 0
        whole = np.array([(0.0, 0.0, 1.0, 1.0)], np.float32)
        self._whole = self._gl.buffer(whole.tobytes())
        seen_anew, self._seen_count = (self._whole, 1) if self._smooth else (self._tiles, 0)
        self._depth_draw = self._gl.vertex_array(self._depth_program, [(self._tiles, "4f/i", "in_tile")])
        self._compose_draw = self._gl.vertex_array(self._compose_program, [(self._tiles, "4f/i", "in_tile")])
        self._sensor_draw = self._gl.vertex_array(self._sensor_program, [(seen_anew, "4f/i", "in_tile")])

    def _smooth_target(self) -> Any:
        colour = self._gl.renderbuffer(self._size, 4, samples=4, dtype="f2")
        return self._gl.framebuffer([colour], self._gl.depth_renderbuffer(self._size, samples=4))

    def _load(self, moment: Moment) -> None:
        for name in self._counts:
            rows = moment.instances.get(name)
            rows = rows[may_show(self._view, rows[:, 12:15])] if rows is not None else None
            self._counts[name] = 0 if rows is None else min(len(rows), MAX_INSTANCES)
            if rows is not None and len(rows):
                self._places[name].write(np.ascontiguousarray(rows[:MAX_INSTANCES], np.float32).tobytes())
        puffs = self._far_first(moment.puffs)[-MAX_PUFFS:]
        self._puff_count = len(puffs)
        if self._puff_count:
            self._puff_buffer.write(np.ascontiguousarray(puffs, np.float32).tobytes())

    def _far_first(self, puffs: NDArray[np.float32]) -> NDArray[np.float32]:
        distance = np.linalg.norm(puffs[:, :3] - np.array(self._view.eye), axis=1) + puffs[:, 10] * 1e4
        return puffs[np.argsort(-distance)]

    def _choose_tiles(self, moment: Moment) -> None:
        """Redraw what changes now or changed before; a small picture goes through the sensor whole, with fresh grain."""
        now = touched_tiles(self._view, self._sun, moment)
        boxes = tile_boxes(now | self._before, self._view)
        self._before, self._tile_count = now, len(boxes)
        self._seen_count = 1 if self._smooth else len(boxes)
        if len(boxes):
            self._tiles.write(np.ascontiguousarray(boxes).tobytes())

    def _cast_moving_shadows(self) -> None:
        self._moving_target.use()
        self._moving_target.clear(depth=1.0)
        self._gl.enable(moderngl.DEPTH_TEST)
        _set(self._moving_cast_program, to_clip=self._moving_matrix)
        for name, (cast, _) in self._draws.items():
            if self._counts[name]:
                cast.render(instances=self._counts[name])

    def _draw_moving(self) -> None:
        self._actors.use()
        self._still_depth_map.use(0)
        _set(self._depth_program, depth=0)
        self._gl.depth_func = "1"
        self._depth_draw.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._tile_count)
        self._gl.depth_func = "<"
        self._bind_world()
        _set(self._moving_program, to_clip=self._to_clip)
        for name, (_, draw) in self._draws.items():
            if self._counts[name]:
                draw.render(instances=self._counts[name])
        self._draw_puffs()
        if self._smooth:
            self._gl.copy_framebuffer(self._actor_plain, self._actors)

    def _draw_puffs(self) -> None:
        if not self._puff_count:
            return
        right, up, _ = self._view.axes()
        self._actors.depth_mask = False
        self._gl.enable(moderngl.BLEND)
        self._gl.blend_func = (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)
        self._stock.cloud.use(0)
        _set(self._puff_program, to_clip=self._to_clip, right=right, up=up, cloud=0)
        self._puffs.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._puff_count)
        self._gl.disable(moderngl.BLEND)
        self._actors.depth_mask = True

    def _compose(self, moment: Moment) -> None:
        self._scene.use()
        self._gl.disable(moderngl.DEPTH_TEST)
        for unit, layer in enumerate((*self._light_maps.color_attachments, self._actor_picture, self._moving_map)):
            layer.use(unit)
        glows = self._nearest_glows(moment.glows)
        held = np.zeros((MAX_GLOWS, GLOW_COLUMNS), np.float32)
        held[: len(glows)] = glows
        _set(self._compose_program, ambient=0, sunlit=1, place=2, colour=3, moving=4, shadow_moving=5)
        _set(self._compose_program, to_shadow_moving=self._moving_matrix, glows=len(glows))
        _set(self._compose_program, glow_at=held[:, :4].T, glow_colour=held[:, 4:].T)
        self._compose_draw.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._tile_count)

    def _nearest_glows(self, glows: NDArray[np.float32]) -> NDArray[np.float32]:
        away = np.linalg.norm(glows[:, :3] - self._focus(LAMPS_AHEAD_M), axis=1)
        return glows[np.argsort(away)[:MAX_GLOWS]]

    def _expose(self, index: int) -> NDArray[np.uint8]:
        self._out.use()
        for unit, texture in enumerate((self._scene_picture, self._stock.speckle, self._stock.streaks, self._drops)):
            texture.use(unit)
        light = self._scenery.light
        _set(self._sensor_program, scene=0, speckle=1, streaks=2, drops=3, flip=True, size=self._size)
        _set(self._sensor_program, shift=self._noise[index % len(self._noise) if self._smooth else 0])
        _set(self._sensor_program, exposure=self._exposure, rain=light.rain)
        _set(self._sensor_program, grain=INFRARED_GRAIN if self._infrared else light.grain)
        _set(self._sensor_program, vivid=0.0 if self._infrared else light.vivid)
        self._sensor_draw.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=self._seen_count)
        pixels = np.frombuffer(self._out.read(components=3, alignment=1), np.uint8)
        return pixels.reshape(self._size[1], self._size[0], 3)


def _draw_depth(target: Any, draw: Any, program: Any, matrix: NDArray[np.float64]) -> None:
    target.use()
    target.clear(depth=1.0)
    _set(program, to_clip=matrix)
    draw.render()


def _set(program: Any, **values: Any) -> None:
    """Set the uniforms that the compiler kept; matrices go column by column."""
    for name, value in values.items():
        if name not in program:
            continue
        if isinstance(value, np.ndarray) and value.ndim == 2:
            program[name].write(np.ascontiguousarray(value.T, np.float32).tobytes())
        elif isinstance(value, bool | int):
            program[name].value = value
        else:
            program[name].value = tuple(float(v) for v in np.atleast_1d(value)) if np.size(value) > 1 else float(value)
