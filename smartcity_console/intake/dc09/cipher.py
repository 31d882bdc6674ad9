"""AES-CBC of DC-09 §5.4: 128, 192 or 256 bits by the key's length, initial vector zero, hex on the wire.

The vector is zero by the standard: what makes two equal messages differ is the padding of random bytes before the
data (16 to 31 of them, none a bracket or a bar, so that the first `|` ends it).
"""

from __future__ import annotations

import os
from binascii import unhexlify
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK_BYTES = 16
_FORBIDDEN = b"[]|\r\n"
_NO_VECTOR = modes.CBC(bytes(BLOCK_BYTES))
_HARMLESS = bytes(0x61 if value in _FORBIDDEN else value for value in range(256))


def decrypt(hex_text: bytes, key: bytes) -> bytes:
    """Return what the hex text says under a key, padding and all. Raises ValueError for what is no such text."""
    cipher = unhexlify(hex_text)
    if not cipher:
        raise ValueError("nothing is encrypted")
    opened = _cipher(key).decryptor()
    return opened.update(cipher) + opened.finalize()


def encrypt(content: bytes, key: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> bytes:
    """Return the hex text of a content (`data]…_time`) behind fresh padding and a bar."""
    pad = BLOCK_BYTES + -(len(content) + 1) % BLOCK_BYTES
    clear = random_bytes(pad).translate(_HARMLESS) + b"|" + content
    sealed = _cipher(key).encryptor()
    return (sealed.update(clear) + sealed.finalize()).hex().upper().encode("ascii")


@lru_cache(maxsize=4096)
def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), _NO_VECTOR)
