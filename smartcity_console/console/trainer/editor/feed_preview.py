"""A recording to look at: pictures decoded behind the screen, the newest wish first; scrubbed by a slider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.mirror_view import Screen
from smartcity_console.drill.scenario.model import FeedSpec
from smartcity_console.model.errors import ConsoleError, Language
from smartcity_console.video.still import preview

TENTHS = 10
Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class FeedPreview(QWidget):
    """One picture under way at a time; while the slider is pulled only its last place is decoded."""

    def __init__(self, submit: Submit, language: Callable[[], Language]) -> None:
        super().__init__()
        self._submit, self._language = submit, language
        self._path: Path | None = None
        self._busy = False
        self._wanted: tuple[Path, float] | None = None
        self._feed: FeedSpec | None = None
        self.screen, self.slider = Screen(), QSlider(Qt.Orientation.Horizontal)
        self._time, self._spans = label(13, tone="dim"), label(13, tone="dim", wrap=True)
        self.slider.setRange(0, 0)
        self.slider.valueChanged.connect(lambda tenths: self.look(tenths / TENTHS))
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self._time)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.screen, 1)
        box.addLayout(row)
        box.addWidget(self._spans)
        self.retranslate()

    def show_feed(self, feed: FeedSpec | None, folder: Path | None) -> None:
        """Show a feed's recording at the beginning of its act; None shows none."""
        self._feed = feed
        path = (folder / feed.file) if feed is not None and folder is not None and feed.file else None
        self._show_spans()
        if path == self._path:
            return
        self._path = path
        self.screen.image = None
        self.slider.setValue(0)
        self._say("")
        if path is not None:
            self.look(feed.act_s[0] if feed is not None and feed.act_s else 0.0)
        self.screen.update()

    def look(self, second: float) -> None:
        """Ask for the picture at a second of the file."""
        if self._path is None:
            return
        self._wanted = (self._path, second)
        self._time.setText(span_text(second))
        if not self._busy:
            self._go()

    def retranslate(self) -> None:
        self.slider.setAccessibleName(translate("Editor", "Second of the recording"))
        self._say(self.screen.text if self.screen.image is None and self._path else "")
        self._show_spans()

    def _go(self) -> None:
        assert self._wanted is not None
        (path, second), self._wanted, self._busy = self._wanted, None, True
        self._submit(lambda: _image(path, second), lambda outcome: self._take(path, second, outcome))

    def _take(self, path: Path, second: float, outcome: tuple[QImage, float] | ConsoleError) -> None:
        self._busy = False
        if path == self._path:
            self._show(second, outcome)
        if self._wanted is not None:
            self._go()

    def _show(self, second: float, outcome: tuple[QImage, float] | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.screen.image = None
            self._say(outcome.sentence(self._language()))
            return
        image, length_s = outcome
        self.screen.image = image
        self.slider.blockSignals(True)
        self.slider.setRange(0, int(length_s * TENTHS))
        if not self.slider.isSliderDown():
            self.slider.setValue(int(second * TENTHS))
        self.slider.blockSignals(False)
        self.screen.update()

    def _say(self, text: str) -> None:
        self.screen.text = text or translate("Editor", "Choose a feed to look at its recording.")
        self.screen.update()

    def _show_spans(self) -> None:
        feed = self._feed
        if feed is None or not feed.cue or feed.act_s is None:
            self._spans.setText(translate("Editor", "It loops.") if feed is not None else "")
            return
        text = translate("Editor", "Until cue {cue} it loops {before}, then it plays {act}, then it loops {after}.")
        before, act, after = (_span(span) for span in (feed.before_s, feed.act_s, feed.after_s))
        self._spans.setText(text.format(cue=feed.cue, before=before, act=act, after=after))


def _span(span: tuple[float, float] | None) -> str:
    return f"{span[0]:g}–{span[1]:g} s" if span is not None else "–"


def _image(path: Path, second: float) -> tuple[QImage, float]:
    """Decode one picture; on a worker. Raises NoStill."""
    picture, length_s = preview(path, second)
    height, width = picture.shape[:2]
    return QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888).copy(), length_s
