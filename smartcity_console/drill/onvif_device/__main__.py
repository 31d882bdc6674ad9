"""`python -m smartcity_console.drill.onvif_device`: one PTZ camera until SIGTERM or SIGINT; says its address as JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from smartcity_console.clock import SystemClock
from smartcity_console.drill.onvif_device.server import DISCOVERY_PORT, DeviceServer, Trouble
from smartcity_console.drill.onvif_device.state import DeviceFacts


def main() -> int:
    options = _parser().parse_args()
    password = options.password_file.read_text("utf-8").strip() if options.password_file else ""
    streams = (("main", 1920, 1080, options.rtsp), ("sub", 640, 360, options.rtsp_sub or f"{options.rtsp}?sub"))
    facts = DeviceFacts(name=options.camera, user=options.user, password=password, streams=streams)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    discovery = None if options.no_discovery else options.discovery_port
    with DeviceServer(
        facts, SystemClock(), host=options.host, port=options.port, discovery_port=discovery, multicast=True
    ) as device:
        device.trouble = Trouble(options.trouble)
        print(json.dumps({"device": options.camera, "address": device.address}), flush=True)
        stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onvif_device", description="A recorded feed posing as an ONVIF PTZ camera")
    parser.add_argument("--camera", default="GN-0001", help="the device's name")
    parser.add_argument("--rtsp", required=True, help="address of its main stream")
    parser.add_argument("--rtsp-sub", default="", help="address of its small stream")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="operator")
    parser.add_argument("--password-file", type=Path, default=None, help="without one no login is asked for")
    parser.add_argument("--discovery-port", type=int, default=DISCOVERY_PORT)
    parser.add_argument("--no-discovery", action="store_true")
    parser.add_argument("--trouble", choices=[t.value for t in Trouble], default="none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
