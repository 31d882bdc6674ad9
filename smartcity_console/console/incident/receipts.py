"""The life of a hand-off: requested → delivered → opened → accepted → units sent, each with its time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartcity_console.console import words
from smartcity_console.console.history import desk_word, recall_word
from smartcity_console.console.language import translate
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.model.handoff import Handoff, HandoffStage, Receipt

TRACK_PX = 76
_LINE_Y_PX = 34
_FLOW = (
    HandoffStage.REQUESTED,
    HandoffStage.DELIVERED,
    HandoffStage.OPENED,
    HandoffStage.ACCEPTED,
    HandoffStage.UNITS_SENT,
)
_FLOW_ON_THE_WAY = (
    HandoffStage.DELIVERED,
    HandoffStage.ACCEPTED,
    HandoffStage.UNITS_SENT,
    HandoffStage.ON_SCENE,
    HandoffStage.ENDED,
)


class ReceiptTrack(QWidget):
    """One hand-off. Not yet delivered is amber, failing or refused red; both say so in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(TRACK_PX)
        self._handoff: Handoff | None = None

    def show_handoff(self, handoff: Handoff) -> None:
        self._handoff = handoff
        self.setAccessibleName(f"{self._title()}: {self._status()[0]}")
        self.setToolTip(plain_tip(self.accessibleName()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(380, TRACK_PX)

    def _title(self) -> str:
        assert self._handoff is not None
        more = translate("Receipts", "follow-up") if self._handoff.follows else ""
        parts = (words.agency_word(self._handoff.agency_kind), self._handoff.agency_name, more)
        return " · ".join(part for part in parts if part)

    def _status(self) -> tuple[str, str]:
        """Return the state in words and the colour it deserves."""
        assert self._handoff is not None
        return status(self._handoff)

    def _receipt(self, stage: HandoffStage) -> Receipt | None:
        assert self._handoff is not None
        return next((r for r in reversed(self._handoff.receipts) if r.stage is stage), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._handoff is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        flow = self._flow()
        step = self.width() / len(flow)
        for number, stage in enumerate(flow):
            self._paint_stage(painter, stage, step * number, step, last=number == len(flow) - 1)

    def _flow(self) -> tuple[HandoffStage, ...]:
        """Return the five steps that matter now: once units are under way those that are still to come."""
        assert self._handoff is not None
        if self._receipt(HandoffStage.REFUSED) is not None:
            return (*_FLOW[:3], HandoffStage.REFUSED)
        return _FLOW_ON_THE_WAY if self._handoff.stage in _FLOW_ON_THE_WAY[2:] else _FLOW

    def _paint_head(self, painter: QPainter) -> None:
        said, ink = self._status()
        face = font(13)
        painter.setFont(face)
        title = self._title()
        title_px = min(QFontMetrics(font(13, bold=True)).horizontalAdvance(title), self.width() // 2)
        painter.setPen(colour(ink))
        box = QRect(title_px + 12, 0, self.width() - title_px - 12, 20)
        shown = QFontMetrics(face).elidedText(said, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(font(13, bold=True))
        painter.setPen(colour("text"))
        head = QFontMetrics(font(13, bold=True)).elidedText(title, Qt.TextElideMode.ElideRight, title_px + 4)
        painter.drawText(QRect(0, 0, title_px + 6, 20), int(Qt.AlignmentFlag.AlignVCenter), head)

    def _paint_stage(self, painter: QPainter, stage: HandoffStage, left: float, width: float, *, last: bool) -> None:
        receipt = self._receipt(stage)
        if not last:
            painter.setPen(QPen(colour("line_strong"), 2))
            painter.drawLine(QPointF(left + 12, _LINE_Y_PX), QPointF(left + width - 3, _LINE_Y_PX))
        ink = "danger" if stage is HandoffStage.REFUSED else "accent"
        painter.setPen(QPen(colour(ink if receipt else "neutral"), 2))
        painter.setBrush(colour(ink) if receipt else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(left + 1, _LINE_Y_PX - 4.5, 9, 9))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(font(12))
        painter.setPen(colour("text" if receipt else "text_off"))
        painter.drawText(QRect(int(left), 42, int(width), 16), int(Qt.AlignmentFlag.AlignLeft), words.stage_word(stage))
        painter.setPen(colour("text_dim"))
        time = clock_text(receipt.at) if receipt else "–"
        painter.drawText(QRect(int(left), 57, int(width), 16), int(Qt.AlignmentFlag.AlignLeft), time)


def status(handoff: Handoff) -> tuple[str, str]:
    """Return a hand-off's state as a sentence and the colour it deserves."""
    last = handoff.receipts[-1] if handoff.receipts else None
    if handoff.recalled_at is not None:
        return _recalled(handoff), "danger_text"
    if handoff.stage is HandoffStage.REQUESTED:
        if not handoff.failed_attempts:
            return translate("Receipts", "being sent …"), "warn"
        text = translate("Receipts", "NOT DELIVERED · try {attempt} · {reason}")
        return text.format(attempt=handoff.failed_attempts, reason=handoff.last_failure), "danger_text"
    detail = desk_word(last.detail) if last else ""
    text = " · ".join(part for part in (words.stage_word(handoff.stage), detail, watching(handoff)) if part)
    return text, "danger_text" if handoff.stage is HandoffStage.REFUSED else "text_dim"


def _recalled(handoff: Handoff) -> str:
    """Return that it was taken back and whether its receiver knows; as long as not, that is said loudly."""
    text = translate("Receipts", "RECALLED · {reason}").format(reason=recall_word(handoff.recall_reason))
    if handoff.recall_told:
        return text
    if not handoff.reached(HandoffStage.DELIVERED):
        return text + translate("Receipts", " · before it arrived")
    told = next(update for update in handoff.updates if update.kind == "recalled")
    return text + translate("Receipts", " · RECEIVER NOT TOLD YET, try {attempt}").format(
        attempt=told.failed_attempts + 1
    )


def watching(handoff: Handoff) -> str:
    """Return how many watch live, or that the live view was taken back; empty when neither."""
    if handoff.live_revoked_at is not None:
        return translate("Receipts", "live view taken back")
    cameras = len({viewer.camera_id for viewer in handoff.viewers})
    if not cameras:
        return ""
    text = translate("Receipts", "LIVE {viewers} watching · cameras {cameras}")
    return text.format(viewers=len(handoff.viewers), cameras=cameras)


class Receipts(QWidget):
    """Every hand-off of the incident, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._tracks: list[ReceiptTrack] = []
        self._box.addStretch(1)

    def show_handoffs(self, handoffs: tuple[Handoff, ...]) -> None:
        while len(self._tracks) < len(handoffs):
            self._tracks.append(ReceiptTrack())
            self._box.insertWidget(self._box.count() - 1, self._tracks[-1])
        while len(self._tracks) > len(handoffs):
            track = self._tracks.pop()
            self._box.removeWidget(track)
            track.deleteLater()
        for track, handoff in zip(self._tracks, reversed(handoffs), strict=True):
            track.show_handoff(handoff)
