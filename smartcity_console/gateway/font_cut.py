"""The cuts of the Korean font for custody PDFs, made once for each user by a child process of the lowest priority."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys

from smartcity_console.handoff.documents.fonts import FontMissing, are_cuts_made, font

_log = logging.getLogger(__name__)
_LIMIT_S = 600.0


async def make_font_cut() -> None:
    """Make the cuts where they are missing; ends with its child when cancelled. PDFs are made without them, only slower."""
    try:
        font("")
    except FontMissing as error:
        _log.warning("%s", error.sentence("en"))
        return
    if are_cuts_made():
        return
    command = ("nice", "-n", "19", sys.executable, "-m", "smartcity_console.handoff.documents.fonts")
    child = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(_LIMIT_S):
            await child.wait()
    except TimeoutError:
        _log.warning("the font for PDFs could not be cut within %d s", _LIMIT_S)
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
