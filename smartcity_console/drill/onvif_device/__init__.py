"""A PTZ camera that speaks ONVIF over real HTTP and UDP: for drills on recorded feeds, and to try the client against.

`python -m smartcity_console.drill.onvif_device --camera GN-0001 --rtsp rtsp://127.0.0.1:9554/GN-0001`
"""

from smartcity_console.drill.onvif_device.server import DeviceServer, Trouble
from smartcity_console.drill.onvif_device.state import DeviceFacts, Head

__all__ = ["DeviceFacts", "DeviceServer", "Head", "Trouble"]
