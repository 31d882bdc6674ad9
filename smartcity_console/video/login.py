"""A camera's login put into its address at the moment of opening, in the process that opens it, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from smartcity_console.video.onvif.credentials import Credentials, credentials_path, read_credentials_file
from smartcity_console.video.onvif.errors import CredentialsUnsafe

_ASK = frozenset({"rtsp", "rtsps", "http", "https"})


def login_file(workspace: Path, camera_id: str) -> Path | None:
    """Return where a camera's login lies; None for one whose id cannot name a file."""
    try:
        return credentials_path(workspace, camera_id)
    except CredentialsUnsafe:
        return None


def with_login(address: str, file: Path | str | None) -> str:
    """Return the address with the user and password of a 0600 file, percent-encoded (RFC 3986 3.2.1).

    An address that has its own, one of a scheme that knows none, or a file that is not there change nothing. The result
    is a secret: it goes to the library that opens it and is kept nowhere. Raises CredentialsUnsafe.
    """
    parts = urlsplit(address)
    if not file or parts.scheme not in _ASK or "@" in parts.netloc:
        return address
    known = read_credentials_file(Path(file))
    if known == Credentials():
        return address
    who = f"{quote(known.user, safe='')}:{quote(known.password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{who}@{parts.netloc}"))
