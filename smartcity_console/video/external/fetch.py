"""Fetching a span: within time and size, whatever the other side does."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.external.config import ExternalRecorder


class ExternalFailed(ConsoleError):
    code = "external_recorder"
    ko = (
        "외부 녹화기 {name}에서 카메라 {camera_id}의 영상을 가져오지 못했습니다: {why}. 다른 영상은 그대로입니다. "
        "녹화기를 확인하고 다시 시도하십시오."
    )
    en = (
        "Recorder {name} gave no video of camera {camera_id}: {why}. Other video is untouched. "
        "Look at the recorder and try again."
    )


class Broken(Exception):
    """Why a fetch failed, in words without the address."""


def download(recorder: ExternalRecorder, url: str, login: tuple[str, str] | None, out: Path, clock: Clock) -> None:
    """Write what an HTTP address gives to a file. Raises Broken, OSError. Redirects are not followed: credentials stay."""
    until_s = clock.monotonic_s() + recorder.total_s
    try:
        with (
            httpx.Client(timeout=recorder.timeout_s, auth=_auth(recorder, login)) as client,
            client.stream("GET", url) as r,
        ):
            _must_be_video(r)
            _copy(r, out, round(recorder.max_mib * 2**20), until_s, clock)
    except httpx.TimeoutException:
        raise Broken(f"no answer within {recorder.timeout_s:g} s") from None
    except httpx.RemoteProtocolError:
        raise Broken("the transfer broke off before its end") from None
    except httpx.HTTPError as error:
        raise Broken(type(error).__name__) from None


def _auth(recorder: ExternalRecorder, login: tuple[str, str] | None) -> httpx.Auth | None:
    if login is None:
        return None
    return httpx.DigestAuth(*login) if recorder.auth == "digest" else httpx.BasicAuth(*login)


def _must_be_video(response: httpx.Response) -> None:
    if response.status_code != 200:
        known = {401: "it refuses our credentials", 403: "it refuses our credentials", 404: "it has no such span"}
        raise Broken(known.get(response.status_code, f"it answered {response.status_code}"))
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind == "application/json":
        raise Broken(f"it sent {kind[:40]} instead of video")


def _copy(response: httpx.Response, out: Path, most_bytes: int, until_s: float, clock: Clock) -> None:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most_bytes:
        raise Broken("the span is larger than max_mib allows")
    size = 0
    with out.open("wb") as file:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > most_bytes:
                raise Broken("the span is larger than max_mib allows")
            if clock.monotonic_s() > until_s:
                raise Broken("it sends too slowly: total_s is over")
            file.write(chunk)


def with_login(url: str, login: tuple[str, str] | None) -> str:
    """Return an RTSP address with credentials in it, as the library wants them: never to be shown or logged."""
    if login is None:
        return url
    parts = urlsplit(url)
    user, password = (quote(text, safe="") for text in login)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc}"))
