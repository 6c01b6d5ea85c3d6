"""The KPI tables and the headline KPIs: what stakeholders and outside tools may read.

Belongs here: the list of them. Does not belong here: formulas, which stand in ``assets/kpi``, an SQL file each.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.community import COMMUNITY_TABLES
from fellowship_pipeline.contracts.kpi.complete import well_told
from fellowship_pipeline.contracts.kpi.engagement import ENGAGEMENT_TABLES, RETENTION_TABLES
from fellowship_pipeline.contracts.kpi.headlines import HEADLINES, Headline
from fellowship_pipeline.contracts.kpi.learning import LEARNING_TABLES
from fellowship_pipeline.contracts.kpi.missions import MISSION_TABLES
from fellowship_pipeline.contracts.kpi.outcomes import OUTCOME_TABLES
from fellowship_pipeline.contracts.kpi.scorecard import SCORECARD_TABLES
from fellowship_pipeline.contracts.kpi.seats import SEAT_TABLES
from fellowship_pipeline.contracts.kpi.selection import SELECTION_TABLES
from fellowship_pipeline.contracts.kpi.surveys import SURVEY_TABLES
from fellowship_pipeline.contracts.kpi.terms import TERM_TABLES
from fellowship_pipeline.contracts.model import Table

KPI_SUBJECTS: dict[str, tuple[Table, ...]] = {
    "seats": SEAT_TABLES,
    "engagement": ENGAGEMENT_TABLES,
    "learning": LEARNING_TABLES,
    "retention": RETENTION_TABLES,
    "survey": SURVEY_TABLES,
    "applications": SELECTION_TABLES,
    "outcomes": OUTCOME_TABLES,
    "community": COMMUNITY_TABLES,
    "missions": MISSION_TABLES,
    "program": SCORECARD_TABLES,
    "terms": TERM_TABLES,
}
"""The tables by subject: the page's sections, and the scorecard above them."""

KPI_TABLES = well_told(tuple(table for tables in KPI_SUBJECTS.values() for table in tables))

__all__ = ["HEADLINES", "KPI_SUBJECTS", "KPI_TABLES", "Headline"]
