"""The register of senders: an account number finds firm, site, zone, position and the site's private cameras.

Lookups are passed in, so that the intake does not know where a catalogue is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from smartcity_console.model.alert import Alert
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Firm, Sensor, Site, Zone

FARTHEST_FROM_SITE_M = 5_000.0
"""A fixed site's transmitter that reports itself farther away than this has a wrong position, not another place."""

NOWHERE = Position(0.0, 0.0)
"""The position of a site of which nobody has said where it is."""

_METRES_PER_DEGREE = 111_320.0


class Register:
    """Looks accounts up. `site_of_account` takes the account as on the wire; `firm` a firm's id."""

    def __init__(self, site_of_account: Callable[[str], Site | None], firm: Callable[[str], Firm | None]) -> None:
        self._site_of_account = site_of_account
        self._firm = firm

    def enrich(self, alert: Alert) -> Alert:
        """Return the alert with what the register knows; of an unknown account, as it came and `known` False.

        An alert whose protocol vouches for its sender (`known` already True) stays as it is.
        """
        if alert.known:
            return alert
        site = self._site_of_account(alert.account)
        if site is None:
            return msgspec.structs.replace(alert, known=False)
        firm = self._firm(site.firm_id)
        zone = _zone(site, alert.zone)
        return msgspec.structs.replace(
            alert,
            known=True,
            firm_id=site.firm_id,
            firm_name=firm.name_ko if firm else site.firm_id,
            site_id=site.id,
            site_name=site.name,
            address=site.address,
            zone_name=zone.name if zone else "",
            sensor=_sensor(alert, zone),
            position=_position(alert, site),
        )

    def private_cameras(self, account: str) -> tuple[str, ...]:
        """Return the ids of the cameras behind the account's door; empty for an unknown account."""
        site = self._site_of_account(account)
        return site.camera_ids if site else ()

    def firm_id(self, account: str) -> str | None:
        """Return which firm an account belongs to."""
        site = self._site_of_account(account)
        return site.firm_id if site else None


def _zone(site: Site, number: str) -> Zone | None:
    return next((zone for zone in site.zones if zone.number == number), None) if number else None


def _sensor(alert: Alert, zone: Zone | None) -> Sensor:
    """The register says what hangs on the wall; the code says only what kind of alarm it is."""
    return zone.sensor if zone and zone.sensor is not Sensor.OTHER else alert.sensor


def _position(alert: Alert, site: Site) -> Position | None:
    told = alert.position
    if site.position == NOWHERE:
        return told
    return told if told and _distance_m(told, site.position) <= FARTHEST_FROM_SITE_M else site.position


def _distance_m(a: Position, b: Position) -> float:
    """Equirectangular distance: good to some metres over the few kilometres asked about."""
    east = (a.lon_deg - b.lon_deg) * math.cos(math.radians((a.lat_deg + b.lat_deg) / 2.0))
    return math.hypot(east, a.lat_deg - b.lat_deg) * _METRES_PER_DEGREE
