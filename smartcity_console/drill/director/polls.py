"""The supervision messages of the firms that a scenario will silence: they must have been heard to be missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from smartcity_console.model.errors import ConsoleError

EVERY_S = 4.0
MOST_ACCOUNTS = 50
log = logging.getLogger(__name__)


class Polls:
    """`start`, then `close`. In a pause they go on: a firm does not fall silent because a trainer talks."""

    def __init__(self, poll: Callable[[str], None], accounts: Iterable[str]) -> None:
        """`poll` sends one supervision message and returns at its ACK."""
        self._poll, self._accounts = poll, set(sorted(accounts)[:MOST_ACCOUNTS])
        self._silent: set[str] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="director-polls", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(20.0)

    def set_silent(self, accounts: Iterable[str], silent: bool) -> None:
        with self._lock:
            chosen = set(accounts)
            self._silent = self._silent | chosen if silent else self._silent - chosen
            self._accounts |= set(sorted(chosen)[: max(0, MOST_ACCOUNTS - len(self._accounts))])

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S if self._accounts else 1.0):
            with self._lock:
                heard = sorted(self._accounts - self._silent)
            for account in heard:
                if self._stopping.is_set():
                    return
                try:
                    self._poll(account)
                except ConsoleError as error:
                    log.info("supervision message of %s: %s", account, error.sentence("en"))
