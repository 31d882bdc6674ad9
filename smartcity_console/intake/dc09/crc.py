"""CRC-16 of SIA DC-09 §5.5.1.3 (that of DC-07): polynomial 0xA001 reflected, initial value 0; elsewhere CRC-16/ARC."""

from __future__ import annotations

from fastcrc import crc16 as _crc16


def crc16(body: bytes) -> int:
    """Return the CRC over a body: from its first quote to before the CR."""
    return _crc16.arc(body)
