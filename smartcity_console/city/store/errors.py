"""What can go wrong with a catalogue, told to a person."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class CatalogueTooNew(ConsoleError):
    code = "catalogue_too_new"
    ko = (
        "도시 자료 {path}은(는) 더 새로운 판({version})으로 만들어졌습니다. 파일은 그대로 두었습니다. "
        "프로그램을 새 판으로 바꾸십시오."
    )
    en = "The catalogue {path} was made by a newer version ({version}). It was left as it is. Update the program."


class PlanOutdated(ConsoleError):
    code = "import_plan_outdated"
    ko = (
        "가져오기를 살펴보는 동안 {kind} 자료가 바뀌었습니다. 아무것도 적용하지 않았습니다. "
        "가져오기를 다시 시작하십시오."
    )
    en = "While the import was looked over, {kind} changed. Nothing was applied. Start the import again."


class CatalogueBusy(ConsoleError):
    code = "catalogue_busy"
    ko = (
        "다른 프로그램이 도시 자료 {path}에 쓰고 있습니다. 아무것도 적용하지 않았습니다. "
        "그 가져오기가 끝난 뒤 다시 하십시오."
    )
    en = "Another program is writing to the catalogue {path}. Nothing was applied. Try again when its import has ended."
