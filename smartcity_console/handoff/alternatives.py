"""The ways that stand in while a receiver's first one is out: tried in order, each with the text before the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from smartcity_console.handoff.channels import Channel
from smartcity_console.handoff.errors import DeliveryFailed, HandoffNotThere, ReceiverUnreachable


class Way(Channel, Protocol):
    """A channel by which later word goes too."""

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Raises DeliveryFailed."""
        ...


class Alternatives:
    """For one try of one hand-off. Raises what the last way said when none works."""

    def __init__(self, ways: Sequence[Channel]) -> None:
        self._left = list(ways)
        self._notice = b""

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Tell by the first way that takes it."""
        self._notice = notice
        while True:
            try:
                return await self._left[0].deliver_notice(handoff_id, notice)
            except DeliveryFailed:
                if not self._gave_up_first():
                    raise

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Deliver by the way that took the text; where it fails, text and package go by the next."""
        while True:
            try:
                return await self._left[0].deliver_package(handoff_id, package, sha256)
            except DeliveryFailed:
                if not self._gave_up_first():
                    raise
                await self.deliver_notice(handoff_id, self._notice)

    def _gave_up_first(self) -> bool:
        """Go on to the next way; False where there is none."""
        if len(self._left) == 1:
            return False
        del self._left[0]
        return True


class Later:
    """Later word of a hand-off: by the first way, else by whichever other one has the hand-off."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Raises what the first way said when none has it."""
        first, *others = self._ways
        try:
            return await first.deliver_update(handoff_id, update_id, body)
        except (ReceiverUnreachable, HandoffNotThere):
            for way in others:
                try:
                    return await way.deliver_update(handoff_id, update_id, body)
                except DeliveryFailed:
                    continue
            raise
