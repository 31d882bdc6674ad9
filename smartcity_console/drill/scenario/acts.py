"""Which marks are measured in seconds, and which concern one incident."""

from __future__ import annotations

from smartcity_console.drill.scenario.model import Act

TIMED = frozenset(
    (Act.CLAIM, Act.FIRST_CAMERA, Act.VERDICT, Act.HAND_OFF, Act.CLOSE, Act.ANSWER, Act.QUEUE, Act.RECALL)
)
_WHOLE_DRILL = frozenset((Act.QUEUE, Act.NO_LOOK, Act.NO_HAND_OFF))


def needs_incident(act: Act) -> bool:
    """Return whether a mark is about one incident: an expectation of it must name which."""
    return act not in _WHOLE_DRILL
