"""The pane in which a camera's past plays beside its live picture: picture, scrub bar, buttons."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.times import clock_text
from smartcity_console.console.wall import words
from smartcity_console.console.wall.picture import MAX_ASKED_PX
from smartcity_console.console.wall.recording import Recording
from smartcity_console.console.wall.review import Review
from smartcity_console.console.wall.scrub_bar import ScrubBar
from smartcity_console.console.wall.side_pane import SidePane
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.words import Notice
from smartcity_console.video.capture import DecoderPool, TileState, TileStatus
from smartcity_console.video.masks import cover_pixels

BAR_PX, BUTTONS_PX = 26, 30
_SIGNS = (
    ("wall.replay.back.30", "−30"),
    ("wall.replay.back.5", "−5"),
    ("wall.replay.step.back", "◂❙"),
    ("wall.replay.pause", "❚❚"),
    ("wall.replay.step.forward", "❙▸"),
    ("wall.replay.live", "LIVE"),
)
_STEPS = ("wall.replay.step.back", "wall.replay.step.forward")


class ReplayPane(SidePane):
    """Plays what `review` says in a slot of its own."""

    def __init__(self, tile: WallTile, review: Review | Recording, slot: int, now: datetime, parent: QWidget) -> None:
        super().__init__(tile, parent)
        self.review, self.slot, self._now = review, slot, now
        self.status = TileStatus(TileState.IDLE)
        self._source = review.source()
        self._took = 0
        self.bar: ScrubBar | None = None
        self._buttons = QWidget(self)
        self._fill_buttons()
        if isinstance(review, Review):
            review.setParent(self)
            self.bar = ScrubBar(self)
            self.bar.sought.connect(review.seek)
            review.changed.connect(self._changed)
        else:
            self._buttons.hide()
        self._changed()

    # ---- following the pool ----------------------------------------------------------------------------------------

    def sync(self, pool: DecoderPool, now: datetime) -> None:
        self._now = now
        self.review.tick()
        self._ask(pool)
        self.status = pool.status(self.slot)
        self._changed()

    def take(self, pool: DecoderPool, now: datetime) -> None:
        self._now = now
        self._ask(pool)
        frame = pool.frame(self.slot, self._took)
        if frame is None or self._source is None:
            return
        self._took = frame.seq
        cover_pixels(frame.pixels, self.masks_of(self.tile.seen.camera_id))
        if self.review.take(frame):
            self._frame = frame
            self._changed()
            self.update()
            self._ask(pool)  # a picture that holds still needs no decoder any more

    def release(self, pool: DecoderPool) -> None:
        self._source = None
        pool.show(self.slot, None, (2, 2))

    def close_down(self, pool: DecoderPool) -> None:
        super().close_down(pool)
        self.review.close()

    def _ask(self, pool: DecoderPool) -> None:
        self._source = self.review.source()
        ratio, room = self.devicePixelRatioF(), self.rect()
        size = max(2, round(room.width() * ratio)), max(2, round(room.height() * ratio))
        pool.show(self.slot, self._source, MAX_ASKED_PX if self.whole else size)

    # ---- what it says ----------------------------------------------------------------------------------------------

    def word(self) -> str:
        return words.state_word(TileState.REPLAY)

    def text(self) -> str:
        review = self.review
        if isinstance(review, Recording):
            return review.text()
        ago = words.ago(int((self._now - review.playhead).total_seconds()))
        parts = (clock_text(review.playhead), ago, "" if review.playing else words.paused())
        return " · ".join(part for part in parts if part)

    def notice(self) -> Notice | None:
        if self.review.trouble:
            return words.no_recording(self.review.trouble)
        return words.fetching() if self._frame is None else None

    def picture_room(self) -> QRect:
        used = BAR_PX + BUTTONS_PX if self.bar is not None else 0
        return self.rect().adjusted(0, 0, 0, -used)

    def _changed(self) -> None:
        if self.bar is not None and isinstance(self.review, Review):
            if self.review.picture is not self._frame:  # a step among the pictures that are kept
                self._frame = self.review.picture
                self.update()
            self.bar.show_state(self.review.spans, self.review.playhead, self._now)
            button = self._buttons.findChild(QToolButton, "wall.replay.pause")
            if button is not None:
                button.setText("❚❚" if self.review.playing else "▶")
        self.reread()

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def _fill_buttons(self) -> None:
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(3)
        for op_id, sign in _SIGNS:
            button = QToolButton()
            button.setObjectName(op_id)
            button.setText(sign)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setMinimumSize(QSize(28, 24))
            button.clicked.connect(lambda _down=False, wanted=op_id: self.verb.emit(wanted))
            row.addWidget(button, 1)
        self._retranslate()

    def _retranslate(self) -> None:
        names = {
            "wall.replay.back.30": translate("Wall", "30 s back"),
            "wall.replay.back.5": translate("Wall", "5 s back"),
            "wall.replay.step.back": translate("Wall", "The picture before"),
            "wall.replay.pause": translate("Wall", "Pause or play"),
            "wall.replay.step.forward": translate("Wall", "The next picture"),
            "wall.replay.live": translate("Wall", "Back to live"),
        }
        for button in self._buttons.findChildren(QToolButton):
            button.setToolTip(names[button.objectName()])
            button.setAccessibleName(names[button.objectName()])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        foot = self.picture_room().bottom() + 1
        if self.bar is not None:
            self.bar.setGeometry(3, foot, self.width() - 6, BAR_PX)
        self._buttons.setGeometry(3, foot + BAR_PX, self.width() - 6, BUTTONS_PX - 3)
        for button in self._buttons.findChildren(QToolButton):
            button.setVisible(self.width() >= 300 or button.objectName() not in _STEPS)
