"""CRC-16 of SIA DC-09 §5.5.1.3 (that of DC-07): polynomial 0xA001 reflected, initial value 0."""

from __future__ import annotations

import sys
from array import array

_POLYNOMIAL = 0xA001


def _shifted(register: int, bits: int) -> int:
    for _ in range(bits):
        register = (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)
    return register


def _table(bits: int) -> array[int]:
    """Return what the register becomes by `bits` shifts. The CRC is linear: the table of a sum is the sum of tables."""
    table = array("H", [0])
    for bit in range(bits):
        of_bit = _shifted(1 << bit, bits)
        table.extend([value ^ of_bit for value in table])
    return table


_BYTE = _table(8)
_PAIR = _table(16)  # two bytes a step: the sum of every frame is taken, so it must be cheap


def crc16(body: bytes) -> int:
    """Return the CRC over a body: from its first quote to before the CR."""
    words = array("H", body[: len(body) & ~1])
    if sys.byteorder == "big":
        words.byteswap()
    crc = 0
    for word in words:
        crc = _PAIR[crc ^ word]
    return (crc >> 8) ^ _BYTE[(crc ^ body[-1]) & 0xFF] if len(body) & 1 else crc
