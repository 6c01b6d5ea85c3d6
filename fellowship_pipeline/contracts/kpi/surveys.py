"""Surveys.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import SLICE, count, key, rate, table, value
from fellowship_pipeline.contracts.model import Table
from fellowship_pipeline.contracts.privacy import Sensitive

SURVEY_TABLES: tuple[Table, ...] = (
    table(
        "survey",
        "What respondents chose, with the 95 % Wilson score interval (Wilson 1927).",
        ("survey", "question", "option", "slice_by", "slice"),
        (
            key("survey", "VARCHAR", "The survey."),
            key("question", "VARCHAR", "The question."),
            key("option", "VARCHAR", "The option; published, `other` is what few wrote themselves."),
            *SLICE,
            count("respondents", "Who returned the survey."),
            count("answered", "Who answered the question."),
            count("chosen", "Who chose the option."),
            rate("share", "chosen / answered."),
            rate("ci_low", "Lower end of the interval."),
            rate("ci_high", "Upper end of the interval."),
        ),
        Sensitive(
            main=("answered",),
            counts=("respondents", "answered", "chosen"),
            percentages=(("share", "chosen", "answered"),),
            intervals=(("ci_low", "ci_high", "share", "answered"),),
        ),
    ),
    table(
        "survey_ratings",
        "Ratings given.",
        ("survey", "question", "slice_by", "slice"),
        (
            key("survey", "VARCHAR", "The survey."),
            key("question", "VARCHAR", "The question."),
            *SLICE,
            count("answered", "Who answered the question."),
            value("mean", "Mean rating.", "rating", None),
            value("median", "Median rating.", "rating", None),
            value("p10", "10th percentile.", "rating", None),
            value("p90", "90th percentile.", "rating", None),
            value("nps", "Net promoter score, -100 to 100; of 0-10 scales only (Reichheld 2003).", "points", -100),
        ),
        Sensitive(
            main=("mean",),
            counts=("answered",),
            averages=(("mean", "answered"),),
            quantiles=(("median", "answered"), ("p10", "answered"), ("p90", "answered")),
            scores=(("nps", "answered"),),
        ),
    ),
    table(
        "survey_response",
        "How many of those asked returned the survey.",
        ("survey", "slice_by", "slice"),
        (
            key("survey", "VARCHAR", "The survey."),
            *SLICE,
            count("population", "Members the survey was sent to: in one of its roles and cohorts while it was open."),
            count("respondents", "Those of them who returned it, and responses without a name."),
            rate("response_rate", "respondents / population.", maximum=None),
        ),
        Sensitive(
            main=("population",),
            counts=("population", "respondents"),
            percentages=(("response_rate", "respondents", "population"),),
        ),
    ),
)
