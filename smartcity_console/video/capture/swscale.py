"""libswscale itself, called on memory that is already there: PyAV's own scaling makes a new frame for each picture.

The library is the one PyAV brings and has loaded. What is called has been the same since FFmpeg 2 (swscale.h: contexts set
up by options, `sws_scale`). A build of PyAV that brings no library of its own has none to be found; `scaling` then goes
by PyAV.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, NamedTuple

import av

AREA = 0x20  # SWS_AREA
_ONE = 1 << 16  # contrast and saturation as they are, 16.16 fixed point
_PLANES = 4
_Pointers, _Strides = c_void_p * _PLANES, c_int * _PLANES


class Libraries(NamedTuple):
    """The two libraries with the signatures of what is called."""

    swscale: Any
    avutil: Any


class Conversion(NamedTuple):
    """What a context is made for. `matrix`: SWS_CS_*, of both sides; the picture drawn has full range."""

    format: str  # FFmpeg's name of the pixel format
    size: tuple[int, int]
    to_size: tuple[int, int]
    matrix: int
    full_range: bool


def find(folder: Path | None = None) -> Libraries | None:
    """Return the libraries PyAV has loaded; None when they do not lie beside it or lack a call. `folder`: where to look."""
    folder = folder or Path(av.__file__).parent.parent / "av.libs"
    found = [sorted(folder.glob(f"{name}-*.so*")) for name in ("libswscale", "libavutil")]
    if any(len(paths) != 1 for paths in found):
        return None
    try:
        return _signed(*(ctypes.CDLL(str(paths[0])) for paths in found))
    except (OSError, AttributeError):
        return None


def _signed(swscale: Any, avutil: Any) -> Libraries:
    swscale.sws_alloc_context.restype = c_void_p
    swscale.sws_alloc_context.argtypes = ()
    swscale.sws_init_context.argtypes = (c_void_p, c_void_p, c_void_p)
    swscale.sws_freeContext.argtypes = (c_void_p,)
    swscale.sws_freeContext.restype = None
    swscale.sws_getCoefficients.argtypes = (c_int,)
    swscale.sws_getCoefficients.restype = POINTER(c_int)
    coefficients = POINTER(c_int)
    swscale.sws_setColorspaceDetails.argtypes = (
        c_void_p,
        coefficients,
        c_int,
        coefficients,
        c_int,
        c_int,
        c_int,
        c_int,
    )
    swscale.sws_scale.argtypes = (c_void_p, _Pointers, _Strides, c_int, c_int, _Pointers, _Strides)
    avutil.av_opt_set_int.argtypes = (c_void_p, c_char_p, c_int64, c_int)
    avutil.av_get_pix_fmt.argtypes = (c_char_p,)
    return Libraries(swscale, avutil)


class Context:
    """Tables and scratch rows for one conversion to BGRA. Used by one thread."""

    def __init__(self, libraries: Libraries, conversion: Conversion) -> None:
        """Raise ValueError when libswscale cannot do this."""
        self._swscale, self._avutil = libraries
        self.conversion = conversion
        self._from, self._from_strides = _Pointers(), _Strides()
        self._to, self._to_strides = _Pointers(), _Strides()
        self._context = self._swscale.sws_alloc_context()
        if not self._context:
            raise ValueError("no memory for a scaler")
        self._set_up(conversion)

    def _set_up(self, conversion: Conversion) -> None:
        (width, height), (to_width, to_height) = conversion.size, conversion.to_size
        options = {
            **{"srcw": width, "srch": height, "src_format": self._avutil.av_get_pix_fmt(conversion.format.encode())},
            **{"dstw": to_width, "dsth": to_height, "dst_format": self._avutil.av_get_pix_fmt(b"bgra")},
            **{"sws_flags": AREA, "threads": 1},
        }
        set_ = [self._avutil.av_opt_set_int(self._context, name.encode(), to, 0) for name, to in options.items()]
        if min(set_) < 0 or self._swscale.sws_init_context(self._context, None, None) < 0:
            raise ValueError(f"{conversion.format} cannot be scaled")
        matrix = self._swscale.sws_getCoefficients(conversion.matrix)
        self._swscale.sws_setColorspaceDetails(
            self._context, matrix, int(conversion.full_range), matrix, 1, 0, _ONE, _ONE
        )

    def scale(self, planes: Any, address: int, stride: int) -> None:
        """Draw planes of the conversion's format (each with `buffer_ptr` and `line_size`) at an address."""
        for index, plane in enumerate(planes):
            self._from[index], self._from_strides[index] = plane.buffer_ptr, plane.line_size
        self._to[0], self._to_strides[0] = address, stride
        self._swscale.sws_scale(
            self._context, self._from, self._from_strides, 0, self.conversion.size[1], self._to, self._to_strides
        )

    def __del__(self) -> None:
        context, self._context = getattr(self, "_context", None), None
        if context:
            self._swscale.sws_freeContext(context)
