"""Terms compared: year over year.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import count, key, rate, table
from fellowship_pipeline.contracts.model import Column, Table
from fellowship_pipeline.contracts.privacy import ByHeadline, Sensitive

_TERM = key("term", "VARCHAR", "The term.")
_COMPARABLE = Column(
    "comparable",
    "BOOLEAN",
    "Whether it may be compared with the term before, of the first term with the one after: "
    "of a survey question, whether both asked it with the same options.",
    required=True,
)

TERM_TABLES: tuple[Table, ...] = (
    table(
        "terms",
        "The headline KPIs of each term that is over, of the whole program as known on its last day: "
        "of what began in it, all its reviews and sessions; seats and engagement at its end.",
        ("term", "kpi"),
        (
            _TERM,
            key("kpi", "VARCHAR", "The KPI."),
            count("numerator", "What is counted.", "count", required=False),
            count("denominator", "Of how many.", "count", required=False),
            rate("value", "numerator / denominator.", maximum=None),
            _COMPARABLE,
            key("subject", "VARCHAR", "The survey, month or mission it is of; NULL: the program.", required=False),
            key("ends_on", "DATE", "The term's last day."),
        ),
        ByHeadline(kept=("comparable", "subject", "ends_on")),
    ),
    table(
        "term_surveys",
        "What each term's survey asked, as answered by as_of.",
        ("term", "question", "option"),
        (
            _TERM,
            key("survey", "VARCHAR", "The survey: of several of the term that ask the question, the latest."),
            key("question", "VARCHAR", "The question."),
            key("option", "VARCHAR", "The option; published, `other` is what few wrote themselves."),
            count("answered", "Who answered the question."),
            count("chosen", "Who chose the option."),
            rate("share", "chosen / answered."),
            _COMPARABLE,
        ),
        Sensitive(
            main=("answered",),
            counts=("answered", "chosen"),
            percentages=(("share", "chosen", "answered"),),
            kept=("survey", "comparable"),
        ),
    ),
)
