"""What happens in the example, in figures: dates, how many meet each mission, places in competitions, sessions.

Belongs here: constants that tests repeat by hand. Does not belong here: persons. Instants are naive and of Seoul
everywhere in this example until a file is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from examples.coursera import Course

SEED = "ml bootcamp 2023"
COHORT = "2023"
PROGRAM = "ML Bootcamp 2023"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

# Applications: as many on every day and by every channel, and of each day and channel as many who get on.
APPLIED_FROM, APPLIED_DAYS = date(2023, 7, 3), 20
CHANNELS = ("이전 기수 추천", "개발자 커뮤니티", "유튜브")
CELL = 10
SKILLS_ON, SKILLS_PASSED = date(2023, 8, 4), 6
TEST_ON, TEST_PASSED, TEST_MINIMUM = date(2023, 8, 18), 3, 7
ACCEPTED_ON = date(2023, 8, 30)

# Five courses in eight weeks, one by each date; then a competition.
STARTS_ON, ENDS_ON = date(2023, 9, 4), date(2023, 11, 30)
SPECIALIZATION = "Deep Learning in Five Courses"
COURSES = (
    Course("Neural Networks from Scratch", 24),
    Course("Training Deep Networks", 23),
    Course("Structuring Learning Projects", 6),
    Course("Networks That See", 35),
    Course("Networks for Sequences", 37),
)
DUE = (date(2023, 9, 17), date(2023, 9, 24), date(2023, 10, 1), date(2023, 10, 15), date(2023, 10, 29))
LATE, MISSED = (1, 0, 0, 1, 1), (7, 5, 1, 5, 4)
"""By course: who completed it too late, and who did not."""
EXTENDED, EXTENDED_TO = "k031", datetime(2023, 9, 26, 18)
EXCUSED = ("k044", "k087")
"""Exceptions, with their reasons in program.yaml: longer for the second course; excused from competing."""
INVITED_AT = datetime(2023, 8, 31, 10)
EXPORTS = (*(STARTS_ON + week * WEEK for week in range(9)), date(2023, 11, 13), date(2023, 12, 1), date(2023, 12, 21))


@dataclass(frozen=True)
class Entry:
    """A team of members, and its rank on each board of its competition."""

    name: str
    size: int
    ranks: tuple[int, ...]


@dataclass(frozen=True)
class Board:
    """A state of a leaderboard; the instant is in UTC."""

    as_of: datetime
    board: str = "public"


@dataclass(frozen=True)
class Competition:
    """A competition: how many teams, its boards, and the members' teams on them."""

    slug: str
    category: str
    teams: int
    boards: tuple[Board, ...]
    entries: tuple[Entry, ...]


LAST_BOARD = datetime(2023, 11, 29, 12)
COMPETITIONS = (
    Competition(
        "signal-from-noise", "featured", 1877,
        (Board(datetime(2023, 10, 31, 12)), Board(LAST_BOARD), Board(datetime(2023, 12, 19), "private")),
        (
            Entry("Gradient Ascenders", 4, (412, 289, 283)),       # the published result
            Entry("혼자서도 잘해요", 1, (655, 600, 610)),              # alone
            Entry("Last Ones In", 3, (760, 750, 760)),             # 0.3996; the private board does not undo it
            Entry("One Short", 2, (740, 751, 755)),                # 0.4001
            Entry("Early Birds", 3, (700, 790, 770)),              # good enough once, but not at the end
            Entry("Shake, Shake, Shake", 4, (820, 800, 742)),      # good enough after graduation: late
        ),
    ),
    Competition(
        "reading-old-maps", "featured", 1250, (Board(LAST_BOARD),),
        tuple(Entry(f"지도 {at}조", 5, (rank,)) for at, rank in enumerate((12, 80, 140, 260, 333, 410, 500), 1)),
    ),
    Competition(
        "season-of-tables", "playground", 500, (Board(LAST_BOARD),),
        (
            Entry("Table for Five", 5, (5,)),
            Entry("<b>Bold</b> & Co.", 4, (30,)),
            Entry("표, 그리고 우리", 4, (61,)),
            Entry("Trees All Along", 3, (99,)),
            Entry("딱 20%", 2, (100,)),                             # exactly 0.20
            Entry("So Close", 3, (101,)),                          # 0.202
            Entry("Alone at the Table", 1, (3,)),                  # no team
        ),
    ),
    Competition(
        "street-sounds-of-seoul", "community", 50, (Board(LAST_BOARD),),
        (
            Entry("Noise", 5, (2,)),
            Entry("귀 기울여", 4, (10,)),                            # exactly 0.20
            Entry("Quiet Ones", 3, (11,)),                         # 0.22
        ),
    ),
)  # fmt: skip

# The community.
GROUPS = ("새벽 세 시", "파이토치 한 바퀴", "수식 읽는 밤", "캐글 첫걸음", "논문 한 잔", "주말 코딩")
GROUP_SIZE, GROUP_MEETINGS, GROUP_CAME = 8, 4, 6
TALKS = {
    "tech_talk": ((date(2023, 9, 13), 100), (date(2023, 9, 27), 90), (date(2023, 10, 11), 85), (date(2023, 11, 8), 70)),
    "alumni_talk": ((date(2023, 10, 5), 60), (date(2023, 11, 2), 50)),
}
OFFICE_HOURS, OFFICE_HOURS_PLACES = (date(2023, 9, 20), date(2023, 10, 4), date(2023, 10, 25), date(2023, 11, 15)), 8
CLINICS, CLINIC_PLACES = (date(2023, 11, 1), date(2023, 11, 8), date(2023, 11, 15), date(2023, 11, 22)), 6
OFFICE_EVENING, OFFICE_PLACES, OFFICE_CAME = date(2023, 10, 18), 60, 55
GRADUATED_PRESENT = 68
ASKED_AHEAD, ANSWERED = 10, 9
"""Questions before each tech talk, and how many of them were answered in it."""
HIRED_ON, SEEKING = (*[date(2023, 12, 11)] * 8, *[date(2023, 12, 18)] * 4), 30
EMPLOYERS = ("가온랩", "나루테크", "다온소프트")
