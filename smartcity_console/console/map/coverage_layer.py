"""What the cameras see at a class, and the blind ground, over the base map.

The survey runs in a thread of its own the first time the layer is shown: it takes seconds, and tiles must not wait for
it. Blind ground is painted as what is left: the district's hatch, less houses, water and all that is seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from smartcity_console.city import BaseMap, City
from smartcity_console.city.coverage import Coverage, CoverageStopped, DistrictCoverage, Question, ViewCache, survey
from smartcity_console.city.coverage.ground import districts_of
from smartcity_console.console.language import translate
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.overlay_layer import OverlayLayer, blank_tile
from smartcity_console.console.map.shapes import Packed
from smartcity_console.console.map.tile_painter import TILE_PX, TileKey
from smartcity_console.console.map.view import MapView, scale_of
from smartcity_console.console.theme import colour, font
from smartcity_console.model.camera import Dori, dori_floor

Survey = Callable[[Question, str, Callable[[], bool]], DistrictCoverage]
MOST_CAMERAS = 20_000
"""With more in sight nothing is surveyed by itself: the command `coverage` does it, with a bar."""
HATCH_PX = 8
LEGEND_INSET_PX, LEGEND_ROW_PX, SWATCH_PX = 10.0, 20.0, 14.0
HOUSES_FROM_PX_PER_M = 0.2  # farther off a house is less than the hatch's own line


@dataclass(frozen=True, eq=False)
class CoverageScene:
    """A survey packed for the painter."""

    base: BaseMap
    answer: Coverage

    @cached_property
    def districts(self) -> Packed:
        names = {district.name for district in self.answer.districts}
        zones = self.base.districts
        chosen = [shape for name, shape in zip(zones.name, zones.geometries, strict=True) if name in names]
        return Packed.of(np.array(chosen or [shapely.box(*self.base.bounds_m)], dtype=object))

    @cached_property
    def public(self) -> Packed:
        return self._packed("seen_public")

    @cached_property
    def everyone(self) -> Packed:
        return self._packed("seen_all")

    @cached_property
    def perhaps(self) -> Packed:
        return self._packed("perhaps")

    @cached_property
    def not_ground(self) -> tuple[Packed, Packed]:
        """Houses and water: no ground to stand on."""
        dry = shapely.union_all(self.base.bridges.geometries)
        water = shapely.difference(self.base.water.geometries, dry)
        return Packed.of(self.base.buildings.geometries), Packed.of(water)

    def _packed(self, part: str) -> Packed:
        return Packed.of(np.array([getattr(district, part) for district in self.answer.districts], dtype=object))


@dataclass(frozen=True)
class CoverageTile:
    image: QImage | None


class CoverageLayer(OverlayLayer[CoverageTile]):
    """Blue: seen by public cameras. Violet: by private ones only. Hatched amber: by nobody. `close` before it goes.

    Districts are answered one by one as they come into sight. `changed` is called when there is something new to show,
    `stale` when something new is to be painted; both on the GUI thread.
    """

    def __init__(
        self,
        city: City,
        pool: JobPool,
        changed: Callable[[], None],
        stale: Callable[[], None],
        ask: Survey | None = None,
    ) -> None:
        super().__init__(pool, "coverage", self._tile, changed)
        self.shown = False
        self.question = Question(Dori.OBSERVE)
        self._city, self._stale, self._ask = city, stale, ask or survey_of(city, None)
        self._surveyor: JobPool | None = None
        self._answers: dict[str, DistrictCoverage] = {}
        self._counts: dict[str, int] = {}
        self._scene: CoverageScene | None = None
        self._legend: tuple[object, QImage] | None = None
        self._closing, self._why_nothing = False, ""

    @property
    def answer(self) -> Coverage | None:
        """What is known by now; None before the first district."""
        return self._scene.answer if self._scene is not None else None

    def ask(self, question: Question) -> None:
        """Show another class."""
        if question != self.question:
            self.question, self._scene = question, None
            self._answers.clear()
            self.renew()
            self._stale()

    def show(self, coverage: Coverage) -> None:
        """Show a survey that was worked out elsewhere; districts that it lacks are still surveyed when in sight."""
        self.question = coverage.question
        self._answers = {district.name: district for district in coverage.districts}
        self._scene = CoverageScene(self._city.base, coverage)
        self.renew()
        self._stale()

    def want(self, view: MapView, ratio: float) -> None:
        if self.shown and not self._closing:
            self._survey_in_sight(view)
        super().want(view, ratio)

    def complete(self, view: MapView) -> bool:
        return not self.shown or (super().complete(view) and not self._open_districts(view))

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self.shown:
            super().paint(painter, view)
            self._paint_legend(painter, view)

    def close(self) -> None:
        """Stop a survey under way and join its thread; may be called twice."""
        self._closing = True
        if self._surveyor is not None:
            self._surveyor.close()
            self._surveyor = None

    def _survey_in_sight(self, view: MapView) -> None:
        names = self._open_districts(view)
        if names:
            self._surveyor = self._surveyor or JobPool(1)
            self._surveyor.post("survey", [self._survey_job(name, turn) for turn, name in enumerate(names)])

    def _survey_job(self, name: str, turn: int) -> Job:
        question = self.question
        key = (question, name)
        return Job(
            key, float(turn), lambda: self._survey(question, name), lambda found: self._take_district(question, found)
        )

    def _open_districts(self, view: MapView) -> list[str]:
        """Return the districts in sight that are to be answered still; a whole province is not surveyed by a look."""
        failed = self._surveyor.failed if self._surveyor is not None else set()
        in_sight = self._in_sight(view)
        if sum(self._cameras_in(name) for name in in_sight) > MOST_CAMERAS:
            self._why_nothing = translate("Map", "Zoom in: too many cameras for coverage")
            return []
        self._why_nothing = translate("Map", "Coverage is being worked out")
        known = [name for name in in_sight if ("survey", (self.question, name)) in failed or name in self._answers]
        return [name for name in in_sight if name not in known]

    def _in_sight(self, view: MapView) -> list[str]:
        zones = self._city.base.districts
        if not len(zones):
            return [self._city.name]
        found = zones.tree.query(shapely.box(*view.bounds_m()), predicate="intersects")
        return list(dict.fromkeys(zones.name[index] for index in sorted(found.tolist())))

    def _cameras_in(self, name: str) -> int:
        """Return about how many cameras a district has, counted once."""
        if name not in self._counts:
            west, south, east, north = shapely.bounds(self._shapes[name]).tolist()
            self._counts[name] = len(self._city.columns.in_box(west, south, east, north))
        return self._counts[name]

    @cached_property
    def _shapes(self) -> dict[str, Any]:
        return districts_of(self._city)

    def _survey(self, question: Question, name: str) -> DistrictCoverage | None:
        """Runs on the surveyor's thread; None when the operator has asked something else meanwhile."""
        try:
            return self._ask(question, name, lambda: self._closing or self.question != question)
        except CoverageStopped:
            return None

    def _take_district(self, question: Question, found: DistrictCoverage | None) -> None:
        if found is not None and question == self.question:
            self._answers[found.name] = found
            answer = Coverage(self._city.name, question, tuple(self._answers.values()))
            self._scene = CoverageScene(self._city.base, answer)
            self.renew()
            self._stale()

    def _tile(self, key: TileKey, ratio: float) -> CoverageTile:
        return CoverageTile(paint_coverage(self._scene, key, ratio) if self._scene is not None else None)

    def _paint_legend(self, painter: QPainter, view: MapView) -> None:
        rows = self.legend()
        if self._legend is None or self._legend[0] != (rows, self._ratio):
            self._legend = ((rows, self._ratio), _legend_image(rows, self._ratio))
        image = self._legend[1]
        width, height = image.width() / self._ratio, image.height() / self._ratio
        painter.drawImage(
            round(view.width_px - width - LEGEND_INSET_PX), round(view.height_px - height - LEGEND_INSET_PX), image
        )

    def legend(self) -> tuple[tuple[str, str], ...]:
        """Return (what it looks like, what it says) line by line."""
        title = ("", f"{class_word(self.question.dori)} · {dori_floor(self.question.dori):g} px/m")
        answer = self.answer
        if answer is None:
            return (title, ("", self._why_nothing))
        private = answer.share("seen_all") - answer.share("seen_public")
        rows = [
            ("public", translate("Map", "Seen by public cameras {share} %"), answer.share("seen_public")),
            ("private", translate("Map", "By private ones only {share} %"), private),
            ("perhaps", translate("Map", "Perhaps: direction unknown {share} %"), answer.share("perhaps")),
            ("blind", translate("Map", "Blind ground {share} %"), answer.share("blind")),
        ]
        told = [
            (look, text.format(share=f"{100 * part:.1f}")) for look, text, part in rows if part > 0 or look == "blind"
        ]
        return (title, *told)


