"""Who may speak as which system: `linked.toml` in the workspace. Without it only this machine may.

[systems.119]
networks = ["10.20.0.0/16"]
login = "sha256:…"        # of the login's key; left out: no login is asked
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PeersRefused(ConsoleError):
    code = "linked_peers_refused"
    ko = "연계 시스템 목록 {path}을(를) 읽지 못했습니다({why}). 연계 수신을 열지 않았습니다. 파일을 고치고 다시 시작하십시오."
    en = "The list of linked systems {path} cannot be read ({why}). Their door stays shut. Mend the file and start again."


class System(msgspec.Struct, frozen=True):
    """One linked system: the networks it may call from, and the SHA-256 of its login key ("" when none is asked)."""

    networks: tuple[Network, ...]
    login: str = ""


class Peers:
    """The linked systems by their code (SND_SYS_CD)."""

    def __init__(self, systems: Mapping[str, System] | None = None) -> None:
        self._systems = systems

    @classmethod
    def read(cls, path: Path) -> Peers:
        """Read the workspace's list; without one, every code is taken from this machine alone. Raises PeersRefused."""
        if not path.exists():
            return cls()
        try:
            table = tomllib.loads(path.read_text("utf-8")).get("systems", {})
            return cls({str(code): _system(entry) for code, entry in table.items()})
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise PeersRefused(path=str(path), why=str(error)) from None

    def may_speak(self, code: str, address: str) -> bool:
        """Return whether a system may call from an IP address."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        if self._systems is None:
            return ip.is_loopback
        system = self._systems.get(code)
        return system is not None and any(ip in network for network in system.networks)

    def needs_login(self, code: str) -> bool:
        system = (self._systems or {}).get(code)
        return system is not None and bool(system.login)

    def accepts_login(self, code: str, key: str) -> bool:
        """Return whether a key is the system's; compared in constant time."""
        system = (self._systems or {}).get(code)
        told = f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"
        return system is not None and hmac.compare_digest(system.login.encode(), told.encode())


def _system(entry: Mapping[str, object]) -> System:
    networks = entry.get("networks", [])
    login = entry.get("login", "")
    if not isinstance(networks, list) or not isinstance(login, str):
        raise ValueError("networks is a list of networks, login a text")
    if login and not login.startswith("sha256:"):
        raise ValueError("login reads sha256:… (of the key, in hex)")
    return System(tuple(ipaddress.ip_network(str(network)) for network in networks), login)
