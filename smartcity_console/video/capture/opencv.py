"""The one place that imports OpenCV for capture.

Importing cv2 overwrites QT_QPA_PLATFORM_PLUGIN_PATH and QT_QPA_FONTDIR with paths of its own wheel, and a Qt program
that starts afterwards finds no platform plugin. Who needs cv2 takes it from here: `from ….opencv import cv2`.
"""

from __future__ import annotations

import os

_QT_NAMES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_NAMES}

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

cv2.setNumThreads(1)  # many feeds share the processors: none may take them all

__all__ = ["cv2"]