def class_word(dori: Dori) -> str:
    """Return a class of IEC/EN 62676-4 in the language of the screen."""
    return {
        Dori.NONE: translate("Map", "In view"),
        Dori.MONITOR: translate("Map", "Monitor"),
        Dori.DETECT: translate("Map", "Detect"),
        Dori.OBSERVE: translate("Map", "Observe"),
        Dori.RECOGNISE: translate("Map", "Recognise"),
        Dori.IDENTIFY: translate("Map", "Identify"),
    }[dori]


def survey_of(city: City, cache: Path | None) -> Survey:
    """Return the survey of one district; `cache` keeps what each camera sees between runs."""

    def ask(question: Question, name: str, stop: Callable[[], bool]) -> DistrictCoverage:
        if cache is None:
            return survey(city, question, [name], processes=1, stop=stop).districts[0]
        with ViewCache(cache) as views:
            return survey(city, question, [name], cache=views, processes=1, stop=stop).districts[0]

    return ask


def looks() -> dict[str, QBrush]:
    """Return how each kind of ground is filled."""
    return {
        "public": QBrush(colour("map_cone", 0.42)),
        "private": QBrush(colour("map_cone_private", 0.5)),
        "perhaps": QBrush(colour("map_cone", 0.14)),
        "blind": _hatch(colour("warn", 0.42), colour("warn", 0.07)),
    }


