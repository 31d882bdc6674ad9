"""Clips: evidence cut from the ring, bit for bit what the camera sent, checked before it counts."""

from smartcity_console.video.clip.check import ClipUnsound, check_clip, elementary_digest, sound_digest
from smartcity_console.video.clip.cut import (
    ClipCodec,
    ClipEmpty,
    ClipGap,
    ClipReport,
    clip_name,
    cut_all_formats,
    cut_cameras,
    cut_clip,
)

__all__ = [
    "ClipCodec",
    "ClipEmpty",
    "ClipGap",
    "ClipReport",
    "ClipUnsound",
    "check_clip",
    "clip_name",
    "cut_all_formats",
    "cut_cameras",
    "cut_clip",
    "elementary_digest",
    "sound_digest",
]
