"""Screenshots of the console, taken when the map and the tiles have come to rest."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from smartcity_console.model.errors import ConsoleError


class ShotNotWritten(ConsoleError):
    code = "shot_not_written"
    ko = "화면을 {path}에 저장하지 못했습니다. 나머지는 그대로입니다. 폴더와 남은 용량을 확인하십시오."
    en = "The screenshot could not be written to {path}. The rest is kept. Check the folder and the space left."


class ScreenCamera:
    """Writes numbered PNG files into a folder."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        self._window, self._folder = window, folder
        self.paths: list[Path] = []

    def shoot(self, name: str) -> Path:
        """Take the window as it is. Raises ShotNotWritten."""
        path = self._folder / f"{len(self.paths) + 1:02d}-{name}.png"
        if not self._window.grab().save(str(path)):
            raise ShotNotWritten(path=path)
        self.paths.append(path)
        return path
