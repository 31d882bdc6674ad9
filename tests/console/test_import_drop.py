"""Files dropped on a window: read in another thread, shown before anything changes, applied when told to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from smartcity_console.clock import ManualClock
from smartcity_console.console.import_dialog import ImportDialog
from smartcity_console.console.import_drop import ImportDrop, dropped_files

HEADER = "관리번호,관리기관명,설치목적구분,카메라대수,WGS84위도,WGS84경도"
GOOD = "N1,가온시청,생활방범,2,36.32831,127.45432"
BAD = "N2,가온시청,생활방범,2,0,127.45432"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "cctv_2026.csv"
    path.write_bytes("\r\n".join([HEADER, GOOD, BAD, ""]).encode("cp949"))
    return path


@pytest.fixture
def window(qtbot: Any) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def drop(window: QMainWindow, tmp_path: Path, clock: ManualClock) -> Iterator[ImportDrop]:
    made = ImportDrop(window, tmp_path, clock, "seat/1", lambda: "ko")
    yield made
    made.close()


def files_of(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def let_fall(window: QMainWindow, data: QMimeData) -> bool:
    """Drag over the window and let go; return whether the window took it."""
    none = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *none))
    return enter.isAccepted()


def cameras(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM cameras").fetchone()[0])


def dialog_of(window: QMainWindow) -> ImportDialog:
    (found,) = window.findChildren(ImportDialog)
    return found


def test_a_dropped_file_is_shown_then_applied(
    qtbot: Any, window: QMainWindow, drop: ImportDrop, tmp_path: Path, csv: Path
) -> None:
    assert let_fall(window, files_of(csv))
    dialog = dialog_of(window)
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=20_000)
    assert (dialog.kind.currentData(), dialog.source.text()) == ("cctv", "cctv")
    assert "2" in dialog.summary.text() and cameras(tmp_path) == 0
    assert [dialog.bad_rows.data(dialog.bad_rows.index(0, column)) for column in range(2)] == [
        "3",
        "WGS84위도, WGS84경도",
    ]
    assert dialog.counts.data(dialog.counts.index(0, 1)) == "1"
    with qtbot.waitSignal(drop.applied, timeout=20_000):
        qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    assert cameras(tmp_path) == 1 and not dialog.apply_button.isEnabled()


def test_closing_before_apply_changes_nothing(
    qtbot: Any, window: QMainWindow, drop: ImportDrop, tmp_path: Path, csv: Path
) -> None:
    dialog = drop.open([csv])
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=20_000)
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog), timeout=20_000)
    drop.close()
    assert cameras(tmp_path) == 0


def test_a_file_without_the_columns_says_so_and_cannot_be_applied(
    qtbot: Any, window: QMainWindow, drop: ImportDrop, tmp_path: Path
) -> None:
    (tmp_path / "cctv.csv").write_text("<b>이름</b>,값\r\n1,2\r\n", "utf-8")
    dialog = drop.open([tmp_path / "cctv.csv"])
    qtbot.waitUntil(lambda: "관리기관명" in dialog.summary.text(), timeout=20_000)
    assert dialog.summary.textFormat() == Qt.TextFormat.PlainText
    assert not dialog.apply_button.isEnabled() and dialog.look_button.isEnabled()


def test_leaving_the_console_while_a_file_is_read_joins_the_thread(drop: ImportDrop, csv: Path) -> None:
    drop.open([csv])
    drop.close()  # tests/conftest.py fails the test when a thread is left


def test_other_drops_are_left_to_the_window(window: QMainWindow, drop: ImportDrop, tmp_path: Path) -> None:
    text = QMimeData()
    text.setText("은행동")
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert not let_fall(window, text)
    assert not let_fall(window, files_of(tmp_path / "a.exe"))
    assert window.findChildren(ImportDialog) == []


def test_the_companions_of_a_shapefile_come_along(tmp_path: Path) -> None:
    for suffix in (".shp", ".dbf", ".shx"):
        (tmp_path / f"TL_SPRD_MANAGE{suffix}").write_bytes(b"")
    assert dropped_files(files_of(*tmp_path.iterdir())) == [tmp_path / "TL_SPRD_MANAGE.shp"]
