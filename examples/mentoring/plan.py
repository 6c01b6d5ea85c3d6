"""What happened in the four sessions: who was away, who asked what and when it was answered, what was handed in.

Belongs here: the example's facts, each counted by hand in its test. Does not belong here: any file (``generate``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from examples.names import every_name

COHORT = "6기"
MENTEES = 30
MENTOR = "mentor@bootcamp.example.org"
TOPIC_OF_CHAT = "현장 질문"


@dataclass(frozen=True)
class Session:
    """A session: the numbers of who was away, how many gave 5, 4 and 3, how many questions were asked ahead and there.

    Mentees are numbered from 1. ``unanswered``: the last of those asked ahead. ``peers``: the first of those asked
    there, which other mentees answered.
    """

    id: str
    day: date
    title: str
    away: frozenset[int]
    ratings: tuple[int, int, int]
    topics: tuple[str, ...] = ()
    ahead: int = 0
    there: int = 0
    unanswered: int = 0
    peers: int = 0

    def at(self, minutes: int) -> datetime:
        """So many minutes after it began, in Seoul's time."""
        return datetime.combine(self.day, time(14)) + timedelta(minutes=minutes)


SESSIONS = (
    Session("1회차", date(2024, 1, 28), "소개", frozenset({29, 30}), (9, 8, 3), there=4, peers=1),
    Session(
        "2회차",
        date(2024, 2, 4),
        "질문, 데이터·AI 직무, 인생 지도",
        frozenset({7, 15, 29, 30}),
        (8, 7, 3),
        ("데이터·AI 직무", "인생 지도"),
        ahead=14,
        there=2,
    ),
    Session(
        "3회차",
        date(2024, 2, 18),
        "질문, 이력서 점검표, 동료 피드백",
        frozenset({3, 11, 15, 20, 24, 29, 30}),
        (10, 5, 1),
        ("이력서", "데이터·AI 직무"),
        ahead=11,
        there=2,
        peers=2,
    ),
    Session(
        "4회차",
        date(2024, 2, 25),
        "커리어 프레임워크, 회사 고르기, 포트폴리오 피드백",
        frozenset({5, 11, 18, 29, 30}),
        (12, 6, 1),
        ("회사 고르기", "포트폴리오"),
        ahead=6,
        there=1,
        unanswered=2,
    ),
)


@dataclass(frozen=True)
class Mentee:
    """A mentee, and the names that they go by."""

    number: int
    name: str
    nickname: str
    slug: str

    @property
    def member(self) -> str:
        """The id on the roster."""
        return f"b6-{self.number:02d}"

    @property
    def email(self) -> str:
        """The address on the roster and on forms."""
        return f"{self.slug}@example.org"

    @property
    def in_zoom(self) -> tuple[str, str]:
        """Name and address as Zoom shows them; a guest who is not signed in has no address."""
        return f"{self.nickname}({self.name})", f"{self.slug}@mail.example.com" if self.number % 3 == 0 else ""


def mentees() -> list[Mentee]:
    """All of them, by number."""
    chosen = every_name()[::97][:MENTEES]
    return [Mentee(n, name.korean, name.korean[1:], name.slug) for n, name in enumerate(chosen, 1)]


@dataclass(frozen=True)
class Question:
    """A question: who asked, for which session, when, about what, and who answered when."""

    asker: int
    session: str
    opened_at: datetime
    topic: str
    answered_at: datetime | None
    answered_by: int | None = None


def asked_ahead() -> Iterator[Question]:
    """On the form, days before; answered one by one in the session, five minutes each."""
    for session in SESSIONS:
        for n in range(session.ahead):
            answered_at = session.at(10 + 5 * n)
            yield Question(
                _somebody(session, n),
                session.id,
                answered_at - timedelta(hours=22 + 2 * n),
                session.topics[n % len(session.topics)],
                answered_at if n < session.ahead - session.unanswered else None,
            )


def asked_there() -> Iterator[Question]:
    """In the meeting, answered within three minutes."""
    for session in SESSIONS:
        for n in range(session.there):
            opened_at = session.at(85 + 7 * n)
            peer = _somebody(session, n + 1) if n < session.peers else None
            answered_at = opened_at + timedelta(minutes=3)
            yield Question(_somebody(session, n), session.id, opened_at, TOPIC_OF_CHAT, answered_at, peer)


def _somebody(session: Session, n: int) -> int:
    """One of those who came, another for each ``n`` below their number."""
    present = [number for number in range(1, MENTEES + 1) if number not in session.away]
    return present[7 * n % len(present)]


RESUME, PORTFOLIO = "이력서", "포트폴리오"
DUE = {RESUME: date(2024, 2, 17), PORTFOLIO: date(2024, 2, 24)}
ON_TIME = {RESUME: 24, PORTFOLIO: 18}
LATE = {RESUME: 3, PORTFOLIO: 2}


def handed_in() -> Iterator[tuple[datetime, int, str]]:
    """When, by whom, what; the last one on time comes in the last second, one hands in a second version."""
    for what, due in DUE.items():
        last = datetime.combine(due, time(23, 59, 59))
        for n in range(ON_TIME[what]):
            yield last - timedelta(hours=5) * n, 1 + n, what
        for n in range(LATE[what]):
            yield last + timedelta(hours=18) * (n + 1), 1 + ON_TIME[what] + n, what
    yield datetime(2024, 2, 21, 9, 30), 2, RESUME
