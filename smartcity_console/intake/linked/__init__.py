"""The five linked services of the smart-city platform (112 video, 112 and 119 dispatch, disaster, vulnerable people).

Text over TCP: a 48-byte header, fields parted by 0x1E, items of a list by 0x1F, `;` at the end. No public standard text
was found; docs/protocols/linked.md says what this receiver takes and what it answers.
"""

from smartcity_console.intake.linked.framer import LinkedFramer
from smartcity_console.intake.linked.message import Header, Message, encode_message, parse_message

__all__ = ["Header", "LinkedFramer", "Message", "encode_message", "parse_message"]
