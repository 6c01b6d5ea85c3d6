"""The community: questions in the chat and who answered, career sessions on Zoom, résumé clinics on a sign-up sheet.

Belongs here: what was asked, held and attended. Does not belong here: how members studied.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from examples.ml_bootcamp_2020 import plan
from examples.ml_bootcamp_2020.people import Member
from examples.ml_bootcamp_2020.studying import Study
from examples.writing import csv_bytes
from examples.zoom import Join, participants

CHAT = ("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions")
SERVER = "ML 부트캠프 2020 - 커뮤니티"
CHANNEL_IDS = {"질문": 765012345678901234, "커리어": 765098765432109876}
OPERATOR, HOST = "운영진#0001", "host@bootcamp.example.org"
ASKED = (
    "3주차 과제에서 손실이 줄지 않는데 왜 그럴까요?",
    "배치 정규화는 언제 쓰나요?",
    "```\nloss = nan\n```\n왜 이럴까요?",
    "채용 설명회 자료는 어디에 있나요?",
    "https://example.org/?q=1 이 글이 맞나요?",
)
SAID = (
    "학습률을 낮춰 보세요.",
    "저도 같은 곳에서 막혔는데 해결했어요!",
    "참고: https://example.org/notes?week=3",
    "감사합니다 :)",
)
SESSIONS = "session,kind,starts_at,title,host,organization,minutes,capacity"

Question = tuple[datetime, str, datetime | None, str]
"""When, by whom, answered when and by whom."""


def files(rng: random.Random, found: Sequence[Study]) -> dict[str, bytes]:
    """Every file of the community."""
    members = [study.member for study in found]
    finishers = [study.member for study in found if study.is_finisher]
    others = [study.member for study in found if not study.is_finisher]
    asked = {channel: _questions(rng, channel, finishers) for channel in plan.QUESTIONS}
    chats = {
        f"discord/{SERVER} - {channel} [{CHANNEL_IDS[channel]}].csv": _chat(rng, questions)
        for channel, questions in asked.items()
    }
    return {
        **chats,
        "support/answers_2021-01-15.csv": _answers(asked),
        "sessions/sessions.csv": csv_bytes(SESSIONS, [*_career_sessions(), *_clinics()]),
        **_zoom(rng, finishers, others),
        "attendance/clinics.csv": csv_bytes("session,member,status,rating", _clinic_sheet(rng, members)),
    }


# The chat


def _questions(rng: random.Random, channel: str, members: Sequence[Member]) -> list[Question]:
    by_members, by_operators, by_nobody = plan.QUESTIONS[channel]
    kinds = ["member"] * by_members + ["operator"] * by_operators + ["nobody"] * by_nobody
    rng.shuffle(kinds)
    found: list[Question] = []
    for at, kind in enumerate(kinds):
        day = plan.STARTS_ON + timedelta(days=at * (plan.WEEKS * 7 - 2) // len(kinds))
        moment = datetime.combine(day, time(9, 0)) + timedelta(milliseconds=rng.randrange(12 * 3_600_000))
        asking, answering = rng.sample(members, 2)
        if kind == "nobody":
            found.append((moment, asking.discord, None, ""))
        else:
            hours = plan.MEMBERS_HOURS if kind == "member" else plan.OPERATORS_HOURS
            who = answering.discord if kind == "member" else OPERATOR
            found.append((moment, asking.discord, moment + timedelta(hours=hours), who))
    return sorted(found)


def _chat(rng: random.Random, questions: Sequence[Question]) -> bytes:
    """Every message of the channel, as DiscordChatExporter writes it: quoted, with seven decimals and an offset."""
    messages = [(moment, author, rng.choice(ASKED)) for moment, author, _, _ in questions]
    messages += [(moment, author, rng.choice(SAID)) for _, _, moment, author in questions if moment]
    ids: dict[str, int] = {}
    rows = []
    for moment, author, text in sorted(messages):
        number = ids.setdefault(author, 410_000_000_000_000_000 + 7919 * len(ids))
        rows.append((number, author, _round_trip(moment), text, "", rng.choice(("", "", "👍 (2)"))))
    return _all_quoted(rows)


def _answers(asked: dict[str, list[Question]]) -> bytes:
    """The operators' copy of the chat's questions with who answered when."""
    rows = [
        (
            _instant(moment),
            author,
            channel,
            _instant(answered_at),
            by,
        )
        for channel, questions in asked.items()
        for moment, author, answered_at, by in questions
        if answered_at
    ]
    return csv_bytes("opened_at,member,channel,answered_at,answered_by", sorted(rows))


def _round_trip(local: datetime) -> str:
    """.NET's round-trip format: a tenth of a microsecond, and the offset."""
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}0+09:00"


