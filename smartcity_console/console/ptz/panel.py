"""The panel for steering one camera: who steers, where it looks, stick, zoom, presets, what came of turning to a spot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from smartcity_console.console.docks import STRIP_PX
from smartcity_console.console.language import translate
from smartcity_console.console.ptz import words
from smartcity_console.console.ptz.driver import STILL, PtzDriver
from smartcity_console.console.ptz.presets import Presets
from smartcity_console.console.ptz.spot_turner import Turned
from smartcity_console.console.ptz.stick import Stick
from smartcity_console.console.texts import label, set_tone
from smartcity_console.model.ptz import Velocity, Verb

WIDTH_PX = 268
SLOWEST, FASTEST = 10, 100  # per cent
MOST_ROWS = 8


class PtzPanel(QFrame):
    """Shows the driver's camera and passes hands on to it. `run(op_id)` carries operations out."""

    def __init__(self, driver: PtzDriver, run: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("strip_panel")
        self.setMinimumWidth(WIDTH_PX)
        self._driver = driver
        self.title, self.holder = label(15, bold=True, wrap=True), label(13, wrap=True)
        self.missing, self.hint = label(12, wrap=True), label(12, wrap=True)
        self.where, self.trouble, self.outcome = label(12, wrap=True), label(13, wrap=True), label(12, wrap=True)
        self.take, self.again, self.mode = QPushButton(), QPushButton(), QPushButton()
        self.mode.setCheckable(True)
        self.stick, self.presets = Stick(), Presets(driver)
        self.zoom_in, self.zoom_out = QPushButton("+"), QPushButton("−")
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(SLOWEST, FASTEST)
        self.speed.setValue(FASTEST)
        self.speed_label, self.preset_label, self.pad = label(12), label(12), label(12)
        self._turned: list[Turned] = []
        self._run = run
        self._connect()
        self._lay_out()
        self.retranslate()

    def _connect(self) -> None:
        self._driver.changed.connect(self.refresh)
        self.stick.pulled.connect(lambda pan, tilt: self._driver.hold("stick", Velocity(pan, tilt)))
        for button, way in ((self.zoom_in, 1.0), (self.zoom_out, -1.0)):
            button.pressed.connect(lambda way=way: self._driver.hold("zoom", Velocity(zoom=way)))
            button.released.connect(lambda: self._driver.hold("zoom", STILL))
        self.speed.valueChanged.connect(self._set_speed)
        self.take.clicked.connect(lambda: self._run("ptz.release" if self._is_mine() else "ptz.take"))
        self.mode.clicked.connect(lambda: self._run("ptz.mode"))
        self.again.clicked.connect(self._driver.try_again)

    def _is_mine(self) -> bool:
        return self._driver.state is not None and self._driver.state.is_yours

    def _set_speed(self, per_cent: int) -> None:
        self._driver.speed = per_cent / 100.0

    @Slot(object)
    def show_turned(self, rows: list[Turned]) -> None:
        """Show what came of turning cameras to a spot."""
        self._turned = rows
        good = [row for row in rows if not row.why]
        lines = [words.turned_line(len(good), len(rows))]
        lines += [f"✓ {row.name}" for row in good[:MOST_ROWS]]
        lines += [f"✕ {row.name}: {row.why}" for row in rows if row.why][:MOST_ROWS]
        self.outcome.setText("\n".join(lines))
        self.outcome.show()

    @Slot(object)
    def show_pad(self, name: str | None) -> None:
        """Show whether a gamepad is plugged in."""
        self.pad.setText(translate("Ptz", "Gamepad: {name}").format(name=name) if name else "")
        self.pad.setVisible(bool(name))

    @Slot()
    def refresh(self) -> None:
        """Show the camera as the driver has it."""
        driver, state = self._driver, self._driver.state
        self.title.setText(driver.camera_name or translate("Ptz", "No camera is chosen"))
        self.holder.setText(words.holder_line(state.holder, mine=state.is_yours) if state else "")
        set_tone(self.holder, "ok" if self._is_mine() else "warn" if state and state.holder else "dim")
        connected = state is not None and state.connected is True
        self.where.setText(words.position_line(state.position) if connected and state else "")
        self._tell(self._trouble())
        lacking = words.lacking(state.abilities) if connected and state else ""
        self.missing.setText(lacking)
        self.missing.setVisible(bool(lacking))
        self.take.setText(translate("Ptz", "Give up") if self._is_mine() else translate("Ptz", "Take"))
        self.take.setEnabled(connected)
        self.again.setVisible(state is not None and state.connected is False)
        self._offer(self.stick, Verb.MOVE)
        for button in (self.zoom_in, self.zoom_out):
            self._offer(button, Verb.ZOOM)
        self.mode.setEnabled(driver.mode or driver.can(Verb.MOVE) or driver.can(Verb.ZOOM))
        self.mode.setChecked(driver.mode)
        self.mode.setText(
            translate("Ptz", "Keys steer: ON (Esc ends)") if driver.mode else translate("Ptz", "Steer by keys")
        )
        self.hint.setVisible(driver.mode)
        self.presets.refresh()

    def _trouble(self) -> str:
        """Return what keeps the camera from being steered, in words."""
        driver = self._driver
        if driver.link_up is False:
            return translate("Ptz", "The gateway cannot be reached. Cameras stand still; it is tried again.")
        if not driver.camera_id:
            return translate("Ptz", "Choose one on the map or on the wall.")
        if driver.state is None or driver.state.connected is None:
            return translate("Ptz", "Connecting to the device …")
        return driver.facts().reason

    def _tell(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
        waiting = self._driver.state is None or self._driver.state.connected is None
        set_tone(self.trouble, "dim" if waiting and self._driver.link_up is not False else "danger")

    def _offer(self, control: Stick | QPushButton, verb: Verb) -> None:
        """Enable a control, or say on it that the device cannot do this."""
        state, able = self._driver.state, self._driver.can(verb)
        if control.isEnabled() != able:
            control.setEnabled(able)
        lacking = state is not None and state.connected is True and not able
        control.setToolTip(words.lacks(verb) if lacking else "")
        control.setAccessibleDescription(control.toolTip())

    def retranslate(self) -> None:
        self.again.setText(translate("Ptz", "Try again"))
        self.speed_label.setText(translate("Ptz", "Speed"))
        self.speed.setAccessibleName(self.speed_label.text())
        self.hint.setText(translate("Ptz", "Arrows turn · Page Up and Page Down zoom · Shift is slow"))
        self.preset_label.setText(translate("Ptz", "Presets"))
        self.stick.setAccessibleName(translate("Ptz", "Stick: pull to turn"))
        self.zoom_in.setAccessibleName(translate("Ptz", "Zoom in"))
        self.zoom_out.setAccessibleName(translate("Ptz", "Zoom out"))
        self.setAccessibleName(translate("Ptz", "Steering a camera"))
        self.presets.retranslate()
        if self._turned:
            self.show_turned(self._turned)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._driver.set_shown(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._driver.hold("zoom", STILL)
        self._driver.set_shown(False)
        super().hideEvent(event)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(8)
        for widget in (self.title, self.holder, self.trouble):
            box.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.take, 1)
        buttons.addWidget(self.again, 1)
        box.addLayout(buttons)
        box.addLayout(self._hands())
        box.addWidget(self.where)
        box.addWidget(self.missing)
        box.addWidget(self.mode)
        box.addWidget(self.hint)
        box.addWidget(self.pad)
        self.pad.hide()
        box.addWidget(self.preset_label)
        box.addWidget(self.presets, 1)
        box.addWidget(self.outcome)
        self.outcome.hide()
        for each in (self.speed_label, self.preset_label, self.pad, self.where, self.missing, self.hint, self.outcome):
            set_tone(each, "dim")

    def _hands(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.addWidget(self.stick, 0, 0, 2, 1, Qt.AlignmentFlag.AlignCenter)
        for row, button in enumerate((self.zoom_in, self.zoom_out)):
            button.setMinimumHeight(72)
            button.setFont(self.title.font())
            grid.addWidget(button, row, 1)
        grid.addWidget(self.speed_label, 2, 0)
        grid.addWidget(self.speed, 3, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        return grid


class ModeBadge(QLabel):
    """Says over the window, for as long as it is so, that keys steer a camera. It stands over the lower edge of the
    pictures, where it covers neither the incident's words nor a place to type."""

    def __init__(self, driver: PtzDriver, over: QWidget) -> None:
        super().__init__(over)
        self._driver = driver
        self.setObjectName("ptz_badge")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        driver.changed.connect(self.refresh)
        over.installEventFilter(self)
        self.hide()

    def leave(self) -> None:
        """Look at the window no more: it is going."""
        self.parentWidget().removeEventFilter(self)

    @Slot()
    def refresh(self) -> None:
        self.setText(translate("Ptz", "Keys steer {camera} · Esc ends").format(camera=self._driver.camera_name))
        self.setVisible(self._driver.mode)
        self._place()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        parent = self.parentWidget()
        over_px = parent.height() - STRIP_PX - self.height() - 4
        self.move(max(0, (parent.width() - self.width()) // 2), max(0, over_px))
        self.raise_()
