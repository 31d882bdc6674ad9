"""Typed errors, each told in a sentence in Korean and in English.

A sentence says what happened, what was kept and what to do. Subclasses give both templates; the keyword arguments
of the constructor fill them. Outside text is only ever a *value* of a template, never a template.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Language = Literal["ko", "en"]


class ConsoleError(Exception):
    """Base of every error that a person is told about."""

    code: ClassVar[str] = "error"
    ko: ClassVar[str] = "알 수 없는 오류입니다."
    en: ClassVar[str] = "An unknown error happened."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language = "ko") -> str:
        """Return the whole sentence in the language asked for."""
        return (self.ko if language == "ko" else self.en).format_map(self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[ConsoleError], facts: dict[str, object]) -> ConsoleError:
    """Unpickle an error that crossed a process boundary."""
    return kind(**facts)


class PortInUse(ConsoleError):
    code = "port_in_use"
    ko = (
        "{what}: 포트 {port}을(를) 이미 {holder}이(가) 쓰고 있습니다. 기록은 그대로입니다. "
        "그 프로그램을 끄거나 {setting} 설정을 바꾸십시오."
    )
    en = (
        "{what}: port {port} is already held by {holder}. Nothing was lost. "
        "Stop that program or change the setting {setting}."
    )


class UnknownCamera(ConsoleError):
    code = "unknown_camera"
    ko = "카메라 {camera_id}이(가) 목록에 없습니다."
    en = "Camera {camera_id} is not in the catalogue."


class DiskFull(ConsoleError):
    code = "disk_full"
    ko = (
        "디스크가 가득 찼습니다({path}, 남은 용량 {free_mib} MiB). 이미 저장된 기록은 그대로입니다. "
        "공간을 비우면 스스로 이어갑니다."
    )
    en = (
        "The disk is full ({path}, {free_mib} MiB left). What was stored is kept. "
        "Free some space and it goes on by itself."
    )
