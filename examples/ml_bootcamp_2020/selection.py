"""The selection: the application form as Google hands it out, the operators' sheets of quiz, documents, acceptance.

Belongs here: their layouts, and what is wrong with them on purpose. Does not belong here: who gets how far
(``people``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from examples.forms import download_time
from examples.ml_bootcamp_2020 import plan
from examples.ml_bootcamp_2020.people import Applicant
from examples.workbook import workbook
from examples.writing import csv_bytes

FORM = (
    "타임스탬프",
    "이메일 주소",
    "개인정보 수집 및 이용에 동의하십니까?",
    "이름",
    "부트캠프를 어디에서\n알게 되셨나요?",
    "지원 동기를 적어 주세요.",
)
SHEET = "applicant,cohort,stage,result,decided_at,score"
TEST_ACCOUNT = "form-test@example.com"
HALF_TIME = datetime(2020, 8, 31, 9)
WORDS = (
    "딥러닝을 제대로 배우고 싶습니다.",
    "취업을 준비하고 있습니다.",
    "혼자 공부하다 막혀서, 함께하고 싶어요.\n잘 부탁드립니다!",
    "",
)

Answer = tuple[datetime, str, str, str]
"""When, address, name, channel."""


def files(rng: random.Random, people: Sequence[Applicant]) -> dict[str, bytes]:
    """Every file of the selection."""
    answers = _answers(rng, people)
    title = "ML 부트캠프 2020 지원서(응답)"
    early = [answer for answer in answers if answer[0] < HALF_TIME]
    return {
        f"applications/form/{title}.csv": csv_bytes(FORM, (_row(answer, download_time) for answer in early)),
        f"applications/form/{title}.xlsx": workbook(
            "설문지 응답 시트1", FORM, (_row(answer, lambda moment: moment) for answer in answers)
        ),
        "applications/operators/quiz_2020.csv": csv_bytes(SHEET, _quiz(rng, people)),
        "applications/operators/documents_2020.csv": csv_bytes(SHEET, _documents(rng, people), newline="\r\n"),
        "applications/operators/accepted_2020.csv": csv_bytes(SHEET, _accepted(rng, people)),
    }


def _answers(rng: random.Random, people: Sequence[Applicant]) -> list[Answer]:
    """An answer per applicant, a second of some who failed, and one of the operators who tried the form."""
    found = [(person.applied_at, person.email, person.name.korean, person.channel) for person in people]
    failed = [person for person in people if person.place >= plan.QUIZ_PASSED]
    for person in rng.sample(failed, plan.SENT_TWICE):
        again = person.applied_at + timedelta(minutes=rng.randrange(2, 30))
        found.append((again, person.email, person.name.korean, person.channel))
    tried = datetime.combine(plan.APPLIED_FROM - plan.DAY, time(17, 30))
    return sorted([*found, (tried, TEST_ACCOUNT, "테스트", plan.CHANNELS[0])])


def _row(answer: Answer, written: Callable[[datetime], object]) -> list[object]:
    moment, email, name, channel = answer
    return [written(moment), email, "예", name, channel, WORDS[len(email) % len(WORDS)]]


def _quiz(rng: random.Random, people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    """The last who took it in the first group of a day and channel was overlooked: no result to this day."""
    overlooked = next(
        p for p in people if p.day == 0 and p.channel == plan.CHANNELS[0] and p.place == plan.QUIZ_TAKERS - 1
    )
    for person in people:
        if person is overlooked:
            yield [person.email, plan.COHORT, "quiz", "pending", f"{plan.QUIZ_ON}T14:00", ""]
        elif person.place < plan.QUIZ_TAKERS:
            passed = person.place < plan.QUIZ_PASSED
            score = rng.randrange(plan.QUIZ_MINIMUM, 101) if passed else rng.randrange(10, plan.QUIZ_MINIMUM)
            result = "passed" if passed else "failed"
            yield [person.email, plan.COHORT, "quiz", result, f"{plan.QUIZ_RESULTS_ON}T18:00", score]


def _documents(rng: random.Random, people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    for person in people:
        if person.place < plan.QUIZ_PASSED:
            withdrew = person.place == 5 and person.day % 10 < 3
            result = "passed" if person.passed_documents else "withdrawn" if withdrew else "failed"
            yield [person.email, plan.COHORT, "documents", result, _at(rng, person.documents_on), ""]


def _accepted(rng: random.Random, people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    for person in people:
        if person.passed_documents:
            result = "passed" if person.is_member else "withdrawn"
            yield [person.email, plan.COHORT, "accepted", result, _at(rng, plan.ACCEPTED_ON), ""]


def _at(rng: random.Random, day: date) -> str:
    return f"{day}T{rng.randrange(9, 19):02d}:{rng.randrange(60):02d}"
