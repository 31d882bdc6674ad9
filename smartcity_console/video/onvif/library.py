"""Loads the ONVIF library without its side effects.

At import it calls `logging.basicConfig(level=INFO)`: every library's INFO lines, request addresses among them, would then
go to stderr. The root logger is put back as it was, and the library's own loggers, which write whole SOAP envelopes
with password digests at DEBUG, are kept at WARNING.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from types import ModuleType

_CHATTY = ("onvif", "zeep", "zeep.transports", "zeep.wsdl", "zeep.xsd")
_lock = threading.Lock()


def load() -> ModuleType:
    """Return the library. The first call costs a second: made off the event loop."""
    with _lock:
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        module = importlib.import_module("onvif")
        for handler in [h for h in root.handlers if h not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
        for name in _CHATTY:
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger(name).level))
        return module


async def loaded() -> ModuleType:
    """Return the library from a coroutine."""
    return await asyncio.to_thread(load)
