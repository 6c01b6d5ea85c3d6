"""What KPIs are computed from: the program's settings as tables, persons, seats, learning by day.

Belongs here: the list of the tables of schema ``core``. Does not belong here: how they are made (``assets/core``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.community import COMMUNITY_TABLES
from fellowship_pipeline.contracts.core.decisions import DECISION_TABLES
from fellowship_pipeline.contracts.core.missions import MISSION_TABLES
from fellowship_pipeline.contracts.core.outcomes import OUTCOME_TABLES
from fellowship_pipeline.contracts.core.outlook import OUTLOOK_TABLES
from fellowship_pipeline.contracts.core.people import DERIVED_TABLES
from fellowship_pipeline.contracts.core.reviews import PREVIOUS_HEADLINES, REVIEW_TABLES
from fellowship_pipeline.contracts.core.settings import SETTINGS_TABLES
from fellowship_pipeline.contracts.core.terms import TERM_HEADLINES, TERM_TABLES

CORE_TABLES = (
    SETTINGS_TABLES
    + DECISION_TABLES
    + DERIVED_TABLES
    + COMMUNITY_TABLES
    + MISSION_TABLES
    + OUTCOME_TABLES
    + REVIEW_TABLES
    + OUTLOOK_TABLES
    + (PREVIOUS_HEADLINES,)
    + TERM_TABLES
)

__all__ = [
    "CORE_TABLES",
    "DECISION_TABLES",
    "DERIVED_TABLES",
    "PREVIOUS_HEADLINES",
    "REVIEW_TABLES",
    "SETTINGS_TABLES",
    "TERM_HEADLINES",
]
