"""Reads a large file in a process of its own, so that a second core parses while the first one stores."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from smartcity_console.city.importers.errors import FileUnreadable
from smartcity_console.city.importers.parcel import packed, unpacked
from smartcity_console.city.importers.parts import Options, Part
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report, Tally
from smartcity_console.city.store.staging import Batch
from smartcity_console.model.errors import ConsoleError

JOIN_S = 10.0


def _work(kind: str, files: Sequence[Path], options: Options, csv_path: Path | None, to: Connection) -> None:
    """Run in the child: send (word, value) pairs until "end" or "error"."""
    gc.disable()  # rows hold no cycles; looking for them costs a third of the time
    try:
        with Report(csv_path) as report:
            _send_all(kind, files, options, report, to)
            to.send(("end", report.tally()))
    except ConsoleError as error:
        to.send(("error", error))
    except (BrokenPipeError, EOFError):
        return  # the parent called it off
    finally:
        to.close()


def _send_all(kind: str, files: Sequence[Path], options: Options, report: Report, to: Connection) -> None:
    from smartcity_console.city.importers.kinds import KINDS_OF_DATA  # imports this module's users

    def progress(stage: str, done: float) -> None:
        to.send(("progress", (stage, done)))

    for part in KINDS_OF_DATA[kind].read(files, options, report, progress):
        to.send(("part", part.kind))
        for batch in part.batches:
            to.send(("batch", packed(batch)))


class ChildReader:
    """One child reading; use as a context. Leaving it ends the child, whether it was done or not."""

    def __init__(self, kind: str, files: Sequence[Path], options: Options, report: Report, progress: Progress) -> None:
        self._files, self._report, self._progress = files, report, progress
        context = multiprocessing.get_context("spawn")
        self._from, to = context.Pipe(duplex=False)
        arguments = (kind, tuple(files), options, report.csv_path, to)
        self._child = context.Process(target=_work, args=arguments, name="import-reader", daemon=True)
        self._child.start()
        to.close()

    def __enter__(self) -> ChildReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._from.close()
        if self._child.is_alive():
            self._child.join(0.5)
        if self._child.is_alive():
            self._child.terminate()
        self._child.join(JOIN_S)
        self._child.close()

    def parts(self) -> Iterator[Part]:
        """Yield the parts as they come. Raises what the reader raised; FileUnreadable when the child died."""
        word, value = self._next()
        while word == "part":
            after: list[tuple[str, Any]] = []
            yield Part(value, self._batches(after))
            word, value = after[0]

    def _batches(self, after: list[tuple[str, Any]]) -> Iterator[Batch]:
        """Yield one part's batches; leave the message that follows them in `after`."""
        word, value = self._next()
        while word == "batch":
            yield unpacked(value)
            word, value = self._next()
        after.append((word, value))

    def _next(self) -> tuple[str, Any]:
        """Return the next message that is neither progress nor an ending of the wrong kind."""
        while True:
            try:
                word, value = self._from.recv()
            except (EOFError, OSError) as error:
                raise FileUnreadable(path=self._files[0], why="the reading process ended") from error
            if word == "error":
                raise value
            if word == "end":
                self._took(value)
            if word != "progress":
                return word, value
            self._progress(*value)

    def _took(self, tally: Tally) -> None:
        self._report.take(tally)
