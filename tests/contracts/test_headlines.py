"""Every headline's contract speaks of tables, columns and steps that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.sql import models
from fellowship_pipeline.contracts import HEADLINES, KPI_TABLES, Headline
from fellowship_pipeline.contracts.privacy import Operational
from fellowship_pipeline.dashboard.words import catalog

MODEL = Path(__file__).parents[2] / "assets/kpi/headlines.sql"
TABLES = {table.name: table for table in KPI_TABLES}


def test_every_headline_has_its_step() -> None:
    named = re.findall(r"select\s+'(\w+)'", MODEL.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(headline.kpi for headline in HEADLINES)


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda headline: headline.kpi)
def test_what_a_headline_names_exists(headline: Headline) -> None:
    assert f"kpi.{headline.table}" in models()["kpi.headlines"].reads
    if headline.series:
        only = [headline.series.only[0]] if headline.series.only else []
        assert {headline.series.column, headline.series.period, *only} <= set(TABLES[headline.table].column_names)
    if headline.persons:
        assert isinstance(TABLES[headline.persons.table].privacy, Operational)
    if headline.adds_up:
        assert isinstance(TABLES[headline.table].privacy, Operational)
    keys = [f"lead.{headline.kpi}"] * headline.is_renewal + [f"tile.what_{headline.kpi}"] * headline.is_windowed
    assert set(keys) <= catalog("en").keys() & catalog("ko").keys()
