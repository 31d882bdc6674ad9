"""The documents of a package: each says the same of one incident, in its own standard's words."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from cap_tools.models import Alert as CapAlert
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from xsdata.formats.dataclass.parsers import XmlParser

from smartcity_console.clock import ManualClock
from smartcity_console.handoff.documents import fonts
from smartcity_console.handoff.documents.custody import custody
from smartcity_console.handoff.documents.custody_pdf import custody_pdf
from smartcity_console.handoff.documents.forwarding import HEADER_BYTES, forwarding, forwarding_message
from smartcity_console.handoff.keys import fingerprint
from smartcity_console.handoff.package import PackageParts
from smartcity_console.handoff.seal import seal_package
from smartcity_console.handoff.verify import verify_package
from smartcity_console.model.geo import Position

Read = Callable[..., dict[str, bytes]]


@pytest.fixture
def read(parts: PackageParts, key: Ed25519PrivateKey, clock: ManualClock, tmp_path: Path) -> Read:
    """Return what seals the parts, changed as told, and reads the package's files."""

    def seal(**changes: Any) -> dict[str, bytes]:
        changed = msgspec.structs.replace(parts, **({"centre": "가온시"} | changes))
        sealed = seal_package(changed, key, clock.now(), tmp_path / "p.zip")
        assert verify_package(sealed.path).ok
        with zipfile.ZipFile(sealed.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    return seal


REQUIRED = {"$id", "lastUpdateTimeStamp", "updatedByAgencyReference"}


def test_the_eido_holds_what_the_schema_requires_and_its_references_lead_somewhere(read: Read) -> None:
    eido = json.loads(read()["eido.json"])
    assert eido["eidoVersion"] == "1.0" and eido["issuingElementIdentification"] == "가온시"
    components = [
        part for value in eido.values() if isinstance(value, list) for part in value if isinstance(part, dict)
    ]
    components += [eido, eido["incidentComponent"]]
    assert all(set(part) >= REQUIRED for part in components)
    known = {part["$id"] for part in components}
    assert len(known) == len(components)
    assert {reference for part in components for reference in references(part)} <= known
    for part in components:
        assert datetime.fromisoformat(part["lastUpdateTimeStamp"]).tzinfo is not None


def references(part: object) -> list[str]:
    if isinstance(part, list):
        return [found for item in part for found in references(item)]
    if not isinstance(part, dict):
        return []
    if set(part) == {"$ref"}:
        return [part["$ref"]]
    return [found for value in part.values() for found in references(value)]


def test_the_eido_says_what_it_is_where_and_what_belongs_to_it(read: Read) -> None:
    files = read()
    eido = json.loads(files["eido.json"])
    incident = eido["incidentComponent"]
    assert incident["incidentTypeCommonRegistryText"] == "Robbery" and incident["incidentCommonPriorityNumber"] == 1
    assert {item["uri"] for item in eido["mediaComponent"]} == {n for n in files if n.startswith(("clips/", "stills/"))}
    place = ElementTree.fromstring(eido["locationComponent"][0]["locationByValue"])
    position = place.find(".//{http://www.opengis.net/gml}pos")
    assert position is not None and position.text is not None
    lat, lon = map(float, position.text.split())
    assert 33 < lat < 39 and 124 < lon < 132
    assert any("TMA-AVS-01" in note["notesActionComments"] for note in eido["notesComponent"])


def test_an_uncertain_place_is_a_circle(read: Read, parts: PackageParts) -> None:
    incident = msgspec.structs.replace(parts.incident, position=Position(127.1, 37.4, 150.0))
    files = read(incident=incident)
    place = json.loads(files["eido.json"])["locationComponent"][0]["locationByValue"]
    assert "Circle" in place and ">150.0<" in place
    assert b"37.400000,127.100000 0.150" in files["cap.xml"]


def test_the_cap_document_stands_its_schema_and_is_for_the_receiver_alone(read: Read, parts: PackageParts) -> None:
    raw = read()["cap.xml"]
    alert = XmlParser().from_bytes(raw, CapAlert)
    assert (alert.status.value, alert.scope.value, alert.addresses) == ("Actual", "Private", parts.request.agency_id)
    assert [info.language for info in alert.infos] == ["ko-KR", "en-US"]
    assert alert.infos[0].event == "강도" and alert.infos[1].certainty.value == "Observed"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", str(alert.sent))
    assert b'xmlns="urn:oasis:names:tc:emergency:cap:1.2"' in raw


def test_the_forwarding_fields_and_their_header(parts: PackageParts, clock: ManualClock) -> None:
    fields = forwarding(parts, "가온시", is_test=False)
    assert fields["isTest"] == "N" and fields["statEvetTypCd"] == "BNRCP140" and fields["procSt"] == "10"
    assert re.fullmatch(r"\d{14}", fields["statEvetOutbDtm"])
    wire = forwarding_message(fields, "UCP", "112", clock.now())
    header, body = wire[:HEADER_BYTES].decode(), wire[HEADER_BYTES:]
    assert header[:9] == "EVTUCP112" and header[9:12] == "201" and int(header[26:]) == len(body)
    assert json.loads(body) == json.loads(json.dumps(fields))


def test_a_drill_says_so_in_every_document(read: Read) -> None:
    files = read(is_test=True)
    assert json.loads(files["forwarding.json"])["isTest"] == "Y"
    assert b"<status>Exercise</status>" in files["cap.xml"]
    assert json.loads(files["custody.json"])["is_test"] is True


def test_custody_names_every_hand_and_every_piece(read: Read, parts: PackageParts, key: Ed25519PrivateKey) -> None:
    files = read()
    record = json.loads(files["custody.json"])
    assert record["signer"] == fingerprint(key.public_key()) and record["centre"] == "가온시"
    clips = [item for item in record["items"] if item["name"].startswith("clips/")]
    assert [item["sha256"] for item in clips] == [clip.facts.es_sha256 for clip in parts.clips]
    steps = [step["what"] for step in record["steps"]]
    assert steps[0] == "IncidentOpened" and steps[-1] == "Sealed" and steps.count("ClipCut") == len(parts.clips)
    assert files["custody.pdf"].startswith(b"%PDF-")


def test_each_cut_of_the_font_gives_the_same_pdf_and_a_rare_syllable_takes_the_whole_one(
    parts: PackageParts, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, whole = fonts.make_cuts()
    assert fonts.font("강남구 Gangnam · →") == (usual, 0)
    assert fonts.font("강남구 뢔") == (whole, 0)  # not in KS X 1001
    record = custody(parts, "00" * 32, clock.now())
    made = [custody_pdf(record, b"{}")]
    monkeypatch.setattr(fonts, "cut_paths", lambda: (whole.with_name("none"), whole))
    made.append(custody_pdf(record, b"{}"))
    assert made[0] == made[1]


def test_without_the_font_the_package_goes_out_without_the_pdf(
    read: Read, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "SYSTEM_FONT", tmp_path / "none.ttc")
    files = read()
    assert "custody.pdf" not in files and "custody.json" in files
    assert "fonts-noto-cjk" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("text", ['"><script>', 'a\\"b', "가\u0000나 <&>"])
def test_outside_text_stays_text_in_every_document(read: Read, parts: PackageParts, text: str) -> None:
    alert = msgspec.structs.replace(parts.incident.first_alert, site_name=text, text=text)
    incident = msgspec.structs.replace(parts.incident, alerts=(alert,))
    files = read(incident=incident, request=msgspec.structs.replace(parts.request, note=text, agency_name=text))
    eido = json.loads(files["eido.json"])
    assert json.loads(eido["agencyComponent"][1]["agencyJcard"])[1][1][3] == text
    XmlParser().from_bytes(files["cap.xml"], CapAlert)
