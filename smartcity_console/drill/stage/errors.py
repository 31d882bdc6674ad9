"""What can go wrong while the shipped feeds are built."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class FontMissing(ConsoleError):
    code = "stage_font_missing"
    ko = (
        "간판을 그릴 한글 글꼴이 없습니다({paths}). 만들어진 영상은 그대로입니다. fonts-noto-cjk 꾸러미를 설치하십시오."
    )
    en = "No Korean font for the signboards ({paths}). Feeds built before are kept. Install the package fonts-noto-cjk."


class SceneIncomplete(ConsoleError):
    code = "stage_scene_incomplete"
    ko = "장면을 꾸밀 수 없습니다: {what}. 만들어진 영상은 그대로입니다. 도시 자료를 다시 만드십시오."
    en = "The scene cannot be staged: {what}. Feeds built before are kept. Build the city's catalogue again."
