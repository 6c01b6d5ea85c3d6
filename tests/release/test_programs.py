"""Missions, competitions, community, support, selection, outcomes and terms: what is shown, and what rows give away."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pandas as pd
import pytest

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.release.build import Release

from .test_sensitive import figures, whole

pytestmark = pytest.mark.slow

MARCH, FEBRUARY = date(2022, 3, 1), date(2022, 2, 1)
AS_OF = date(2022, 3, 31)
FEBRUARY_28 = date(2022, 2, 28)
CLOSED, RUNNING = "2021-H2", "2022-H1"
ReleaseOf = Callable[..., Release]


def row(table: str, **values: object) -> tuple[object, ...]:
    columns = TABLE_BY_KEY[f"kpi.{table}"].column_names
    assert set(values) <= set(columns)
    return tuple(values.get(column) for column in columns)


def kind(name: str, unique: int, questions: int = 0, members: int = 60, month: date = FEBRUARY) -> tuple[object, ...]:
    counts = {"sessions": 1, "attendances": unique, "unique_members": unique, "members": members}
    return row("community", month=month, kind=name, **counts, registered=0, questions=questions, answered=questions)


def topic(name: str, opened: int, month: date = FEBRUARY) -> tuple[object, ...]:
    return row("support", month=month, channel="chat", topic=name, opened=opened, answered=0, open_at_end=opened)


def headline(kpi: str, numerator: int, denominator: int) -> tuple[object, ...]:
    rate = numerator / denominator
    return (kpi, kpi, AS_OF, "all", "all", numerator, denominator, rate, "rate", None, None, 0.5, rate - 0.5, None)


def at_end(kpi: str, numerator: int, denominator: int, ends_on: date = FEBRUARY_28) -> tuple[object, ...]:
    figures = {"numerator": numerator, "denominator": denominator, "value": numerator / denominator}
    return row("terms", term=str(ends_on), kpi=kpi, **figures, comparable=True, ends_on=ends_on)


def suppressed(release: Release, table: str, column: str) -> list[object]:
    frame = release.frames[table]
    return list(frame.loc[frame["suppressed"], column])


@pytest.mark.parametrize(
    ("unique", "members", "hidden"), [(4, 60, True), (5, 60, False), (0, 60, False), (0, 4, True), (30, 0, False)]
)
def test_sessions_that_few_came_to_are_hidden(release_of: ReleaseOf, unique: int, members: int, hidden: bool) -> None:
    release = release_of({"community": [kind("clinic", unique, 20, members)]})
    assert release.frames["community"]["suppressed"].tolist() == [hidden]
    assert figures(release, "community", "sessions", "questions") == [1, None if hidden else 20]


@pytest.mark.parametrize(("questions", "shown"), [(4, None), (5, 5), (0, 0)])
def test_few_questions_are_withheld_beside_many_who_came(
    release_of: ReleaseOf, questions: int, shown: int | None
) -> None:
    release = release_of({"community": [kind("talk", 30, questions)]})
    assert figures(release, "community", "unique_members", "questions", "answered") == [30, shown, shown]
    assert release.labels["community"]["questions"].tolist() == ["<5" if shown is None else None]


@pytest.mark.parametrize(("ratings", "shown"), [(9, None), (10, 4.0), (50, 4.2)])
def test_a_mean_rating_needs_ten(release_of: ReleaseOf, ratings: int, shown: float | None) -> None:
    rated = {"unique_members": 60, "ratings": ratings, "mean_rating": 4.24}
    release = release_of({"community": [row("community", month=FEBRUARY, kind="talk", **rated)]})
    assert figures(release, "community", "unique_members", "mean_rating") == [60, shown]


@pytest.mark.fault("H9")
def test_rare_topics_are_left_out_since_their_names_are_peoples_words(release_of: ReleaseOf) -> None:
    release = release_of({"support": [topic("login", 20), topic("my visa", 1), topic("certificates", 6)]})
    assert release.frames["support"]["topic"].tolist() == ["login"]


def test_questions_by_kind_do_not_tell_those_by_topic(release_of: ReleaseOf) -> None:
    rows = {"community": [kind("(none)", 0, 26)], "support": [topic("a", 3), topic("b", 8), topic("c", 15)]}
    assert release_of(rows).frames["support"]["topic"].tolist() == ["c"]
    rows = {"community": [kind("(none)", 0, 4), kind("talk", 40, 20)], "support": [topic("a", 4), topic("b", 20)]}
    release = release_of(rows)
    assert release.frames["support"].empty
    assert whole(release.frames["community"]["questions"]) == [None, None]
    assert whole(release.frames["community"]["unique_members"]) == [0, 40]


def test_attendance_over_all_kinds_does_not_tell_of_a_small_one(release_of: ReleaseOf) -> None:
    month = [kind("talk", 30, month=MARCH), kind("clinic", 4, month=MARCH)]
    scorecard = [headline("attendance_rate", 34, 60)]
    assert suppressed(release_of({"community": month, "scorecard": scorecard}), "scorecard", "kpi") == [
        "attendance_rate"
    ]
    release = release_of({"community": [*month[:1], kind("(none)", 0, 2, month=MARCH)], "scorecard": scorecard})
    assert figures(release, "scorecard", "numerator", "value", "previous") == [34, 34 / 60, 0.5]
    february = [kind("talk", 3)]
    release = release_of({"community": month[:1] + february, "scorecard": scorecard})
    assert figures(release, "scorecard", "numerator", "value", "previous") == [34, 34 / 60, None]


def mission(name: str, day: int, remaining: int, cohort: str = CLOSED, **more: object) -> tuple[object, ...]:
    figures = {"members": 40, "met": 30, "late": 4, "missed": 6, "pending": 0, "on_time_rate": 0.75, **more}
    figures |= {"eliminated": 10, "remaining": remaining, "survival_rate": remaining / 40, "cohort_members": 40}
    due_at = datetime(2021, 12, day, 14, 59, 59, 999999)
    return row("missions", cohort=cohort, mission=name, due_at=due_at, **figures, excused=0, is_mandatory=True)


def test_missions_of_closed_cohorts_rounded(release_of: ReleaseOf) -> None:
    release = release_of({"missions": [mission("M1", 1, 30), mission("M1", 1, 30, RUNNING)]})
    frame = release.frames["missions"]
    assert frame["cohort"].tolist() == [CLOSED]
    assert whole(frame.iloc[0][["members", "met", "late", "missed", "eliminated", "remaining"]]) == [
        *(40, 30, None, None, 10, 30)
    ]
    assert frame.iloc[0][["on_time_rate", "survival_rate", "is_mandatory"]].tolist() == [0.75, 0.75, True]
    assert frame["due_at"].tolist() == [pd.Timestamp(2021, 12, 1, 14, 59, 59, 999999)]


def test_survival_is_shown_in_steps_of_ten(release_of: ReleaseOf) -> None:
    rows = [mission(f"M{at}", at, remaining) for at, remaining in enumerate((40, 37, 30, 30, 22, 20), start=1)]
    release = release_of({"missions": rows})
    shown = [None, None, 0.75, 0.75, None, 0.5]  # all 40 are more than 95 %
    assert [None if pd.isna(share) else share for share in release.frames["missions"]["survival_rate"]] == shown


def test_places_of_single_teams_are_in_steps_on_a_base(release_of: ReleaseOf) -> None:
    rows = [
        row("competitions", cohort=CLOSED, competition=name, category="featured", board="public", teams=12,
            members=members, passing=10, best_share=283 / 1877, median_share=0.3333)
        for name, members in (("a", 22), ("b", 23))
    ]  # fmt: skip
    release = release_of({"competitions": rows})
    assert release.frames["competitions"]["best_share"].isna().tolist() == [True, False]
    assert release.frames["competitions"].iloc[1][["best_share", "median_share"]].tolist() == [0.15, 0.35]


def stage(position: int, passed: int, before: int | None, first: int) -> tuple[object, ...]:
    shares = {"share_of_previous": before and passed / before, "share_of_first": passed / first}
    counts = {"applicants": 3000, "passed": passed, "passed_previous": before, "passed_first": first}
    return row("funnel", cohort=CLOSED, position=position, stage=f"s{position}", **counts, **shares, median_days=3.04)


def funnel(*passed: int) -> list[tuple[object, ...]]:
    return [
        stage(at, count, before, passed[0])
        for at, (before, count) in enumerate(zip((None, *passed), passed, strict=False), start=1)
    ]


def test_the_funnel_of_many_is_shown_and_never_widens(release_of: ReleaseOf) -> None:
    frame = release_of({"funnel": funnel(3000, 1212, 283, 11)}).frames["funnel"]
    assert whole(frame["passed"]) == [3000, 1210, 285, 10]
    assert frame["share_of_first"].tolist()[1:] == [0.4, 0.09, 0.0]
    assert pd.isna(frame["share_of_first"].iloc[0])  # all of themselves: nobody did not pass
    assert frame["share_of_previous"].tolist()[1:] == [0.4, 0.23, 0.04]
    assert frame["median_days"].tolist() == [3.0] * 4


def test_a_stage_that_few_drop_out_at_has_no_shares(release_of: ReleaseOf) -> None:
    frame = release_of({"funnel": funnel(200, 150, 147, 120)}).frames["funnel"]
    assert whole(frame["passed"]) == [200, 150, 145, 120]
    assert frame["share_of_first"].isna().tolist() == [True, False, True, False]
    # that of the last stage would tell how many passed the third
    assert frame["share_of_previous"].isna().tolist() == [True, False, True, True]


def test_channels_few_came_by_are_left_out(release_of: ReleaseOf) -> None:
    rows = [
        row("application_channels", cohort=cohort, role="learner", channel=channel, applicants=applicants, accepted=12,
            acceptance_rate=12 / applicants, median_days_to_decision=9.54, unanswered=3)
        for cohort, channel, applicants in ((CLOSED, "posts", 48), (CLOSED, "a friend", 9), (RUNNING, "posts", 48))
    ]  # fmt: skip
    frame = release_of({"application_channels": rows}).frames["application_channels"]
    assert frame[["cohort", "channel"]].values.tolist() == [[CLOSED, "posts"]]
    assert frame.iloc[0][["applicants", "accepted", "acceptance_rate", "median_days_to_decision"]].tolist() == [
        *(50, 10, 0.25, 9.5)
    ]
    assert frame["unanswered"].isna().all()


def outcome(name: str, members: int, base: int, organizations: int) -> tuple[object, ...]:
    counts = {"members": members, "numerator": members, "denominator": base, "organizations": organizations}
    share = {"share": members / base, "median_days_from_completion": 100.26}
    return row("outcomes", cohort=CLOSED, kind=name, **counts, **share)


def test_outcomes_and_the_organizations_behind_them(release_of: ReleaseOf) -> None:
    rows = [outcome("internship", 9, 60, 2), outcome("job", 12, 60, 1), outcome("placement", 12, 22, 12)]
    release = release_of({"outcomes": rows})
    frame = release.frames["outcomes"].set_index("kind")
    counts = ["members", "denominator", "organizations"]
    assert whole(frame.loc["internship", counts]) == [None, None, None]
    assert frame["suppressed"].tolist() == [True, False, False]
    assert whole(frame.loc["job", counts]) == [10, 60, None]
    assert frame.loc["job", ["share", "median_days_from_completion"]].tolist() == [0.2, 100.5]
    assert whole(frame.loc["placement", counts]) == [10, 20, 10]
    assert pd.isna(frame.loc["placement", "share"])


def timeline(*cumulative: int, base: int = 60) -> list[tuple[object, ...]]:
    return [
        row("outcome_timeline", cohort=CLOSED, kind="job", months_since=since, cumulative_members=members,
            denominator=base, cumulative_share=members / base)
        for since, members in enumerate(cumulative)
    ]  # fmt: skip


def test_a_timeline_rises_by_ten_persons_or_not_at_all(release_of: ReleaseOf) -> None:
    frame = release_of({"outcome_timeline": timeline(4, 11, 11, 14, 20, 21, 30)}).frames["outcome_timeline"]
    shares = [None if pd.isna(share) else share for share in frame["cumulative_share"]]
    assert shares == [None, 0.2, 0.2, None, None, 0.35, None]


def test_terms_are_treated_like_the_scorecard(release_of: ReleaseOf) -> None:
    rows = {
        "engagement": [(FEBRUARY_28, "all", "all", 40, 20, 0.5)],
        "terms": [at_end("engagement_rate", 20, 40), at_end("goal_helped_rate", 22, 33)],
    }
    release = release_of(rows)
    assert figures(release, "terms", "kpi", "numerator", "denominator", "value") == ["engagement_rate", 20, 40, 0.5]
    sensitive = release.frames["terms"].iloc[1]
    assert whole(sensitive[["numerator", "denominator"]]) == [None, 35]
    assert (sensitive["value"], sensitive["comparable"]) == (0.65, True)
    assert not release.frames["terms"]["suppressed"].any()


def test_a_term_hides_what_the_day_of_its_end_hides(release_of: ReleaseOf) -> None:
    ones = [(FEBRUARY_28, "study_group", name, 1, 0, 0.0) for name in "abcde"]
    days = [(FEBRUARY_28, "all", "all", 5, 2, 0.4), *ones]
    release = release_of({"engagement": days, "terms": [at_end("engagement_rate", 2, 5)]})
    assert release.frames["engagement"]["slice"].tolist() == ["all"]  # five ones among five: not even that they are
    assert figures(release, "engagement", "holders", "active") == [5, 2]
    assert figures(release, "terms", "denominator", "numerator", "comparable") == [5, 2, True]


def test_retention_of_a_term_does_not_tell_a_start_month(release_of: ReleaseOf) -> None:
    starts = [(date(2021, 9, 1), 30), (date(2021, 10, 1), 3), (date(2021, 11, 1), 12)]
    rows = {
        "retention": [(month, 3, "all", "all", started, 1, 0.5) for month, started in starts],
        "scorecard": [headline("retention_3m", 3, 45)],
        # February counts starts up to October: 33, of whom 30 are shown
        "terms": [at_end("retention_3m", 2, 33, date(2022, 1, 31)), at_end("retention_3m", 2, 45)],
    }
    release = release_of(rows)
    assert suppressed(release, "retention", "start_month") == [pd.Timestamp(2021, at, 1) for at in (9, 10, 11)]
    assert suppressed(release, "scorecard", "kpi") == []
    assert suppressed(release, "terms", "term") == ["2022-01-31"]  # which would leave November alone


def test_nor_do_two_terms_together(release_of: ReleaseOf) -> None:
    """The start months that are hidden, 12 and 3, are known to be 15 together; a term that ends between parts them."""
    starts = [(date(2021, 8, 1), 12), (date(2021, 9, 1), 30), (date(2021, 10, 1), 3)]
    rows = {
        "retention": [(month, 3, "all", "all", started, 1, 0.5) for month, started in starts],
        "scorecard": [headline("retention_3m", 3, 45)],
        "terms": [at_end("retention_3m", 2, 42, date(2021, 12, 31)), at_end("retention_3m", 2, 45)],
    }
    release = release_of(rows)
    assert suppressed(release, "retention", "start_month") == [pd.Timestamp(2021, at, 1) for at in (8, 10)]
    assert suppressed(release, "terms", "term") == ["2021-12-31"]


def test_a_terms_survey_is_shown_like_any(release_of: ReleaseOf) -> None:
    rows = [row("term_surveys", term="t", survey="s", question="q", option="yes", answered=33, chosen=22,
                share=22 / 33, comparable=False)]  # fmt: skip
    release = release_of({"term_surveys": rows})
    assert figures(release, "term_surveys", "answered", "chosen", "share", "comparable") == [35, 20, 0.65, False]


def consistent(shown: pd.DataFrame, count: str, shares: Sequence[str]) -> list[tuple[int, ...]]:
    """Every sequence of counts, falling or rising, that a release of ``shown`` could be of."""
    options = []
    for value in shown[count]:
        options.append(range(10) if pd.isna(value) else range(int(value) - 2, int(value) + 3))
    found = []
    for counts in itertools.product(*options):
        if all(_fits(shown[share], counts, share) for share in shares):
            found.append(counts)
    return found


def _fits(shares: pd.Series, counts: tuple[int, ...], share: str) -> bool:
    for at, value in enumerate(shares):
        base = counts[at - 1] if share == "share_of_previous" else counts[0]
        step = 0.01 if base >= 100 else 0.05
        if not pd.isna(value) and abs(counts[at] / base - value) > step / 2 + 1e-9:
            return False
    return True


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(12))
def test_no_release_of_a_funnel_tells_how_few_dropped_out(release_of: ReleaseOf, seed: int) -> None:
    """Of all counts that fit what is shown, no two agree on a drop of 1 to 9 persons at every stage."""
    rng = random.Random(seed)
    passed = [rng.randint(24, 130)]
    while len(passed) < 4:
        passed.append(max(passed[-1] - rng.choice((0, 1, 3, 6, 9, 10, 14)), 10))
    frame = release_of({"funnel": funnel(*passed)}).frames["funnel"]
    fitting = consistent(frame, "passed", ("share_of_first", "share_of_previous"))
    fitting = [counts for counts in fitting if all(a >= b for a, b in itertools.pairwise(counts))]
    assert tuple(passed) in fitting
    for at, (before, after) in enumerate(itertools.pairwise(passed)):
        if 0 < before - after < 10:
            assert len({counts[at] - counts[at + 1] for counts in fitting}) > 1


def is_told(hidden: Sequence[int]) -> bool:
    """Whether the sum of hidden groups of somebody leaves one of them fewer than three sizes."""
    most = [4 if size < 5 else 1000 for size in hidden]
    return any(
        sum(len(hidden) - 1 <= sum(hidden) - size <= sum(most) - top for size in range(1, top + 1)) < 3 for top in most
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(12))
def test_no_release_tells_a_small_number_of_questions(release_of: ReleaseOf, seed: int) -> None:
    rng = random.Random(seed)
    topics = [rng.choice((1, 2, 3, 4, 5, 8, 20)) for _ in range(rng.randint(1, 5))]
    cuts = sorted(rng.sample(range(sum(topics) + 1), min(2, sum(topics))))
    kinds = [after - before for before, after in itertools.pairwise((0, *cuts, sum(topics)))]
    rows = {
        "community": [kind(f"k{at}", 30, asked) for at, asked in enumerate(kinds)],
        "support": [topic(f"t{at}", opened) for at, opened in enumerate(topics)],
    }
    release = release_of(rows)
    shown = set(release.frames["support"]["topic"])
    unseen = [opened for at, opened in enumerate(topics) if f"t{at}" not in shown]
    asked = release.frames["community"]["questions"]
    withheld = [count for count, is_missing in zip(kinds, asked.isna(), strict=True) if is_missing]
    assert not any(0 < count < 5 for count in asked.dropna())
    assert all(count >= 5 for at, count in enumerate(topics) if f"t{at}" in shown)
    if not withheld:
        assert not is_told(unseen)
    if not unseen:
        assert not is_told(withheld)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(12))
def test_no_terms_tell_how_few_started_in_a_month(release_of: ReleaseOf, seed: int) -> None:
    rng = random.Random(seed)
    months = [pd.Timestamp(2021, 1, 1) + pd.DateOffset(months=at) for at in range(8)]
    starts = {month: rng.choice((1, 3, 4, 6, 12, 30)) for month in months}
    over = {month: month + pd.DateOffset(months=4) - pd.DateOffset(days=1) for month in months}
    ends = sorted(rng.sample(list(over.values()), 3))
    started = [sum(size for month, size in starts.items() if over[month] <= end) for end in ends]
    rows = {
        "retention": [(month.date(), 3, "all", "all", size, 0, 0.0) for month, size in starts.items()],
        "scorecard": [headline("retention_3m", 0, sum(starts.values()))],
        "terms": [at_end("retention_3m", 0, count, end.date()) for count, end in zip(started, ends, strict=True)],
    }
    release = release_of(rows)
    hidden = suppressed(release, "retention", "start_month")
    told = [end for end in ends if end not in suppressed(release, "terms", "ends_on")]
    if not release.frames["scorecard"]["suppressed"].any():
        told.append(pd.Timestamp.max)
    for first, last in itertools.combinations([pd.Timestamp.min, *told], 2):
        assert not is_told([starts[month] for month in months if month in hidden and first < over[month] <= last])
