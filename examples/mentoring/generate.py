"""Writes the exports of four mentoring sessions; the same bytes every time.

Belongs here: the layouts of Zoom, Google Forms, the operators' sheets. Does not belong here: what happened (``plan``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from examples.forms import download_time, sheet_time
from examples.mentoring.plan import (
    COHORT,
    DUE,
    MENTOR,
    SESSIONS,
    Mentee,
    Question,
    Session,
    asked_ahead,
    asked_there,
    handed_in,
    mentees,
)
from examples.writing import csv_bytes
from examples.zoom import Join, korean_participants, participants

ROSTER = "member,cohort,name,email,role"
SESSION = "session,kind,starts_at,title,host,minutes"
ASKED = ("타임스탬프", "이메일 주소", "몇 회차에 다룰 질문인가요?", "주제", "질문", "답변자", "답변 시각")
CHAT = "opened_at,member,session,channel,topic,answered_at,answered_by"
RATED = ("타임스탬프", "이메일 주소", "오늘 멘토링은 얼마나 도움이 되었나요? (1~5)", "다음에 듣고 싶은 이야기")
HANDED_IN = ("타임스탬프", "이메일 주소", "무엇을 제출하나요?", "링크")
MISSION = "cohort,mission,due_at,alternative,requirement,target,mandatory,title"
MEETINGS = (81234567801, 81234567802)
WISHES = ("", "", "면접 준비", "연봉 협상", "비전공자 이야기도 듣고 싶어요.\n감사합니다!")


def generate(landing: Path) -> None:
    """Writes every export below ``landing``."""
    for name, content in exports().items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def exports() -> Mapping[str, bytes]:
    """Every file by its path below ``landing/``."""
    people = mentees()
    return {
        "roster/6기_명단.csv": csv_bytes(ROSTER, ([m.member, COHORT, m.name, m.email, "learner"] for m in people)),
        "roster/멘토.csv": csv_bytes(ROSTER, [["mentor", "멘토", "멘토", MENTOR, "mentor"]]),
        "aliases/zoom.csv": csv_bytes("member,kind,value", _aliases(people)),
        "sessions/sessions.csv": csv_bytes(SESSION, map(_session, SESSIONS)),
        "missions/missions.csv": csv_bytes(MISSION, _missions()),
        "questions/질문 수집(응답) - 시트1.csv": csv_bytes(ASKED, (_asked(people, q) for q in asked_ahead())),
        "questions-there/questions.csv": csv_bytes(CHAT, (_chat(people, q) for q in asked_there())),
        "submissions/제출(응답) - 시트1.csv": csv_bytes(HANDED_IN, _submissions(people)),
        **{f"zoom/{session.id}_{_report_name(session)}.csv": _report(session, people) for session in SESSIONS},
        **{f"ratings/{session.id} 만족도.csv": csv_bytes(RATED, _ratings(session, people)) for session in SESSIONS},
    }


def _aliases(people: list[Mentee]) -> Iterator[list[str]]:
    for mentee in people:
        name, email = mentee.in_zoom
        yield [mentee.member, "zoom", email or name]


def _session(session: Session) -> list[object]:
    return [session.id, "mentoring", _minute(session.at(0)), session.title, MENTOR, 120]


def _missions() -> Iterator[list[object]]:
    for what, due in DUE.items():
        yield [COHORT, what, due, what, "certification", what, "false", f"{what} 제출"]


def _asked(people: list[Mentee], question: Question) -> list[str]:
    """As the linked sheet shows it, with the two columns that the operators keep beside the answers of the form."""
    answered = [MENTOR, sheet_time(question.answered_at)] if question.answered_at else ["", ""]
    return [
        sheet_time(question.opened_at),
        people[question.asker - 1].email,
        question.session,
        question.topic,
        f"{question.topic} 쪽을 준비하려면 무엇부터 하면 좋을까요?",
        *answered,
    ]


def _chat(people: list[Mentee], question: Question) -> list[str]:
    name, email = people[question.asker - 1].in_zoom
    answered_by = people[question.answered_by - 1].email if question.answered_by else MENTOR
    when = [_minute(moment) if moment else "" for moment in (question.opened_at, question.answered_at)]
    return [when[0], email or name, question.session, "Zoom 채팅", question.topic, when[1], answered_by]


def _submissions(people: list[Mentee]) -> Iterator[list[str]]:
    for moment, number, what in sorted(handed_in()):
        link = f"https://drive.example.org/{number:02d}/{moment:%m%d%H%M}"
        yield [sheet_time(moment), people[number - 1].email, what, link]


def _ratings(session: Session, people: list[Mentee]) -> Iterator[list[str]]:
    """The download of a form that is passed round in the last minutes: some of those who came fill it in."""
    rng = random.Random(f"ratings {session.id}")
    grades = [grade for grade, times in zip("543", session.ratings, strict=True) for _ in range(times)]
    rng.shuffle(grades)
    present = [mentee for mentee in people if mentee.number not in session.away]
    chosen = rng.sample(present, len(grades))
    for n, (mentee, grade) in enumerate(zip(chosen, grades, strict=True)):
        moment = session.at(112) + timedelta(seconds=23 * n)
        yield [download_time(moment), mentee.email, grade, rng.choice(WISHES)]


def _report_name(session: Session) -> str:
    return "참가자" if _is_korean(session) else "participants"


def _is_korean(session: Session) -> bool:
    """Two of them lent their accounts for the meetings, one of which is set to Korean."""
    return SESSIONS.index(session) % 2 == 1


def _report(session: Session, people: list[Mentee]) -> bytes:
    rng = random.Random(f"zoom {session.id}")
    starts_at, ends_at = session.at(-12), session.at(121)
    joins = [Join("멘토", MENTOR, starts_at, ends_at, is_host=True)]
    for mentee in people:
        if mentee.number not in session.away:
            joins += _joins(rng, session, mentee)
    if session == SESSIONS[2]:
        joins.append(Join("iPhone", "", session.at(4), session.at(31)))
    if _is_korean(session):
        return korean_participants(joins)
    meeting = MEETINGS[SESSIONS.index(session) // 2]
    return participants(meeting, f"6기 멘토링 {session.id}", MENTOR, (starts_at, ends_at), joins)


def _joins(rng: random.Random, session: Session, mentee: Mentee) -> list[Join]:
    """One in four loses the line and comes back; one in eight is in on a second device for a while."""
    name, email = mentee.in_zoom
    came = session.at(-8) + timedelta(seconds=rng.randrange(1500))
    left = session.at(116) + timedelta(seconds=rng.randrange(240))
    if rng.random() < 0.25:
        lost = session.at(40) + timedelta(seconds=rng.randrange(1800))
        return [
            Join(name, email, came, lost),
            Join(name, email, lost + timedelta(seconds=rng.randrange(20, 400)), left),
        ]
    joins = [Join(name, email, came, left)]
    if rng.random() < 0.125:
        joins.append(Join(name, email, session.at(30), session.at(55)))
    return joins


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
