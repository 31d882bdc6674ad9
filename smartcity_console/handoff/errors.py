"""What can go wrong between a click and a receipt, told in sentences."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class SigningKeyUnusable(ConsoleError):
    code = "signing_key_unusable"
    ko = (
        "서명 키 {path}을(를) 쓸 수 없습니다({why}). 키 파일은 그대로 두었고 아무것도 봉인하지 않았습니다. "
        "백업에서 되살리거나, 파일을 다른 곳으로 옮겨 새 키를 만들게 하십시오."
    )
    en = (
        "The signing key {path} cannot be used ({why}). The file was left alone and nothing was sealed. "
        "Restore it from a backup, or move it away so that a new one is made."
    )


class CredentialsMissing(ConsoleError):
    code = "credentials_missing"
    ko = "handoff.c2pa 가 켜져 있으나 c2pa-python 이 없습니다. 게이트웨이를 시작하지 않았습니다. 설치하거나 설정을 끄십시오."
    en = "handoff.c2pa is on but c2pa-python is not installed. The gateway did not start. Install it, or turn the setting off."


class CredentialsFailed(ConsoleError):
    code = "credentials_failed"
    ko = "{name} 클립에 콘텐츠 자격 증명(C2PA)을 넣지 못했습니다({why}). 클립은 그대로 봉인했습니다."
    en = "No content credentials (C2PA) could be put into the clip of {name} ({why}). The clip was sealed without them."


class PackageRefused(ConsoleError):
    """What was to be sealed does not fit a package."""

    code = "package_refused"
    ko = "증거 꾸러미를 봉인하지 않았습니다: {name}, {why}. 원본 영상은 보관 구간에 그대로 있습니다. 구간이나 카메라를 줄여 다시 이관하십시오."
    en = (
        "The evidence package was not sealed: {name}, {why}. The recordings are kept in the ring. "
        "Hand off again with a shorter span or fewer cameras."
    )


class DeliveryFailed(ConsoleError):
    """One try of a delivery failed. `lasting` means that trying again soon will hardly help."""

    code = "delivery_failed"
    lasting = False
    ko = "{receiver}에 전달하지 못했습니다({why}). 이관 내용은 보관되어 있으며 스스로 다시 보냅니다."
    en = "{receiver} could not be reached ({why}). The hand-off is kept and is tried again by itself."


class ReceiverUnreachable(DeliveryFailed):
    code = "receiver_unreachable"


class HandoffNotThere(DeliveryFailed):
    """The receiver does not know the hand-off that an update is about, yet."""

    code = "handoff_not_there"
    ko = "{receiver}에 이 이관이 아직 닿지 않아 알리지 못했습니다({why}). 내용은 보관되어 있으며 스스로 다시 보냅니다."
    en = "{receiver} does not have this hand-off yet, so it could not be told ({why}). It is kept and tried again by itself."


class LinkNotFetched(DeliveryFailed):
    """A link was mailed; until the package is fetched by it, nothing has arrived."""

    code = "link_not_fetched"
    lasting = True
    ko = "{receiver}에 전자우편으로 받는 링크를 보냈으나 아직 받아 가지 않았습니다({why}). 이관은 전달된 것이 아닙니다. 전화로 알리십시오."
    en = (
        "{receiver} was mailed a link but has not fetched the package yet ({why}). It counts as undelivered: call them."
    )


class CredentialRefused(DeliveryFailed):
    code = "credential_refused"
    lasting = True
    ko = "{receiver}이(가) 이 관제센터의 자격을 받지 않았습니다({why}). 이관 내용은 보관되어 있습니다. 양쪽의 인증 토큰을 맞추십시오."
    en = "{receiver} refused this centre's credential ({why}). The hand-off is kept. Make both ends' tokens agree."


class DeliveryRefused(DeliveryFailed):
    code = "delivery_refused"
    lasting = True
    ko = "{receiver}이(가) 내용을 받지 않았습니다({why}). 이관 내용은 보관되어 있습니다. 담당자에게 전화로 알리고 원인을 확인하십시오."
    en = (
        "{receiver} refused the content ({why}). The hand-off is kept. Tell the receiver by telephone and look into it."
    )


class PreparationFailed(DeliveryFailed):
    code = "preparation_failed"
    ko = "증거 꾸러미를 만들지 못했습니다({why}). 원본 영상은 보관 구간에 그대로 있으며 스스로 다시 만듭니다."
    en = "The evidence package could not be made ({why}). The recordings are kept; it is tried again by itself."
