"""What the trainee sees, for the trainer: about one picture a second while somebody looks, written off the Qt thread.

`RUN/mirror/wanted` is touched by the trainer's window while it looks; `RUN/mirror/seat-N.jpg` is replaced whole, and one
in HISTORY_EVERY_S is kept in `RUN/mirror/history/seat-N/SECOND.jpg` for the replay, MOST_KEPT of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.theme import colour
from smartcity_console.model.errors import ConsoleError

EVERY_MS = 1000
WANTED_FRESH_S = 5.0
WIDTH_PX = 960
QUALITY = 70
HISTORY_EVERY_S = 5.0
MOST_KEPT = 1500
"""About two hours of pictures, at some 60 kB each 90 MB."""

Submit = Callable[[Callable[[], object], Callable[[object], None]], None]


class MirrorUnwritten(ConsoleError):
    code = "mirror_unwritten"
    ko = "훈련관에게 보일 화면 사본을 쓰지 못했습니다({why}). 훈련과 기록은 그대로입니다. 디스크 공간을 확인하십시오."
    en = "The picture of this screen for the trainer could not be written ({why}). The drill goes on, its record is kept. See to the disk."


def wanted_path(run_dir: Path) -> Path:
    return run_dir / "mirror" / "wanted"


def picture_path(run_dir: Path, seat: str) -> Path:
    return run_dir / "mirror" / f"seat-{seat}.jpg"


def history_folder(run_dir: Path, seat: str) -> Path:
    return run_dir / "mirror" / "history" / f"seat-{seat}"


def copy_of(window: QWidget) -> QImage | None:
    """Return what a window shows, copied out of its backing store: nothing is painted anew for it."""
    store = window.backingStore()
    device = store.paintDevice() if store is not None else None
    return device.copy() if isinstance(device, QImage) and not device.isNull() else None


def composed(pictures: list[QImage]) -> QImage:
    """Return the first window WIDTH_PX wide, with the others in a row below it. Not on the Qt thread: it scales."""
    smooth = Qt.TransformationMode.SmoothTransformation
    first = pictures[0].scaledToWidth(WIDTH_PX, smooth)
    others = pictures[1:5]
    if not others:
        return first
    width = WIDTH_PX // max(2, len(others))
    small = [picture.scaledToWidth(width, smooth) for picture in others]
    whole = QImage(WIDTH_PX, first.height() + max(p.height() for p in small), QImage.Format.Format_RGB32)
    whole.fill(colour("bg"))
    painter = QPainter(whole)
    painter.drawImage(0, 0, first)
    for number, picture in enumerate(small):
        painter.drawImage(QRect(number * width, first.height(), picture.width(), picture.height()), picture)
    painter.end()
    return whole


class Mirror(QObject):
    """One picture under way at a time: a slow disk makes the trainer's picture older, never the trainee's screen slower."""

    def __init__(self, window: QWidget, run_dir: Path, seat: str, clock: Clock, submit: Submit) -> None:
        super().__init__(window)
        self._window, self._run_dir, self._seat = window, run_dir, seat
        self._clock, self._submit = clock, submit
        self.second: Callable[[], float] = lambda: 0.0  # of the drill
        self.running: Callable[[], bool] = lambda: True
        self.failed: Callable[[ConsoleError], None] = lambda _error: None
        self.windows: Callable[[], list[QWidget]] = self._windows
        self._busy = self._told = False
        self._kept_s: float | None = None
        self.written = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start(EVERY_MS)

    def stop(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Copy the windows and have them written, where the trainer looks or the replay wants one."""
        keep = self._is_due()
        if self._busy or not (keep or self._is_wanted()):
            return
        pictures = [picture for window in self.windows() if (picture := copy_of(window)) is not None]
        if not pictures:
            return
        self._busy = True
        second = self.second()
        self._kept_s = second if keep else self._kept_s
        self._submit(lambda: self._write(pictures, second if keep else None), self._done)

    def _windows(self) -> list[QWidget]:
        """The console first, then what else of it is on screens; menus and tips are left out."""
        kinds = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Tool)
        more = [w for w in QApplication.topLevelWidgets() if w is not self._window and w.windowType() in kinds]
        return [window for window in (self._window, *more) if window.isVisible()]

    def _is_due(self) -> bool:
        second = self.second()
        return self.running() and (self._kept_s is None or second - self._kept_s >= HISTORY_EVERY_S)

    def _is_wanted(self) -> bool:
        """Whether the trainer's window lives: one look at a file's time, of the local disk that the journal is on."""
        try:
            touched_s = wanted_path(self._run_dir).stat().st_mtime
        except OSError:
            return False
        return abs(self._clock.now().timestamp() - touched_s) <= WANTED_FRESH_S

    def _write(self, pictures: list[QImage], kept_second: float | None) -> None:
        body = jpeg_of(composed(pictures))
        try:
            _replace(picture_path(self._run_dir, self._seat), body)
            if kept_second is not None:
                folder = history_folder(self._run_dir, self._seat)
                _replace(folder / f"{int(kept_second):05}.jpg", body)
                for old in sorted(folder.glob("*.jpg"))[:-MOST_KEPT]:
                    old.unlink()
        except OSError as error:
            raise MirrorUnwritten(why=error.strerror or str(error)) from error

    def _done(self, outcome: object) -> None:
        self._busy = False
        if isinstance(outcome, ConsoleError):
            if not self._told:
                self.failed(outcome)
            self._told = True
        else:
            self.written += 1


def jpeg_of(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", QUALITY)
    return bytes(buffer.data().data())


def _replace(path: Path, body: bytes) -> None:
    """Write whole or not at all (0600): the trainee's screen may show people."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_suffix(".part")
    fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(body)
    scratch.replace(path)
