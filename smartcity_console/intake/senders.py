"""The centre's own register of firms and accounts: a fold over its events, asked before the catalogue.

The catalogue stays the base: what an entry leaves blank is the catalogue's, and which private cameras a site has is the
catalogue's alone, so that no entry here can give an account another site's cameras.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import msgspec

from smartcity_console.intake.registry import NOWHERE, Register
from smartcity_console.model.events import (
    Event,
    FirmChanged,
    FirmRegistered,
    FirmRemoved,
    SenderChanged,
    SenderRegistered,
    SenderRemoved,
)
from smartcity_console.model.sender import (
    FirmRecord,
    Network,
    SenderRecord,
    address_of,
    canonical_account,
    network_of,
)
from smartcity_console.model.site import Firm, Site

_OWN = frozenset(
    kind.__name__ for kind in (FirmChanged, FirmRegistered, FirmRemoved, SenderChanged, SenderRegistered, SenderRemoved)
)
SiteOf = Callable[[str], Site | None]
FirmOf = Callable[[str], Firm | None]


class Senders:
    """Folded and asked on one thread. `firms` by id, `accounts` by what their number means (`canonical_account`)."""

    def __init__(self) -> None:
        self.firms: dict[str, FirmRecord] = {}
        self.accounts: dict[str, SenderRecord] = {}
        self.binds_firms = False  # whether any firm's accounts are bound to networks

    def take(self, events: Iterable[Event]) -> None:
        """Fold events in, in the journal's order; all others are passed over."""
        own = [event for event in events if event.type in _OWN]
        for event in own:
            self._take_one(event)
        if own:
            self.binds_firms = any(firm.networks for firm in self.firms.values())

    def account(self, account: str) -> SenderRecord | None:
        """Return what the centre has registered of an account."""
        return self.accounts.get(canonical_account(account))

    def allowed(self, door: str, account: str, address: str, firm_id: str = "") -> bool:
        """Whether an account may be spoken for at a door from an address ("": the door knows none).

        An account's own networks go before its firm's; neither: from anywhere. `firm_id` is whose account it is where
        this register does not know it.
        """
        record = self.account(account)
        if record is not None and record.doors and door not in record.doors:
            return False
        firm = self.firms.get(record.firm_id if record is not None else firm_id)
        told = (record.networks if record is not None else ()) or (firm.networks if firm is not None else ())
        return not told or not address or is_within(address, told)

    def _take_one(self, event: Event) -> None:
        match event.payload():
            case FirmRegistered(firm=firm) | FirmChanged(firm=firm):
                self.firms[firm.id] = firm
            case FirmRemoved(before=firm):
                self.firms.pop(firm.id, None)
            case SenderRegistered(sender=sender) | SenderChanged(sender=sender):
                self.accounts[canonical_account(sender.account)] = sender
            case SenderRemoved(before=sender):
                self.accounts.pop(canonical_account(sender.account), None)


def register_over(senders: Senders, site_of_account: SiteOf, firm_of: FirmOf) -> Register:
    """Return the register that asks the centre's own entries first, then the catalogue."""

    def site(account: str) -> Site | None:
        known = site_of_account(account)
        record = senders.account(account)
        return known if record is None else site_of(record, known or site_of_account(record.account))

    def firm(firm_id: str) -> Firm | None:
        known = firm_of(firm_id)
        record = senders.firms.get(firm_id)
        return known if record is None else firm_with(record, known)

    return Register(site, firm)


def site_of(record: SenderRecord, known: Site | None) -> Site:
    """Return the site of an account: the entry's words over the catalogue's. Without a position it lies nowhere."""
    if known is None:
        return Site(
            id=f"sender:{canonical_account(record.account)}",
            name=record.site_name,
            category="",
            address=record.address,
            position=record.position or NOWHERE,
            firm_id=record.firm_id,
            account=record.account,
            zones=record.zones,
        )
    return msgspec.structs.replace(
        known,
        name=record.site_name or known.name,
        address=record.address or known.address,
        position=record.position or known.position,
        firm_id=record.firm_id or known.firm_id,
        zones=record.zones or known.zones,
    )


def firm_with(record: FirmRecord, known: Firm | None) -> Firm:
    """Return a firm: the entry's words over the catalogue's."""
    base = known or Firm(record.id, record.id, record.id)
    return Firm(
        record.id,
        record.name_ko or base.name_ko,
        record.name_en or base.name_en,
        record.call_back or base.call_back,
    )


def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an address lies in one of some networks; what is no address lies in none."""
    told = address_of(address)
    return told is not None and any(told in network for network in _networks(networks))


@functools.lru_cache(maxsize=4096)
def _networks(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(network_of(text) for text in networks)
