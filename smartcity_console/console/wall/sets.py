"""Salvos, saved layouts and tours of a workspace, by name, in one small file that every seat shares."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError

FILE = "wall.json"
MOST = 9  # of each kind: as many as there are keys
MOST_CAMERAS = 200
NAME_CHARS = 40
DWELL_S = (2.0, 3600.0)


class WallSetsUnread(ConsoleError):
    code = "wall_sets_unread"
    ko = "저장된 카메라 묶음 {path}을(를) 읽을 수 없습니다({why}). 파일은 그대로 두었습니다. 고치거나 지우십시오."
    en = "The kept camera sets {path} cannot be read ({why}). The file was left as it is. Mend it or remove it."


class WallSetsUnwritten(ConsoleError):
    code = "wall_sets_unwritten"
    ko = "카메라 묶음을 저장하지 못했습니다({why}). 앞서 저장된 것은 그대로입니다. 다시 하십시오."
    en = "The camera sets could not be kept ({why}). What was kept before is untouched. Try again."


class WallSetsFull(ConsoleError):
    code = "wall_sets_full"
    ko = "이미 {most}개가 저장되어 있어 더 저장하지 않았습니다. 하나를 지우거나 같은 이름으로 바꾸십시오."
    en = "{most} are kept already, so this one was not. Delete one, or keep it under the name of another."


class Salvo(msgspec.Struct, frozen=True):
    """Cameras that are called up together."""

    name: str
    cameras: tuple[str, ...]


class SavedLayout(msgspec.Struct, frozen=True):
    """A layout with what stands in its places; None: nothing."""

    name: str
    layout: str
    cameras: tuple[str | None, ...]


class Tour(msgspec.Struct, frozen=True):
    """Steps that are shown one after the other, round and round. A step is a salvo's name, or cameras."""

    name: str
    dwell_s: float
    steps: tuple[str | tuple[str, ...], ...]


class WallSets(msgspec.Struct, frozen=True):
    """What a workspace keeps for its walls."""

    salvos: tuple[Salvo, ...] = ()
    layouts: tuple[SavedLayout, ...] = ()
    tours: tuple[Tour, ...] = ()

    def salvo(self, name: str) -> Salvo | None:
        return next((salvo for salvo in self.salvos if salvo.name == name), None)

    def keeping(self, kind: str, entry: Salvo | SavedLayout | Tour) -> WallSets:
        """Return them with one more of a kind ("salvos", "layouts", "tours"); the same name is replaced in its place.

        Raises WallSetsFull.
        """
        entries = list(getattr(self, kind))
        names = [one.name for one in entries]
        if entry.name in names:
            entries[names.index(entry.name)] = entry
        elif len(entries) >= MOST:
            raise WallSetsFull(most=MOST)
        else:
            entries.append(entry)
        return msgspec.structs.replace(self, **{kind: tuple(entries)})

    def without(self, kind: str, name: str) -> WallSets:
        """Return them without one of a kind."""
        left = tuple(one for one in getattr(self, kind) if one.name != name)
        return msgspec.structs.replace(self, **{kind: left})


class WallSetsFile:
    """The file. Reading and writing block: they run off the Qt thread."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / FILE

    def read(self) -> WallSets:
        """Return what is kept; nothing when there is no file. Raises WallSetsUnread."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=WallSets)
        except FileNotFoundError:
            return WallSets()
        except (OSError, msgspec.MsgspecError) as error:
            raise WallSetsUnread(path=self.path.name, why=type(error).__name__) from error

    def change(self, change: Callable[[WallSets], WallSets]) -> WallSets:
        """Read, change, write at once as a whole (0600); return what is kept now. Raises the errors above.

        One at a time: two seats that keep something in the same moment both keep it.
        """
        try:
            with self._alone():
                return self._write(change(self.read()))
        except OSError as error:
            raise WallSetsUnwritten(why=error.strerror or str(error)) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fd = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def _write(self, after: WallSets) -> WallSets:
        scratch = self.path.with_suffix(".tmp")
        try:
            fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(after), indent=1))
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(self.path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        return after


def clean_name(text: str) -> str:
    """Return a name as it is kept: one line, printable, of bounded length."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:NAME_CHARS]
