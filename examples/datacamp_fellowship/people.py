"""Invented people: names, addresses, what each studies, and when each was in the program.

Belongs here: a person's facts. Does not belong here: their seat (``season``), their work (``studying``).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime

from examples.datacamp_fellowship.catalog import TRACKS
from examples.datacamp_fellowship.studying import Desk
from examples.names import every_name

GROUPS = {
    "파이썬으로 첫 분석": "Data Analyst with Python",
    "주말 데이터 과학": "Data Scientist with Python",
    "머신러닝 오름길": "Machine Learning with Python",
    "새벽 엔지니어링": "Data Engineer with Python",
    "R로 읽는 세상": "Data Analyst with R",
    "R 실험실": "Data Scientist with R",
    "통계 산책": "Statistician with R",
    "SQL 한 그릇": "Data Analyst with SQL",
    "엑셀 다음 걸음": "Business Analyst with Spreadsheets",
    "대시보드 공방": "BI Analyst with Tableau",
}
ABANDONED = {"builder": 0.0, "learner": 0.09}
CHANNELS = ("블로그 글", "페이스북", "링크드인", "디스코드", "지인 추천")


@dataclass
class Stint:
    """A row of the roster."""

    cohort: str
    starts_on: date
    role: str
    study_mode: str
    study_group: str
    track: str
    left_on: date | None = None


@dataclass
class Decision:
    """A row of the applications."""

    cohort: str
    stage: str
    result: str
    decided_at: datetime


@dataclass
class Person:
    """Somebody who applied, and what followed."""

    user_id: int
    name: str
    first_name: str
    last_name: str
    slug: str
    email: str
    seat_email: str
    role: str
    study_mode: str
    study_group: str
    track: str
    channel: str
    applied_at: datetime
    drive: float
    desk: Desk
    member: str = ""
    survey_email: str = ""
    is_engaged: bool = True
    idle_months: int = 0
    held: list[tuple[date, date | None]] = field(default_factory=list)
    registered_at: datetime | None = None
    stints: list[Stint] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def is_holding(self) -> bool:
        """Whether the person has a seat now."""
        return bool(self.held) and self.held[-1][1] is None

    def stint_on(self, day: date) -> Stint:
        """The roster row that speaks for the day."""
        begun = [stint for stint in self.stints if stint.starts_on <= day]
        return begun[-1] if begun else self.stints[0]

    def decide(self, cohort: str, stage: str, result: str, decided_at: datetime) -> None:
        """Adds what came of the application."""
        self.decisions.append(Decision(cohort, stage, result, decided_at))


class Crowd:
    """Makes people, no two of one name."""

    def __init__(self, rng: random.Random) -> None:
        """Draws from ``rng`` only."""
        self._rng = rng
        self._names = every_name()
        rng.shuffle(self._names)
        self.people: list[Person] = []

    def applicant(self, applied_at: datetime, study_mode: str, study_group: str = "", role: str = "learner") -> Person:
        """A new person; who studies alone picks a track."""
        name = self._names[len(self.people)]
        email = f"{name.slug}@example.org"
        chance = self._rng.random()
        seat_email = f"{name.slug}@study.example.org" if chance < 0.15 else email.title() if chance < 0.2 else email
        track = GROUPS[study_group] if study_group else self._rng.choice(list(TRACKS))
        user_id = 700_001 + 13 * len(self.people)
        person = Person(
            user_id=user_id,
            name=name.korean,
            first_name=name.first.capitalize(),
            last_name=name.last,
            slug=name.slug.replace(".", "-"),
            email=email,
            seat_email=seat_email,
            role=role,
            study_mode=study_mode,
            study_group=study_group,
            track=track,
            channel=self._rng.choice(CHANNELS),
            applied_at=applied_at,
            drive=self._rng.lognormvariate(0, 0.35),
            desk=Desk(user_id, track, random.Random(f"desk {user_id}"), ABANDONED[role]),
        )
        self.people.append(person)
        return person

    def members(self) -> list[Person]:
        """Those who were ever offered a seat, by member."""
        return sorted((person for person in self.people if person.member), key=lambda person: person.member)