def _hatch(line: QColor, ground: QColor) -> QBrush:
    """Return diagonal lines; a tile's side is a multiple of theirs, so they run on from tile to tile."""
    pattern = QImage(HATCH_PX, HATCH_PX, QImage.Format.Format_ARGB32_Premultiplied)
    pattern.fill(ground)
    painter = QPainter(pattern)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1.2))
    for shift in (-HATCH_PX, 0, HATCH_PX):
        painter.drawLine(shift, HATCH_PX, shift + HATCH_PX, 0)
    painter.end()
    return QBrush(pattern)


def paint_coverage(scene: CoverageScene, key: TileKey, ratio: float) -> QImage | None:
    """Return a tile's picture, None where no surveyed district is. Pure: called on any thread."""
    bounds = key.bounds_m(1.0)
    if not len(scene.districts.within(bounds)):
        return None
    image = blank_tile(ratio)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _GroundBrush(painter, key).paint(scene)
    finally:
        painter.end()  # an open painter on a dying image crashes Qt
    return image


class _GroundBrush:
    """One tile's painter with its place in the plane."""

    def __init__(self, painter: QPainter, key: TileKey) -> None:
        self._painter, self._key, self._scale = painter, key, scale_of(key.level)

    def paint(self, scene: CoverageScene) -> None:
        fills = looks()
        self._fill(scene.districts, fills["blind"])
        houses, water = scene.not_ground
        self._cut(water)
        if self._scale >= HOUSES_FROM_PX_PER_M:
            self._cut(houses)
        self._fill(scene.perhaps, fills["perhaps"])
        self._cut(scene.everyone)
        self._fill(scene.everyone, fills["private"])
        self._cut(scene.public)
        self._fill(scene.public, fills["public"])

    def _cut(self, layer: Packed) -> None:
        """Take a layer's ground out of what is painted so far."""
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        self._fill(layer, QBrush(Qt.GlobalColor.black))
        self._painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _fill(self, layer: Packed, brush: QBrush) -> None:
        left, top = self._key.column * TILE_PX, self._key.row * TILE_PX
        for path in layer.paths(layer.within(self._key.bounds_m(1.0)), self._scale, left, top):
            self._painter.fillPath(path, brush)


def _legend_image(rows: tuple[tuple[str, str], ...], ratio: float) -> QImage:
    metrics = QFontMetricsF(font(12))
    width = math.ceil(max(metrics.horizontalAdvance(text) for _, text in rows) + SWATCH_PX + 30.0)
    height = LEGEND_ROW_PX * len(rows) + 10.0
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(colour("well", 0.9))
    painter = QPainter(image)
    painter.setFont(font(12))
    fills = looks()
    for number, (look, text) in enumerate(rows):
        top = 5.0 + LEGEND_ROW_PX * number
        if look:
            swatch = QRectF(10.0, top + 3.0, SWATCH_PX, SWATCH_PX)
            painter.fillRect(swatch, fills[look])
            painter.setPen(QPen(colour("line_strong"), 1.0))
            painter.drawRect(swatch)
        painter.setPen(colour("text" if not number else "text_dim"))
        left = 10.0 + (SWATCH_PX + 8.0 if look else 0.0)
        painter.drawText(QRectF(left, top, width - left, LEGEND_ROW_PX), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return image
