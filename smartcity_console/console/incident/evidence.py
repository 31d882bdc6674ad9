"""The evidence's heading and time line."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from smartcity_console.console.buttons import OperationButton
from smartcity_console.console.incident.timeline import Timeline
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.runner import Runner
from smartcity_console.console.texts import ElidedLabel


class EvidenceBlock(QWidget):
    """Says which cameras, from when to when, and lets both be changed."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._replaying = False
        self._heading = ElidedLabel(14, tone="dim")
        self._replay = OperationButton(runner.operations["wall.replay"], runner, size_px=13, height_px=28)
        self.timeline = Timeline()
        self.timeline.start_set.connect(lambda at: runner.run("evidence.set_start", at))
        self.timeline.end_set.connect(lambda at: runner.run("evidence.set_end", at))
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._replay)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(head)
        box.addWidget(self.timeline)

    def set_replaying(self, camera_id: str) -> None:
        """A tile plays the seconds before the alarm (empty: all are live): the button then leads back."""
        self._replaying = bool(camera_id)

    def show_state(self, state: SeatState) -> None:
        self._replay.refresh(state, label=translate("Evidence", "Back to live") if self._replaying else "")
        self._replay.set_emphasis(strong=self._replaying)
        if state.incident is None:
            self._heading.setText(translate("Evidence", "Evidence span"))
            self.timeline.clear()
            return
        span = state.evidence()
        editable = state.is_mine and state.incident.closed_at is None
        self._heading.setText(self._words(state))
        self.timeline.show_span(state.incident.opened_at, span.start, span.end, state.now, editable=editable)

    def _words(self, state: SeatState) -> str:
        incident, span = state.chosen(), state.evidence()
        if not span.camera_ids:
            return translate("Evidence", "Evidence span — no recording camera sees this place")
        numbers = {seen.camera_id: str(number) for number, seen in enumerate(incident.cameras, 1)}
        cameras = " · ".join(numbers.get(camera, camera) for camera in span.camera_ids)
        before = (incident.opened_at - span.start).total_seconds()
        text = translate(
            "Evidence", "Evidence span — cameras {cameras} (from {before:.0f} s before the alarm, untouched)"
        )
        return text.format(cameras=cameras, before=before)
