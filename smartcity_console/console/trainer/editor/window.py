"""The scenario editor's window: time line above, parts and form at the left, map or recording at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.background import Background
from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.language import LanguageSwitch, translate
from smartcity_console.console.map import MapWidget
from smartcity_console.console.menus import Menus
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations import Reason
from smartcity_console.console.palette import Palette
from smartcity_console.console.texts import ElidedLabel
from smartcity_console.console.theme import ICONS
from smartcity_console.console.trainer.editor import parts
from smartcity_console.console.trainer.editor.actor_map import ActorLayer, ActorTool
from smartcity_console.console.trainer.editor.document import Check, Document
from smartcity_console.console.trainer.editor.feed_preview import FeedPreview
from smartcity_console.console.trainer.editor.filming import Filming, FilmScenario
from smartcity_console.console.trainer.editor.part_pane import PartPane
from smartcity_console.console.trainer.editor.parts import WHOLE, Place
from smartcity_console.console.trainer.editor.parts_tree import PartsTree
from smartcity_console.console.trainer.editor.strip import editor_lanes, editor_marks
from smartcity_console.console.trainer.editor.verbs import EditorRunner, EditorState
from smartcity_console.console.trainer.forms.names import kind_name
from smartcity_console.console.trainer.standing_views import Lines
from smartcity_console.console.trainer.time_strip import TimeStrip
from smartcity_console.drill.scenario import model as m
from smartcity_console.model.geo import Position

VERBS = (
    *("scenario.open", "scenario.save", "scenario.undo", "scenario.redo", "scenario.add", "scenario.remove"),
    *("scenario.film", "scenario.film.stop"),
)
STAGE_REACH_M = 160.0
FIRST_MIDDLE = m.Spot(127.4685, 37.0381)  # the sample city's shops


@dataclass(frozen=True)
class EditorParts:
    """What the composition hands over. Callables marked (thread) are called off the Qt thread. `film` None: no stage here."""

    check: Check  # (thread)
    make_map: Callable[[], QWidget]
    film: FilmScenario | None = None  # (thread)
    no_film: str = ""  # why there is none
    middle: m.Spot = FIRST_MIDDLE  # where a new actor stands before there is a stage
    language: str = "ko"


class EditorWindow(QMainWindow):
    """`closing` when it closes; a scenario that is not saved asks first."""

    closing = Signal()

    def __init__(self, editor: EditorParts, languages: LanguageSwitch) -> None:
        super().__init__()
        self._editor, self._languages = editor, languages
        self.setObjectName("scenario_editor")
        self.setWindowIcon(QIcon((ICONS / "console.svg").as_posix()))
        self.resize(1920, 1080)
        self.background = Background(parent=self)
        self.document = Document(self.background, editor.check, self)
        self.place = WHOLE
        self.filming = Filming(editor.film, self.background, self)
        self.runner = EditorRunner(self.state, self)
        self.notice = Notice(lambda: languages.language)
        self.strip, self.tree, self.pane, self.problems = TimeStrip(), PartsTree(), PartPane(), Lines((360, 150), 0)
        self.preview = FeedPreview(self.background.submit, lambda: languages.language)
        self.map, self.actors = editor.make_map(), ActorLayer()
        self._title, self.bar = ElidedLabel(15, bold=True), QMenuBar()
        self.buttons = {op_id: OperationButton(self.runner.operations[op_id], self.runner) for op_id in VERBS}
        self.ask: Callable[[str], str] = self._ask_on_screen
        self._lay_out()
        self.palette_view = Palette(self.runner, self.runner, self)  # type: ignore[arg-type]
        self.menus = Menus(self.bar, self.runner, self.runner)  # type: ignore[arg-type]
        self._keys = [self._key(operation.shortcut, operation.id) for operation in self.runner.operations]
        self._connect()
        self.retranslate()
        self.tree.setFocus()

    @property
    def language(self) -> str:
        return self._languages.language

    def state(self) -> EditorState:
        """Return what the editor's verbs look at."""
        document = self.document
        missing = self._editor.no_film or translate("Reason", "The stage is not installed here.")
        return EditorState(
            place=self.place,
            changed=document.is_changed,
            can_undo=document.can_undo,
            can_redo=document.can_redo,
            has_stage=document.scenario.stage is not None,
            errors=sum(not problem.is_warning for problem in document.problems),
            film="" if self._editor.film is not None else missing,
            filming=self.filming.is_on,
            has_file=document.path is not None,
        )

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the document as it is."""
        scenario, language = self.document.scenario, self.language
        if self.place.index >= len(parts.items(scenario, self.place.section)):
            self.place = Place(self.place.section)
        bad = {parts.place_of(problem.where) for problem in self.document.problems}
        self.tree.show_parts(scenario, bad, self.place, language)
        self.strip.show_marks(editor_marks(scenario, bad, language), scenario.duration_s, None)
        self.strip.choose(f"{self.place.section}-{self.place.index}")
        part = parts.part(scenario, self.place)
        self.pane.show_part(self.place, part)
        is_feed = isinstance(part, m.FeedSpec)
        self.preview.show_feed(part if isinstance(part, m.FeedSpec) else None, self.document.folder)
        self.preview.setVisible(is_feed)
        self.map.setVisible(not is_feed)
        self._show_actors(part)
        self._show_problems()
        self._show_head()

    def _show_head(self) -> None:
        name = str(self.document.path.parent.name if self.document.path else self.document.scenario.id)
        mark = " •" if self.document.is_changed else ""
        title = f"{self.document.scenario.title.of(self.language)} — {name}{mark}"
        self._title.setText(title)
        self.setWindowTitle(translate("Editor", "Scenario editor · {title}").format(title=title))
        state = self.state()
        for op_id, button in self.buttons.items():
            button.setVisible(op_id != "scenario.film.stop" or state.filming)
            button.refresh(state, label=self.filming.words() if op_id == "scenario.film" and state.filming else "")  # type: ignore[arg-type]
        self.setWindowModified(False)

    def _show_problems(self) -> None:
        problems = self.document.problems
        errors = sum(not problem.is_warning for problem in problems)
        text = translate("Editor", "Contradictions · {errors} · remarks {warnings}")
        self.problems.head.setText(text.format(errors=errors, warnings=len(problems) - errors))
        lines = [
            (
                problem.where,
                (f"{'△' if problem.is_warning else '▲'} {problem.words.of(self.language)}", self._where(problem.where)),
                "text_dim" if problem.is_warning else "warn",
            )
            for problem in problems
        ]
        if not lines:
            lines = [("", (translate("Editor", "✔ Nothing contradicts itself."), ""), "ok")]
        self.problems.show_lines(lines)

    def _where(self, where: str) -> str:
        place = parts.place_of(where)
        part = parts.part(self.document.scenario, place)
        name = parts.part_name(part, self.document.scenario, self.language) if part is not None else ""
        return " · ".join(each for each in (parts.section_name(place.section), name) if each)

    def _show_actors(self, part: Any) -> None:
        scenario = self.document.scenario
        self.actors.show(scenario, self.place.index if self.place.section == "actors" else -1)
        if isinstance(self.map, MapWidget):
            held = self.map.tools.tool
            if isinstance(part, m.Actor) and not (isinstance(held, ActorTool) and held.actor == part):
                self.map.tools.hold(ActorTool(part, self._put_actor))
            elif not isinstance(part, m.Actor) and isinstance(held, ActorTool):
                self.map.tools.take("")
            self.map.update()

    # ---- what is done --------------------------------------------------------------------------------------------

    def go_to(self, place: Place) -> None:
        """Show another part."""
        if place != self.place:
            self.place = place
            if place.section in ("stage", "actors", "blazes"):
                self._look_at_stage()
            self.refresh()

    def put_part(self, place: Place, part: Any) -> None:
        self.document.put(parts.with_part(self.document.scenario, place, part))

    def add(self, section: str, kind: type[Any] | None = None) -> None:
        """Add a part to a section, and show it."""
        scenario = self.document.scenario
        if section in parts.STAGED and scenario.stage is None:
            self.give_stage()
            scenario = self.document.scenario
        spot = scenario.stage.centre if scenario.stage is not None else self._editor.middle
        made, place = parts.added(scenario, section, parts.new_part(scenario, section, kind, self._free_second(), spot))
        self.place = place
        self.document.put(made)

    def give_stage(self) -> None:
        if self.document.scenario.stage is None:
            stage = m.StageSpec(centre=self._editor.middle)
            self.document.put(msgspec.structs.replace(self.document.scenario, stage=stage))

    def move_inject(self, mark_id: str, second: float) -> None:
        """An inject was dragged to another second."""
        place = Place("injects", int(mark_id.rpartition("-")[2]))
        inject = parts.part(self.document.scenario, place)
        when = msgspec.structs.replace(inject.when, at_s=second)
        self.put_part(place, msgspec.structs.replace(inject, when=when))

    def _put_actor(self, actor: m.Actor) -> None:
        if self.place.section == "actors" and self.place.index >= 0:
            self.put_part(self.place, actor)

    def _free_second(self) -> float:
        """Half a minute after the last inject that has a second, within the drill."""
        times = [i.when.at_s for i in self.document.scenario.injects if i.when.at_s and not isinstance(i, m.End)]
        return min(self.document.scenario.duration_s, max(times, default=0.0) + 30.0)

    def _look_at_stage(self) -> None:
        stage = self.document.scenario.stage
        if stage is not None and isinstance(self.map, MapWidget):
            self.map.look_at(Position(stage.centre.lon_deg, stage.centre.lat_deg), STAGE_REACH_M)

    def _moved(self, op_id: str) -> None:
        verbs: dict[str, Callable[[], object]] = {
            "scenario.new": lambda: self._leaving(lambda: self._begin(None)),
            "scenario.open": lambda: self._leaving(self._choose_file),
            "scenario.save": self.save,
            "scenario.save_as": lambda: self._save_as(lambda: None),
            "scenario.undo": self.document.undo,
            "scenario.redo": self.document.redo,
            "scenario.add": self._offer,
            "scenario.remove": lambda: self.document.put(parts.without(self.document.scenario, self.place)),
            "scenario.film": lambda: self.filming.start(self.document.path),
            "scenario.film.stop": self.filming.stop,
            "view.language": lambda: self._languages.use(self._languages.other()),
            "view.full_screen": lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
            "notice.seen": self.notice.put_away,
            "palette.open": self.palette_view.open_at_top,
            "app.quit": self.close,
        }
        verbs[op_id]()

    def save(self, done: Callable[[], None] = lambda: None) -> None:
        """Save where it was read from; a new one asks where."""
        if self.document.path is None:
            self._save_as(done)
        else:
            self.document.save(self.document.path, done)

    def _save_as(self, done: Callable[[], None]) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, translate("Editor", "Save the scenario"), "scenario.toml", "TOML (*.toml)"
        )
        if name:
            self.document.save(Path(name).with_suffix(".toml"), done)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, translate("Editor", "Open a scenario"), "", "TOML (*.toml)")
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        self.place = WHOLE
        self.document.open(path)

    def _begin(self, path: Path | None) -> None:
        self.place = WHOLE
        self.document.begin(parts.blank(), path)

    def _leaving(self, go_on: Callable[[], None]) -> None:
        """Do what leaves this scenario, after asking about what is not saved."""
        answer = self.ask(self.document.scenario.title.of(self.language)) if self.document.is_changed else "discard"
        if answer == "save":
            self.save(go_on)
        elif answer == "discard":
            go_on()

    def _ask_on_screen(self, title: str) -> str:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(translate("Editor", "“{title}” has changes that are not saved.").format(title=title))
        save = box.addButton(translate("Editor", "Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(translate("Editor", "Throw away"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(translate("Editor", "Stay"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        return {save: "save", discard: "discard"}.get(box.clickedButton(), "stay")

    def _offer(self) -> None:
        """Add to the section that is looked at; an inject is chosen by its kind."""
        section = self.place.section
        if section == "injects":
            self.kinds_menu().popup(
                self.buttons["scenario.add"].mapToGlobal(self.buttons["scenario.add"].rect().bottomLeft())
            )
        elif section == "stage":
            self.give_stage()
        elif section == "scenario":
            self.sections_menu().popup(
                self.buttons["scenario.add"].mapToGlobal(self.buttons["scenario.add"].rect().bottomLeft())
            )
        else:
            self.add(section)

    def kinds_menu(self) -> QMenu:
        menu = self._menu()
        for kind in parts.INJECTS:
            menu.addAction(kind_name(kind.__name__.lower()), lambda kind=kind: self.add("injects", kind))
        return menu

    def sections_menu(self) -> QMenu:
        menu = self._menu()
        for section in (*parts.LISTS, *parts.STAGED):
            menu.addAction(parts.section_name(section), lambda section=section: self.add(section))
        return menu

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _tell_reason(self, op_id: str, reason: Reason) -> None:
        self.notice.tell(f"{self.runner.operations[op_id].label()}: {reason.text}")

    # ---- how it is put together ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.document.changed.connect(self.refresh)
        self.document.checked.connect(self.refresh)
        self.document.failed.connect(self.notice.tell_error)
        self.tree.chosen.connect(self.go_to)
        self.pane.edited.connect(self.put_part)
        self.pane.stage_wanted.connect(self.give_stage)
        self.strip.picked.connect(lambda mark: self.go_to(Place(mark.rpartition("-")[0], int(mark.rpartition("-")[2]))))
        self.strip.moved.connect(self.move_inject)
        self.problems.chosen.connect(lambda where: self.go_to(parts.place_of(where)) if where else None)
        self.filming.changed.connect(self._show_head)
        self.filming.failed.connect(self.notice.tell_error)
        self.filming.told.connect(self.notice.tell)
        self.runner.moved.connect(self._moved)
        self.runner.refused.connect(self._tell_reason)
        if isinstance(self.map, MapWidget):
            self.map.add_marks("actors", self.actors)

    def _lay_out(self) -> None:
        top = QWidget()
        head = QVBoxLayout(top)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self._header())
        head.addWidget(self.notice)
        self.setMenuWidget(top)
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.strip)
        box.addWidget(self._columns(), 1)
        self.setCentralWidget(body)

    def _header(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("header")
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(6)
        self.bar.setNativeMenuBar(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        row.addWidget(self._title, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addWidget(self.bar)
        return frame

    def _columns(self) -> QWidget:
        right = QWidget()
        pictures = QVBoxLayout(right)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.addWidget(self.map, 1)
        pictures.addWidget(self.preview, 1)
        columns, left = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.tree)
        left.addWidget(self.problems)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 1)
        for part, share in ((left, 28), (self.pane, 32), (right, 40)):
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, share)
        columns.setSizes([500, 600, 820])
        return columns

    def _key(self, shortcut: str, op_id: str) -> QShortcut:
        key = QShortcut(QKeySequence(shortcut), self)
        key.activated.connect(lambda: self.runner.run(op_id))
        return key

    def retranslate(self) -> None:
        self.strip.show_lanes(editor_lanes())
        self.strip.setAccessibleName(translate("Trainer", "Time line"))
        self.tree.setAccessibleName(translate("Editor", "Parts of the scenario"))
        self.menus.retranslate()
        self.pane.retranslate()
        self.preview.retranslate()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        answer = self.ask(self.document.scenario.title.of(self.language)) if self.document.is_changed else "discard"
        if answer != "discard":
            event.ignore()
            if answer == "save":
                self.save(self.close)
            return
        self.shut()
        super().closeEvent(event)
        self.closing.emit()

    def shut(self) -> None:
        """Stop every thread and wait for it."""
        self.document.stop()
        self.filming.close()
        self.background.close()
        if isinstance(self.map, MapWidget):
            self.map.close_map()
