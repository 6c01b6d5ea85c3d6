"""Which headline KPIs open a page, and the order of all of them.

Belongs here: that order, from what a program has and says. Does not belong here: how a tile reads (``tiles``).
"""

from __future__ import annotations

from collections.abc import Collection

from fellowship_pipeline.contracts import HEADLINES, Headline
from fellowship_pipeline.program import Program

OPENING = (
    *(headline.kpi for headline in HEADLINES if headline.is_renewal),
    "mission_survival_rate",
    "placement_rate",
    "attendance_rate",
)
"""The KPIs that open a page where program.yaml does not say: those that decide renewal before others."""

HEROES = 2


def opening(kpis: Collection[str], program: Program) -> list[Headline]:
    """Of the headline KPIs that there are those that open the page: as program.yaml says, else by what there is."""
    present = {headline.kpi: headline for headline in HEADLINES if headline.kpi in kpis}
    if said := [present[kpi] for kpi in program.scorecard.headline if kpi in present]:
        return said
    renewal = [headline for headline in present.values() if headline.is_renewal]
    return renewal or [present[kpi] for kpi in (*OPENING, *present) if kpi in present][:HEROES]


def headlines_in_order(kpis: Collection[str], program: Program) -> list[Headline]:
    """The headline KPIs that there are, those that open the page first."""
    first = [headline.kpi for headline in opening(kpis, program)]
    present = [headline for headline in HEADLINES if headline.kpi in kpis]
    return sorted(present, key=lambda one: first.index(one.kpi) if one.kpi in first else len(first))
