"""What the DC-09 receiver did since it started: counters, nothing that names anybody."""

from __future__ import annotations

import msgspec


class Counters(msgspec.Struct):
    """Counters of both transports."""

    connections: int = 0
    connections_refused: int = 0
    strangers_closed: int = 0  # never sent a whole frame, and made room
    datagrams: int = 0
    datagrams_dropped: int = 0  # no frame, too many under way, or an answer withheld
    frames: int = 0
    acks: int = 0
    naks: int = 0
    duhs: int = 0
    unanswered: int = 0  # the commit failed: the sender must send again
    limited: int = 0  # over a limit, not answered: the sender must send again, later
    replies_ignored: int = 0
    too_long: int = 0
    idle_closed: int = 0
    slow_closed: int = 0  # did not take its answers
    garbage_bytes: int = 0
    refusals_not_recorded: int = 0
