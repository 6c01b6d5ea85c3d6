"""What an erased person may be told: done when, and exactly what is left where, in words to send on.

Belongs here: those words, by language. Does not belong here: finding out what is left (``erasure``), or any name: of a
person, of a file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

NOTICE = {
    "ko": {
        "done": "{requested}에 요청하신 개인정보 삭제를 {done}에 마쳤습니다. 저희가 처리하던 원본 파일, 작업 데이터,"
        " 기록에서 귀하의 정보를 지웠습니다.",
        "landing": "받은 파일을 두는 폴더의 파일 {count}개에는 그 파일을 지울 때까지 귀하의 정보가 남아 있습니다.",
        "elsewhere": "저희가 파일을 가져오는 외부 저장소의 파일 {count}개에는 그 파일을 지울 때까지 귀하의 정보가 남아"
        " 있을 수 있습니다.",
        "backups": "그 전에 만든 백업에는 귀하의 정보가 남아 있으며, 백업은 {count}일 동안 보관한 뒤 삭제합니다.",
        "short": "너무 짧거나 숫자뿐인 이름 {count}개는 다른 낱말과 구별할 수 없어 사람을 적는 칸에서만 찾아보았고,"
        " 그곳에는 없습니다.",
        "shared": "다른 사람도 쓰는 이름 {count}개는 누구의 것인지 알 수 없어 찾지 않았습니다.",
        "nothing": "남은 것이 없음을 확인했습니다.",
        "nothing_else": "그 밖에는 남은 것이 없음을 확인했습니다.",
        "again": "이전 파일이 다시 들어와도 귀하의 정보는 저장하지 않습니다.",
    },
    "en": {
        "done": "Your request of {requested} to erase your personal data was completed on {done}. Your data were"
        " removed from the original files, the working data and the records that we process.",
        "landing": "Files in the folder for incoming files that still hold your data until they are deleted: {count}.",
        "elsewhere": "Files in outside storage that we fetch from, which may still hold your data until they are"
        " deleted: {count}.",
        "backups": "Backups made before then still hold your data until they are deleted, each when it is older than"
        " so many days: {count}.",
        "short": "Names too short, or of digits alone, which cannot be told from other words and were looked for only"
        " where persons are named, and are not there: {count}.",
        "shared": "Names that others have, too, and that were not looked for: {count}.",
        "nothing": "We checked that nothing is left.",
        "nothing_else": "We checked that nothing else is left.",
        "again": "If an older file arrives again, your data in it will not be stored.",
    },
}
"""The sentences, in their order, by language."""


@dataclass(frozen=True)
class Remains:
    """What is left of a person, or cannot be said to be gone, as counts.

    ``landing``: files in the landing folder; ``elsewhere``: files behind URLs; ``backups``: after how many days
    backups go, which have them still, 0 where there are none; ``short``: names that were looked for
    only as whole cells; ``shared``: names that others have, too.
    """

    landing: int = 0
    elsewhere: int = 0
    backups: int = 0
    short: int = 0
    shared: int = 0


def notice(language: str, requested: date, done: date, left: Remains) -> str:
    """What the person may be told, with no personal data in it. That nothing is left stands only where it is proven."""
    sentences, counts = NOTICE[language], asdict(left)
    said = [sentences["done"].format(requested=requested, done=done)]
    said += [sentences[what].format(count=count) for what, count in counts.items() if count]
    if not left.short and not left.shared:
        said.append(sentences["nothing_else" if any(counts.values()) else "nothing"])
    return " ".join([*said, sentences["again"]])
