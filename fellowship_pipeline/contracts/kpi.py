"""The KPI tables and the headline KPIs: what stakeholders and outside tools may read.

Belongs here: columns, grain, units and privacy class of schema ``kpi``. Does not belong here: formulas, which stand in
``assets/kpi``, an SQL file each.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.contracts.model import Column, Measure, Table, Type


def _n(
    name: str, description: str, unit: str = "persons", *, required: bool = True, minimum: float | None = 0
) -> Column:
    return Column(name, "BIGINT", description, unit=unit, required=required, minimum=minimum)


def _rate(name: str, description: str, maximum: float | None = 1) -> Column:
    return Column(name, "DOUBLE", description, unit="rate", minimum=0, maximum=maximum)


def _v(name: str, description: str, unit: str, minimum: float | None = 0) -> Column:
    return Column(name, "DOUBLE", description, unit=unit, minimum=minimum)


def _key(name: str, type_: Type, description: str, *, required: bool = True, values: tuple[str, ...] = ()) -> Column:
    return Column(name, type_, description, required=required, values=values)


SLICE_KINDS = ("all", "cohort", "study_mode", "study_group", "track")
SLICE = (
    _key("slice_by", "VARCHAR", "The kind of slice.", values=SLICE_KINDS),
    _key("slice", "VARCHAR", "The slice; '(none)' where a member has no value."),
)
MONTH = _key("month", "DATE", "The month, its 1st.")


def _table(
    name: str, description: str, grain: tuple[str, ...], columns: tuple[Column, ...], measure: Measure = "operational"
) -> Table:
    return Table("kpi", name, f"{description} Grain: {' × '.join(grain)}.", columns, grain, measure)


KPI_TABLES: tuple[Table, ...] = (
    _table(
        "adoption",
        "Of the seat invitations sent up to the end of the month, how many were accepted by then.",
        ("month", "slice_by", "slice"),
        (
            MONTH,
            *SLICE,
            _n("invited", "Invitations sent so far, without those withdrawn unanswered.", "invitations"),
            _n("accepted", "Those of them accepted so far.", "invitations"),
            _rate("adoption_rate", "accepted / invited."),
            _n("activated", "Those accepted whose member has learned since.", "invitations"),
            _rate("activation_rate", "activated / accepted."),
            _v("median_days_to_accept", "Median calendar days from the first sending to acceptance.", "days"),
        ),
    ),
    _table(
        "engagement",
        "Of those who hold a seat on the day, how many learned within the window that ends with it.",
        ("day", "slice_by", "slice"),
        (
            _key("day", "DATE", "The day."),
            *SLICE,
            _n("holders", "Members who hold a seat on the day."),
            _n("active", "Those of them who learned within the window, on a day on which they held a seat."),
            _rate("engagement_rate", "active / holders."),
            _n("active_1d", "As active, on the day itself."),
            _n("active_7d", "As active, within 7 days."),
            _rate("stickiness", "active_1d / active."),
        ),
    ),
    _table(
        "activity",
        "All recorded learning of the month, seat or not.",
        ("month", "slice_by", "slice"),
        (
            MONTH,
            *SLICE,
            _n("learners", "Members with any activity."),
            _n("active_days", "Their member-days.", "days"),
            _v("xp", "Experience points; NULL where no activity of the program has any.", "XP"),
            _v("minutes", "Minutes; NULL where no activity of the program has any.", "minutes"),
            _v("median_xp", "Median over learners of their sum.", "XP"),
            _v("p90_xp", "90th percentile over learners of their sum.", "XP"),
            _n("completions", "First completions per member and course.", "completions"),
        ),
    ),
    _table(
        "seats",
        "Seats of a pool over the month: what was held, accepted, taken back and left idle.",
        ("month", "pool"),
        (
            MONTH,
            _key("pool", "VARCHAR", "The pool of seats."),
            _n("capacity", "Seats bought, on the month's last day.", "seats", required=False),
            _n("held_start", "Held on the last day before the month.", "seats"),
            _n("accepted", "Accepted in the month.", "seats"),
            _n("reclaimed", "Taken back in the month.", "seats"),
            _n("returned", "Given back in the month.", "seats"),
            _n("held_end", "held_start + accepted - reclaimed - returned.", "seats"),
            _n("peak_held", "The most held on one day.", "seats"),
            _n("invited_open", "Invitations open at the end.", "invitations"),
            _n(
                "idle",
                "capacity - held_end - invited_open; negative: over-committed.",
                "seats",
                required=False,
                minimum=None,
            ),
            _rate("utilization", "held_end / capacity.", maximum=None),
            _n("rotations_used", "Seats taken back in the budget's term so far.", "seats", required=False),
            _n("rotations_left", "What the budget leaves.", "seats", required=False, minimum=None),
        ),
    ),
    _table(
        "review_summary",
        "What the month's seat review proposes, by rule.",
        ("review_month", "rule"),
        (
            _key("review_month", "DATE", "The month at whose start the review is held."),
            _key("rule", "VARCHAR", "The rule that applied."),
            _n("reviewed", "Seats reviewed.", "seats"),
            _n("kept", "Seats kept.", "seats"),
            _n("reclaimed", "Seats to be taken back.", "seats"),
            _n("exempt", "Seats that the rule leaves alone.", "seats"),
            _n("deferred", "Seats over the rotation budget.", "seats"),
            _rate("reclaim_rate", "reclaimed / (reviewed - exempt)."),
        ),
    ),
    _table(
        "what_if",
        "What each review would have done under another minimum of XP.",
        ("review_month", "minimum_xp"),
        (
            _key("review_month", "DATE", "The month at whose start the review is held."),
            Column("minimum_xp", "BIGINT", "The minimum tried.", unit="XP", required=True, minimum=0),
            _n("reclaimed", "Seats that would be taken back.", "seats"),
            _rate("reclaim_rate", "reclaimed / (reviewed - exempt)."),
        ),
    ),
    _table(
        "retention",
        "Of those whose first seat began in the start month, how many learned in a later month.",
        ("start_month", "months_since", "slice_by", "slice"),
        (
            _key("start_month", "DATE", "The month of the first acceptance."),
            _n("months_since", "Calendar months since.", "months"),
            *SLICE,
            _n("started", "Members who started."),
            _n("active", "Those active in that later month."),
            _rate("retention_rate", "active / started."),
        ),
    ),
    _table(
        "courses",
        "Who began and who completed a course.",
        ("course", "track"),
        (
            _key("course", "VARCHAR", "The course."),
            _key("track", "VARCHAR", "A track it belongs to; NULL: none.", required=False),
            _n("started", "Members with activity in it or a completion of it."),
            _n("completed", "Members with a completion."),
            _rate("completion_rate", "completed / started."),
            _v("median_days", "Median calendar days from start to first completion.", "days"),
            _v("hours", "The course's hours in the catalog.", "hours"),
        ),
    ),
    _table(
        "tracks",
        "How far members are on their track.",
        ("track", "slice_by", "slice"),
        (
            _key("track", "VARCHAR", "The track."),
            *SLICE,
            _n("members", "Members on the track."),
            _rate("median_progress", "Median share of the track's hours completed."),
            _n("completed", "Members who completed all of it.", required=False),
            _rate("completion_rate", "completed / members."),
        ),
    ),
    _table(
        "applications",
        "Applicants by stage.",
        ("cohort", "stage"),
        (
            _key("cohort", "VARCHAR", "The cohort applied for."),
            _n("position", "The stage's place.", "rank", minimum=1),
            _key("stage", "VARCHAR", "The stage."),
            _n("entered", "Applicants with a result at the stage."),
            _n("passed", "Those who passed."),
            _n("failed", "Those who failed."),
            _n("pending", "Those who wait."),
            _n("withdrawn", "Those who withdrew."),
            _rate("pass_rate", "passed / entered."),
            _rate("overall_rate", "passed / entered at the first stage.", maximum=None),
        ),
        "sensitive",
    ),
    _table(
        "survey",
        "What respondents chose, with the 95 % Wilson score interval (Wilson 1927).",
        ("survey", "question", "option", "slice_by", "slice"),
        (
            _key("survey", "VARCHAR", "The survey."),
            _key("question", "VARCHAR", "The question."),
            _key("option", "VARCHAR", "The option."),
            *SLICE,
            _n("respondents", "Who returned the survey."),
            _n("answered", "Who answered the question."),
            _n("chosen", "Who chose the option."),
            _rate("share", "chosen / answered."),
            _rate("ci_low", "Lower end of the interval."),
            _rate("ci_high", "Upper end of the interval."),
        ),
        "sensitive",
    ),
    _table(
        "survey_ratings",
        "Ratings given.",
        ("survey", "question", "slice_by", "slice"),
        (
            _key("survey", "VARCHAR", "The survey."),
            _key("question", "VARCHAR", "The question."),
            *SLICE,
            _n("answered", "Who answered the question."),
            _v("mean", "Mean rating.", "rating", None),
            _v("median", "Median rating.", "rating", None),
            _v("p10", "10th percentile.", "rating", None),
            _v("p90", "90th percentile.", "rating", None),
            _v("nps", "Net promoter score, -100 to 100; of 0-10 scales only (Reichheld 2003).", "points", -100),
        ),
        "sensitive",
    ),
    _table(
        "survey_response",
        "How many of those asked returned the survey.",
        ("survey", "slice_by", "slice"),
        (
            _key("survey", "VARCHAR", "The survey."),
            *SLICE,
            _n("population", "Members the survey was sent to."),
            _n("respondents", "Those who returned it, and responses without a name."),
            _rate("response_rate", "respondents / population.", maximum=None),
        ),
        "sensitive",
    ),
    _table(
        "headlines",
        "The headline KPIs at `as_of`, without what they are compared with.",
        ("kpi", "slice_by", "slice"),
        (
            _key("kpi", "VARCHAR", "The KPI."),
            *SLICE,
            _n("numerator", "What is counted.", "count", required=False),
            _n("denominator", "Of how many.", "count", required=False),
            _rate("value", "numerator / denominator.", maximum=None),
            _key("subject", "VARCHAR", "The survey or review month it is of; NULL: the program.", required=False),
        ),
    ),
    _table(
        "scorecard",
        "The headline KPIs at `as_of`, against target, the month before, and peers.",
        ("kpi", "slice_by", "slice"),
        (
            _key("kpi", "VARCHAR", "The KPI."),
            _key("label", "VARCHAR", "Its name in the program's first language."),
            _key("as_of", "DATE", "The day it is of."),
            *SLICE,
            _n("numerator", "What is counted.", "count", required=False),
            _n("denominator", "Of how many.", "count", required=False),
            _rate("value", "numerator / denominator.", maximum=None),
            _key("unit", "VARCHAR", "rate: a fraction."),
            _v("target", "What the program aims at.", "rate"),
            _key("status", "VARCHAR", "Against the target.", required=False, values=("met", "near", "missed")),
            _v("previous", "The same at the same day of the month before.", "rate"),
            _v("delta", "value - previous.", "rate", None),
            _v("benchmark", "The peers' value.", "rate"),
        ),
    ),
)


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
)
