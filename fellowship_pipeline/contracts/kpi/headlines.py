"""The headline KPIs: their names in both languages, what they mean, their privacy class.

Belongs here: what the scorecard and its tiles call them. Does not belong here: formulas (``assets/kpi/headlines.sql``).
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.contracts.model import Measure


@dataclass(frozen=True)
class Headline:
    """A headline KPI: its privacy class, its names, and what it means."""

    kpi: str
    measure: Measure
    label: dict[str, str]
    definition: dict[str, str]


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "adoption_rate",
        "operational",
        {"ko": "초대 수락률", "en": "Adoption rate"},
        {"ko": "보낸 좌석 초대 중 수락된 초대", "en": "Seat invitations accepted, of all sent"},
    ),
    Headline(
        "engagement_rate",
        "operational",
        {"ko": "참여율", "en": "Engagement rate"},
        {"ko": "좌석 보유자 중 최근 학습한 사람", "en": "Seat holders who studied in the last days of the window"},
    ),
    Headline(
        "activation_rate",
        "operational",
        {"ko": "학습 시작률", "en": "Activation rate"},
        {"ko": "수락된 초대 중 그 뒤 학습을 시작한 초대", "en": "Accepted invitations whose member has studied since"},
    ),
    Headline(
        "platform_adoption_score",
        "operational",
        {"ko": "플랫폼 도입 점수", "en": "Platform adoption score"},
        {
            "ko": "지금까지 학습이 시작된 초대를 현재 구매한 좌석으로 나눈 값. 좌석이 여러 사람을 거치면 100%를 넘는다",
            "en": "Invitations activated so far, of the seats bought today; above 100% once seats have changed hands",
        },
    ),
    Headline(
        "seat_utilization",
        "operational",
        {"ko": "좌석 사용률", "en": "Seat utilization"},
        {"ko": "구매한 좌석 중 사용 중인 좌석", "en": "Seats held, of the seats bought"},
    ),
    Headline(
        "reclaim_rate",
        "operational",
        {"ko": "좌석 회수율", "en": "Reclaim rate"},
        {"ko": "최근 심사 대상 좌석 중 회수할 좌석", "en": "Seats to be taken back, of those the latest review judged"},
    ),
    Headline(
        "retention_3m",
        "operational",
        {"ko": "3개월 유지율", "en": "Retention, month 3"},
        {"ko": "첫 좌석 석 달 뒤에도 학습한 구성원", "en": "Members still studying three months after the first seat"},
    ),
    Headline(
        "course_completion_rate",
        "operational",
        {"ko": "강의 수료율", "en": "Course completion"},
        {"ko": "시작한 강의 중 수료한 강의", "en": "Courses completed, of courses started"},
    ),
    Headline(
        "attendance_rate",
        "operational",
        {"ko": "모임 참석률", "en": "Attendance rate"},
        {
            "ko": "지난달 구성원 중 모임에 한 번이라도 참석한 사람",
            "en": "Members who attended any session of the last whole month",
        },
    ),
    Headline(
        "mission_survival_rate",
        "sensitive",
        {"ko": "미션 생존율", "en": "Mission survival"},
        {
            "ko": "처음 구성원 중 마지막으로 마감된 미션까지 남은 사람",
            "en": "Members of the cohort still in after the last mission that was due",
        },
    ),
    Headline(
        "survey_response_rate",
        "sensitive",
        {"ko": "설문 응답률", "en": "Survey response"},
        {"ko": "최근 설문 대상자 중 응답자", "en": "Members who returned the latest survey"},
    ),
    Headline(
        "goal_helped_rate",
        "sensitive",
        {"ko": "목표 달성 도움", "en": "Goal helped"},
        {"ko": "목표에 도움이 되었다고 답한 응답자", "en": "Respondents whom the program helped with a goal"},
    ),
    Headline(
        "placement_rate",
        "sensitive",
        {"ko": "취업률", "en": "Placement rate"},
        {
            "ko": "끝난 기수의 구직 수료자 중 인턴십이나 일자리를 얻은 사람",
            "en": "Internship or job, of those who completed an ended cohort and look for one",
        },
    ),
)
