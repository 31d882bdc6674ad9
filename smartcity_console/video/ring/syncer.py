"""Forces what was recorded to the disk once a second, so that a machine that loses power loses two seconds at most."""

from __future__ import annotations

import ctypes
import logging
import os
import threading
from pathlib import Path

_log = logging.getLogger(__name__)
EVERY_S = 1.0


class Syncer:
    """One thread and one call for all cameras: syncfs(2) of the ring's file system. Own it: `close` ends and joins it.

    A sync for each of a hundred open segments would be a hundred commits of the file system's own journal a second.
    """

    def __init__(self, root: Path, every_s: float = EVERY_S) -> None:
        self._directory = os.open(root, os.O_RDONLY)
        self._every_s = every_s
        self._library = ctypes.CDLL(None, use_errno=True)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ring sync", daemon=True)  # a dead disk holds no exit
        self.failed = 0
        self._thread.start()

    def close(self, wait_s: float = 5.0) -> None:
        """Sync once more and end; a disk that does not answer is not waited for longer than `wait_s`."""
        self._stopping.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._sync()
        self._sync()
        os.close(self._directory)

    def _sync(self) -> None:
        if self._library.syncfs(self._directory) != 0:
            if self.failed == 0:
                _log.error("the ring cannot be forced to the disk: %s", os.strerror(ctypes.get_errno()))
            self.failed += 1
