"""A camera with a clock in its picture: an RTSP server of gst-rtsp-server. Runs under the system's Python (python3-gi).

    /usr/bin/python3 benchmarks/latency_camera.py WIDTH HEIGHT FPS

Each picture carries, across its middle, the CLOCK_MONOTONIC millisecond at which it was made: 24 bits and a check of four
as black and white blocks, which survive the coding. Prints the port, serves until it is ended. One encoder feeds all who
watch. Needs no numpy: rows of blocks are bytes repeated.
"""

import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

WIDTH, HEIGHT, FPS = (int(text) for text in sys.argv[1:4])
BITS = 28
BLACK, WHITE, GREY = b"\x10", b"\xeb", 96
LAUNCH = (
    "( appsrc name=clock is-live=true do-timestamp=true format=time "
    f"caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={FPS}/1 "
    f"! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={FPS} bitrate=2000 "
    "! rtph264pay name=pay0 pt=96 config-interval=1 )"
)


def picture(stamp_ms):
    """Return one I420 picture: grey, a bar that moves, the clock across the middle fifth."""
    value = stamp_ms & 0xFFFFFF
    check = sum(value >> shift & 15 for shift in range(0, 24, 4)) & 15
    word = value << 4 | check
    block = WIDTH // BITS
    margin = bytes([GREY]) * ((WIDTH - block * BITS) // 2)
    row = margin + b"".join((WHITE if word >> bit & 1 else BLACK) * block for bit in reversed(range(BITS)))
    row = row.ljust(WIDTH, bytes([GREY]))
    at = stamp_ms // 8 % (WIDTH - 40)
    moving = (bytes([GREY]) * at + WHITE * 40).ljust(WIDTH, bytes([GREY]))
    plain = bytes([GREY]) * WIDTH
    fifth = HEIGHT // 5
    luma = plain * (2 * fifth) + row * fifth + moving * fifth + plain * (HEIGHT - 4 * fifth)
    return luma + b"\x80" * (WIDTH * HEIGHT // 2)


def begin(_factory, media):
    """Push a picture each frame interval as soon as somebody watches."""
    source = media.get_element().get_by_name("clock")
    state = {"next_s": time.monotonic()}

    def push():
        if (
            source.emit("push-buffer", Gst.Buffer.new_wrapped(picture(int(time.monotonic() * 1000))))
            != Gst.FlowReturn.OK
        ):
            return False
        state["next_s"] += 1 / FPS
        GLib.timeout_add(max(0, round((state["next_s"] - time.monotonic()) * 1000)), push)
        return False

    GLib.timeout_add(0, push)


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(LAUNCH)
    factory.set_shared(True)
    factory.set_latency(0)
    factory.connect("media-configure", begin)
    server.get_mount_points().add_factory("/clock", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
