"""How the gateway's HTTP is reached from other machines: by TLS alone, and under an address that its certificate covers."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings
from smartcity_console.tls import CertificateFacts, CertificateUnfit, facts_of, server_context
from smartcity_console.web import is_this_machine

PREFIX = "gateway.http"
_ANY = ("0.0.0.0", "::")
_log = logging.getLogger(__name__)


class GatewayUnsafe(ConsoleError):
    code = "gateway_unsafe"
    ko = (
        "관문을 {host}에서 암호화 없이 열지 않았습니다. 실시간 영상과 회신, 우편 링크를 남이 읽을 수 있었습니다. 저장된 것은 그대로입니다. "
        "gateway.http.certificate 와 gateway.http.key 를 설정하거나 gateway.http.host 를 127.0.0.1 로 두십시오."
    )
    en = (
        "The gateway was not opened on {host} without encryption: live pictures, receipts and mailed links could have been read. "
        "What was stored is kept. Set gateway.http.certificate and gateway.http.key, or leave gateway.http.host at 127.0.0.1."
    )


class GatewayAddressUnfit(ConsoleError):
    code = "gateway_address_unfit"
    ko = (
        "관문을 열지 않았습니다. 접수대가 찾아올 주소 {url} 을(를) 쓸 수 없습니다({why}). 저장된 것은 그대로입니다. "
        "gateway.http.url 을 https://인증서의-이름:포트 로 설정하십시오."
    )
    en = (
        "The gateway was not opened: {url}, by which desks would reach it, cannot be used ({why}). What was stored is kept. "
        "Set gateway.http.url to https://a-name-of-the-certificate:port."
    )


def require_safe(settings: Settings, clock: Clock) -> None:
    """Raises GatewayUnsafe, CertificateUnfit, GatewayAddressUnfit: before anything is bound or announced.

    A certificate that is out of date is told and served all the same: alarms must come in, whatever a desk refuses.
    """
    host, url = settings.text(f"{PREFIX}.host"), settings.text(f"{PREFIX}.url")
    secure = server_context(PREFIX, settings) is not None
    if not secure and not is_this_machine(host):
        raise GatewayUnsafe(host=host)
    _require_reachable(url)
    if not url and host in _ANY:
        raise GatewayAddressUnfit(url=host, why="no desk can call this")
    if secure:
        _look_at(_facts(settings), host if not url else "", settings, clock)


def _facts(settings: Settings) -> CertificateFacts:
    path = settings.text(f"{PREFIX}.certificate")
    try:
        return facts_of(Path(path))
    except (OSError, ValueError) as error:
        raise CertificateUnfit(setting=f"{PREFIX}.certificate", path=path, why=type(error).__name__) from None


def _look_at(facts: CertificateFacts, host: str, settings: Settings, clock: Clock) -> None:
    if host and not facts.covers(host):
        raise GatewayAddressUnfit(url=f"https://{host}", why=f"the certificate is for {', '.join(facts.names) or '-'}")
    if not facts.since <= clock.now() < facts.until:
        path = settings.text(f"{PREFIX}.certificate")
        _log.error("%s holds from %s to %s only: desks will refuse this gateway", path, facts.since, facts.until)


def _require_reachable(url: str) -> None:
    """An address beyond this machine is https; nothing but host, port and a path stands in it."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and is_this_machine(parts.hostname or "")
        fit = parts.hostname and not (parts.username or parts.query or parts.fragment) and parts.port != 0
    except ValueError:
        fit = plain = False
    if not fit or not (plain or parts.scheme == "https"):
        raise GatewayAddressUnfit(url=url, why="it is no https address")


def told_address(settings: Settings, own: str) -> str:
    """Return the address that desks and links are given, without a slash at its end."""
    return (settings.text(f"{PREFIX}.url") or own).rstrip("/")


def live_address(address: str) -> str:
    """Return where live views are under an address: wss for https, ws for http."""
    return f"ws{address.removeprefix('http')}/live"
