"""Who the 56 are: a line per row of the roster. Days without a year: September to December 2024, January to May 2025.

Belongs here: persons, cohorts and the names that people go by. Does not belong here: what they did (``doings``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

COHORTS = {"fall": (date(2024, 9, 1), date(2025, 1, 31)), "spring": (date(2025, 1, 6), date(2025, 5, 31))}

EXCLUDED = "p56"
"""A test account in the roster, under ``excluded``."""

ROSTER = """\
# id  name    address      cohort  role     mode        group  track     joined  left
p01   김하나   hana.kim     fall    learner  individual  g1     analyst   -       -
p02   이두리   duri.lee     fall    -        individual  g1     analyst   -       -
p03   박세찬   sechan.park  fall    learner  individual  g1     analyst   -       -
p04   최네오   neo.choi     fall    learner  individual  g1     engineer  -       -
p05   정다솜   dasom.jung   fall    learner  individual  g1     engineer  -       -
p06   강여름   summer.kang  fall    learner  individual  g2     engineer  -       -
p07   조일곱   ilgop.jo     fall    learner  individual  g2     analyst   -       -
p08   윤여덟   yeodul.yoon  fall    learner  individual  g2     analyst   -       11-20
p09   장아홉   ahop.jang    fall    learner  individual  g2     analyst   -       -
p10   임열매   yeol.lim     fall    learner  individual  g2     analyst   -       10-31
p11   한가람   garam.han    fall    learner  individual  -      analyst   -       -
p12   오나래   narae.oh     fall    learner  individual  -      engineer  -       -
p13   서다온   daon.seo     fall    learner  individual  -      engineer  -       -
p14   신라온   raon.shin    fall    learner  individual  -      engineer  11-10   -
p15   권마루   maru.kwon    fall    learner  individual  -      -         -       -
p16   황바다   bada.hwang   fall    learner  group       g3     analyst   -       -
p17   안사랑   sarang.ahn   fall    learner  group       g3     analyst   -       -
p18   송아라   ara.song     fall    learner  group       g3     analyst   -       -
p19   전자람   jaram.jeon   fall    learner  group       g3     engineer  -       12-10
p20   홍차오름 chao.hong    fall    learner  group       g3     engineer  -       -
p21   유카이   kai.yoo      fall    learner  group       g4     engineer  -       -
p22   고타래   tarae.ko     fall    learner  group       g4     analyst   -       -
p23   문파랑   parang.moon  fall    learner  group       g4     analyst   -       -
p24   양하늘   haneul.yang  fall    learner  group       g4     analyst   -       -
p25   손이든   eden.son     fall    learner  individual  g4     analyst   09-20   -
p26   배로운   roun.bae     fall    learner  individual  -      analyst   10-15   -
p27   백미르   mir.baek     fall    learner  individual  -      engineer  11-01   -
p28   허보람   boram.heo    fall    learner  individual  -      engineer  -       01-10
p29   남새봄   saebom.nam   fall    learner  individual  -      analyst   -       -
p30   심온유   onyu.shim    fall    learner  individual  -      analyst   -       01-15
p31   노은별   eunbyul.noh  spring  learner  individual  h1     analyst   -       -
p32   하지우   jiwoo.ha     spring  learner  individual  h1     analyst   -       -
p33   곽초롱   chorong.kwak spring  learner  individual  h1     analyst   -       -
p34   성겨울   winter.sung  spring  learner  individual  h1     engineer  -       -
p35   차노을   noeul.cha    spring  learner  group       h2     engineer  -       -
p36   주단비   danbi.joo    spring  learner  group       h2     engineer  -       -
p37   우들     deul.woo     spring  learner  group       h2     analyst   -       -
p38   구름     reum.koo     spring  learner  group       h2     analyst   -       02-20
p39   민들레   deulle.min   spring  learner  group       h2     analyst   -       03-06
p40   나무     moo.na       spring  learner  individual  -      -         02-10   -
p41   진달래   dallae.jin   spring  learner  individual  -      analyst   02-10   -
p42   엄지     ji.eom       spring  learner  individual  -      engineer  03-03   -
p43   원두     du.won       spring  learner  individual  -      engineer  -       -
p44   천둥     doong.cheon  spring  learner  individual  -      engineer  -       -
p45   방울     ool.bang     spring  learner  individual  -      analyst   -       -
p46   공기     gi.gong      spring  learner  individual  -      analyst   03-28   -
p47   현빛     bit.hyun     fall    builder  individual  g1     -         -       -
p47   현빛     bit.hyun     spring  builder  individual  h1     -         -       -
p48   함께     kke.ham      fall    builder  individual  g2     -         -       -
p49   변화     hwa.byun     spring  builder  individual  h2     -         -       -
p50   염원     won.yeom     fall    builder  individual  g3     -         10-01   12-31
p51   여울     ool.yeo      fall    mentor   -           -      -         -       -
p52   추억     eok.choo     fall    staff    -           -      -         -       -
p53   도담     dam.do       fall    learner  individual  g1     analyst   -       10-10
p53   도담     dam.do       spring  learner  group       h1     engineer  01-20   -
p54   소나기   nagi.so      fall    learner  individual  g2     analyst   09-02   09-02
p54   소나기   nagi.so      fall    learner  individual  g2     analyst   09-02   -
p54   소나기   nagi.so      spring  learner  individual  h1     analyst   -       -
p55   김하나   hana2.kim    spring  learner  individual  h1     analyst   -       -
p56   시험     test         spring  staff    -           -      -         -       -
"""


@dataclass(frozen=True)
class Row:
    """A row of the roster. ``left`` is the first day no longer in."""

    person: str
    name: str
    address: str
    cohort: str
    role: str | None
    mode: str | None
    group: str | None
    track: str | None
    joined: date | None
    left: date | None

    @property
    def begins(self) -> date:
        """The first day in."""
        return self.joined or COHORTS[self.cohort][0]


def day(text: str) -> date:
    """``11-20`` as the day it was."""
    month, number = map(int, text.split("-"))
    return date(2024 if month >= 9 else 2025, month, number)


def moment(text: str, at: str) -> datetime:
    """``11-20`` at the usual hour, ``11-20@23:50`` at its own, in Seoul."""
    on, _, hour = text.partition("@")
    return datetime.combine(day(on), datetime.strptime(hour or at, "%H:%M").time())


def lines(table: str) -> list[list[str]]:
    """The words of every line of a table; comments and empty lines left out."""
    return [line.split() for line in table.splitlines() if line.strip() and not line.startswith("#")]


def _row(words: list[str]) -> Row:
    person, name, address, cohort, *rest = words
    role, mode, group, track, joined, left = (None if word == "-" else word for word in rest)
    return Row(
        person,
        name,
        f"{address}@school.example",
        cohort,
        role,
        mode,
        group,
        track,
        day(joined) if joined else None,
        day(left) if left else None,
    )


ROWS = [_row(words) for words in lines(ROSTER)]
PEOPLE = {row.person: row for row in ROWS}
