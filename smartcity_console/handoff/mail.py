"""E-mail as the last way to a receiver: a link that ends, never the evidence and never who or where.

A mail that was sent is no delivery. The hand-off stands as undelivered, with the reason, until the package was fetched by the
link (gateway/evidence_link.py) or another way works again.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.handoff.errors import CredentialRefused, LinkNotFetched, ReceiverUnreachable
from smartcity_console.handoff.recipients import Mail

LOCAL_TIME = ZoneInfo("Asia/Seoul")


class MailServer(msgspec.Struct, frozen=True):
    """The centre's own mail server. `tls`: starttls, tls, or none (a server on this machine)."""

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    ca: str = ""


class Link(msgspec.Struct, frozen=True):
    """Leave to fetch one package until a time: the address, with its secret behind the `#`, which no server sees."""

    url: str
    at: datetime
    until: datetime


MakeLink = Callable[[str, str, Mail], Awaitable[Link | None]]
"""(hand-off, SHA-256, way): put a new link on record and return it; None while one that was sent still holds."""


class MailChannel:
    """One receiver. Sends in a thread; every wait of it is limited by `timeout_s`."""

    def __init__(self, server: MailServer, way: Mail, name: str, centre: str, link: MakeLink, timeout_s: float) -> None:
        self._server, self._way, self._name, self._centre = server, way, name, centre
        self._link, self._timeout_s = link, timeout_s

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Nothing of a notice goes by mail."""

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Send a link where none holds. Never returns: raises LinkNotFetched, or why no mail left the house."""
        del package
        await self._require_server()
        link = await self._link(handoff_id, sha256, self._way)
        if link is not None:
            await self._send(link_mail(self._centre, handoff_id, sha256, link))
        raise LinkNotFetched(receiver=self._name, why="link sent by e-mail")

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Say that there is word of a hand-off; what it is, the telephone tells. Raises DeliveryFailed."""
        del update_id, body
        await self._send(word_mail(self._centre, handoff_id))

    async def _require_server(self) -> None:
        """A link goes on record only when there is a server that could carry it."""
        if not self._server.host:
            raise ReceiverUnreachable(receiver=self._name, why="no mail server is set (mail.host)")

    async def _send(self, mail: EmailMessage) -> None:
        await self._require_server()
        mail["From"], mail["To"] = self._server.sender, ", ".join(self._way.to)
        try:
            await asyncio.to_thread(_send, self._server, mail, self._timeout_s)
        except smtplib.SMTPAuthenticationError as error:
            raise CredentialRefused(receiver=self._name, why=f"SMTP {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise ReceiverUnreachable(receiver=self._name, why=f"SMTP {type(error).__name__}") from error


def link_mail(centre: str, handoff_id: str, sha256: str, link: Link) -> EmailMessage:
    """Return the mail with a link; no place, no person, no kind of incident stands in it."""
    until = link.until.astimezone(LOCAL_TIME)
    text = f"""\
{centre} 스마트도시센터에서 이관 자료를 보냅니다.
자료는 이 편지에 들어 있지 않습니다. 아래 주소에서 한 사람이 받아 가십시오. 받은 사실은 열람 대장에 기록됩니다.

  {link.url}

  {until:%Y-%m-%d %H:%M} (한국 시각)까지 열립니다.
  이관 번호: {handoff_id}
  SHA-256:  {sha256}

이 편지를 다른 사람에게 넘기지 마십시오. 모르는 이관이면 관제센터에 전화하십시오.

--
The {centre} smart-city centre hands a case off to you. The evidence is not in this mail: fetch it at the address
above by {until:%Y-%m-%d %H:%M} KST. Fetching it goes on record. Do not pass this mail on.
"""
    mail = EmailMessage()
    mail["Subject"] = f"[{centre} 스마트도시센터] 이관 자료 {handoff_id}"
    mail["Message-ID"] = f"<{handoff_id}.{int(link.at.timestamp())}@smartcity-console>"
    mail["Date"] = format_datetime(link.at)
    mail.set_content(text)
    return mail


def word_mail(centre: str, handoff_id: str) -> EmailMessage:
    """Return the mail that asks for a call about a hand-off."""
    mail = EmailMessage()
    mail["Subject"] = f"[{centre} 스마트도시센터] 이관 {handoff_id}: 전화 주십시오"
    mail.set_content(
        f"이관 {handoff_id}에 대해 관제센터가 알릴 것이 있습니다(회수 또는 전달 사항). 관제센터에 전화하십시오.\n\n"
        f"There is word from the centre about hand-off {handoff_id} (a recall or a message). Please call the centre.\n"
    )
    return mail


def _send(server: MailServer, mail: EmailMessage, timeout_s: float) -> None:
    """Hand a mail to the server. Raises smtplib.SMTPException, OSError."""
    context = ssl.create_default_context(cafile=server.ca or None)
    if server.tls == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_s, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout_s)
    with smtp:
        if server.tls == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(mail)
