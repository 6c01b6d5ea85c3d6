"""Every figure that can be taken apart: the rates of the KPI tables and the headlines, and what counts as what.

Belongs here: which figures there are, how they are called, what is shown as evidence of each. Does not belong here:
formulas, and which units stand behind a cell (``assets/kpi/units``); where evidence is found (``assets/kpi/evidence``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from fellowship_pipeline.contracts import HEADLINES, TABLE_BY_KEY, Headline, Table
from fellowship_pipeline.errors import UserError

PERIODS = ("day", "month", "review_month", "start_month")
"""Columns that say when; a table has one at most."""

SEAT_REVIEWS = "seat_reviews"


@dataclass(frozen=True)
class EvidenceRule:
    """Rows of files that tell of a unit: those of a relation that agree with it in ``by``.

    ``since``, ``until``: columns of the unit between which the row's day is. ``only``: one row a unit is enough.
    """

    relation: str
    by: tuple[str, ...] = ("person",)
    since: str | None = None
    until: str | None = None
    only: Literal["first", "last"] | None = None


@dataclass(frozen=True)
class Ratio:
    """So many of so many: two columns of the units, each summed."""

    numerator: str
    denominator: str

    def sql(self) -> str:
        """The figure, over units."""
        return f"cast(sum({self.numerator}) as double) / nullif(sum({self.denominator}), 0)"


@dataclass(frozen=True)
class Spread:
    """A value of each unit, of which the least or the median is taken."""

    function: Literal["min", "median"]
    value: str

    def sql(self) -> str:
        """The figure, over units."""
        return f"{self.function}({self.value})"


@dataclass(frozen=True)
class Figure:
    """A figure: the column of a table, made of units.

    ``steps``: the model whose steps (CTEs) the units' select stands below. ``headline``: the headline that it is;
    ``now``: where its units are of many days, SQL of the one that it counts; ``own_column``: its name in its own table.
    """

    table: Table
    column: str
    units: str
    steps: str
    formula: Ratio | Spread
    unit: str
    evidence: tuple[EvidenceRule, ...]
    headline: Headline | None = None
    now: str | None = None
    own_column: str | None = None

    @property
    def name(self) -> str:
        """How it is asked for."""
        if self.headline:
            return self.headline.kpi
        return self.table.name if self.table.name == SEAT_REVIEWS else f"{self.table.name}.{self.column}"

    @property
    def own_table(self) -> Table:
        """The KPI table that it is taken from."""
        return TABLE_BY_KEY[f"kpi.{self.headline.table}"] if self.headline else self.table

    @property
    def period(self) -> str | None:
        """The column that says when; None where the figure is only of the day of the run."""
        if self.headline and self.now is None:
            return None
        return next((name for name in PERIODS if name in self.own_table.grain), None)


_ROSTER = EvidenceRule("roster")
_APPLICATIONS = EvidenceRule("applications", ("person", "cohort"))
_LEARNING = EvidenceRule("activity", since="first_day", until="last_day")
_SEAT_REVIEWED = (EvidenceRule("seats", ("person", "pool"), until="last_day"), _ROSTER, _LEARNING)
_PLACES = (EvidenceRule("sessions", ("session",)), EvidenceRule("attendance", ("session",)))
_SEAT_HELD = EvidenceRule("seats", ("person", "pool"), until="month_end")
_STARTED = EvidenceRule("activity", ("person", "course"), only="first")
_COMPLETED = EvidenceRule("completions", ("person", "course"))
_OUTCOMES = (EvidenceRule("outcomes", ("person", "kind")), _ROSTER)
_MISSIONS = (
    EvidenceRule("roster", ("person", "cohort")),
    EvidenceRule("requirements", ("person", "cohort", "mission")),
)
_ENGAGED = (
    EvidenceRule("seats", until="day"),
    EvidenceRule("activity", since="last_activity", until="last_activity"),
)
_ANSWERED = EvidenceRule("responses", ("person", "survey", "question"))
_FUNNEL = (_APPLICATIONS, EvidenceRule("certifications"), EvidenceRule("outcomes"))


def _behind(
    table: str, unit: str, evidence: tuple[EvidenceRule, ...], *, units: str | None = None, **formulas: Ratio | Spread
) -> list[Figure]:
    """The figures of a KPI table, by column."""
    contract = TABLE_BY_KEY[f"kpi.{table}"]
    return [
        Figure(contract, column, units or table, table, formula, unit, evidence) for column, formula in formulas.items()
    ]


_SHARE_CHOSEN = Ratio("chosen", "answered")

COLUMNS: tuple[Figure, ...] = (
    *_behind(
        "adoption",
        "invitations",
        (_SEAT_HELD, EvidenceRule("activity", since="accepted_on", until="month_end", only="first"), _ROSTER),
        adoption_rate=Ratio("accepted", "invited"),
        activation_rate=Ratio("activated", "accepted"),
    ),
    *_behind(
        "engagement",
        "members",
        (*_ENGAGED, _ROSTER),
        engagement_rate=Ratio("active", "holders"),
        stickiness=Ratio("active_1d", "active"),
    ),
    *_behind("seats", "seats", (_SEAT_HELD,), utilization=Ratio("held_end", "capacity")),
    *_behind("review_summary", "seats", _SEAT_REVIEWED, reclaim_rate=Ratio("reclaimed", "judged")),
    *_behind("what_if", "seats", _SEAT_REVIEWED, reclaim_rate=Ratio("reclaimed", "judged")),
    *_behind(
        "retention",
        "members",
        (EvidenceRule("seats", until="started_on"), replace(_LEARNING, only="first"), _ROSTER),
        retention_rate=Ratio("active", "started"),
    ),
    *_behind("courses", "members", (_STARTED, _COMPLETED), completion_rate=Ratio("completed", "started")),
    *_behind(
        "tracks",
        "members",
        (_ROSTER, EvidenceRule("completions", ("person", "track"))),
        median_progress=Spread("median", "progress"),
        completion_rate=Ratio("completed", "members"),
    ),
    *_behind("survey", "respondents", (_ANSWERED,), share=_SHARE_CHOSEN),
    *_behind(
        "survey_response",
        "members",
        (_ROSTER, EvidenceRule("responses", ("person", "survey"))),
        response_rate=Ratio("respondents", "population"),
    ),
    *_behind(
        "applications",
        "applicants",
        (_APPLICATIONS,),
        pass_rate=Ratio("passed", "entered"),
        overall_rate=Ratio("passed", "first_entered"),
    ),
    *_behind(
        "funnel",
        "applicants",
        _FUNNEL,
        share_of_previous=Ratio("passed", "passed_previous"),
        share_of_first=Ratio("passed", "passed_first"),
    ),
    *_behind("application_channels", "applicants", (_APPLICATIONS,), acceptance_rate=Ratio("accepted", "applicants")),
    *_behind("outcomes", "members", _OUTCOMES, share=Ratio("members", "denominator")),
    *_behind("outcome_timeline", "members", _OUTCOMES, cumulative_share=Ratio("cumulative_members", "denominator")),
    *_behind(
        "community",
        "members",
        (_ROSTER, EvidenceRule("attendance", ("person", "month", "kind"))),
        attendance_rate=Ratio("expected_attended", "members"),
    ),
    *_behind("community", "sessions", _PLACES, units="places", fill_rate=Ratio("places_taken", "capacity")),
    *_behind(
        "missions",
        "members",
        _MISSIONS,
        on_time_rate=Ratio("met", "members"),
        survival_rate=Ratio("remaining", "cohort_members"),
    ),
    *_behind(
        "competitions",
        "teams",
        (EvidenceRule("boards", ("person", "competition", "board", "as_of", "team")),),
        best_share=Spread("min", "rank_share"),
        median_share=Spread("median", "rank_share"),
    ),
    *_behind("term_surveys", "respondents", (_ANSWERED,), share=_SHARE_CHOSEN),
)
"""The figures of the KPI tables."""

INTERVALS: Mapping[str, str] = {"survey.ci_low": "survey.share", "survey.ci_high": "survey.share"}
"""The ends of an interval, which are made of a share alone and are explained as that."""

_COLUMNS_OF_HEADLINES: Mapping[str, str] = {"mission_survival_rate": "survival_rate"}
"""Of a table with several rates and a headline without a line: which it is."""

_OF_THEIR_OWN: Mapping[str, tuple[str, Ratio, tuple[EvidenceRule, ...]]] = {
    "platform_adoption_score": (
        "members",
        Ratio("active", "capacity"),
        (EvidenceRule("seats"), EvidenceRule("activity", since="held_from", only="last")),
    ),
    "attendance_rate": (
        "members",
        Ratio("attended", "members"),
        (_ROSTER, EvidenceRule("attendance", ("person", "month"))),
    ),
}
"""Headlines that count otherwise than a rate of their table does."""

_NOW: Mapping[str, str] = {
    "attendance_rate": """
        select cast(date_trunc('month', as_of + interval 1 day) - interval 1 month as date) from core.parameters
    """,
}
"""The day or month that a headline is of, where that is not the latest of its table."""


ADDED_UP_IN_A_TERM = frozenset({"reclaim_rate", "attendance_rate"})
"""Headlines of one month that a term has of all its months."""


def _headlines() -> list[Figure]:
    table = TABLE_BY_KEY["kpi.headlines"]
    found = []
    for headline in HEADLINES:
        kpi = headline.kpi
        alike = None if kpi in _OF_THEIR_OWN else _rate_of(headline)
        unit, formula, evidence = (alike.unit, alike.formula, alike.evidence) if alike else _OF_THEIR_OWN[kpi]
        now, own = _now(headline), alike.column if alike else None
        found.append(Figure(table, "value", kpi, "headlines", formula, unit, evidence, headline, now, own))
    return found


def _rate_of(headline: Headline) -> Figure:
    """The rate of its table that a headline is, over more rows: the one drawn as its line, or the only one."""
    rates = {one.column: one for one in COLUMNS if one.table.name == headline.table and isinstance(one.formula, Ratio)}
    named = _COLUMNS_OF_HEADLINES.get(headline.kpi, headline.series.column if headline.series else next(iter(rates)))
    return rates[named]


def _now(headline: Headline) -> str | None:
    """SQL of the day or month that a headline is of; None where it is of all."""
    table = TABLE_BY_KEY[f"kpi.{headline.table}"]
    period = next((name for name in PERIODS if name in table.grain), None)
    if period is None or headline.adds_up or (headline.kpi in _OF_THEIR_OWN and headline.kpi not in _NOW):
        return None
    return _NOW.get(headline.kpi, f"select max({period}) from {table.key}")


OF_HEADLINES: tuple[Figure, ...] = tuple(_headlines())

REVIEWED = Figure(
    TABLE_BY_KEY["ops.seat_reviews"],
    "decision",
    "review_summary",
    "review_summary",
    Ratio("reclaimed", "judged"),
    "seats",
    _SEAT_REVIEWED,
)
"""Not a KPI, but what a reclaim rests on: a review's decisions, each with the month's rows."""

BY_NAME: Mapping[str, tuple[Figure, ...]]
"""Figures by each of the names that they may be called; several where a name is not enough."""


def _by_name() -> dict[str, tuple[Figure, ...]]:
    found: dict[str, tuple[Figure, ...]] = {}
    for figure in COLUMNS:
        for name in (figure.column, figure.table.name):
            found[name] = (*found.get(name, ()), figure)
        found[figure.name] = (figure,)
    for figure in OF_HEADLINES:
        found[figure.name] = (figure,)
    for end, share in INTERVALS.items():
        found |= {end: found[share], end.partition(".")[2]: found[share]}
    return {**found, SEAT_REVIEWS: (REVIEWED,)}


BY_NAME = _by_name()


def figure_of(kpi: str) -> Figure:
    """The figure of that name: a headline, ``TABLE.COLUMN``, or one of the two where it is enough.

    Raises UserError where there is none, or several.
    """
    name = kpi.removeprefix("kpi.").removeprefix("ops.")
    found = BY_NAME.get(name, ())
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{kpi} may be any of {', '.join(figure.name for figure in found)}: say which")
    if name.partition(".")[0] in ("headlines", "scorecard", "terms"):
        raise UserError(f"{kpi} has the headlines: name one, such as adoption_rate (--slice term=… for one of a term)")
    near = get_close_matches(name, BY_NAME, 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UserError(f"{kpi} is no figure that can be explained{hint} (docs/explain.md lists them)")
