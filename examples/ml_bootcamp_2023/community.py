"""The community: talks on Zoom, office hours and clinics with few places, study groups, an evening, graduation.

Belongs here: what was held, who came, what was asked ahead. Does not belong here: how members studied.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from examples.ml_bootcamp_2023 import plan
from examples.ml_bootcamp_2023.people import Member
from examples.ml_bootcamp_2023.studying import Study
from examples.writing import csv_bytes
from examples.zoom import Join, participants

HOST, ORGANIZER = "host@bootcamp.example.org", "주최사"
SESSIONS = "session,kind,starts_at,title,host,organization,study_group,minutes,capacity"
ATTENDANCE = "session,member,status,rating"
LUNCH, EVENING = time(12, 10), time(19, 30)
TOPICS = ("커리어", "모델", "대회", "과제")


@dataclass(frozen=True)
class Session:
    """A session of the calendar."""

    session: str
    kind: str
    starts_at: datetime
    title: str
    host: str = HOST
    study_group: str = ""
    minutes: int = 60
    capacity: int | None = None

    @property
    def row(self) -> list[object]:
        """As the sheet has it."""
        by = "" if self.study_group else ORGANIZER
        what = [self.session, self.kind, f"{self.starts_at:%Y-%m-%dT%H:%M}", self.title, self.host, by]
        return [*what, self.study_group, self.minutes, "" if self.capacity is None else self.capacity]


def files(
    rng: random.Random, found: Sequence[Study], signed_up: Mapping[str, Sequence[Member]], graduates: Sequence[Member]
) -> dict[str, bytes]:
    """Every file of the community."""
    talks, places, meetings = list(_talks()), list(_places()), list(_meetings(signed_up))
    evening = Session("office-evening", "office_evening", datetime.combine(plan.OFFICE_EVENING, time(19)),
                      "주최사 사무실에서의 저녁", minutes=150, capacity=plan.OFFICE_PLACES)  # fmt: skip
    graduation = Session("graduation", "graduation", datetime.combine(plan.ENDS_ON, time(19)), "수료식", minutes=120)
    sheet = [session.row for session in (*talks, *places, *meetings, evening, graduation)]
    sheets = {
        "small": [row for session in places for row in _small(rng, session, _still_in(found, session))],
        "study_groups": [row for session in meetings for row in _met(rng, session, signed_up[session.study_group])],
        "evening": _signed(evening, _still_in(found, evening)[: plan.OFFICE_PLACES], plan.OFFICE_CAME),
        "graduation": _signed(graduation, graduates[: plan.GRADUATED_PRESENT], plan.GRADUATED_PRESENT),
    }
    return {
        "sessions/sessions.csv": csv_bytes(SESSIONS, sorted(sheet, key=str)),
        **{f"attendance/{name}.csv": csv_bytes(ATTENDANCE, rows) for name, rows in sheets.items()},
        **{f"zoom/{talk.session}.csv": _report(rng, at, talk, found) for at, talk in enumerate(talks)},
        "questions/asked_ahead.csv": csv_bytes(
            "opened_at,member,session,channel,topic,answered_at,answered_by", _questions(rng, talks, found)
        ),
    }


def _still_in(found: Sequence[Study], session: Session) -> list[Member]:
    """Those who had missed no date by then."""
    return [study.member for study in found if study.out_on is None or session.starts_at.date() < study.out_on]


def _talks() -> Iterator[Session]:
    titles = {"tech_talk": "테크 토크", "alumni_talk": "선배와의 대화"}
    for kind, days in plan.TALKS.items():
        for at, (day, _) in enumerate(days, 1):
            starts_at = datetime.combine(day, EVENING)
            yield Session(f"{kind.replace('_', '-')}-{at}", kind, starts_at, f"{titles[kind]} {at}")


def _places() -> Iterator[Session]:
    """Office hours at lunch; clinics on Wednesdays, at lunch and in the evening."""
    for at, day in enumerate(plan.OFFICE_HOURS, 1):
        starts_at = datetime.combine(day, LUNCH)
        yield Session(f"office-hours-{at}", "office_hours", starts_at, "오피스 아워", capacity=plan.OFFICE_HOURS_PLACES)
    for at, day in enumerate(plan.CLINICS, 1):
        for when, hour in (("lunch", LUNCH), ("evening", EVENING)):
            starts_at = datetime.combine(day, hour)
            title = "이력서 클리닉"
            yield Session(f"clinic-{at}-{when}", "resume_clinic", starts_at, title, capacity=plan.CLINIC_PLACES)


def _meetings(signed_up: Mapping[str, Sequence[Member]]) -> Iterator[Session]:
    """Saturdays at ten, held by whoever opened the group."""
    for number, (group, members) in enumerate(signed_up.items(), 1):
        for at in range(plan.GROUP_MEETINGS):
            starts_at = datetime.combine(plan.STARTS_ON + timedelta(days=12 + 14 * at), time(10))
            session = f"group-{number}-{at + 1}"
            yield Session(session, "study_group", starts_at, f"{group} {at + 1}회", members[0].member, group, 120)


def _small(rng: random.Random, session: Session, members: Sequence[Member]) -> Iterator[Sequence[object]]:
    """As many as there are places come, two more wait; at clinics one does not come."""
    capacity = session.capacity or 0
    absent = session.kind == "resume_clinic"
    for at, member in enumerate(rng.sample(members, capacity + 2)):
        status = "waitlisted" if at >= capacity else "registered" if absent and at == 0 else "attended"
        yield [session.session, member.member, status, rng.choice((4, 5, 5)) if status == "attended" else ""]


def _met(rng: random.Random, session: Session, members: Sequence[Member]) -> Iterator[Sequence[object]]:
    opener, *others = members
    for member in (opener, *rng.sample(others, plan.GROUP_CAME - 1)):
        yield [session.session, member.member, "attended", ""]


def _signed(session: Session, members: Sequence[Member], came: int) -> list[Sequence[object]]:
    """Those who had said that they would come, and whether they did."""
    return [
        [session.session, member.member, "attended" if at < came else "registered", ""]
        for at, member in enumerate(members)
    ]


def _report(rng: random.Random, number: int, talk: Session, found: Sequence[Study]) -> bytes:
    """As many as planned, most of them once, and the host."""
    count = dict(plan.TALKS[talk.kind])[talk.starts_at.date()]
    begins, ends = talk.starts_at, talk.starts_at + timedelta(minutes=65)
    joins = [Join("주최사 운영진", HOST, begins - timedelta(minutes=15), ends, is_host=True)]
    for at, member in enumerate(_still_in(found, talk)[:count]):
        name, middle = f"{member.name.latin} ({member.name.korean})", begins + timedelta(minutes=30)
        joined_at = begins + timedelta(seconds=rng.randrange(-240, 480))
        left_at = begins + timedelta(minutes=60, seconds=rng.randrange(-240, 240))
        if at % 12 == 0:
            joins.append(Join(name, member.email, joined_at, middle))
            joined_at = middle + timedelta(minutes=3)
        joins.append(Join(name, member.email, joined_at, left_at))
    return participants(98765432100 + number, talk.title, HOST, (begins, ends), joins)


def _questions(rng: random.Random, talks: Sequence[Session], found: Sequence[Study]) -> list[Sequence[object]]:
    """Sent in during the days before a tech talk; answered in it one by one, but for the last."""
    rows: list[Sequence[object]] = []
    for talk in talks:
        if talk.kind == "tech_talk":
            for at, member in enumerate(rng.sample(_still_in(found, talk), plan.ASKED_AHEAD)):
                asked_at = talk.starts_at - timedelta(days=1 + at % 3, minutes=7 * at)
                answered_at = f"{talk.starts_at + timedelta(minutes=20 + 4 * at):%Y-%m-%dT%H:%M}"
                is_answered = at < plan.ANSWERED
                what = [f"{asked_at:%Y-%m-%dT%H:%M}", member.email, talk.session, "사전 질문", rng.choice(TOPICS)]
                rows.append([*what, *((answered_at, "연사") if is_answered else ("", ""))])
    return rows
