"""RTSP 1.0 messages (RFC 2326): read a request, write a response, understand a Transport header."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec

_MAX_LINES = 64
_MAX_BODY_BYTES = 64 * 1024
REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
}


class BadRequest(Exception):
    """The peer does not speak RTSP; the connection is closed after a 400."""


class Request(msgspec.Struct, frozen=True):
    """One request; header names are lower case. Everything here is outside text."""

    method: str
    url: str
    headers: dict[str, str]

    @property
    def mount(self) -> str:
        """Return the first part of the URL's path: the camera id."""
        return unquote(urlsplit(self.url).path).strip("/").split("/")[0]


class Transport(msgspec.Struct, frozen=True):
    """One way to carry RTP: over the RTSP connection on two channels, or by UDP to two ports."""

    tcp: bool
    first: int  # channel or port of RTP
    second: int  # of RTCP


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request; None when the peer has closed. RTCP that a client interleaves is read and let go.

    Raises BadRequest, asyncio.IncompleteReadError.
    """
    while first := await reader.read(1):
        if first == b"$":
            head = await reader.readexactly(3)
            await reader.readexactly(int.from_bytes(head[1:3], "big"))
        elif first not in b"\r\n":
            return await _rest_of_request(first, reader)
    return None


async def _rest_of_request(first: bytes, reader: asyncio.StreamReader) -> Request:
    words = (first.decode("latin-1") + await _line(reader)).split(" ")
    if len(words) != 3 or not words[2].startswith("RTSP/"):
        raise BadRequest
    headers: dict[str, str] = {}
    while line := await _line(reader):
        name, colon, value = line.partition(":")
        if not colon or len(headers) >= _MAX_LINES:
            raise BadRequest
        headers[name.strip().lower()] = value.strip()
    await _skip_body(reader, headers)
    return Request(words[0], words[1], headers)


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
    except (asyncio.LimitOverrunError, ValueError):
        raise BadRequest from None


async def _skip_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> None:
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > _MAX_BODY_BYTES:
        raise BadRequest
    await reader.readexactly(int(length))


def response(status: int, sequence: str, headers: Mapping[str, str] | None = None, body: str = "") -> bytes:
    """Return the bytes of a response. `sequence` is echoed only when it is a number: it came from outside."""
    lines = [f"RTSP/1.0 {status} {REASONS[status]}"]
    if sequence.isdigit():
        lines.append(f"CSeq: {sequence}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    data = body.encode()
    if data:
        lines.append(f"Content-Length: {len(data)}")
    return "\r\n".join([*lines, "", ""]).encode() + data


def choose_transport(header: str, free_channel: int) -> Transport | None:
    """Return the first offer of a Transport header that can be served: unicast RTP/AVP over TCP or UDP."""
    for offer in header.split(","):
        profile, *parameters = (part.strip() for part in offer.split(";"))
        named = dict(part.partition("=")[::2] for part in parameters)
        if "multicast" in named:
            continue
        if profile == "RTP/AVP/TCP":
            pair = _pair(named.get("interleaved", f"{free_channel}-{free_channel + 1}"), 255)
            return Transport(True, *pair) if pair else None
        if profile in ("RTP/AVP", "RTP/AVP/UDP") and (pair := _pair(named.get("client_port", ""), 65535)):
            return Transport(False, *pair)
    return None


def _pair(text: str, limit: int) -> tuple[int, int] | None:
    low, dash, high = text.partition("-")
    if not low.isdigit() or (dash and not high.isdigit()):
        return None
    pair = int(low), int(high) if dash else int(low) + 1
    return pair if 0 <= pair[0] <= limit and 0 <= pair[1] <= limit else None
