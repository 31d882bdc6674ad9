"""Why a live view cannot be had."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class NotPlayable(ConsoleError):
    """No browser plays what the camera sends; `codec` in its facts is libavcodec's name of it."""

    code = "live_not_playable"
    ko = "카메라가 보내는 {codec} 형식은 브라우저에서 볼 수 없습니다. 녹화는 그대로입니다. H.264로 변환해 보십시오."
    en = "No browser plays {codec}, which the camera sends. Recording goes on. Ask for a view converted to H.264."


class ConvertersBusy(ConsoleError):
    code = "live_converters_busy"
    ko = "지금 변환 중인 영상이 {most}개로 가득 찼습니다. 다른 보기는 그대로입니다. 잠시 뒤 다시 여십시오."
    en = "{most} pictures are being converted, which is the most. Other views go on. Try again in a while."


class LiveBroken(ConsoleError):
    code = "live_broken"
    ko = "카메라 {camera_id}의 실시간 영상을 이어 갈 수 없습니다({why}). 녹화는 그대로입니다. 다시 여십시오."
    en = "The live picture of camera {camera_id} cannot go on ({why}). Recording goes on. Open it again."
