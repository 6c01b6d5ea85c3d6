"""Both surveys as Google Forms hands them out in Korean: the download of year 1, the linked sheet of year 2.

Belongs here: questions, invented answers, and how many chose what (``mission.md``'s figures). Does not belong here: who
was a member.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from examples.datacamp_fellowship.dates import DAY, at
from examples.datacamp_fellowship.people import Person
from examples.forms import download_time, sheet_time
from examples.writing import csv_bytes

YEAR_1_ANSWERS, YEAR_2_ANSWERS = 33, 24
HELPED = {"job": 8, "goal": 28, "project": 24}
JOB_STEPS = {"인턴십": 3, "정규직 취업": 6, "승진": 3, "해당 없음": 12}
STUDIES = {"석사 진학": 6, "박사 진학": 1, "학사 편입, 복수전공": 2, "해당 없음": 15}

GOALS = ("데이터 분석, 시각화 역량 쌓기", "이직, 취업 준비", "머신러닝 공부", "업무 자동화", "논문, 연구에 활용")
LIKED = ("함께 공부하는 분위기", "무료 이용권", "빌더의 피드백, 격려", "XP 목표, 순위", "자유로운 속도")
MADE = ("논문, 학회 발표", "대시보드, 시각화", "플랫폼, 서비스", "사내 분석 도구")
PROJECTS = (
    "공공 자전거 수요 예측",
    "우리 동네 카페 지도",
    "고객 이탈 분석 (a < b 비교 포함)",
    "논문에 쓸 실험 데이터 정리",
    "",
    "",
    "사내 매출 대시보드",
)
WORDS = (
    "",
    "혼자였다면 끝까지 못 했을 거예요.",
    '"매달 1,000 XP" 덕분에 꾸준히 했습니다.\n다음 기수도 기대합니다!',
    "과정이 너무 많아서 고르기 어려웠어요; 추천 순서가 있으면 좋겠습니다.",
    "<b>감사합니다</b>",
    "모바일 앱에서 진도가 늦게 반영돼요.",
)

YEAR_1 = (
    "타임스탬프",
    "이메일 주소",
    "개인정보 수집 및 이용에 동의하십니까?",
    "펠로우십이 취업, 이직, 인턴십에 도움이 되었나요?",
    "개인 목표 달성에 도움이 되었나요?",
    "프로젝트 수행에 도움이 되었나요?",
    "어떤 목표로 참여하셨나요?\n(복수 선택)",
    "좋았던 점을 모두 골라 주세요.",
    "전반적인 만족도 (1~5)",
    "주변에 추천할 의향 (0~10)",
    "어떤 프로젝트에 활용했나요?",
    "하고 싶은 말",
)
YEAR_2 = (
    "타임스탬프",
    "이메일 주소",
    "개인정보 수집 및 이용에 동의하십니까?",
    "참여 기간에 있었던 취업, 승진을 골라 주세요.",
    "진학한 경우 골라 주세요.",
    "만든 것을 모두 골라 주세요.",
    "전반적인 만족도 (1~5)",
    "주변에 추천할 의향 (0~10)",
    "하고 싶은 말",
)


def year_1(members: Sequence[Person]) -> bytes:
    """33 respondents, one of whom answered twice under two addresses; the later answers count."""
    rng = random.Random("survey year 1")
    people = _respondents(rng, members, date(2022, 7, 31), YEAR_1_ANSWERS)
    job, goal, project = (_spread(rng, {"예": HELPED[of]}, YEAR_1_ANSWERS, "아니오") for of in HELPED)
    rows = []
    for n, (person, moment) in enumerate(zip(people, _moments(rng, date(2022, 7, 20), len(people)), strict=True)):
        opinions = [_several(rng, GOALS, ";"), _several(rng, LIKED, ";"), *_ratings(rng)]
        words = [rng.choice(PROJECTS), rng.choice(WORDS)]
        rows.append([download_time(moment), _address(person), "예", job[n], goal[n], project[n], *opinions, *words])
    first, again = people[4], rows[4]
    earlier = download_time(at(date(2022, 7, 19), 12, 4, 7))
    rows.insert(0, [earlier, first.email, "예", "예", "아니오", "아니오", *again[6:8], "2", "3", "", ""])
    return csv_bytes(YEAR_1, rows)


def year_2(members: Sequence[Person]) -> bytes:
    """24 respondents; options that contain the sheet's own separator."""
    rng = random.Random("survey year 2")
    people = _respondents(rng, members, date(2023, 8, 20), YEAR_2_ANSWERS)
    jobs, studies = (_spread(rng, asked, YEAR_2_ANSWERS) for asked in (JOB_STEPS, STUDIES))
    rows = [
        [
            sheet_time(moment), _address(person), "예", jobs[n], studies[n], _several(rng, MADE, ", "), *_ratings(rng),
            rng.choice(WORDS),
        ]
        for n, (person, moment) in enumerate(zip(people, _moments(rng, date(2023, 8, 21), len(people)), strict=True))
    ]  # fmt: skip
    return csv_bytes(YEAR_2, rows)


def _respondents(rng: random.Random, members: Sequence[Person], day: date, number: int) -> list[Person]:
    """Members who hold a seat on that day; two of them answer under an address of their university."""
    holding = [p for p in members if any(since <= day and (until is None or until > day) for since, until in p.held)]
    chosen = rng.sample(holding, number)
    for person in chosen[4:6]:
        person.survey_email = person.email.replace("@example.org", "@univ.example.org")
    return chosen


def _address(person: Person) -> str:
    return person.survey_email or person.email


def _spread(rng: random.Random, counts: dict[str, int], number: int, other: str = "") -> list[str]:
    """Each answer as often as asked, the rest ``other``, in any order."""
    answers = [answer for answer, count in counts.items() for _ in range(count)]
    answers += [other] * (number - len(answers))
    rng.shuffle(answers)
    return answers


def _moments(rng: random.Random, first: date, number: int) -> Iterable[datetime]:
    """Distinct instants within ten days, noon and midnight among them."""
    odd = [at(first + DAY, 0, 7, 3), at(first + DAY, 12, 0, 59)]
    drawn = [at(first, 8) + timedelta(seconds=n) for n in rng.sample(range(10 * 86400), number - len(odd))]
    return sorted([*odd, *drawn])


def _several(rng: random.Random, options: Sequence[str], separator: str) -> str:
    chosen = rng.sample(range(len(options)), rng.choice((1, 1, 2, 2, 3)))
    return separator.join(options[n] for n in sorted(chosen))


def _ratings(rng: random.Random) -> list[str]:
    return [str(rng.choice((3, 4, 4, 5, 5))), str(rng.choice((5, 7, 8, 8, 9, 9, 10, 10)))]
