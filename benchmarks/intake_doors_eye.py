"""The eye of the benchmark of doors: a real seat, offscreen, that tells when each alert stands in its queue, and as what.

One JSON line for each alert on standard output, at the moment at which the queue's model holds it: `at_s` is on the
monotonic clock, which is one for all processes of a machine.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.composition.together import run_seat
from smartcity_console.console import words
from smartcity_console.console.app import application
from smartcity_console.console.queue.model import QueueModel
from smartcity_console.model.alert import Alert
from smartcity_console.model.incident import Incident
from smartcity_console.settings import load_settings


class Eye(QObject):
    """Lives on the Qt thread; begins to look at the first event it is sent."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock, self._told = clock, set[str]()
        self._model: QueueModel | None = None

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.User:
            return super().event(event)
        self._model = next(found for top in QApplication.topLevelWidgets() if (found := top.findChild(QueueModel)))
        for changed in (self._model.rowsInserted, self._model.dataChanged, self._model.modelReset):
            changed.connect(self._look)
        print(json.dumps({"looking": True}), flush=True)
        return True

    def _look(self, *_: object) -> None:
        assert self._model is not None
        now_s = self._clock.monotonic_s()
        for row in filter(None, map(self._model.row, range(self._model.rowCount()))):
            for incident in row.members:
                for alert in incident.alerts:
                    if alert.id not in self._told:
                        self._told.add(alert.id)
                        print(json.dumps(_facts(self._model, incident, alert) | {"at_s": now_s}), flush=True)


def _facts(model: QueueModel, incident: Incident, alert: Alert) -> dict[str, Any]:
    """Return what stands behind an alert's row, and how the row reads for who hears the screen."""
    return {
        "protocol": alert.protocol,
        "account": alert.account,
        "firm": alert.firm_name,
        "site": alert.site_name,
        "type": words.kind_word(alert.kind),
        "text": alert.text,
        "position": [alert.position.lon_deg, alert.position.lat_deg] if alert.position else None,
        "pictures": [one.sha256 for one in alert.attachments],
        "spoken": model.spoken(incident),
    }


def _watch(workspace: Path) -> None:
    clock = SystemClock()
    application()
    eye = Eye(clock)

    def begin() -> None:
        sys.stdin.readline()
        QCoreApplication.postEvent(eye, QEvent(QEvent.Type.User))

    threading.Thread(target=begin, name="begin", daemon=True).start()
    run_seat(workspace, load_settings(workspace), clock)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
