"""What a desk refuses, told in sentences. `status` is the HTTP status that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec
from starlette.responses import Response

from smartcity_console.model.errors import ConsoleError


def told(error: ConsoleError, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as an answer, with its sentence in both languages."""
    status = error.status if isinstance(error, DeskRefusal) else 503
    body = {"code": error.code, "ko": error.sentence("ko"), "en": error.sentence("en")}
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


class DeskRefusal(ConsoleError):
    code = "refused"
    status: ClassVar[int] = 400


class Unauthorised(DeskRefusal):
    code = "unauthorised"
    status = 401
    ko = "자격을 확인할 수 없어 받지 않았습니다. 인증 토큰을 확인하십시오."
    en = "The credential is missing or wrong, so this was not taken. Check the bearer token."


class LoginRequired(DeskRefusal):
    code = "login_required"
    status = 401
    ko = "로그인해야 합니다. 받은 이관은 그대로입니다. 사용자 이름과 비밀번호를 넣으십시오."
    en = "A login is needed. Hand-offs that came are kept. Enter your user name and password."


class LoginFailed(DeskRefusal):
    code = "login_failed"
    status = 401
    ko = "사용자 이름이나 비밀번호가 맞지 않습니다. 다시 넣으십시오."
    en = "The user name or the password is wrong. Enter them again."


class LockedOut(DeskRefusal):
    code = "locked_out"
    status = 429
    ko = "로그인 실패가 이어져 {seconds}초 동안 받지 않습니다. 기다린 뒤 다시 하십시오."
    en = "Too many failed logins: none is taken for {seconds} s. Wait and try again."


class ForeignRequest(DeskRefusal):
    code = "foreign_request"
    status = 403
    ko = "이 화면에서 온 요청이 아니어서 받지 않았습니다. 화면을 새로 고친 뒤 다시 하십시오."
    en = "The request did not come from this page, so it was not taken. Reload the page and try again."


class UnknownHandoff(DeskRefusal):
    code = "unknown_handoff"
    status = 404
    ko = "이관 {handoff_id}을(를) 받은 적이 없습니다. 먼저 이관 통지를 보내야 합니다."
    en = "Hand-off {handoff_id} is not known here. Its notice must come first."


class NoSuchFile(DeskRefusal):
    code = "no_such_file"
    status = 404
    ko = "꾸러미에 그런 파일이 없습니다."
    en = "The package holds no such file."


class Different(DeskRefusal):
    code = "different"
    status = 409
    ko = "이관 {handoff_id}은(는) 다른 내용으로 이미 받았습니다. 먼저 받은 것을 그대로 두었습니다."
    en = "Hand-off {handoff_id} was already taken with other content. What came first was kept."


class NotNow(DeskRefusal):
    code = "not_now"
    status = 409
    ko = "지금은 할 수 없습니다: 이관이 {stage} 상태입니다. 화면이 새로 고쳐지면 다시 확인하십시오."
    en = "This cannot be done now: the hand-off stands at {stage}. Look at the refreshed page."


class TooSoon(DeskRefusal):
    code = "too_soon"
    status = 429
    ko = "요청이 너무 잦아 받지 않았습니다. 받은 것은 그대로입니다. 잠시 뒤 다시 하십시오."
    en = "Requests come too fast, so this one was not taken. What was taken is kept. Try again in a moment."


class TooLarge(DeskRefusal):
    code = "too_large"
    status = 413
    ko = "내용이 너무 커서({limit_bytes} 바이트 초과) 받지 않았습니다. 저장된 것은 그대로입니다."
    en = "The content is larger than {limit_bytes} bytes and was not taken. What was stored is kept."


class WrongOffset(DeskRefusal):
    code = "wrong_offset"
    status = 409
    ko = "꾸러미의 {first} 바이트부터는 이어 받을 수 없습니다(받은 것: {offset} 바이트). 처음부터 다시 보내십시오."
    en = "The package cannot go on at byte {first} ({offset} are here). Send it from its beginning."


class BadContent(DeskRefusal):
    code = "bad_content"
    status = 422
    ko = "내용을 읽을 수 없어 받지 않았습니다: {why}."
    en = "The content cannot be read and was not taken: {why}."


class PackageInvalid(DeskRefusal):
    code = "package_invalid"
    status = 422
    ko = "증거 꾸러미의 봉인이 확인되지 않아 받지 않았습니다: {why}. 보낸 곳에 다시 보내 달라고 하십시오."
    en = "The evidence package does not verify and was not taken: {why}. Ask the sender to send it again."
