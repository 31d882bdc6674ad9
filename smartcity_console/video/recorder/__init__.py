"""The recorder: pulls cameras' packets into the ring, in a child process that is replaced when it fails."""

from smartcity_console.video.recorder.messages import Beat, CameraClock, CameraStatus
from smartcity_console.video.recorder.supervisor import Recorder

__all__ = ["Beat", "CameraClock", "CameraStatus", "Recorder"]
