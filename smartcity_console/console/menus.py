"""The menu bar: every operation in its group. One that is not to be had stays and says why."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from smartcity_console.console.buttons import key_text
from smartcity_console.console.language import translate
from smartcity_console.console.operations import Group
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat


class Menus:
    """Builds one menu per group; its entries are brought up to date when it opens."""

    def __init__(self, bar: QMenuBar, runner: Runner, seat: Seat) -> None:
        self._runner, self._seat = runner, seat
        self.actions: dict[str, QAction] = {}
        self._root = bar.addMenu("")
        self._menus = {group: self._menu(self._root, group) for group in Group if runner.operations.of(group)}

    def retranslate(self) -> None:
        titles = {
            Group.INCIDENT: translate("Menu", "&Incident"),
            Group.VERDICT: translate("Menu", "V&erdict"),
            Group.EVIDENCE: translate("Menu", "E&vidence"),
            Group.WALL: translate("Menu", "&Wall"),
            Group.TILE: translate("Menu", "&Tile"),
            Group.REPLAY: translate("Menu", "&Replay"),
            Group.PTZ: translate("Menu", "&Cameras that turn"),
            Group.SETS: translate("Menu", "&Salvos and tours"),
            Group.SUPERVISOR: translate("Menu", "S&upervisor"),
            Group.DRILL: translate("Menu", "&Drill"),
            Group.VIEW: translate("Menu", "&View"),
        }
        self._root.setTitle(translate("Menu", "&Menu"))
        for group, menu in self._menus.items():
            menu.setTitle(titles[group])
        self.refresh()

    def refresh(self) -> None:
        """Bring labels, availability and reasons up to date."""
        state = self._seat.state()
        for op_id, action in self.actions.items():
            operation = self._runner.operations[op_id]
            reason = operation.available(state)
            # The key stands behind a tab, as text: the window's own QShortcut owns it.
            action.setText(f"{operation.label().replace('&', '&&')}\t{key_text(operation.shortcut)}")
            action.setEnabled(reason is None)
            action.setToolTip(reason.text if reason else operation.label())
            action.setStatusTip(reason.text if reason else "")

    def _menu(self, root: QMenu, group: Group) -> QMenu:
        menu = root.addMenu("")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.refresh)
        for operation in self._runner.operations.of(group):
            action = QAction(menu)
            action.setObjectName(operation.id)
            action.triggered.connect(lambda _checked=False, op_id=operation.id: self._runner.run(op_id))
            menu.addAction(action)
            self.actions[operation.id] = action
        return menu
