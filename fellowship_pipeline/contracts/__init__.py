"""Every table as data: one description that feeds DDL, Dagster, checks, frames, the data dictionary and privacy.

Belongs here: looking a table up. The tables themselves are in the modules beside, by layer.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core import (
    CORE_TABLES,
    DECISION_TABLES,
    DERIVED_TABLES,
    PREVIOUS_HEADLINES,
    REVIEW_TABLES,
    SETTINGS_TABLES,
    TERM_HEADLINES,
)
from fellowship_pipeline.contracts.kpi import HEADLINES, KPI_SUBJECTS, KPI_TABLES, Headline
from fellowship_pipeline.contracts.model import Column, Pii, Source, Table, Type
from fellowship_pipeline.contracts.ops import OPS_TABLES
from fellowship_pipeline.contracts.privacy import Measure
from fellowship_pipeline.contracts.raw import META_TABLES, STATUSES
from fellowship_pipeline.contracts.sources import RAW_TABLES, SOURCE_BY_NAME, SOURCES, STAGING_TABLES

TABLES: tuple[Table, ...] = RAW_TABLES + META_TABLES + STAGING_TABLES + CORE_TABLES + KPI_TABLES + OPS_TABLES
TABLE_BY_KEY: dict[str, Table] = {table.key: table for table in TABLES}

__all__ = [
    "CORE_TABLES",
    "DECISION_TABLES",
    "DERIVED_TABLES",
    "HEADLINES",
    "KPI_SUBJECTS",
    "KPI_TABLES",
    "META_TABLES",
    "OPS_TABLES",
    "PREVIOUS_HEADLINES",
    "RAW_TABLES",
    "REVIEW_TABLES",
    "SETTINGS_TABLES",
    "SOURCES",
    "SOURCE_BY_NAME",
    "STAGING_TABLES",
    "STATUSES",
    "TABLES",
    "TABLE_BY_KEY",
    "TERM_HEADLINES",
    "Column",
    "Headline",
    "Measure",
    "Pii",
    "Source",
    "Table",
    "Type",
]
