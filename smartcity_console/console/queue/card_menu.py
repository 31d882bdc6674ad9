"""What can be done with a card, where it is: by the right button or the menu key. Reasons stand beside what cannot."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from smartcity_console.console.buttons import key_text
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.texts import plain_tip

VERBS = (
    "incident.claim",
    "incident.release",
    "incident.merge",
    "incident.split",
    "incident.priority.emergency",
    "incident.priority.high",
    "incident.priority.normal",
    "alarm.shelve",
    "incident.close",
    "edit.undo",
)


def card_menu(runner: Runner, seat: Seat, parent: QWidget) -> QMenu:
    """Return the menu for the selected incident; it deletes itself when it is closed."""
    menu, state = QMenu(parent), seat.state()
    menu.setToolTipsVisible(True)
    menu.aboutToHide.connect(menu.deleteLater)
    for op_id in VERBS:
        operation = runner.operations[op_id]
        reason = operation.available(state)
        action = QAction(f"{operation.label().replace('&', '&&')}\t{key_text(operation.shortcut)}", menu)
        action.setEnabled(reason is None)
        action.setToolTip(plain_tip(reason.text if reason else operation.label()))
        action.triggered.connect(lambda _checked=False, op_id=op_id: runner.run(op_id))
        menu.addAction(action)
    return menu
