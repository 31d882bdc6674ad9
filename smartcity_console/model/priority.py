"""The supervisor's table of priorities: which alert is how urgent, and why. First rule that fits decides."""

from __future__ import annotations

from datetime import time
from typing import Annotated

import msgspec
from msgspec import Meta

from smartcity_console.model.alert import AlertKind, Priority

Share = Annotated[float, Meta(ge=0, le=1)]


class PriorityRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule fits when all it names fits; what it leaves out fits everything.

    `from_hour`, `to_hour`: local time of day (Asia/Seoul); a span may go past midnight. `false_share`: at least so much
    of the site's closed incidents were false alarms; `recent`: at least so many alerts of the site within the hour.
    `priority` None: one step more urgent (`step` -1) or less (+1) than the sender's code says.
    """

    name_ko: Annotated[str, Meta(min_length=1, max_length=80)]
    name_en: Annotated[str, Meta(min_length=1, max_length=80)]
    kinds: tuple[AlertKind, ...] = ()
    firms: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()  # beginnings: "linked/", "mqtt/"
    is_known: bool | None = None
    from_hour: time | None = None
    to_hour: time | None = None
    false_share: Share | None = None
    recent: int | None = None
    priority: Priority | None = None
    step: Annotated[int, Meta(ge=-1, le=1)] = 0


class PriorityDecision(msgspec.Struct, frozen=True):
    """A priority and what it rests on."""

    priority: Priority
    reason_ko: str = ""
    reason_en: str = ""


class SiteHistory(msgspec.Struct, frozen=True):
    """What is known of a site's alarms: closed incidents, how many were false, alerts within the last hour."""

    closed: int = 0
    false: int = 0
    recent: int = 0

    @property
    def false_share(self) -> float | None:
        """Share of false alarms; None while too few incidents are closed to say."""
        return self.false / self.closed if self.closed >= LEAST_CLOSED else None


LEAST_CLOSED = 5
"""Closed incidents below which a share of false alarms says nothing."""

DEFAULT_TABLE: tuple[PriorityRule, ...] = (
    PriorityRule(
        name_ko="112·119 긴급 신고",
        name_en="emergency call of 112 or 119",
        protocols=("linked/112", "linked/119"),
        kinds=(AlertKind.ROBBERY, AlertKind.FIRE, AlertKind.GAS, AlertKind.MEDICAL),
        priority=Priority.EMERGENCY,
    ),
    PriorityRule(
        name_ko="한 시간 안에 되풀이된 장애 신호",
        name_en="trouble repeated within the hour",
        kinds=(AlertKind.TROUBLE, AlertKind.POWER, AlertKind.TAMPER),
        recent=5,
        priority=Priority.NORMAL,
    ),
    PriorityRule(
        name_ko="오경보가 잦은 대상처의 침입",
        name_en="intrusion at a site whose alarms are mostly false",
        kinds=(AlertKind.INTRUSION,),
        false_share=0.9,
        step=1,
    ),
    PriorityRule(
        name_ko="심야 침입",
        name_en="intrusion at night",
        kinds=(AlertKind.INTRUSION,),
        from_hour=time(23, 0),
        to_hour=time(5, 0),
        is_known=True,
        priority=Priority.HIGH,
    ),
)
