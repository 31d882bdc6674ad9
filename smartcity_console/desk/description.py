"""The OpenAPI 3.1 document of what a receiver of hand-offs has to serve, made from the types that decode it.

An agency's own dispatch system that serves these paths, and posts receipts to the address in the notice, can stand where
the desk stands.
"""

from __future__ import annotations

from typing import Any

import msgspec

from smartcity_console.handoff.notice import HandoffUpdate, Notice
from smartcity_console.model.events import UnitPosition

_TAKEN = {
    "200": "The same is here already.",
    "201": "Taken: it is on disk.",
    "401": "The bearer token or the signature is missing or wrong.",
    "404": "unknown_handoff: its notice has not come (yet).",
    "409": "Under this id something else was taken; what came first is kept.",
    "413": "Too large.",
    "422": "It cannot be read, or its seal does not verify; the answer says why.",
    "429": "Too many requests of this address.",
    "503": "It could not be stored: send it again.",
}


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver posts to `receipts.url` of the notice with `receipts.token` as bearer. The same `receipt_id`
    again changes nothing. `stage`: opened, accepted, refused (`reason`), units_sent (`units`, `eta_min`), on_scene
    (`units`), closed (`outcome`, `note`), message (`text`), positions (`positions`)."""

    receipt_id: str
    handoff_id: str
    stage: str
    by: str = ""
    at: str = ""
    units: tuple[str, ...] = ()
    eta_min: float | None = None
    reason: str = ""
    outcome: str = ""
    note: str = ""
    text: str = ""
    positions: tuple[UnitPosition, ...] = ()


def description() -> dict[str, Any]:
    """Return the document."""
    types = (Notice, HandoffUpdate, Receipt)
    (notice, update, receipt), components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    package = f"{_PATH}/package"
    return {
        "openapi": "3.1.0",
        "info": {"title": "smartcity-console: receiver of hand-offs", "version": "1"},
        "security": [{"bearer": []}, {"signature": []}],
        "paths": {
            "/api/handoffs": {"post": _post("takeNotice", "Take a notice: first, within the second", notice)},
            package: {"put": _package(), "head": _offset()},
            f"{_PATH}/updates": {"post": _post("takeUpdate", "Take a recall or a message", update, by_id=True)},
        },
        "webhooks": {"receipt": {"post": _receipt(receipt)}},
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "signature": _SIGNATURE},
        },
    }


_PATH = "/api/handoffs/{id}"
_SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "X-Smartcity-Signature",
    "description": "In place of the token: `v1=` and the hex HMAC-SHA256, under the shared secret, of five lines joined by a newline: "
    "X-Smartcity-Time (seconds since 1970), method, path, Content-Range (empty when there is none), and the hex SHA-256 of "
    "the body, which of a package is X-Content-SHA256. The time may be four minutes old and one minute ahead.",
}


def _post(name: str, summary: str, schema: dict[str, Any], *, by_id: bool = False) -> dict[str, Any]:
    key = "The update's id." if by_id else "The hand-off's id."
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*([_ID] if by_id else []), _header("Idempotency-Key", key)],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _answers(_TAKEN),
    }


def _package() -> dict[str, Any]:
    content = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    sha256 = _header("X-Content-SHA256", "The SHA-256 of the whole package in hex.", required=True)
    span = _header("Content-Range", "bytes FIRST-LAST/SIZE, where an upload goes on (RFC 9110, 14.4).")
    return {
        "operationId": "takePackage",
        "summary": "Take the sealed evidence package of a hand-off, whole or from a byte on",
        "parameters": [_ID, sha256, span],
        "requestBody": {"required": True, "content": content},
        "responses": _answers(_TAKEN),
    }


def _offset() -> dict[str, Any]:
    told = "Upload-Offset: how many bytes are here; Upload-Complete: ?1 when the package is whole and stored."
    return {
        "operationId": "packageOffset",
        "summary": "Say how much of a package is here. A receiver that does not serve this gets it whole",
        "parameters": [_ID, _header("X-Content-SHA256", "The SHA-256 of the package.", required=True)],
        "responses": _answers({"200": told, "401": _TAKEN["401"], "404": _TAKEN["404"]}),
    }


def _receipt(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "receipt",
        "summary": "What the receiver reports to the centre",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _answers({"200": "The centre has it.", "429": "Too many: send it again in a moment."}),
    }


def _answers(texts: dict[str, str]) -> dict[str, Any]:
    return {code: {"description": text} for code, text in texts.items()}


def _header(name: str, text: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": text, "schema": {"type": "string"}}


_ID = {"name": "id", "in": "path", "required": True, "description": "The hand-off.", "schema": {"type": "string"}}
