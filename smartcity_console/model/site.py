"""Protected premises, their zones, and the firms that watch them."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.model.geo import Position


class Sensor(enum.StrEnum):
    """What a zone's detector is."""

    MOTION = "motion"  # 열선감지
    DOOR = "door"  # 출입문
    GLASS = "glass"  # 유리파손
    PANIC = "panic"  # 비상벨
    SMOKE = "smoke"  # 연기감지
    HEAT = "heat"  # 열감지
    GAS = "gas"  # 가스감지
    WATER = "water"  # 누수
    POWER = "power"  # 전원
    OTHER = "other"


class Zone(msgspec.Struct, frozen=True):
    """A detector as its account reports it; `number` as on the wire without leading zeros."""

    number: str
    name: str
    sensor: Sensor


class Firm(msgspec.Struct, frozen=True):
    """A security firm. `call_back` is its control room's number."""

    id: str
    name_ko: str
    name_en: str
    call_back: str = ""


class Site(msgspec.Struct, frozen=True):
    """Premises under a firm's protection; `account` is what the firm's transmitter calls it on the wire."""

    id: str
    name: str
    category: str
    address: str
    position: Position
    firm_id: str
    account: str
    zones: tuple[Zone, ...] = ()
    camera_ids: tuple[str, ...] = ()  # the site's private cameras
    district: str = ""
