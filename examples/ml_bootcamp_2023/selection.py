"""The selection: the application form as its linked sheet has it, the operators' sheets of skills, test, acceptance.

Belongs here: their layouts. Does not belong here: who gets how far (``people``).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date

from examples.forms import sheet_time
from examples.ml_bootcamp_2023 import plan
from examples.ml_bootcamp_2023.people import Applicant
from examples.writing import csv_bytes

FORM = (
    "타임스탬프",
    "이메일 주소",
    "개인정보 수집 및 이용에 동의하십니까?",
    "이름",
    "어떤 경로로 알게 되셨나요?",
    "사용할 수 있는 언어를 모두 골라 주세요.",
    "딥러닝 프레임워크를 써 본 적이 있나요?\n(있다면 무엇을 했는지 적어 주세요)",
    "일주일에 공부할 수 있는 시간",
)
LANGUAGES = ("Python", "Python, C/C++", "Python, R", "Java, Kotlin", "JavaScript, TypeScript")
SHEET = "applicant,cohort,stage,result,decided_at,score"


def files(rng: random.Random, people: Sequence[Applicant]) -> dict[str, bytes]:
    """Every file of the selection."""
    form = "applications/form/ML 부트캠프 2023 지원서(응답) - 설문지 응답 시트1.csv"
    decided = {"skills": _skills(people), "test": _test(rng, people), "accepted": _accepted(people)}
    return {
        form: csv_bytes(FORM, (_answer(rng, person) for person in people)),
        **{f"applications/operators/{name}_2023.csv": csv_bytes(SHEET, rows) for name, rows in decided.items()},
    }


def _answer(rng: random.Random, person: Applicant) -> Sequence[object]:
    skills = [rng.choice(LANGUAGES), rng.choice(("", "튜토리얼을 따라 해 봤습니다.", "사내 프로젝트\n(이미지 분류)"))]
    who = [person.email, "예", person.name.korean, person.channel]
    return [sheet_time(person.applied_at), *who, *skills, rng.choice(("10시간", "15시간", "20시간 이상"))]


def _skills(people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    for person in people:
        result = "passed" if person.place < plan.SKILLS_PASSED else "failed"
        yield [person.email, plan.COHORT, "skills", result, _noon(plan.SKILLS_ON), ""]


def _test(rng: random.Random, people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    """Ten questions; one of each day and channel did not come."""
    for person in people:
        if person.place < plan.SKILLS_PASSED - 1:
            passed = person.place < plan.TEST_PASSED
            score = rng.randrange(plan.TEST_MINIMUM, 11) if passed else rng.randrange(2, plan.TEST_MINIMUM)
            result = "passed" if passed else "failed"
            yield [person.email, plan.COHORT, "test", result, _noon(plan.TEST_ON), score]


def _accepted(people: Sequence[Applicant]) -> Iterable[Sequence[object]]:
    for person in people:
        if person.place < plan.TEST_PASSED:
            result = "passed" if person.is_member else "failed" if person.day % 3 else "withdrawn"
            yield [person.email, plan.COHORT, "accepted", result, _noon(plan.ACCEPTED_ON), ""]


def _noon(day: date) -> str:
    return f"{day}T12:00"
