"""The live relay: fragmented MP4 from the ring's growing end."""

from smartcity_console.video.relay.burn import Masks, Polygon
from smartcity_console.video.relay.errors import ConvertersBusy, LiveBroken, NotPlayable
from smartcity_console.video.relay.producer_time import BOX_BYTES, read_producer_time
from smartcity_console.video.relay.relay import LiveRelay, LiveStream

__all__ = [
    "BOX_BYTES",
    "ConvertersBusy",
    "LiveBroken",
    "LiveRelay",
    "LiveStream",
    "Masks",
    "NotPlayable",
    "Polygon",
    "read_producer_time",
]
