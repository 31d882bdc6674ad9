"""Clips: evidence cut from the ring, bit for bit what the camera sent, checked before it counts."""

from smartcity_console.video.clip.check import ClipUnsound, elementary_digest
from smartcity_console.video.clip.cut import ClipEmpty, ClipGap, ClipReport, cut_clip

__all__ = ["ClipEmpty", "ClipGap", "ClipReport", "ClipUnsound", "cut_clip", "elementary_digest"]
