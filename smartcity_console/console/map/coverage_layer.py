"""What the cameras see at a class, and the blind ground, over the base map.

The survey runs in a thread of its own the first time the layer is shown: it takes seconds, and tiles must not wait for
it. Blind ground is painted as what is left: the district's hatch, less houses, water and all that is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from smartcity_console.city import City
from smartcity_console.city.coverage import Coverage, CoverageStopped, DistrictCoverage, Question, ViewCache, survey
from smartcity_console.city.coverage.ground import districts_of
from smartcity_console.console.language import translate
from smartcity_console.console.map.coverage_painter import CoverageScene, legend_image, paint_coverage
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.overlay_layer import OverlayLayer
from smartcity_console.console.map.tile_painter import TileKey
from smartcity_console.console.map.view import MapView
from smartcity_console.model.camera import Dori, dori_floor

Progress = Callable[[int, int], None]
Survey = Callable[[Question, str, Callable[[], bool], Progress], DistrictCoverage]
"""(question, district, whether to stop, where to tell how many of how many cameras are done)."""
MOST_CAMERAS = 20_000
"""With more in sight nothing is surveyed by itself: the command `coverage` does it, with a bar."""
LEGEND_INSET_PX = 10.0


Asked = tuple[int, Question, str]  # which state of the city, what, in which district


@dataclass(frozen=True)
class CoverageTile:
    image: QImage | None


class _Carrier(QObject):
    """Carries a survey's progress from its thread to the GUI thread."""

    told = Signal(object, int, int)  # (question, district), done, all


