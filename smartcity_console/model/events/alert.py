"""alert/… : what senders said."""

from __future__ import annotations

from typing import ClassVar

from smartcity_console.model.alert import Alert
from smartcity_console.model.events.base import Payload


class AlertReceived(Payload, frozen=True, kw_only=True):
    """The commit of this event is what an ACK to the sender stands for."""

    stream_kind: ClassVar[str] = "alert"
    alert: Alert
