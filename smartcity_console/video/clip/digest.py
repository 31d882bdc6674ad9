"""The digest by which a clip's pictures are known: SHA-256 over the picture units of all its packets.

Framing (start codes or lengths), parameter sets and delimiters stand outside it, because a container rewrites them without
touching a picture. The ring and the file give the same digest exactly when they hold the same pictures in the same order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate, pairwise
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from smartcity_console.video.nal import is_annexb, is_picture_unit, length_bytes, split_prefixed

_PIECE_BYTES = 2 * 1024 * 1024
_NAL_CODECS = ("h264", "hevc")


class PictureDigest:
    """Takes packets in and gives their number and digest. Owns a thread: use it in a `with`.

    The thread works on pieces of two MiB. Hashing leaves the interpreter, and with a piece for each packet both threads
    would spend more time on handing the interpreter over than on the bytes. At most two pieces are held.
    """

    def __init__(self, codec: str, extradata: bytes = b"") -> None:
        """`extradata` tells how units are framed (ISO/IEC 14496-15 avcC or hvcC); Annex B without it."""
        self._codec, self._extradata = codec, extradata
        self._hash, self.packets = hashlib.sha256(), 0
        self._piece: list[bytes] = []
        self._held = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="picture digest")
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._thread.shutdown()

    def add(self, payload: bytes) -> None:
        """Take a packet in. Raises ValueError when an earlier one was no sample of the announced framing."""
        self.packets += 1
        self._piece.append(payload)
        self._held += len(payload)
        if self._held >= _PIECE_BYTES:
            self._hand_over()

    def hexdigest(self) -> str:
        """Return the digest over all packets taken in so far. Raises as `add`."""
        self._hand_over()
        self._wait()
        return self._hash.hexdigest()

    def _hand_over(self) -> None:
        self._wait()
        piece, self._piece, self._held = self._piece, [], 0
        self._running = self._thread.submit(self._take, piece)

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()
            self._running = None

    def _take(self, piece: Sequence[bytes]) -> None:
        if self._codec not in _NAL_CODECS:
            self._hash.update(b"".join(piece))
        elif self._extradata[:1] == b"\x01" and not is_annexb(self._extradata):
            width = length_bytes(self._extradata)
            units = (unit for payload in piece for unit in split_prefixed(payload, width))
            self._hash.update(b"".join(unit for unit in units if is_picture_unit(self._codec, unit)))
        else:
            self._hash.update(b"".join(_annexb_pictures(self._codec, piece)))


def _annexb_pictures(codec: str, payloads: Sequence[bytes]) -> Iterator[memoryview]:
    """Yield what `split_annexb` finds in each payload, picture units alone, in one search over all of them."""
    data = b"".join(payloads)
    view, codes = memoryview(data), start_codes(data)
    for begin, end in pairwise(accumulate(map(len, payloads), initial=0)):
        first, last = np.searchsorted(codes, (begin, end - 2))
        places = [*codes[first:last].tolist(), end]
        for at, following in pairwise(places):
            unit = view[at + 3 : following]
            if unit and not unit[-1]:  # trailing_zero_8bits, the first byte of a longer start code among them
                unit = unit[: len(bytes(unit).rstrip(b"\x00"))]
            if unit and is_picture_unit(codec, unit):
                yield unit


def start_codes(data: bytes) -> npt.NDArray[np.intp]:
    """Return where each 00 00 01 begins (H.264, H.265 Annex B)."""
    values = np.frombuffer(data, np.uint8)
    zero = values == 0
    pairs = np.flatnonzero(zero[:-2] & zero[1:-1])  # rare in coded pictures: emulation prevention sees to that
    found: npt.NDArray[np.intp] = pairs[values[pairs + 2] == 1]
    return found
