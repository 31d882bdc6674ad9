"""What may be wrong with a linked service's message; the reason goes to the sender and on record, the message does not."""

from __future__ import annotations


class LinkedRefused(Exception):
    """A message is answered with code 1; `reason` is a diagnosis without any of its text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
