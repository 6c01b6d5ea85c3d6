"""Invented names of people, in Hangul and in Latin letters.

Belongs here: names. Does not belong here: who anybody is in an example.
"""

from __future__ import annotations

from typing import NamedTuple

SURNAMES = (
    "김 Kim,이 Lee,박 Park,최 Choi,정 Jung,강 Kang,조 Cho,윤 Yoon,장 Jang,임 Lim,"
    "한 Han,오 Oh,서 Seo,신 Shin,권 Kwon,황 Hwang,안 Ahn,송 Song,홍 Hong,류 Ryu"
)
FIRST_SYLLABLES = "민 min,서 seo,지 ji,하 ha,도 do,예 ye,수 su,현 hyun,은 eun,재 jae,태 tae,유 yu"
SECOND_SYLLABLES = "준 jun,연 yeon,우 woo,아 ah,윤 yun,호 ho,린 rin,희 hee,진 jin,원 won,빈 bin,경 kyung"


class Name(NamedTuple):
    """A person's name."""

    korean: str
    first: str
    last: str

    @property
    def latin(self) -> str:
        """As platforms show it: given name first."""
        return f"{self.first.capitalize()} {self.last}"

    @property
    def slug(self) -> str:
        """As addresses have it."""
        return f"{self.first}.{self.last.lower()}"


def every_name() -> list[Name]:
    """2,880 names, each once, always in the same order."""
    return [
        Name(surname + first + second, latin_first + latin_second, last)
        for surname, last in _pairs(SURNAMES)
        for first, latin_first in _pairs(FIRST_SYLLABLES)
        for second, latin_second in _pairs(SECOND_SYLLABLES)
    ]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(korean, latin) for korean, latin in (pair.split() for pair in text.split(","))]
