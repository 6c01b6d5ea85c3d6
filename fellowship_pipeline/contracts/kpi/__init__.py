"""The KPI tables and the headline KPIs: what stakeholders and outside tools may read.

Belongs here: the list of them. Does not belong here: formulas, which stand in ``assets/kpi``, an SQL file each.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.community import COMMUNITY_TABLES
from fellowship_pipeline.contracts.kpi.complete import well_told
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

_TABLES: tuple[Table, ...] = (
    *SEAT_TABLES,
    *LEARNING_TABLES,
    *SURVEY_TABLES,
    *SELECTION_TABLES,
    *OUTCOME_TABLES,
    *COMMUNITY_TABLES,
    *MISSION_TABLES,
    *SCORECARD_TABLES,
    *TERM_TABLES,
)
KPI_TABLES = well_told(_TABLES)

__all__ = ["HEADLINES", "KPI_TABLES", "Headline"]
