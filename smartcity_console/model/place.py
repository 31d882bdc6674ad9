"""What two alerts must share to be of one place."""

from __future__ import annotations

from collections.abc import Iterable

from smartcity_console.model.alert import Alert


def place_of(alert: Alert) -> str:
    """Return what two alerts must share to be of one place: the site, the sender's own case, or else the account."""
    if alert.site_id:
        return f"site:{alert.site_id}"
    if alert.reference:
        return f"case:{alert.protocol.partition('/')[0]}:{alert.reference}"
    teller = f"{alert.firm_id}/" if alert.firm_id and not alert.known else ""  # nobody's account: whoever signed it
    return f"account:{alert.protocol[:4]}:{teller}{alert.account.upper()}"


def places_leaving(leaving: Iterable[Alert], staying: Iterable[Alert]) -> tuple[str, ...]:
    """Return the places that go with alerts that part: those that none of the alerts that stay has too."""
    kept = {place_of(alert) for alert in staying}
    return tuple(place for place in dict.fromkeys(place_of(alert) for alert in leaving) if place not in kept)
