"""How urgent an alert is, by the supervisor's table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from smartcity_console.model.alert import Alert, Priority
from smartcity_console.model.priority import PriorityDecision, PriorityRule, SiteHistory

LOCAL_TIME = ZoneInfo("Asia/Seoul")
_ORDER = (Priority.EMERGENCY, Priority.HIGH, Priority.NORMAL)


def decide(alert: Alert, history: SiteHistory, table: Sequence[PriorityRule]) -> PriorityDecision:
    """Return the priority by the first rule that fits; without one, what the sender's code says."""
    for rule in table:
        if fits(rule, alert, history):
            return PriorityDecision(_priority(rule, alert.priority), rule.name_ko, rule.name_en)
    return PriorityDecision(alert.priority)


def fits(rule: PriorityRule, alert: Alert, history: SiteHistory) -> bool:
    """Return whether everything that a rule names fits the alert."""
    return (
        (not rule.kinds or alert.kind in rule.kinds)
        and (not rule.firms or alert.firm_id in rule.firms)
        and (not rule.sites or alert.site_id in rule.sites)
        and (not rule.protocols or alert.protocol.startswith(rule.protocols))
        and (rule.is_known is None or alert.known is rule.is_known)
        and _in_hours(rule, alert.received_at)
        and _in_history(rule, history)
    )


def _in_hours(rule: PriorityRule, at: datetime) -> bool:
    if rule.from_hour is None or rule.to_hour is None:
        return True
    now, begin, end = at.astimezone(LOCAL_TIME).time(), rule.from_hour, rule.to_hour
    return begin <= now < end if begin <= end else _outside(now, begin, end)


def _outside(now: time, begin: time, end: time) -> bool:
    """A span past midnight is what lies outside the day between."""
    return now >= begin or now < end


def _in_history(rule: PriorityRule, history: SiteHistory) -> bool:
    share = history.false_share
    false_enough = rule.false_share is None or (share is not None and share >= rule.false_share)
    return false_enough and (rule.recent is None or history.recent >= rule.recent)


def _priority(rule: PriorityRule, told: Priority) -> Priority:
    if rule.priority is not None:
        return rule.priority
    return _ORDER[min(max(told.rank + rule.step, 0), len(_ORDER) - 1)]
