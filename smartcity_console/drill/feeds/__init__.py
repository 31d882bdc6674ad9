"""Recorded feeds that pose as live cameras: an RTSP server with one mount per camera, all looping in step."""

from smartcity_console.drill.feeds.binding import SCENE_CAMERAS, FeedPlan, FeedsFileRefused, NoFeeds, plan_feeds
from smartcity_console.drill.feeds.mount import Fault, LoopClock, Mount
from smartcity_console.drill.feeds.program import load_mounts, run_feeds
from smartcity_console.drill.feeds.recording import Recording, UnreadableFeed, read_recording
from smartcity_console.drill.feeds.server import RtspServer

__all__ = [
    "SCENE_CAMERAS",
    "Fault",
    "FeedPlan",
    "FeedsFileRefused",
    "LoopClock",
    "Mount",
    "NoFeeds",
    "Recording",
    "RtspServer",
    "UnreadableFeed",
    "load_mounts",
    "plan_feeds",
    "read_recording",
    "run_feeds",
]
