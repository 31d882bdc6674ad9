"""A CAP 1.2 document for tests."""

from __future__ import annotations

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>gaon@city.example</sender><sent>2026-11-23T12:00:00+09:00</sent>
  <status>{status}</status><msgType>{type}</msgType><scope>Public</scope>{references}
  <info><language>en-US</language><category>Met</category><event>Heavy rain</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty></info>
  <info><language>ko-KR</language><category>Met</category><event>호우</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
    <senderName>가온시 재난안전</senderName><headline>가온천 범람 위험</headline><description>둔치 통제</description>
    <resource><resourceDesc>현장</resourceDesc><mimeType>image/jpeg</mimeType><derefUri>/9j/4AAQ</derefUri></resource>
    <area><areaDesc>가온천</areaDesc>{shape}</area></info>
</alert>
"""


def cap(
    identifier: str = "G-1",
    status: str = "Actual",
    type: str = "Alert",
    references: str = "",
    shape: str = "<circle>37.42,127.12 0.5</circle>",
) -> bytes:
    """Return the document with these parts."""
    told = f"<references>{references}</references>" if references else ""
    return DOCUMENT.format(identifier=identifier, status=status, type=type, references=told, shape=shape).encode()
