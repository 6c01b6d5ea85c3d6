"""The privacy rules of every published table, as data.

Belongs here: whom a row describes, which figures are about persons, on which base a figure stands. Does not belong
here: how rules are carried out (``groups``, ``operational``, ``sensitive``), or the minima, which are the program's.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.contracts import HEADLINES


@dataclass(frozen=True)
class Part:
    """Columns of a row that describe others than the rest of it does, and are hidden by themselves too.

    ``name``: what their groups are called beside those of tables; ``size``: how many persons that is, in SQL.
    """

    name: str
    size: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Operational:
    """A table whose rows are hidden where the group that a row describes is small.

    The group is whom the row is about, not those of them who are counted: 1 active of 60 holders is shown.
    ``size``: how many persons that is, in SQL over the table. ``group``: the columns that name the group; rows that
    agree in them are about the same persons and are hidden together. ``kept``: columns beside the grain that no person
    stands behind. ``sliced``: whether the slices of one kind add up to 'all'. ``averages``: opinions, each with the
    count that is its base, shown as those of sensitive tables are. ``part``: columns about others. ``written``: the
    rows are named in people's own words, so that hidden ones are left out altogether.
    """

    table: str
    size: str
    group: tuple[str, ...]
    kept: tuple[str, ...] = ()
    sliced: bool = False
    averages: tuple[tuple[str, str], ...] = ()
    part: Part | None = None
    written: bool = False


OPERATIONAL: tuple[Operational, ...] = (
    Operational("adoption", "invited", ("month", "slice_by", "slice"), sliced=True),
    Operational("engagement", "holders", ("day", "slice_by", "slice"), sliced=True),
    # Completions count members without activity too.
    Operational("activity", "coalesce(nullif(learners, 0), completions)", ("month", "slice_by", "slice"), sliced=True),
    Operational("retention", "started", ("start_month", "slice_by", "slice"), sliced=True),
    Operational("tracks", "members", ("track", "slice_by", "slice"), sliced=True),
    # A course is counted alike under each of its tracks.
    Operational("courses", "started", ("course",), kept=("hours",)),
    # The fewest that held a seat at once (kpi.engagement hides such a day); before there are any, those asked.
    Operational(
        "seats",
        "coalesce(least(nullif(held_start, 0), nullif(peak_held, 0), nullif(held_end, 0)), invited_open)",
        ("month", "pool"),
        kept=("capacity",),
    ),
    Operational("review_summary", "reviewed", ("review_month", "rule")),
    Operational(
        "what_if",
        "(select sum(r.reviewed) from kpi.review_summary as r where r.review_month = what_if.review_month)",
        ("review_month",),
    ),
    # Those who came, of whom there may be fewer than in the program; a request is at most one person's.
    Operational(
        "community",
        "coalesce(least(nullif(unique_members, 0), nullif(members, 0)), 0)",
        ("month", "kind"),
        kept=("sessions", "capacity"),
        averages=(("mean_rating", "ratings"),),
        part=Part("questions", "questions", ("questions", "answered", "median_hours_to_answer")),
    ),
    Operational("support", "coalesce(nullif(opened, 0), open_at_end)", ("month", "channel", "topic"), written=True),
)


@dataclass(frozen=True)
class Steps:
    """Rows that follow each other, so that the difference of two is a group too.

    ``shares`` are shown only where ``count`` is that of the last row with shares shown, or differs from it by the
    minimum of persons; ``of_previous``, whose base is the row before, only where those of both rows are. ``order``: the
    rows' order, those alike in ``within`` apart. ``start``: the column with the count before the first row; None:
    nobody.
    """

    count: str
    order: str
    within: tuple[str, ...]
    shares: tuple[str, ...]
    of_previous: tuple[str, ...] = ()
    start: str | None = None


@dataclass(frozen=True)
class Sensitive:
    """A table of which only the whole program and closed cohorts are shown, rounded.

    ``main``: a row without any of these says nothing and is suppressed. ``counts``: persons. The others are figures,
    each with the count that is its base: ``percentages``; ``averages``; ``spreads``, which say more of single answers
    and so need the base of a percentage; ``places``, ranks of single teams, as whole percent on that base. ``bounds``
    are those of an interval, shown where its share is. ``written`` as of operational tables.
    """

    table: str
    main: tuple[str, ...]
    counts: tuple[str, ...] = ()
    percentages: tuple[tuple[str, str], ...] = ()
    bounds: tuple[tuple[str, str], ...] = ()
    averages: tuple[tuple[str, str], ...] = ()
    spreads: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    steps: Steps | None = None
    written: bool = False
    kept: tuple[str, ...] = ()


SENSITIVE: tuple[Sensitive, ...] = (
    Sensitive(
        "survey",
        main=("chosen", "share"),
        counts=("respondents", "answered", "chosen"),
        percentages=(("share", "answered"),),
        bounds=(("ci_low", "share"), ("ci_high", "share")),
    ),
    Sensitive(
        "survey_ratings",
        main=("mean",),
        counts=("answered",),
        averages=(("mean", "answered"), ("median", "answered")),
        spreads=(("p10", "answered"), ("p90", "answered"), ("nps", "answered")),
    ),
    Sensitive(
        "survey_response",
        main=("respondents", "response_rate"),
        counts=("population", "respondents"),
        percentages=(("response_rate", "population"),),
    ),
    Sensitive(
        "applications",
        main=("entered",),
        counts=("entered", "passed", "failed", "pending", "withdrawn"),
        percentages=(("pass_rate", "entered"), ("overall_rate", "first_entered")),
        kept=("position",),
    ),
    Sensitive(
        "application_channels",
        main=("applicants",),
        counts=("applicants", "accepted", "unanswered"),
        percentages=(("acceptance_rate", "applicants"),),
        averages=(("median_days_to_decision", "applicants"),),
        written=True,
    ),
    Sensitive(
        "funnel",
        main=("passed",),
        counts=("applicants", "passed", "passed_previous", "passed_first"),
        percentages=(("share_of_previous", "passed_previous"), ("share_of_first", "passed_first")),
        averages=(("median_days", "passed"),),
        steps=Steps(
            "passed", "position", ("cohort",), ("share_of_first",), ("share_of_previous",), start="passed_first"
        ),
        kept=("stage",),
    ),
    Sensitive(
        "missions",
        main=("members",),
        counts=("members", "met", "late", "missed", "pending", "eliminated", "remaining", "excused", "cohort_members"),
        percentages=(("on_time_rate", "members"), ("survival_rate", "cohort_members")),
        steps=Steps("remaining", "due_at", ("cohort",), ("survival_rate",), start="cohort_members"),
        kept=("due_at", "is_mandatory", "title"),
    ),
    Sensitive(
        "competitions",
        main=("members",),
        counts=("teams", "members", "passing"),
        places=(("best_share", "members"), ("median_share", "members")),
    ),
    Sensitive(
        "outcomes",
        main=("members",),
        counts=("members", "numerator", "denominator", "organizations"),
        percentages=(("share", "denominator"),),
        averages=(("median_days_from_completion", "members"),),
    ),
    Sensitive(
        "outcome_timeline",
        main=("cumulative_members",),
        counts=("cumulative_members", "denominator"),
        percentages=(("cumulative_share", "denominator"),),
        steps=Steps("cumulative_members", "months_since", ("cohort", "kind"), ("cumulative_share",)),
    ),
    Sensitive(
        "term_surveys",
        main=("chosen", "share"),
        counts=("answered", "chosen"),
        percentages=(("share", "answered"),),
        kept=("survey", "comparable"),
    ),
)

KEPT: dict[str, tuple[str, ...]] = {
    **{policy.table: policy.kept for policy in OPERATIONAL},
    **{policy.table: policy.kept for policy in SENSITIVE},
    "scorecard": ("label", "as_of", "unit", "target", "benchmark"),
    "terms": ("comparable", "subject", "ends_on"),
}
"""Columns beside the grain that a suppressed row still shows, by table."""

WRITTEN = frozenset(
    [policy.table for policy in OPERATIONAL if policy.written]
    + [policy.table for policy in SENSITIVE if policy.written]
)
"""Tables whose rows are named in people's own words."""

OPERATIONAL_HEADLINES = frozenset(headline.kpi for headline in HEADLINES if headline.measure == "operational")
"""Headline KPIs of the operational class; any other is treated as sensitive."""

HEADLINE_TABLES = ("scorecard", "terms")
"""Tables of headline KPIs, each row of its own class."""

NOT_PUBLISHED = frozenset({"headlines"})
"""KPI tables that only feed others."""

WITHHELD = "withheld"
"""What stands for a single figure that is no count, in a row that is shown."""