class CoverageLayer(OverlayLayer[CoverageTile]):
    """Blue: seen by public cameras. Violet: by private ones only. Hatched amber: by nobody. `close` before it goes.

    Districts are answered one by one as they come into sight. `changed` is called when there is something new to show,
    `stale` when something new is to be painted, `told` when the survey has come on; all on the GUI thread.
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
        self.with_private = True
        self.halted = False  # by the operator: nothing is surveyed until `go_on`
        self.told: Callable[[], None] = lambda: None
        self.progress: tuple[str, int, int] | None = None  # the district under way, cameras done, all of them
        self._epoch_of_city = 0  # counts what makes all answers void
        self._carrier = _Carrier()
        self._carrier.told.connect(self._take_progress)

    @property
    def answer(self) -> Coverage | None:
        """What is known by now; None before the first district."""
        return self._scene.answer if self._scene is not None else None

    def ask(self, question: Question) -> None:
        """Show another class."""
        if question != self.question:
            self.question = question
            self.forget()

    def show_private(self, with_private: bool) -> None:
        """Count what private cameras see as seen, or as blind."""
        if with_private != self.with_private:
            self.with_private = with_private
            self._show_answers()

    def halt(self) -> None:
        """Stop the survey; what is answered stays."""
        self.halted, self.progress = True, None
        if self._surveyor is not None:
            self._surveyor.post("survey", [])
        self.told()
        self._changed()

    def go_on(self) -> None:
        """Survey what is in sight again."""
        self.halted = False
        self._stale()
        self.told()

    def forget(self) -> None:
        """Answer everything anew: the question or the cameras are others."""
        self._epoch_of_city += 1
        self._scene, self.progress, self.halted = None, None, False
        self._answers.clear()
        self._counts.clear()
        self.renew()
        self._stale()
        self.told()

    def show(self, coverage: Coverage) -> None:
        """Show a survey that was worked out elsewhere; districts that it lacks are still surveyed when in sight."""
        self.question = coverage.question
        self._answers = {district.name: district for district in coverage.districts}
        self._show_answers()

    def want(self, view: MapView, ratio: float) -> None:
        if self.shown and not self._closing and not self.halted:
            self._survey_in_sight(view)
        super().want(view, ratio)

    def complete(self, view: MapView) -> bool:
        return not self.shown or (super().complete(view) and (self.halted or not self._open_districts(view)))

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self.shown:
            super().paint(painter, view)

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
        asked = self._asked(name)
        return Job(asked, float(turn), lambda: self._survey(asked), lambda found: self._take_district(asked, found))

    def _asked(self, name: str) -> Asked:
        return self._epoch_of_city, self.question, name

    def _open_districts(self, view: MapView) -> list[str]:
        """Return the districts in sight that are to be answered still; a whole province is not surveyed by a look."""
        failed = self._surveyor.failed if self._surveyor is not None else set()
        in_sight = self._in_sight(view)
        if sum(self._cameras_in(name) for name in in_sight) > MOST_CAMERAS:
            self._why_nothing = translate("Map", "Zoom in: too many cameras for coverage")
            return []
        self._why_nothing = translate("Map", "Coverage is being worked out")
        known = [name for name in in_sight if ("survey", self._asked(name)) in failed or name in self._answers]
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

    def _survey(self, asked: Asked) -> DistrictCoverage | None:
        """Runs on the surveyor's thread; None when the operator has stopped it or asked something else meanwhile."""
        _, question, name = asked

        def stop() -> bool:
            return self._closing or self.halted or asked != self._asked(name)

        try:
            return self._ask(question, name, stop, lambda done, of: self._carrier.told.emit(asked, done, of))
        except CoverageStopped:
            return None

    def _take_progress(self, asked: Asked, done: int, of: int) -> None:
        if asked == self._asked(asked[2]) and not self.halted and asked[2] not in self._answers:
            self.progress = (asked[2], done, of)
            self.told()
            self._changed()

    def _take_district(self, asked: Asked, found: DistrictCoverage | None) -> None:
        if asked != self._asked(asked[2]):
            return
        if found is None:
            self._stale()  # stopped, and perhaps told to go on since: what is in sight is asked for again
            return
        self._answers[found.name] = found
        self.progress = None
        self._show_answers()
        self.told()

    def _show_answers(self) -> None:
        answer = Coverage(self._city.name, self.question, tuple(self._answers.values()))
        self._scene = CoverageScene(self._city.base, answer, self.with_private) if self._answers else None
        self.renew()
        self._stale()

    def _tile(self, key: TileKey, ratio: float) -> CoverageTile:
        return CoverageTile(paint_coverage(self._scene, key, ratio) if self._scene is not None else None)

    def paint_legend(self, painter: QPainter, view: MapView) -> None:
        """Paint what the colours say; over everything else of the map."""
        if not self.shown:
            return
        rows = self.legend()
        if self._legend is None or self._legend[0] != (rows, self._ratio):
            self._legend = ((rows, self._ratio), legend_image(rows, self._ratio))
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
            return (title, ("", self.state_line() or self._why_nothing))
        private = answer.share("seen_all") - answer.share("seen_public") if self.with_private else 0.0
        blind = answer.share("blind" if self.with_private else "blind_to_public")
        rows = [
            ("public", translate("Map", "Seen by public cameras {share} %"), answer.share("seen_public")),
            ("private", translate("Map", "By private ones only {share} %"), private),
            ("perhaps", translate("Map", "Perhaps: direction unknown {share} %"), answer.share("perhaps")),
            ("blind", translate("Map", "Blind ground {share} %"), blind),
        ]
        told = [(look, text.format(share=percent(part))) for look, text, part in rows if part > 0 or look == "blind"]
        state = self.state_line()
        return (title, *told, *([("", state)] if state else []))

    def state_line(self) -> str:
        """Return how far the survey is; empty when there is nothing to say."""
        if self.halted:
            return translate("Map", "Coverage: stopped")
        if self.progress is None:
            return ""
        name, done, of = self.progress
        words = translate("Map", "Working out {district}: {done} of {all} views")
        return words.format(district=name, done=f"{done:,}", all=f"{of:,}")


def percent(part: float) -> str:
    """Return a share in per cent; what is almost nothing or almost all is not told as nothing or all."""
    if 0.0 < part < 0.0005:
        return "<0.1"
    return ">99.9" if 0.9995 <= part < 1.0 else f"{100 * part:.1f}"


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

    def ask(question: Question, name: str, stop: Callable[[], bool], told: Progress) -> DistrictCoverage:
        if cache is None:
            return survey(city, question, [name], processes=1, stop=stop, on_progress=told).districts[0]
        with ViewCache(cache) as views:
            found = survey(city, question, [name], cache=views, processes=1, stop=stop, on_progress=told)
        return found.districts[0]

    return ask
