"""The headline KPIs: the table each is taken from, whom it describes, its line on the page, its names and meaning.

Belongs here: everything about a headline but its formula. Does not belong here: formulas, a step each of
``assets/kpi/headlines.sql``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fellowship_pipeline.contracts.privacy import Measure

Moment = Literal["day", "month", "running_month", "review", "sessions", "third_month"]
"""Of which rows of a table a headline of a day tells.

``day``: those of the day. ``month``: those of its month. ``running_month``: the same, of a table whose counts run on;
those closest to an earlier day are of the last whole month by then. ``review``: those of the latest review by then.
The last two are told of beside a group of its own: ``sessions``, whoever came to a kind of session in the last whole
month; ``third_month``, those who started in the latest month that is three months past.
"""


@dataclass(frozen=True)
class Persons:
    """Whom a headline describes: those that rows of a KPI table describe too, and who are hidden or shown together.

    ``counted``: which of the headline's two numbers is persons.
    """

    table: str
    moment: Moment
    counted: Literal["numerator", "denominator"] = "denominator"


@dataclass(frozen=True)
class Series:
    """The line on a headline's tile: a column of its table over time.

    ``period``: the column that orders them; of days those at the ends of months are drawn, surveys stand in the order
    of program.yaml. ``only``: a column, and what it says in the rows drawn.
    """

    column: str
    period: str = "month"
    only: tuple[str, int] | None = None


@dataclass(frozen=True)
class Headline:
    """A headline KPI.

    ``table``: the KPI table it is taken from. ``persons``: whom it describes; None: a group of its own. ``series``: the
    line on its tile; None: it has none. ``adds_up``: whether its group is that of the table's rows together (those of
    ``series.only``), by slice where they have one; ``known``: the column without which a row is not among them.
    ``is_renewal``: whether it decides renewal, and so stands first and in the page's first sentence (locale
    ``lead.KPI``). ``is_windowed``: whether what it means depends on the engagement window (locale ``tile.what_KPI``).
    """

    kpi: str
    measure: Measure
    table: str
    label: dict[str, str]
    definition: dict[str, str]
    persons: Persons | None = None
    series: Series | None = None
    adds_up: bool = False
    known: str | None = None
    is_renewal: bool = False
    is_windowed: bool = False


_INVITED = Persons("adoption", "running_month")


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "adoption_rate",
        "operational",
        "adoption",
        {"ko": "초대 수락률", "en": "Adoption rate"},
        {"ko": "보낸 좌석 초대 중 수락된 초대", "en": "Seat invitations accepted, of all sent"},
        _INVITED,
        Series("adoption_rate"),
        is_renewal=True,
    ),
    Headline(
        "engagement_rate",
        "operational",
        "engagement",
        {"ko": "참여율", "en": "Engagement rate"},
        {"ko": "좌석 보유자 중 최근 학습한 사람", "en": "Seat holders who studied in the last days of the window"},
        Persons("engagement", "day"),
        Series("engagement_rate", "day"),
        is_renewal=True,
        is_windowed=True,
    ),
    Headline(
        "activation_rate",
        "operational",
        "adoption",
        {"ko": "학습 시작률", "en": "Activation rate"},
        {"ko": "수락된 초대 중 그 뒤 학습을 시작한 초대", "en": "Accepted invitations whose member has studied since"},
        _INVITED,
        Series("activation_rate"),
    ),
    Headline(
        "platform_adoption_score",
        "operational",
        "seats",
        {"ko": "플랫폼 도입 점수", "en": "Platform adoption score"},
        {
            "ko": "구매한 좌석 중 지금 보유자가 좌석을 받은 뒤 학습한 좌석. 좌석 사용률보다 높을 수 없다",
            "en": "Members who hold a seat and have studied since they accepted it, of the seats bought",
        },
        Persons("engagement", "day"),
    ),
    Headline(
        "seat_utilization",
        "operational",
        "seats",
        {"ko": "좌석 사용률", "en": "Seat utilization"},
        {"ko": "구매한 좌석 중 사용 중인 좌석", "en": "Seats held, of the seats bought"},
        Persons("seats", "month", counted="numerator"),
        Series("utilization"),
    ),
    Headline(
        "reclaim_rate",
        "operational",
        "review_summary",
        {"ko": "좌석 회수율", "en": "Reclaim rate"},
        {"ko": "최근 심사 대상 좌석 중 회수할 좌석", "en": "Seats to be taken back, of those the latest review judged"},
        Persons("what_if", "review"),
        Series("reclaim_rate", "review_month"),
    ),
    Headline(
        "retention_3m",
        "operational",
        "retention",
        {"ko": "3개월 유지율", "en": "Retention, month 3"},
        {"ko": "첫 좌석 석 달 뒤에도 학습한 구성원", "en": "Members still studying three months after the first seat"},
        Persons("retention", "third_month"),
        Series("retention_rate", "start_month", only=("months_since", 3)),
        adds_up=True,
    ),
    Headline(
        "course_completion_rate",
        "operational",
        "courses",
        {"ko": "강의 수료율", "en": "Course completion"},
        {
            "ko": "시작한 강의 중 수료한 강의. 시작 기록이 수료의 절반에 못 미치는 강의는 뺀다",
            "en": "Courses completed, of courses started; those left out of which hardly any start is on record",
        },
        adds_up=True,
        known="started",
    ),
    Headline(
        "attendance_rate",
        "operational",
        "community",
        {"ko": "모임 참석률", "en": "Attendance rate"},
        {
            "ko": "지난달 모임에 와야 할 구성원 중 한 번이라도 참석한 사람",
            "en": "Members who attended any session of the last whole month that was for them",
        },
        Persons("community", "sessions"),
    ),
    Headline(
        "mission_survival_rate",
        "sensitive",
        "missions",
        {"ko": "미션 생존율", "en": "Mission survival"},
        {
            "ko": "기수의 학습자 중 탈락하거나 떠나지 않고 마지막으로 마감된 미션까지 남은 사람",
            "en": "Learners of the cohort neither out nor gone after the last mission that was due",
        },
    ),
    Headline(
        "survey_response_rate",
        "sensitive",
        "survey_response",
        {"ko": "설문 응답률", "en": "Survey response"},
        {"ko": "최근 설문 대상자 중 응답자", "en": "Of the members asked, those who returned the latest survey"},
        series=Series("response_rate", "survey"),
    ),
    Headline(
        "goal_helped_rate",
        "sensitive",
        "survey",
        {"ko": "목표 달성 도움", "en": "Goal helped"},
        {"ko": "목표에 도움이 되었다고 답한 응답자", "en": "Respondents whom the program helped with a goal"},
    ),
    Headline(
        "placement_rate",
        "sensitive",
        "outcomes",
        {"ko": "취업률", "en": "Placement rate"},
        {
            "ko": "끝난 기수의 구직 수료자 중 인턴십이나 일자리를 얻은 사람",
            "en": "Internship or job, of those who completed an ended cohort and look for one",
        },
    ),
)
