"""Which tool is in hand, and what its work leads to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter

from smartcity_console.console.language import translate
from smartcity_console.console.map.camera_field import NO_CAMERAS, CameraField, Piece
from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.measure import MeasureTool
from smartcity_console.console.map.posing import PoseTool
from smartcity_console.console.map.selecting import SelectTool, cameras_within, paint_selected
from smartcity_console.console.map.tool import Place, Tool
from smartcity_console.console.map.view import MapView
from smartcity_console.model.camera import Camera, Pose


class ToolBox(QObject):
    """At most one tool is in hand. `changed` asks for a new frame; `taken` names the tool in hand, empty for none."""

    changed = Signal()
    taken = Signal(str)
    selected = Signal(list)  # camera ids
    posed = Signal(str, object, object)  # camera id, its new Pose, its old one

    def __init__(self, field: CameraField, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._field, self._pool = field, pool
        self._asked = 0
        self.tool: Tool | None = None
        self.chosen: Piece = NO_CAMERAS
        self.told = ""  # what the last selection came to

    def serve(self, field: CameraField, pool: JobPool) -> None:
        """Choose among other cameras from now on; what was chosen among the old is forgotten."""
        self._field, self._pool, self.chosen = field, pool, NO_CAMERAS
        self._asked += 1

    def take(self, name: str) -> None:
        """Take a tool by name (measure, rectangle, lasso); the one in hand is put away, as it is by an empty name."""
        made = {
            "measure": MeasureTool,
            "rectangle": lambda: SelectTool("rectangle", self._select),
            "lasso": lambda: SelectTool("lasso", self._select),
        }
        self._hold(made[name]() if name else None)

    def hold(self, tool: Tool) -> None:
        """Take a tool that somebody else made, such as the scenario editor's."""
        self._hold(tool)

    def pose(self, camera: Camera) -> None:
        """Take the tool that sets a camera's pose."""
        self._hold(PoseTool(camera, self._keep_pose))

    def hint(self) -> str:
        """Return what the tool in hand, else the last selection, has to say."""
        return self.tool.hint() if self.tool is not None and not self.told else self.told

    def key(self, key: Qt.Key, middle: Place, view: MapView, *, fine: bool = False) -> bool:
        """Take a key: Esc puts the tool away, Enter chooses the middle of the map, the rest is the tool's.

        `fine`: with Shift held, by which a tool moves in smaller steps.
        """
        if key == Qt.Key.Key_Escape and (self.tool is not None or len(self.chosen.rows)):
            self.chosen, self.told = NO_CAMERAS, ""
            self.take("")
            return True
        if self.tool is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.tool.click(middle, view)
        elif not self.tool.key(key, fine=fine):
            return False
        self.changed.emit()
        return True

    def paint(self, painter: QPainter, view: MapView) -> None:
        if len(self.chosen.rows):
            paint_selected(painter, view, self.chosen)
        if self.tool is not None:
            self.tool.paint(painter, view)

    def press(self, at: QPointF, view: MapView) -> bool:
        """Return whether the tool takes the drag that begins here."""
        if self.tool is None or not self.tool.drags:
            return False
        self.told = ""
        self.tool.press(view.to_plane(at.x(), at.y()), view)
        self.changed.emit()
        return True

    def move(self, at: QPointF, view: MapView) -> bool:
        """Return whether a tool is in hand that followed the pointer."""
        if self.tool is None or isinstance(self.tool, PoseTool):
            return self.tool is not None
        self.tool.move(view.to_plane(at.x(), at.y()), view)
        self.changed.emit()
        return True

    def drag(self, at: QPointF, view: MapView) -> None:
        if self.tool is not None:
            self.tool.move(view.to_plane(at.x(), at.y()), view)
            self.changed.emit()

    def release(self, at: QPointF, view: MapView) -> None:
        if self.tool is not None:
            self.tool.release(view.to_plane(at.x(), at.y()), view)
            self.changed.emit()

    def click(self, at: QPointF, view: MapView) -> bool:
        """Return whether the click was a tool's."""
        if self.tool is None:
            return False
        self.tool.click(view.to_plane(at.x(), at.y()), view)
        self.changed.emit()
        return True

    def _hold(self, tool: Tool | None) -> None:
        self.tool, self.told = tool, ""
        self.taken.emit(tool.name if tool else "")
        self.changed.emit()

    def _select(self, corners: list[Place]) -> None:
        self._asked += 1
        run = partial(cameras_within, self._field, corners)
        self._pool.post("select", [Job(self._asked, -300.0, run, partial(self._take_selected, self._asked))])

    def _take_selected(self, asked: int, found: tuple[list[str], Piece, int]) -> None:
        if asked != self._asked:
            return
        ids, self.chosen, total = found
        self.told = _selection_words(len(ids), total)
        self.selected.emit(ids)
        self.changed.emit()

    def _keep_pose(self, camera: Camera, pose: Pose) -> None:
        self.take("")
        self.posed.emit(camera.id, pose, camera.pose)


def _selection_words(taken: int, total: int) -> str:
    if taken == total:
        return translate("Map", "{count} cameras selected").format(count=f"{total:,}")
    words = translate("Map", "{total} cameras are here; the {count} nearest to the middle are selected")
    return words.format(count=f"{taken:,}", total=f"{total:,}")
