"""WS-Discovery over real UDP: one by one, by multicast, and what strangers answer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.onvif_device import DeviceFacts, DeviceServer, Trouble
from smartcity_console.video.onvif.discovery import _matches, addresses_in, discover
from smartcity_console.video.onvif.errors import AddressRefused


def find(port: int, *addresses: str, interface: str = "") -> list[Any]:
    return asyncio.run(discover(addresses, listen_s=1.0, port=port, interface=interface))


def test_a_device_is_found_by_its_address_and_told_once() -> None:
    facts = DeviceFacts(name="은행로 85길")
    with DeviceServer(facts, SystemClock(), discovery_port=0) as device:
        found = find(device.discovery_port, *addresses_in("127.0.0.0/30"))
        assert [(each.address.url, each.name, each.model, each.turns) for each in found] == [
            (device.address, "은행로 85길", "GV-PTZ30", True)
        ]
        device.trouble = Trouble.SILENT
        assert find(device.discovery_port, "127.0.0.1") == []


def test_devices_are_found_by_multicast() -> None:
    with DeviceServer(DeviceFacts(), SystemClock(), discovery_port=0, multicast=True) as device:
        assert [each.address.url for each in find(device.discovery_port, interface="127.0.0.1")] == [device.address]


@pytest.mark.parametrize(
    ("text", "count", "first"),
    [
        ("10.1.2.3", 1, "10.1.2.3"),
        ("10.1.2.0/24", 254, "10.1.2.1"),
        ("10.1.2.8-10.1.2.11", 4, "10.1.2.8"),
        ("10.1.2.4/31", 2, "10.1.2.4"),
    ],
)
def test_ranges_are_read(text: str, count: int, first: str) -> None:
    found = addresses_in(text)
    assert (len(found), found[0]) == (count, first)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "camera", "10.1.2.9-10.1.2.1", "10.1.2.1-::1", ""])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        addresses_in(text)


def test_answers_that_make_no_sense_are_passed_over() -> None:
    answers = [b"", b"\xff\x00", b"<a/>", b"<" * 60_000, _match("rtsp://10.0.0.9/x"), _match("http://u:p@10.0.0.9/")]
    stop = _stranger(answers)
    with DeviceServer(DeviceFacts(), SystemClock(), discovery_port=0) as device:
        try:
            assert find(stop.port, "127.0.0.1") == []
            assert len(find(device.discovery_port, "127.0.0.1")) == 1
        finally:
            stop()


def test_a_device_cannot_send_its_caller_to_somebody_else() -> None:
    found = _matches(_match("http://10.0.0.9:8080/onvif/device_service"), "192.0.2.7")
    assert [each.address.url for each in found] == ["http://192.0.2.7:8080"]
    both = _match("http://10.0.0.9:8080/x http://192.0.2.7/x")
    assert [each.address.url for each in _matches(both, "192.0.2.7")] == ["http://192.0.2.7:80"]


def _match(address: str) -> bytes:
    discovery, addressing = (
        "http://schemas.xmlsoap.org/ws/2005/04/discovery",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    )
    return (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="{addressing}" xmlns:d="{discovery}">'
        f"<s:Header><a:MessageID>urn:1</a:MessageID><a:RelatesTo>urn:2</a:RelatesTo>"
        f"<a:Action>{discovery}/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<a:EndpointReference><a:Address>urn:3</a:Address></a:EndpointReference><d:XAddrs>{address}</d:XAddrs>"
        f"<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    ).encode()


class _Stop:
    def __init__(self, port: int, end: Callable[[], None]) -> None:
        self.port, self._end = port, end

    def __call__(self) -> None:
        self._end()


def _stranger(answers: list[bytes]) -> _Stop:
    """A UDP port that answers each probe with all of these."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                _, sender = sock.recvfrom(65535)
            except TimeoutError:
                continue
            for answer in answers:
                sock.sendto(answer, sender)

    thread = threading.Thread(target=serve)
    thread.start()

    def end() -> None:
        over.set()
        thread.join()
        sock.close()

    return _Stop(sock.getsockname()[1], end)
