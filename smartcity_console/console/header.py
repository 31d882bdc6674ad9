"""The line at the top: is all there that the operator relies on? Grey when it is, a colour and a word when not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.language import translate
from smartcity_console.console.marks import paint_priority
from smartcity_console.console.queue.load import Load
from smartcity_console.console.seat import Seat
from smartcity_console.console.supervisor.evidence_list import damaged_words
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text, date_text, span_text
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.alert import Priority
from smartcity_console.model.centre import Centre, SenderState
from smartcity_console.model.handoff import Handoff, HandoffStage

HEIGHT_PX = 48
GAP_PX = 18
LOUD_PX = 146
"""Room that a lamp which is not well always has."""
NAMED_LATE = 2
"""Late senders named one by one; the rest are counted."""


@dataclass(frozen=True)
class HeaderFacts:
    """What the header asks others for. `desk_up` is read from the programs' announcements; None: nothing is known."""

    city_name: str
    seat: str
    firm_name: Callable[[str], str]
    desk_up: Callable[[AgencyKind], bool | None]
    cameras_total: Callable[[], int]
    gateway_up: Callable[[], bool] = lambda: True
    disk_full: Callable[[], bool] = lambda: False
    load: Callable[[], Load] = lambda: Load.NORMAL


class Lamp(QWidget):
    """A mark and a word: a grey dot when all is well, an amber or red shape when not."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._tone, self._small = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("")

    def show_state(self, text: str, tone: str = "") -> None:
        """`tone`: empty, "warn" or "danger_text"."""
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.setAccessibleName(text)
            self.setToolTip(plain_tip(text))
            self.updateGeometry()
            self.update()

    @property
    def text(self) -> str:
        return self._text

    @property
    def tone(self) -> str:
        return self._tone

    def set_small(self, small: bool) -> None:
        """Be a dot alone while all is well; the tooltip keeps the words."""
        if small != self._small:
            self._small = small
            self.updateGeometry()
            self.update()

    @property
    def words_px(self) -> int:
        """Width with its words."""
        return QFontMetrics(font(13)).horizontalAdvance(self._text) + 24

    def sizeHint(self) -> QSize:
        return QSize(self.words_px if self._tone or not self._small else 18, HEIGHT_PX - 8)

    def minimumSizeHint(self) -> QSize:
        """What is well gives its room to what is not."""
        return QSize(min(self.sizeHint().width(), LOUD_PX) if self._tone else 18, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        centre = QPointF(6, self.height() / 2)
        shape = {"warn": Priority.HIGH, "danger_text": Priority.EMERGENCY}.get(self._tone, Priority.NORMAL)
        paint_priority(painter, shape, centre, 6 if self._tone else 4.5)
        face = font(13)
        painter.setFont(face)
        painter.setPen(colour(self._tone or "text_dim"))
        box = self.rect().adjusted(18, 0, 0, 0)
        metrics = QFontMetrics(face)
        if self._tone or not self._small:
            text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)


class Header(QFrame):
    """Follows the journal's fold and the clock."""

    def __init__(self, seat: Seat, facts: HeaderFacts, clock: Clock) -> None:
        super().__init__()
        self.menu_bar = QMenuBar()
        self.menu_bar.setNativeMenuBar(False)
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT_PX)
        self._seat, self._facts, self._clock = seat, facts, clock
        self._city, self._shift, self._time = label(15, bold=True), label(13, tone="dim"), label(20)
        self.senders, self.late, self.gateway, self.recorder = Lamp(), Lamp(), Lamp(), Lamp()
        self.escalated, self.flood, self.shelves, self.evidence = Lamp(), Lamp(), Lamp(), Lamp()
        self.desks = {kind: Lamp() for kind in EMERGENCY_SERVICES}
        self.others = Lamp()  # recipients without a lamp of their own
        self._lay_out()
        self.tick()
        seat.queue_changed.connect(self.tick)

    def tick(self) -> None:
        """A second passed, or the journal went on."""
        now, centre = self._clock.now(), self._seat.session.centre
        self._city.setText(translate("Header", "{city} integrated control centre").format(city=self._facts.city_name))
        self._shift.setText(translate("Header", "Seat {seat}").format(seat=self._facts.seat))
        self._time.setText(clock_text(now))
        self._time.setToolTip(date_text(now))
        self._show_senders(centre)
        self._show_gateway(centre)
        self._show_queue(centre)
        self._show_evidence(centre)
        for kind, lamp in self.desks.items():
            lamp.show_state(*desk_state(kind, _handoffs(centre, kind), self._facts.desk_up(kind)))
        self._show_others(centre)
        self.recorder.show_state(*recorder_state(centre, self._facts.cameras_total(), self._facts.disk_full()))
        self._fit()

    def _lamps(self) -> list[Lamp]:
        first = [self.gateway, self.evidence, self.escalated, self.flood, self.senders, self.late, self.shelves]
        return [*first, *self.desks.values(), self.others, self.recorder]

    def _fit(self) -> None:
        """Where the words have no room, what is well shrinks to its dot, so that what is not can be read."""
        self.menu_bar.setMinimumWidth(self.menu_bar.sizeHint().width())
        lamps = [lamp for lamp in self._lamps() if not lamp.isHidden()]
        others = (self._city, self._shift, self._time, self.menu_bar)
        need_px = sum(lamp.words_px for lamp in lamps) + sum(other.sizeHint().width() for other in others)
        need_px += (len(lamps) + len(others)) * GAP_PX + 34
        for lamp in lamps:
            lamp.set_small(need_px > self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.tick()
        super().changeEvent(event)

    def _show_senders(self, centre: Centre) -> None:
        late = [state for state in centre.senders.values() if state.late]
        well = len(centre.senders) - len(late)
        self.senders.show_state(translate("Header", "{count} senders well").format(count=well))
        self.late.setVisible(bool(late))
        if late:
            self.late.show_state(self._late_words(late), "warn")

    def _late_words(self, late: list[SenderState]) -> str:
        now = self._clock.now()
        text = translate("Header", "{firm} late by {time}")
        named = [
            text.format(
                firm=self._facts.firm_name(state.firm_id or "") or "?",
                time=span_text(state.silent_s + (now - state.since).total_seconds()),
            )
            for state in sorted(late, key=lambda state: state.since)[:NAMED_LATE]
        ]
        more = len(late) - len(named)
        return ", ".join(named) + (translate("Header", " and {count} more").format(count=more) if more else "")

    def _show_queue(self, centre: Centre) -> None:
        """Say what is before the supervisor, that a flood is on, and how many detectors are shelved."""
        now = self._clock.now()
        waiting = [incident for incident in self._seat.queue() if incident.is_escalated]
        self.escalated.setVisible(bool(waiting))
        if waiting:
            longest = max((now - incident.waiting_since).total_seconds() for incident in waiting)
            text = translate("Header", "{count} escalated · waiting {time}")
            self.escalated.show_state(text.format(count=len(waiting), time=span_text(longest)), "danger_text")
        self.flood.setVisible(self._facts.load() is Load.FLOOD)
        self.flood.show_state(translate("Header", "Alarm flood: calm screen"), "warn")
        shelves = sum(1 for _ in centre.shelves.standing(now))
        self.shelves.setVisible(shelves > 0)
        self.shelves.show_state(translate("Header", "{count} shelved").format(count=shelves))

    def _show_gateway(self, centre: Centre) -> None:
        self.gateway.setVisible(not (centre.gateway_up and self._facts.gateway_up()))
        self.gateway.show_state(translate("Header", "Gateway is down: no alert comes in"), "danger_text")

    def _show_evidence(self, centre: Centre) -> None:
        """Kept evidence that is not what was recorded is loud until it is restored."""
        self.evidence.setVisible(bool(centre.damaged_evidence))
        text = translate("Header", "Evidence damaged: {count} files").format(count=len(centre.damaged_evidence))
        self.evidence.show_state(text, "danger_text")
        if centre.damaged_evidence:
            self.evidence.setToolTip(plain_tip(damaged_words(centre.damaged_evidence)))

    def _show_others(self, centre: Centre) -> None:
        """What a neighbouring centre or a facility does not have is as loud as what 112 does not have."""
        stuck = [h for h in _handoffs_of_others(centre) if is_stuck(h)]
        self.others.setVisible(bool(stuck))
        names = ", ".join(dict.fromkeys(h.agency_name for h in stuck))
        text = translate("Header", "{desk} not reached ({count} waiting)").format(desk=names, count=len(stuck))
        self.others.show_state(text, "danger_text")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 18, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self._city)
        for lamp in self._lamps():
            row.addWidget(lamp)
        row.addWidget(self._shift)
        row.addStretch(1)
        row.addWidget(self.menu_bar)
        row.addWidget(self._time)


