"""The OpenAPI 3.1 document of the webhook, made from the types that decode it: it cannot say anything else."""

from __future__ import annotations

from typing import Any

import msgspec

from smartcity_console.intake.report import Report
from smartcity_console.intake.webhook.signature import AHEAD_S, KEY, OLD_S, SIGNATURE, TIME

_ANSWERS = {
    "200": "The same event_id again within five minutes: it is stored already.",
    "201": "Stored: it is on disk and in the queue.",
    "401": "Unknown key, wrong signature, or a time too far off.",
    "403": "The account is not the key's, or not to be reported from this address or in this way.",
    "408": "The body took too long.",
    "413": "The body is too long.",
    "422": "The report cannot be read; the field is named.",
    "429": "Too many reports of this key in a minute.",
    "503": "It could not be stored: send it again.",
}


def description() -> dict[str, Any]:
    """Return the document."""
    (schema,), components = msgspec.json.schema_components((Report,), ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "smartcity-console webhook", "version": "1"},
        "paths": {"/v1/alerts": {"post": _post(schema)}, "/v1/cap": {"post": _cap()}},
        "components": {"schemas": components},
    }


def _post(schema: dict[str, Any]) -> dict[str, Any]:
    summary = "Report one alarm, its restoral or its cancellation"
    return _operation("reportAlert", summary, {"application/json": {"schema": schema}})


def _cap() -> dict[str, Any]:
    content = {"application/cap+xml": {"schema": {"type": "string", "description": "OASIS CAP 1.2"}}}
    return _operation("reportCap", "Report one CAP 1.2 document", content)


def _operation(name: str, summary: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [
            _header(KEY, "The key's id."),
            _header(TIME, f"Seconds since 1970 (UTC): at most {OLD_S} s old, {AHEAD_S} s ahead."),
            _header(SIGNATURE, 'v1= and the hex HMAC-SHA256 of the time, "." and the body, under the key.'),
        ],
        "requestBody": {"required": True, "content": content},
        "responses": {code: {"description": text} for code, text in _ANSWERS.items()},
    }


def _header(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
