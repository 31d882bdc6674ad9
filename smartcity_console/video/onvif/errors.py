"""What goes wrong with an ONVIF device, in sentences. No sentence holds a password or an address with one in it."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError

MOST_SAID = 160


class OnvifError(ConsoleError):
    """Base. `device` is host and port."""


class DeviceUnreachable(OnvifError):
    code = "onvif_unreachable"
    ko = "카메라 장치 {device}에 연결할 수 없습니다({why}). 영상은 그대로입니다. 주소와 전원, 통신망을 확인하십시오."
    en = "The camera device {device} cannot be reached ({why}). Its pictures are not affected. Check address, power, network."


class DeviceSilent(OnvifError):
    code = "onvif_silent"
    ko = "카메라 장치 {device}이(가) {limit_s}초 안에 답하지 않았습니다. 영상은 그대로입니다. 잠시 뒤 다시 하십시오."
    en = "The camera device {device} did not answer within {limit_s} s. Its pictures are not affected. Try again shortly."


class LoginRefused(OnvifError):
    code = "onvif_login_refused"
    ko = "카메라 장치 {device}이(가) 로그인을 거절했습니다. 장치가 잠기지 않도록 다시 시도하지 않습니다. 사용자와 암호, 장치 시각을 확인하십시오."
    en = "The camera device {device} refused the login. It is not tried again, lest the device lock itself. Check user, password and the device's clock."


class DeviceFault(OnvifError):
    code = "onvif_fault"
    ko = "카메라 장치 {device}이(가) 요청을 거절했습니다: {said}. 바뀐 것은 없습니다."
    en = "The camera device {device} refused the request: {said}. Nothing was changed."


class DeviceUnreadable(OnvifError):
    code = "onvif_unreadable"
    ko = "카메라 장치 {device}의 답을 알아들을 수 없습니다({why}). 영상은 그대로입니다. 장치의 펌웨어를 확인하십시오."
    en = "The answer of the camera device {device} makes no sense ({why}). Its pictures are not affected. Check its firmware."


class ServiceMissing(OnvifError):
    code = "onvif_service_missing"
    ko = "카메라 장치 {device}에는 {service} 기능이 없습니다."
    en = "The camera device {device} has no {service} service."


class AbilityMissing(OnvifError):
    code = "ptz_lacks"
    ko = "카메라 장치 {device}은(는) 이 동작을 지원하지 않습니다: {verb}."
    en = "The camera device {device} does not support this: {verb}."


class AddressRefused(OnvifError):
    code = "onvif_address"
    ko = "{address}은(는) 쓸 수 있는 주소가 아닙니다: {why}. 아무것도 보내지 않았습니다."
    en = "{address} is no usable address: {why}. Nothing was sent."


class CredentialsUnsafe(OnvifError):
    code = "onvif_credentials_unsafe"
    ko = "{path}을(를) 읽지 않았습니다: {why}. 소유자만 읽도록(0600) 바로잡으십시오."
    en = "{path} was not read: {why}. Let nobody but its owner read it (mode 0600)."


def short(text: object) -> str:
    """Return outside text on one line, bounded and printable."""
    flat = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(flat.split())[:MOST_SAID]
