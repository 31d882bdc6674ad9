"""The live relay: fragmented MP4 from the ring's growing end."""

from smartcity_console.video.relay.relay import LiveRelay

__all__ = ["LiveRelay"]
