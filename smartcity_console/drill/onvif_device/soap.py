"""SOAP 1.2 as a camera reads and writes it: the operation asked for, the login's digest, faults."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
SCHEMA = "http://www.onvif.org/ver10/schema"
LOGIN_WINDOW = timedelta(minutes=5)


class NotSoap(ValueError):
    """The body holds no request."""


@dataclass(frozen=True)
class Request:
    """One request: its operation, its namespace, the element with the arguments, and the login's header if any."""

    operation: str
    namespace: str
    body: ElementTree.Element
    security: ElementTree.Element | None

    def text(self, name: str) -> str | None:
        """Return the text of the first element of that local name anywhere below."""
        found = self.find(name)
        return (found.text or "").strip() if found is not None else None

    def find(self, name: str) -> ElementTree.Element | None:
        return next((e for e in self.body.iter() if e.tag.rpartition("}")[2] == name), None)


def read_request(data: bytes) -> Request:
    """Raises NotSoap."""
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise NotSoap(str(error)) from None
    body = root.find(f"{{{ENVELOPE}}}Body")
    if body is None or not len(body):
        raise NotSoap("no body")
    namespace, _, operation = body[0].tag.removeprefix("{").rpartition("}")
    return Request(operation, namespace, body[0], root.find(f"{{{ENVELOPE}}}Header/{{{WSSE}}}Security"))


def login_is_good(request: Request, user: str, password: str, now: datetime) -> bool:
    """Check the digest of WS-UsernameToken 1.0: Base64(SHA-1(nonce + created + password)), and that it is fresh."""
    if request.security is None:
        return False
    told = {e.tag: (e.text or "").strip() for e in request.security.iter()}
    created = told.get(f"{{{WSU}}}Created", "")
    try:
        nonce = base64.b64decode(told.get(f"{{{WSSE}}}Nonce", ""), validate=True)
        fresh = abs(datetime.fromisoformat(created) - now) <= LOGIN_WINDOW
    except (ValueError, TypeError, binascii.Error):
        return False
    digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()
    right = hmac.compare_digest(digest, told.get(f"{{{WSSE}}}Password", ""))
    return fresh and right and told.get(f"{{{WSSE}}}Username") == user


def envelope(body: str) -> bytes:
    """Return a whole answer."""
    names = f'xmlns:s="{ENVELOPE}" xmlns:tds="{DEVICE}" xmlns:trt="{MEDIA}" xmlns:tptz="{PTZ}" xmlns:tt="{SCHEMA}"'
    return f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {names}><s:Body>{body}</s:Body></s:Envelope>'.encode()


def fault(subcode: str, reason: str, code: str = "s:Sender") -> bytes:
    """Return a SOAP fault with an ONVIF subcode (`ter:…`)."""
    return envelope(
        f'<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>{code}</s:Value>'
        f"<s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(reason)}</s:Text></s:Reason></s:Fault>'
    )