def _handoffs(centre: Centre, kind: AgencyKind) -> list[Handoff]:
    return [h for i in centre.incidents.values() for h in i.handoffs if h.agency_kind is kind]


def _handoffs_of_others(centre: Centre) -> list[Handoff]:
    return [h for i in centre.incidents.values() for h in i.handoffs if h.agency_kind not in EMERGENCY_SERVICES]


def is_stuck(handoff: Handoff) -> bool:
    """Return whether a delivery has failed and has not arrived since; what was recalled goes nowhere any more."""
    waits = handoff.stage is HandoffStage.REQUESTED and handoff.recalled_at is None
    return waits and handoff.failed_attempts > 0


def desk_state(kind: AgencyKind, handoffs: list[Handoff], up: bool | None) -> tuple[str, str]:
    """Return a desk's words and tone: a delivery that fails now weighs more than what the desk says of itself."""
    name = "112" if kind is AgencyKind.POLICE else "119"
    stuck = [h for h in handoffs if is_stuck(h)]
    if stuck:
        return translate("Header", "{desk} not reached ({count} waiting)").format(
            desk=name, count=len(stuck)
        ), "danger_text"
    if up is False:
        return translate("Header", "{desk} is not connected").format(desk=name), "warn"
    if up is None and not any(h.reached(HandoffStage.DELIVERED) for h in handoffs):
        return translate("Header", "{desk} not tried yet").format(desk=name), ""
    return translate("Header", "{desk} connected").format(desk=name), ""


def recorder_state(centre: Centre, total: int, disk_full: bool = False) -> tuple[str, str]:
    """Return how many of the cameras that should be recorded are."""
    if disk_full or centre.recording_paused:
        return translate("Header", "Recording has stopped: the disk is full"), "danger_text"
    recording = sum(1 for state in centre.cameras.values() if state.connected)
    total = max(total, len(centre.cameras))
    text = translate("Header", "Recording {recording}/{total}").format(recording=recording, total=total)
    return text, "warn" if recording < total else ""
