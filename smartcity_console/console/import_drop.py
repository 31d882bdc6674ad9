"""Files dropped on the window are imported: a dialog for each drop, the reading in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from smartcity_console.city.importers import kinds_for
from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.import_dialog import ImportDialog
from smartcity_console.console.import_job import ImportJob
from smartcity_console.console.language import translate
from smartcity_console.model.errors import Language

_DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class ImportDrop(QObject):
    """Watches a window for dropped files. `applied` is sent when the catalogue has changed."""

    applied = Signal()

    def __init__(
        self, window: QWidget, workspace: Path, clock: Clock, actor: str, language: Callable[[], Language]
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._clock, self._actor = window, workspace, clock, actor
        self._language = language
        self._background = Background(threads=1, parent=self)
        self._open: list[tuple[ImportDialog, ImportJob]] = []
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take drops of files that can be imported; leave all else to the window."""
        if event.type() not in _DROPS or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        files = dropped_files(event.mimeData())
        if not files:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.open(files)
        return True

    def open(self, files: Sequence[Path]) -> ImportDialog:
        """Show the dialog for these files; reading begins at once."""
        job = ImportJob(self._workspace, self._background, self._clock, self._actor, self)
        job.applied.connect(self.applied)
        dialog = ImportDialog(files, job, self._language(), self._window)
        pair = (dialog, job)
        self._open.append(pair)
        dialog.finished.connect(lambda _result: self._put_away(pair))
        dialog.show()
        return dialog

    def _put_away(self, pair: tuple[ImportDialog, ImportJob]) -> None:
        if pair in self._open:
            self._open.remove(pair)
            pair[1].call_off()
            pair[1].deleteLater()

    def choose(self) -> None:
        """Let the operator choose files, for whom dragging is no way to work."""
        names, _ = QFileDialog.getOpenFileNames(self._window, translate("Import", "Import data"))
        if names:
            self.open([Path(name) for name in names])

    def close(self) -> None:
        """Call off what is being read and join the thread; what is being applied is applied whole."""
        waiting = [job for _dialog, job in self._open]
        for dialog, _job in list(self._open):
            dialog.reject()
        self._background.close()
        for job in waiting:
            job.forget()


def dropped_files(data: QMimeData) -> list[Path]:
    """Return the local files of a drop when all of them are of one kind's form, else none."""
    if not data.hasUrls() or not all(url.isLocalFile() for url in data.urls()):
        return []
    files = [Path(url.toLocalFile()) for url in data.urls()]
    kept = [path for path in files if path.suffix.lower() not in (".dbf", ".shx", ".prj", ".cpg")]
    return kept if kept and all(path.is_file() for path in kept) and kinds_for(kept) else []
