"""CRC-16 of SIA DC-09 §5.5.1.3 (that of DC-07): polynomial 0xA001 reflected, initial value 0."""

from __future__ import annotations

_POLYNOMIAL = 0xA001


def _row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_row(byte) for byte in range(256))


def crc16(body: bytes) -> int:
    """Return the CRC over a body: from its first quote to before the CR."""
    crc = 0
    for byte in body:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc
