"""What builders do together: a meeting a month, the platform's problems collected there, the sponsor met twice a year.

Belongs here: meetings, who came, problems and what became of them. Does not belong here: seats, studies (``season``).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from examples.datacamp_fellowship.dates import DAY, at, months
from examples.datacamp_fellowship.people import Person
from examples.writing import csv_bytes
from examples.zoom import Join, participants

OPERATORS = "operators@fellowship.example.org"
MEETING = 92345678901
SPONSOR = "DataCamp"
SPONSOR_MEETINGS = (date(2022, 1, 19), date(2022, 6, 22), date(2022, 11, 30), date(2023, 5, 10))
SESSIONS = "session,kind,starts_at,title,organization,minutes"
PROBLEMS = "opened_at,member,session,channel,topic,answered_at,answered_by,escalated_to"


class Problem(NamedTuple):
    """Raised at the meeting of that month: by the how-manieth builder, about what, and what was done with it."""

    month: date
    builder: int
    topic: str
    route: str


URGENT, NEXT_MEETING, OURSELVES = "e-mail", "sponsor meeting", "builders"
COLLECTED = (
    Problem(date(2021, 8, 1), 2, "초대 메일이 스팸함으로 감", OURSELVES),
    Problem(date(2021, 8, 1), 7, "회사 계정과 초대 주소가 다름", URGENT),
    Problem(date(2021, 9, 1), 0, "모바일 진도 반영 지연", NEXT_MEETING),
    Problem(date(2021, 10, 1), 4, "한국어 자막 오류", NEXT_MEETING),
    Problem(date(2021, 11, 1), 9, "힌트를 쓰면 XP가 얼마나 줄어드는지", OURSELVES),
    Problem(date(2021, 12, 1), 1, "수료증 이름 표기", NEXT_MEETING),
    Problem(date(2022, 2, 1), 5, "새 좌석 초대가 열리지 않음", URGENT),
    Problem(date(2022, 3, 1), 3, "그룹별 리더보드가 없음", NEXT_MEETING),
    Problem(date(2022, 4, 1), 8, "R 실습 환경이 자주 끊김", NEXT_MEETING),
    Problem(date(2022, 4, 1), 10, "트랙을 바꾸는 방법", OURSELVES),
    Problem(date(2022, 7, 1), 6, "연습 문제 XP 누락", NEXT_MEETING),
    Problem(date(2022, 8, 1), 0, "좌석 만료일이 잘못 보임", URGENT),
    Problem(date(2022, 9, 1), 2, "1,000 XP 기준을 세는 시간대", OURSELVES),
    Problem(date(2022, 10, 1), 4, "모바일 진도 반영 지연", NEXT_MEETING),
    Problem(date(2022, 12, 1), 7, "좌석이 줄어드는 날짜", URGENT),
    Problem(date(2023, 2, 1), 1, "수료증 이름 표기", NEXT_MEETING),
    Problem(date(2023, 3, 1), 9, "프로젝트 채점 오류", URGENT),
    Problem(date(2023, 4, 1), 5, "워크스페이스 용량 제한", NEXT_MEETING),
    Problem(date(2023, 6, 1), 3, "한국어 자막 오류", NEXT_MEETING),
    Problem(date(2023, 8, 1), 8, "내보내기에 연습 문제가 빠짐", NEXT_MEETING),
)


def files(members: Sequence[Person]) -> dict[str, bytes]:
    """Every file by its path below ``landing/``."""
    builders = [person for person in members if person.role == "builder"]
    rng = random.Random("builder meetings")
    reports = {
        f"zoom/builders/participants_{day}.csv": _report(rng, day, builders) for day in map(meeting_day, months())
    }
    aliases = [(builders[6].member, "zoom", _on_the_phone(builders[6]))]
    return {
        **reports,
        "sessions/sponsor_meetings.csv": csv_bytes(SESSIONS, map(_sponsor_meeting, SPONSOR_MEETINGS)),
        "support/platform_problems.csv": csv_bytes(PROBLEMS, _problems(builders)),
        "aliases/zoom.csv": csv_bytes("member,kind,value", aliases),
    }


def meeting_day(month: date) -> date:
    """The month's second Wednesday."""
    return month + ((2 - month.weekday()) % 7 + 7) * DAY


def _report(rng: random.Random, day: date, builders: Sequence[Person]) -> bytes:
    starts_at, ends_at = at(day, 19, 52, 40), at(day, 21, 4, 10)
    host = Join("운영진", OPERATORS, starts_at, ends_at, is_host=True)
    return participants(MEETING, "빌더 월간 모임", OPERATORS, (starts_at, ends_at), [host, *_joins(rng, day, builders)])


def _joins(rng: random.Random, day: date, builders: Sequence[Person]) -> list[Join]:
    """All builders but up to three; some come late, some lose the line once, one is on the phone at times."""
    joins = []
    for person in sorted(rng.sample(builders, len(builders) - rng.randrange(4)), key=lambda p: p.member):
        came = at(day, 19, 55) + timedelta(seconds=rng.randrange(900))
        left = at(day, 21, 0) + timedelta(seconds=rng.randrange(240))
        on_the_phone = person is builders[6] and rng.random() < 0.4
        who = (_on_the_phone(person), "") if on_the_phone else (person.name, person.email)
        if rng.random() < 0.2:
            lost = came + timedelta(minutes=rng.randrange(10, 30))
            joins += [Join(*who, came, lost), Join(*who, lost + timedelta(seconds=95), left)]
        else:
            joins.append(Join(*who, came, left))
    return joins


def _on_the_phone(person: Person) -> str:
    return f"{person.first_name}의 휴대폰"


def _sponsor_meeting(day: date) -> list[object]:
    return [f"sponsor-{day}", "sponsor_meeting", f"{at(day, 17):%Y-%m-%dT%H:%M}", "운영 현황과 요청 사항", SPONSOR, 60]


def _problems(builders: Sequence[Person]) -> list[list[str]]:
    return [_problem(problem, builders, n) for n, problem in enumerate(COLLECTED)]


def _problem(problem: Problem, builders: Sequence[Person], n: int) -> list[str]:
    day = meeting_day(problem.month)
    opened = at(day, 20, 10 + n)
    channel, answered, by, to = "builder meeting", None, "", ""
    if problem.route == OURSELVES:
        answered, by = opened + timedelta(minutes=6), builders[(problem.builder + 1) % len(builders)].email
    elif problem.route == URGENT:
        channel, answered, by, to = "e-mail", opened + timedelta(hours=20 + 6 * (n % 5)), SPONSOR, SPONSOR
    elif met := next((meeting for meeting in SPONSOR_MEETINGS if meeting > day), None):
        answered, by, to = at(met, 17, 30), SPONSOR, SPONSOR
    when = [f"{moment:%Y-%m-%dT%H:%M}" if moment else "" for moment in (opened, answered)]
    return [when[0], builders[problem.builder].email, str(day), channel, problem.topic, when[1], by, to]