def _instant(local: datetime) -> str:
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}+09:00"


def _all_quoted(rows: Sequence[Sequence[object]]) -> bytes:
    lines = [",".join(CHAT), *(",".join(_quoted(cell) for cell in row) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _quoted(cell: object) -> str:
    return '"' + str(cell).replace('"', '""') + '"'


# Sessions


def _career_day(week: int) -> datetime:
    """Wednesday evening."""
    return datetime.combine(plan.monday(week) + timedelta(days=2), time(19, 30))


def _career_sessions() -> list[Sequence[object]]:
    """The organizer's first, then every partner's."""
    hosts = (plan.ORGANIZER, *plan.PARTNERS)
    return [
        [f"career-{week:02d}", "career", f"{_career_day(week):%Y-%m-%dT%H:%M}", f"{by}: 기술과 사업", HOST, by, 90, ""]
        for week, by in enumerate(hosts, 1)
    ]


def _clinics() -> list[Sequence[object]]:
    """Friday evenings of the last weeks."""
    days = {week: plan.monday(week) + timedelta(days=4) for week in plan.CLINIC_WEEKS}
    return [
        [
            f"clinic-{week:02d}",
            "resume_clinic",
            f"{day}T18:00",
            "이력서 클리닉",
            HOST,
            plan.ORGANIZER,
            60,
            plan.CLINIC_CAPACITY,
        ]
        for week, day in days.items()
    ]


def _zoom(rng: random.Random, finishers: Sequence[Member], others: Sequence[Member]) -> dict[str, bytes]:
    """A report per career session: hosts, re-joins, and once somebody whom nobody knows.

    In a month whoever comes to a less frequented session comes to all others, so that persons can be counted by hand.
    """
    keen: dict[date, list[Member]] = {}
    files = {}
    for week, number in enumerate(plan.CAREER_ATTENDANCE, 1):
        starts_at = _career_day(week)
        month = starts_at.date().replace(day=1)
        came = keen.setdefault(month, [*rng.sample(finishers, len(finishers)), *others])[:number]
        joins = [Join("운영진", HOST, starts_at - timedelta(minutes=12), starts_at + timedelta(minutes=95), True)]
        for at, member in enumerate(came):
            joins += _stays(rng, member, starts_at, is_interrupted=at % 9 == 0)
        if week == 4:
            joins.append(Join("게스트", "", starts_at, starts_at + timedelta(minutes=20)))
        span = (starts_at, starts_at + timedelta(minutes=95))
        report = participants(91234567800 + week, f"커리어 세션 {week}", HOST, span, joins)
        files[f"zoom/career-{week:02d}.csv"] = report
    return files


def _stays(rng: random.Random, member: Member, starts_at: datetime, *, is_interrupted: bool) -> list[Join]:
    """From about the beginning to the end; who was interrupted came back on the telephone before leaving."""
    name = f"{member.name.latin} ({member.name.korean})"
    joined_at = starts_at + timedelta(seconds=rng.randrange(-300, 600))
    left_at = starts_at + timedelta(minutes=90, seconds=rng.randrange(-600, 300))
    if not is_interrupted:
        return [Join(name, member.email, joined_at, left_at)]
    middle = starts_at + timedelta(minutes=40)
    return [
        Join(name, member.email, joined_at, middle + timedelta(minutes=5)),
        Join(name, member.email, middle, left_at),
    ]


def _clinic_sheet(rng: random.Random, members: Sequence[Member]) -> list[Sequence[object]]:
    """Of ten places nine are used; three more wait. Who came says how it was."""
    rows: list[Sequence[object]] = []
    for week in plan.CLINIC_WEEKS:
        chosen = rng.sample(members, 13)
        for at, member in enumerate(chosen):
            status = "attended" if at < 9 else "registered" if at == 9 else "waitlisted"
            rows.append([f"clinic-{week:02d}", member.member, status, rng.choice((4, 5)) if at < 9 else ""])
    return rows
