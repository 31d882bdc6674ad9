"""Why a camera could not be turned to a spot, in sentences."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ptz import NoAim


class NotAimed(ConsoleError):
    """A camera cannot be turned to a spot; which sentence says why."""

    code = "ptz_not_aimed"
    ko = "카메라 {camera_id}: 장치가 절대 위치를 받지 않아 지점으로 돌리지 못했습니다. 카메라는 그대로입니다. 손으로 돌리십시오."
    en = "{camera_id}: the device takes no absolute positions, so it was not turned. Turn it by hand."


class NotMounted(NotAimed):
    code = "ptz_not_mounted"
    ko = "카메라 {camera_id}: 팬 0도의 방위가 등록되지 않아 돌리지 못했습니다. 카메라는 그대로입니다. 설치 방위를 등록하십시오."
    en = "{camera_id}: which way it looks at pan zero is not set, so it was not turned. Set its mounting."


class NoUnits(NotAimed):
    code = "ptz_no_units"
    ko = "카메라 {camera_id}: 장치 단위가 몇 도인지 등록되지 않아 돌리지 못했습니다. 카메라는 그대로입니다. 회전 범위를 등록하십시오."
    en = "{camera_id}: what its units mean in degrees is not set, so it was not turned. Set its range."


class BeyondReach(NotAimed):
    code = "ptz_beyond_reach"
    ko = "카메라 {camera_id}: 지점이 회전 범위를 벗어나 돌리지 못했습니다. 카메라는 그대로입니다. 다른 카메라를 쓰십시오."
    en = "{camera_id}: the spot is beyond its stops, so it was not turned. Use another camera."


WHY_NOT: dict[NoAim, type[NotAimed]] = {
    NoAim.NO_ABSOLUTE: NotAimed,
    NoAim.NO_MOUNTING: NotMounted,
    NoAim.NO_RANGE: NoUnits,
    NoAim.OUT_OF_REACH: BeyondReach,
}
