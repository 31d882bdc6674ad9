"""What each trainee sees, with the picture's age; asks the trainee's console for it as long as this is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.language import translate
from smartcity_console.console.texts import label, set_tone
from smartcity_console.console.theme import colour, font
from smartcity_console.console.trainer.mirror import history_folder, picture_path, wanted_path
from smartcity_console.model.errors import ConsoleError

LOOK_MS = 500
STALE_S = 3.0
Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]
Look = tuple[QImage | None, float]  # the picture, None where it is the one that is shown; its time


class Screen(QWidget):
    """Paints the picture whole and centred; without one it says why."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("well"))
        if self.image is None:
            painter.setFont(font(14))
            painter.setPen(colour("text_dim"))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(20, 0, -20, 0), flags, self.text)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self.image)


class MirrorView(QWidget):
    """One seat at a time. `failed` once when the folder cannot be written to."""

    failed = Signal(object)

    def __init__(self, run_dir: Path, clock: Clock, submit: Submit) -> None:
        super().__init__()
        self._run_dir, self._clock, self._submit = run_dir, clock, submit
        self.seat = ""
        self._taken_s = 0.0
        self._busy = self._told = False
        self._second: float | None = None  # of the replay; None: live
        self.screen, self._age, self._head = Screen(), label(13, tone="dim"), label(15, bold=True)
        self._seats, self._group = QHBoxLayout(), QButtonGroup(self)
        self._seats.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addLayout(self._seats)
        head.addStretch(1)
        head.addWidget(self._age)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 8, 6, 6)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.screen, 1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start(LOOK_MS)
        self.look()

    def stop(self) -> None:
        self._timer.stop()

    def show_seats(self, seats: tuple[str, ...], names: dict[str, str]) -> None:
        """Show a button for each seat; the first is looked at."""
        self._head.setText(translate("Mirror", "What the trainee sees"))
        if [button.property("seat") for button in self._group.buttons()] == list(seats):
            return
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.deleteLater()
        for seat in seats:
            button = QPushButton(" ".join(part for part in (seat, names.get(seat, "")) if part))
            button.setCheckable(True)
            button.setProperty("seat", seat)
            button.clicked.connect(lambda _on=False, seat=seat: self.look_at(seat))
            self._group.addButton(button)
            self._seats.addWidget(button)
        if seats and self.seat not in seats:
            self.look_at(seats[0])

    def look_at(self, seat: str) -> None:
        self.seat, self._taken_s = seat, 0.0
        for button in self._group.buttons():
            button.setChecked(button.property("seat") == seat)
        self._show(None)
        self.look()

    def next_seat(self) -> None:
        seats = [str(button.property("seat")) for button in self._group.buttons()]
        if seats:
            at = seats.index(self.seat) if self.seat in seats else -1
            self.look_at(seats[(at + 1) % len(seats)])

    def show_second(self, second: float | None) -> None:
        """Show the picture that was kept of a second of the drill; None: the live one."""
        if second != self._second:
            self._second, self._taken_s = second, -1.0
            self.look()

    def look(self) -> None:
        """Say that somebody looks, and fetch the picture where it is another one; one look at a time."""
        if self._busy or not self.seat:
            return
        self._busy = True
        seat, known_s, second, now_s = self.seat, self._taken_s, self._second, self._clock.now().timestamp()
        run_dir = self._run_dir
        work = (
            (lambda: _kept(run_dir, seat, second, known_s))
            if second is not None
            else (lambda: _live(run_dir, seat, known_s, now_s))
        )
        self._submit(work, lambda outcome: self._take(seat, second, outcome))

    def _take(self, seat: str, second: float | None, outcome: Look | ConsoleError) -> None:
        self._busy = False
        if isinstance(outcome, ConsoleError):
            if not self._told:
                self.failed.emit(outcome)
            self._told = True
            return
        if seat != self.seat or second != self._second:
            self.look()
            return
        image, self._taken_s = outcome
        self._show(image if image is not None or self._taken_s == 0.0 else self.screen.image)

    def _show(self, image: QImage | None) -> None:
        self.screen.image = image
        self.screen.text = translate("Mirror", "No picture of this seat has come yet.")
        self._show_age()
        self.screen.update()

    def _show_age(self) -> None:
        """A picture that is old must not pass for what the trainee sees now."""
        if self.screen.image is None:
            self._age.setText("")
            return
        if self._second is not None:
            self._age.setText(translate("Mirror", "kept at {second:.0f} s").format(second=self._taken_s))
            set_tone(self._age, "dim")
            return
        age_s = max(0.0, self._clock.now().timestamp() - self._taken_s)
        stale = age_s > STALE_S
        text = translate("Mirror", "▲ {age:.0f} s old") if stale else translate("Mirror", "{age:.1f} s old")
        self._age.setText(text.format(age=age_s))
        set_tone(self._age, "warn" if stale else "dim")


def _live(run_dir: Path, seat: str, known_s: float, now_s: float) -> Look:
    """Ask for the picture and read it where it is another than the one of `known_s`; on a worker."""
    wanted = wanted_path(run_dir)
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted.touch(mode=0o600)
    except OSError as error:
        raise MirrorUnasked(why=error.strerror or str(error)) from error
    del now_s
    path = picture_path(run_dir, seat)
    try:
        taken_s = path.stat().st_mtime
    except OSError:
        return None, 0.0
    if taken_s == known_s:
        return None, known_s
    image = QImage(str(path))
    return (None, known_s) if image.isNull() else (image, taken_s)


def _kept(run_dir: Path, seat: str, second: float, known_s: float) -> Look:
    """Read the newest picture kept at or before a second of the drill; on a worker."""
    kept = {int(path.stem): path for path in history_folder(run_dir, seat).glob("*.jpg") if path.stem.isdigit()}
    at = max((each for each in kept if each <= second), default=None)
    if at is None:
        return None, 0.0
    if float(at) == known_s:
        return None, known_s
    image = QImage(str(kept[at]))
    return (None, 0.0) if image.isNull() else (image, float(at))


class MirrorUnasked(ConsoleError):
    code = "mirror_unasked"
    ko = "훈련생의 화면을 요청하지 못했습니다({why}). 훈련과 기록은 그대로입니다. 디스크 공간을 확인하십시오."
    en = "The trainee's screen could not be asked for ({why}). The drill goes on, its record is kept. See to the disk."
