"""`send`: one test message of a linked service, as 112, 119, the disaster system or a telecom would send it."""

from __future__ import annotations

import json
from argparse import Namespace

from smartcity_console.clock import Clock
from smartcity_console.drill.linked_sender import LinkedSender
from smartcity_console.intake.linked.services import Service
from smartcity_console.runtime import read_announcement
from smartcity_console.settings import Settings

SERVICES = {
    "112-video": Service.VIDEO_112,
    "112-dispatch": Service.DISPATCH_112,
    "119-dispatch": Service.DISPATCH_119,
    "disaster": Service.DISASTER,
    "person": Service.PERSON,
}
_WHAT = {
    Service.VIDEO_112: "EVT_TYP",
    Service.DISPATCH_112: "EVT_TYP",
    Service.DISPATCH_119: "EVT_NM",
    Service.DISASTER: "EVT_NM",
    Service.PERSON: "SVC_TYP",
}


def run_send(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Send to the workspace's running gateway, else to the address of the settings. Raises LinkedNotTaken."""
    told = read_announcement(options.workspace, "gateway")
    fallback = f"tcp://{settings.text('intake.linked.host')}:{settings.whole('intake.linked.port')}"
    address = told["addresses"]["linked"] if told else fallback
    service = SERVICES[options.service]
    given = {_WHAT[service]: options.what, "EVT_DTL": options.text, "ADDR": options.address, "SEND_NUM": options.case}
    fields = {name: value for name, value in given.items() if value} | _place(options.at)
    LinkedSender(address, clock).send(service, fields, options.state)
    print(json.dumps({"sent": service.value, "to": address, "fields": fields}, ensure_ascii=False))
    return 0


def _place(at: str) -> dict[str, str]:
    lon, _, lat = at.partition(",")
    return {"LON": lon.strip(), "LAT": lat.strip()} if lat else {}
