"""RTSP requests and responses (RFC 2326 6, 7), and the answer to an authentication challenge (RFC 7616, RFC 7617)."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

MOST_HEAD_BYTES = 16 * 1024
MOST_BODY_BYTES = 256 * 1024
_PART = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class NotRtsp(Exception):
    """The peer does not speak RTSP."""


class Response(msgspec.Struct, frozen=True):
    """One response; header names are lower case. Everything here is outside text."""

    status: int
    headers: dict[str, str]
    challenges: tuple[str, ...]
    body: bytes


class Address(msgspec.Struct, frozen=True):
    """An RTSP address taken apart: where to connect, what to ask for (without credentials), and the credentials."""

    host: str
    port: int
    url: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Address({self.url})"  # a traceback or a log line must not tell the login


def parse_address(url: str) -> Address:
    """Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "rtsp" or not parts.hostname:
        raise ValueError("not an rtsp address")
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
    if any(c in bare for c in " \r\n\t"):
        raise ValueError("the address holds white space")
    return Address(
        parts.hostname, parts.port or 554, bare, unquote(parts.username or ""), unquote(parts.password or "")
    )


def request(method: str, url: str, sequence: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {sequence}", "User-Agent: smartcity-console"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


def parse_response(data: bytes) -> tuple[Response, int] | None:
    """Return a response and where it ends; None while it is not whole. Raises NotRtsp."""
    if not b"RTSP/1."[: len(data)].startswith(data[:7]):
        raise NotRtsp
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if len(data) > MOST_HEAD_BYTES:
            raise NotRtsp
        return None
    first, *lines = data[:end].decode("latin-1").split("\r\n")
    pairs = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    headers = dict(pairs)
    length, status = headers.get("content-length", "0"), first.split(" ")[1:2]
    if not length.isdigit() or int(length) > MOST_BODY_BYTES or not status or not status[0].isdigit():
        raise NotRtsp
    stop = end + 4 + int(length)
    if stop > len(data):
        return None
    challenges = tuple(value for name, value in pairs if name == "www-authenticate")
    return Response(int(status[0]), headers, challenges, data[end + 4 : stop]), stop


def authorization(challenges: tuple[str, ...], method: str, address: Address, url: str) -> str | None:
    """Return the Authorization header for the strongest challenge that we can answer; None when there is none."""
    by_scheme = {c.partition(" ")[0].lower(): dict(_parts(c.partition(" ")[2])) for c in reversed(challenges)}
    digests = [dict(_parts(c.partition(" ")[2])) for c in challenges if c.lower().startswith("digest ")]
    digests.sort(key=lambda d: d.get("algorithm", "MD5").upper() != "SHA-256")
    for facts in digests:
        if facts.get("algorithm", "MD5").upper() in _HASHES:
            return _digest(facts, method, address, url)
    if "basic" in by_scheme:
        return "Basic " + b64encode(f"{address.user}:{address.password}".encode()).decode("ascii")
    return None


def _parts(text: str) -> list[tuple[str, str]]:
    return [(name.lower(), quoted or plain) for name, quoted, plain in _PART.findall(text)]


def _digest(facts: Mapping[str, str], method: str, address: Address, url: str) -> str:
    algorithm = facts.get("algorithm", "MD5").upper()
    realm, nonce = facts.get("realm", ""), facts.get("nonce", "")

    def hashed(text: str) -> str:
        return _HASHES[algorithm](text.encode()).hexdigest()

    secret, asked = hashed(f"{address.user}:{realm}:{address.password}"), hashed(f"{method}:{url}")
    said = {"username": address.user, "realm": realm, "nonce": nonce, "uri": url}
    if "auth" in [q.strip() for q in facts.get("qop", "").split(",")]:
        once = secrets.token_hex(8)
        said |= {"response": hashed(f"{secret}:{nonce}:00000001:{once}:auth:{asked}"), "cnonce": once}
        plain = ", qop=auth, nc=00000001"
    else:
        said |= {"response": hashed(f"{secret}:{nonce}:{asked}")}
        plain = ""
    if "opaque" in facts:
        said["opaque"] = facts["opaque"]
    named = f", algorithm={algorithm}" if "algorithm" in facts else ""
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in said.items()) + named + plain
