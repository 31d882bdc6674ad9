"""Why a whole file was not imported. (Why one value was not is `report.Why`.)"""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class FileUnreadable(ConsoleError):
    code = "import_file_unreadable"
    ko = "{path}을(를) 읽을 수 없습니다: {why}. 가져온 것은 없고 목록은 그대로입니다. 파일을 확인한 뒤 다시 하십시오."
    en = "{path} cannot be read: {why}. Nothing was imported and the catalogue is as it was. Check the file and retry."


class ColumnsMissing(ConsoleError):
    code = "import_columns_missing"
    ko = (
        "{path}: {kind} 자료에 꼭 있어야 할 열이 없습니다: {missing}. 있는 열: {found}. "
        "목록은 그대로입니다. 자료의 종류를 확인하십시오."
    )
    en = (
        "{path}: columns that {kind} data must have are missing: {missing}. There are: {found}. "
        "The catalogue is as it was. Check the kind of data."
    )


class LayerMissing(ConsoleError):
    code = "import_layer_missing"
    ko = "{path}에 {wanted} 레이어가 없습니다. 있는 레이어: {found}. 목록은 그대로입니다. 파일을 확인하십시오."
    en = "{path} has no layer of {wanted}. There are: {found}. The catalogue is as it was. Check the file."


class UnknownKind(ConsoleError):
    code = "import_unknown_kind"
    ko = "{kind}은(는) 가져올 수 있는 종류가 아닙니다. 목록은 그대로입니다. 다음 중에서 고르십시오: {kinds}."
    en = "{kind} is no kind of data that can be imported. The catalogue is as it was. Choose one of: {kinds}."


class ImportCancelled(ConsoleError):
    code = "import_cancelled"
    ko = "가져오기를 그만두었습니다. 목록은 그대로입니다."
    en = "The import was called off. The catalogue is as it was."
