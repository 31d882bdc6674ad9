"""`onvif.json` of a workspace: which camera is which device. No password stands in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ptz import Mounting
from smartcity_console.runtime import write_atomically


class AdoptedUnreadable(ConsoleError):
    code = "onvif_list_unreadable"
    ko = "카메라 장치 목록 {path}을(를) 읽을 수 없습니다({why}). 영상은 그대로이며 카메라를 돌릴 수만 없습니다. 파일을 고치십시오."
    en = "The list of camera devices {path} cannot be read ({why}). Pictures go on; cameras cannot be turned. Mend the file."


class Adopted(msgspec.Struct, frozen=True, omit_defaults=True):
    """One camera's device. `profile` and `node` are the media profile and the PTZ node that turn it; `mounting` None:
    nobody has said which way it looks at pan zero."""

    address: str
    profile: str
    node: str = ""
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    snapshot: str = ""
    mounting: Mounting | None = None


class _File(msgspec.Struct):
    cameras: dict[str, Adopted] = {}


def adopted_path(workspace: Path) -> Path:
    return workspace / "onvif.json"


def read_adopted(workspace: Path) -> dict[str, Adopted]:
    """Return devices by camera id; empty when there is no file. Raises AdoptedUnreadable."""
    path = adopted_path(workspace)
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).cameras
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise AdoptedUnreadable(path=path, why=type(error).__name__) from None


def keep_adopted(workspace: Path, camera_id: str, device: Adopted) -> None:
    """Put one camera's device on the list. Raises AdoptedUnreadable: a list that is damaged is not overwritten."""
    cameras = read_adopted(workspace) | {camera_id: device}
    data = msgspec.json.format(msgspec.json.encode(_File(cameras)), indent=1)
    write_atomically(adopted_path(workspace), data, 0o600)
