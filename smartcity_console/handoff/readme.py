"""The page that goes with every package: how to check it with tools that every office has."""

from __future__ import annotations

README = """\
증거 꾸러미 확인 방법
====================
1. 꾸러미를 풉니다.                unzip PACKAGE.zip -d package && cd package
2. 파일이 그대로인지 봅니다.        sha256sum -c SHA256SUMS
3. 목록이 그대로인지 봅니다.        grep "$(sha256sum SHA256SUMS | cut -d' ' -f1)" manifest.json
4. 서명을 확인합니다 (OpenSSL 3).  openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile manifest.sig
5. 보낸 사람을 확인합니다.          openssl pkey -pubin -in signer.pem -outform DER | sha256sum
   나온 지문을 관제센터가 미리 알려 준 지문과 견줍니다(전화 등 다른 경로로).
   인증서를 봅니다. 공개 키가 signer.pem 과 같아야 합니다.  openssl x509 -in certificate.pem -noout -subject -issuer -dates -pubkey

incident.json 은 사건, 신고, 판정, 경위, 근거를 담습니다. 같은 내용을 eido.json(NENA EIDO), cap.xml(CAP 1.2),
forwarding.json(연계 전달 형식)으로도 담았고, custody.pdf 는 사건 기록에 철할 보관 연속성 기록입니다. clips/ 의 영상은 다시 압축하지 않은 카메라 원본입니다
(manifest.json 에 masked 로 적힌 것은 가림 처리한 사본이며 es_sha256 은 센터에 보관된 원본의 값입니다).
track.geojson 은 카메라에 목격된 차례와 시각입니다(있을 때).
stills/ 에는 정지 영상이 원본과, 카메라와 시각을 적은 사본(.marked.jpg)으로 있습니다.
한 글자라도 바뀌면 'smartcity-console verify PACKAGE.zip' 이 거부합니다. 열람과 반출은 개인정보 보호법에 따라 기록하십시오.

How to check this evidence package
==================================
1. Unpack it.                        unzip PACKAGE.zip -d package && cd package
2. Are the files as they were?       sha256sum -c SHA256SUMS
3. Is the list as it was?            grep "$(sha256sum SHA256SUMS | cut -d' ' -f1)" manifest.json
4. Check the signature (OpenSSL 3).  openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile manifest.sig
5. Whose signature is it?            openssl pkey -pubin -in signer.pem -outform DER | sha256sum
   Compare that fingerprint with the one the centre gave you beforehand, by another way than this package.
   The certificate's public key must be that of signer.pem.  openssl x509 -in certificate.pem -noout -subject -issuer -dates -pubkey

incident.json holds the incident, alerts, verdict, history and legal basis; eido.json (NENA EIDO), cap.xml (CAP 1.2) and
forwarding.json (the Korean platforms' form) say the same to machines, custody.pdf is the chain of custody for the case
file. The clips are the cameras' own bits, not encoded again, unless manifest.json calls them masked: copies with areas
covered, whose es_sha256 is that of the original at the centre. track.geojson, where there is one, says
on which cameras it was seen, in order. Each still is there clean and, as .marked.jpg, with camera
and time written in. 'smartcity-console verify PACKAGE.zip' does all of this and refuses after any one byte is changed.
"""
