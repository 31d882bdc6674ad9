"""Clips out of recorders that are not ours: NVRs, MediaMTX, Frigate, anything that plays a span by its address."""

from smartcity_console.video.external.config import ExternalRecorder, RecordersRefused, read_recorders
from smartcity_console.video.external.fetch import ExternalFailed
from smartcity_console.video.external.source import ExternalRecorders

__all__ = ["ExternalFailed", "ExternalRecorder", "ExternalRecorders", "RecordersRefused", "read_recorders"]
