"""Cuts the stream into messages: by DATA_LEN where it points at a `;`, else at the first `;` that can be an end.

DATA_LEN is ambiguous in the wild: bytes of the body, or characters of the body plus the header's 48, each with or
without the `;`. A `;` within a text must not end the message, and a wrong length must not swallow the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.message import END, HEADER_BYTES

_DIGITS, _SIGNS = frozenset(b"0123456789"), frozenset(range(0x20, 0x7F))
_LAYOUT = (_DIGITS,) * 18 + (_SIGNS,) * 6 + (_DIGITS,) * 14 + (_DIGITS | {0x20},) * 10
_LONGEST_CHARACTER = 4


class LinkedFramer:
    """Feed it what arrives; it yields whole messages. What is held is bounded by `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held = bytearray()
        self.garbage_bytes = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield each message that the piece completes. Raises LinkedRefused when one grows too long."""
        self._held += piece
        while (end := self._end()) is not None:
            message = bytes(self._held[:end])
            del self._held[:end]
            yield message
        if len(self._held) > self._max_bytes:
            raise LinkedRefused(f"more than {self._max_bytes} bytes without an end")

    def flush(self) -> Iterator[bytes]:
        """Yield what ends with `;` although DATA_LEN promises more: called when the sender has fallen silent."""
        if len(self._held) > HEADER_BYTES and self._held.endswith(END):
            message = bytes(self._held)
            self._held.clear()
            yield message

    def _end(self) -> int | None:
        """Return where the first message held ends; None when it is not all there."""
        self._drop_garbage()
        if len(self._held) <= HEADER_BYTES:
            return None
        told = _number(bytes(self._held[38:HEADER_BYTES]))
        for end in self._told_ends(told):
            if self._is_end(end):
                return end
        if len(self._held) < HEADER_BYTES + told and HEADER_BYTES + told <= self._max_bytes:
            return self._first_end(needs_next=True)
        return self._first_end(needs_next=False)

    def _told_ends(self, told: int) -> Iterator[int]:
        """Yield where DATA_LEN may mean the end to be: bytes first, then characters with the header's 48."""
        yield HEADER_BYTES + told
        yield HEADER_BYTES + told + 1
        characters = told - HEADER_BYTES
        if characters > 0:
            text = bytes(self._held[HEADER_BYTES : HEADER_BYTES + (characters + 1) * _LONGEST_CHARACTER])
            decoded = text.decode("utf-8", "ignore")
            for count in range(characters, min(characters + 2, len(decoded) + 1)):
                yield HEADER_BYTES + len(decoded[:count].encode())

    def _is_end(self, end: int) -> bool:
        """Whether a `;` stands before `end` and nothing, or another header, after it."""
        held = self._held
        return HEADER_BYTES < end <= len(held) and held[end - 1 : end] == END and self._begins(end)

    def _begins(self, at: int) -> bool:
        rest = bytes(self._held[at : at + HEADER_BYTES]).lstrip(b"\r\n\0")
        return _is_header_so_far(rest)

    def _first_end(self, *, needs_next: bool) -> int | None:
        """Return the first `;` after which the stream rests or a header begins (`needs_next`: only the latter)."""
        at = self._held.find(END, HEADER_BYTES)
        while at >= 0:
            rest = bytes(self._held[at + 1 : at + 1 + HEADER_BYTES]).lstrip(b"\r\n\0")
            if self._begins(at + 1) and (len(rest) == HEADER_BYTES or not needs_next):
                return at + 1
            at = self._held.find(END, at + 1)
        return None

    def _drop_garbage(self) -> None:
        """Drop what cannot begin a header: line ends between messages, and whatever a broken sender left."""
        while self._held and not _is_header_so_far(self._held[:HEADER_BYTES]):
            after = self._held.find(END)
            count = 1 if after < 0 or self._held[0] in b"\r\n\0" else after + 1
            self.garbage_bytes += count
            del self._held[:count]


def _is_header_so_far(piece: bytes | bytearray) -> bool:
    """Whether a piece of at most 48 bytes is the beginning of a header."""
    return all(byte in allowed for byte, allowed in zip(piece, _LAYOUT, strict=False))


def _number(text: bytes) -> int:
    digits = text.strip()
    return int(digits) if digits.isdigit() else 0
