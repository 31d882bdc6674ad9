"""The supervision category of extended data `C` (DC-09 Annex I): within how many seconds a sender must be heard.

The reporting times are those of EN 50136-1:2012 + A1, table 4: single path SP1-SP6, dual path DP1-DP4.
"""

from __future__ import annotations

_MINUTE_S, _HOUR_S, _DAY_S = 60.0, 3600.0, 86400.0
REPORTING_S = {
    "SP1": 32 * _DAY_S,
    "SP2": 25 * _HOUR_S,
    "SP3": 30 * _MINUTE_S,
    "SP4": 3 * _MINUTE_S,
    "SP5": 90.0,
    "SP6": 20.0,
    "DP1": 25 * _HOUR_S,
    "DP2": 30 * _MINUTE_S,
    "DP3": 3 * _MINUTE_S,
    "DP4": 90.0,
}


def reporting_s(category: str) -> float:
    """Return the longest silence that a category allows; 0.0 for one that names none."""
    return REPORTING_S.get(category.strip().upper(), 0.0)
