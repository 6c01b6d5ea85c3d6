"""What the terms of a program are compared by.

Belongs here: columns. Does not belong here: SQL (``assets/core``), the comparison (``contracts/kpi/terms.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import column, table
from fellowship_pipeline.contracts.model import Table

QUESTION_FORMS = table(
    "question_forms",
    "What a survey question may be answered with: only questions of one form can be compared. "
    "Grain: survey × question.",
    (
        column("survey", "VARCHAR", "The survey."),
        column("question", "VARCHAR", "The question."),
        column("form", "VARCHAR", "Its kind and scale or options; NULL: nobody knows.", False),
    ),
    ("survey", "question"),
)

TERM_HEADLINES = table(
    "term_headlines",
    "The whole program's headline KPIs of a term, as known on its last day. Grain: term × kpi.",
    (
        column("term", "VARCHAR", "The term."),
        column("kpi", "VARCHAR", "The KPI."),
        column("numerator", "BIGINT", "What is counted.", False),
        column("denominator", "BIGINT", "Of how many.", False),
        column("value", "DOUBLE", "The value.", False),
        column("subject", "VARCHAR", "The survey, month or mission it is of; NULL: the program.", False),
    ),
    ("term", "kpi"),
)

TERM_TABLES: tuple[Table, ...] = (QUESTION_FORMS, TERM_HEADLINES)
