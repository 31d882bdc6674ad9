"""Reading a CAP 1.2 document: bounded, without DTDs, in the schema's own words (cap-tools)."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError

from cap_tools.models import Alert as CapAlert
from xsdata.exceptions import ConverterError, ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.parsers.handlers import XmlEventHandler

MOST_BYTES = 4 << 20
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CONFIG = ParserConfig(fail_on_unknown_properties=False, fail_on_converter_warnings=True)


class CapRefused(Exception):
    """A document is not taken; `reason` holds nothing of its text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_document(raw: bytes) -> CapAlert:
    """Return the document. Raises CapRefused."""
    if len(raw) > MOST_BYTES:
        raise CapRefused(f"it is longer than {MOST_BYTES} bytes")
    if _DTD.search(raw) or b"\x00" in raw[:4]:
        raise CapRefused("it declares a document type of its own")
    try:
        return XmlParser(config=_CONFIG, handler=XmlEventHandler).from_bytes(raw, CapAlert)
    except (ParserError, ConverterError, ExpatError, SyntaxError, TypeError, ValueError, LookupError) as error:
        raise CapRefused(f"it is no CAP 1.2 document ({type(error).__name__})") from None
