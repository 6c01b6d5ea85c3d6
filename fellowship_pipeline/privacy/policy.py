"""The privacy rules of every published table, as data.

Belongs here: whom a row describes, which figures are about persons, on which base a figure stands. Does not belong
here: how rules are carried out (``groups``, ``operational``, ``sensitive``), or the minima, which are the program's.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.contracts import HEADLINES


@dataclass(frozen=True)
class Operational:
    """A table whose rows are hidden where the group that a row describes is small.

    The group is whom the row is about, not those of them who are counted: 1 active of 60 holders is shown.
    ``size``: how many persons that is, in SQL over the table. ``group``: the columns that name the group; rows that
    agree in them are about the same persons and are hidden together. ``kept``: columns beside the grain that no person
    stands behind. ``sliced``: whether the slices of one kind add up to 'all'.
    """

    table: str
    size: str
    group: tuple[str, ...]
    kept: tuple[str, ...] = ()
    sliced: bool = False


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
)


@dataclass(frozen=True)
class Sensitive:
    """A table of which only the whole program and closed cohorts are shown, rounded.

    ``main``: a row without any of these says nothing and is suppressed. ``counts``: persons. The others are figures,
    each with the count that is its base: ``percentages``; ``averages``; ``spreads``, which say more of single answers
    and so need the base of a percentage. ``bounds`` are those of an interval, shown where its share is.
    """

    table: str
    main: tuple[str, ...]
    counts: tuple[str, ...] = ()
    percentages: tuple[tuple[str, str], ...] = ()
    bounds: tuple[tuple[str, str], ...] = ()
    averages: tuple[tuple[str, str], ...] = ()
    spreads: tuple[tuple[str, str], ...] = ()
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
)

KEPT: dict[str, tuple[str, ...]] = {
    **{policy.table: policy.kept for policy in OPERATIONAL},
    **{policy.table: policy.kept for policy in SENSITIVE},
    "scorecard": ("label", "as_of", "unit", "target", "benchmark"),
}
"""Columns beside the grain that a suppressed row still shows, by table."""

OPERATIONAL_HEADLINES = frozenset(headline.kpi for headline in HEADLINES if headline.measure == "operational")
"""Headline KPIs of the operational class; any other is treated as sensitive."""

NOT_PUBLISHED = frozenset({"headlines"})
"""KPI tables that only feed others."""

WITHHELD = "withheld"
"""What stands for a single figure that is no count, in a row that is shown."""
