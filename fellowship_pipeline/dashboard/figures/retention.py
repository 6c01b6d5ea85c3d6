"""Retention: who is still studying, months after the first seat.

Belongs here: the table of kpi.retention shaded by value. Does not belong here: engagement of seat holders.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from fellowship_pipeline.dashboard.figures.wording import rule_dates, shows, stands, titled
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, Heat, View, table
from fellowship_pipeline.dashboard.words import DASH, Voice, half_up

MONTHS = 12
"""Months shown after the first; the table view has all."""

SHADES = (40, 50, 60, 70, 85)
"""The percentage at which each shade begins, from the second one on."""


def retention(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A row a start month, a cell a month since."""
    rows = scene.of("retention", chosen)
    if not rows:
        return None
    months = range(max(row["months_since"] for row in rows) + 1)
    fields = (
        Field("start_month", words("column.start_month" if chosen.whole else "column.start_quarter"), "month"),
        Field("started", words("column.started_seat"), "int"),
        *(Field(f"active_{since}", words("column.active_since", since=since), "int") for since in months),
    )
    return View(
        titled(finding(scene, chosen, rows, words), chosen, words),
        words("retention.subtitle" if chosen.whole else "retention.subtitle_quarter"),
        table(fields, counts(rows), words),
        heat=Heat(min(MONTHS, months[-1]), heat_rows(rows, rule_dates(scene, chosen, words), words, whole=chosen.whole))
        if shows(rows, "retention_rate")
        else None,
    )


def counts(rows: list[Row]) -> list[Row]:
    """A row a start month: who started, and who was active each month since."""
    months: dict[date, Row] = {}
    for row in rows:
        line = months.setdefault(row["start_month"], {"start_month": row["start_month"], "started": row["started"]})
        line[f"active_{row['months_since']}"] = row["active"]
        if known(row["started"]) is not None:
            line["started"] = row["started"]
    return [months[month] for month in sorted(months)]


def finding(scene: Scene, chosen: Slice, rows: list[Row], words: Voice) -> str:
    """The headline retention after three months; else the latest start month that has one."""
    for row in scene.of("scorecard", chosen):
        if row["kpi"] == "retention_3m" and known(row["value"]) is not None:
            return words("retention.title", share=words.percent(row["value"], 0), count=int(row["denominator"]))
    third = [row for row in rows if row["months_since"] == 3 and known(row["retention_rate"]) is not None]
    if not third:
        return words("retention.hidden")
    last = max(third, key=lambda row: row["start_month"])
    month = words.month(last["start_month"])
    return words(
        "retention.title_month",
        month=month if chosen.whole else words.quarter(last["start_month"]),
        share=words.percent(last["retention_rate"], 0),
    )


def heat_rows(rows: list[Row], rules: list[tuple[date, str]], words: Voice, *, whole: bool) -> list[dict[str, Any]]:
    """Rows as the page's table takes them; start months of which no rate is shown are one row at the end.

    ``whole``: whether they are the whole program's, and so of months; slices have quarters.
    """
    months: dict[date, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        months[row["start_month"]][row["months_since"]] = row
    result: list[dict[str, Any]] = []
    withheld: list[str] = []
    last = max(row["months_since"] for row in rows)
    pending = list(rules)
    for month, cells in sorted(months.items()):
        if not shows(cells.values(), "retention_rate"):
            withheld.append(stands(next(iter(cells.values()))["started"], words) or words("withheld"))
            continue
        while pending and pending[0][0] <= month:
            if result:
                result.append({"rule": words("retention.rule", rule=pending[0][1])})
            pending.pop(0)
        started = next((row["started"] for row in cells.values() if known(row["started"]) is not None), None)
        result.append(
            {
                "name": words.month_short(month) if whole else words.quarter(month),
                "n": words("withheld") if started is None else words.integer(started),
                "cells": [cell(cells.get(since), words) for since in range(min(MONTHS, last) + 1)],
            }
        )
    if withheld:
        said = withheld[0] if len(set(withheld)) == 1 else words("withheld")
        result.append({"name": words("retention.others", count=len(withheld)), "n": said, "cells": None})
    return result


def cell(row: Row | None, words: Voice) -> int | str | None:
    """Whole percent; the bound or a dash, hatched, where it is not shown; None for a month that has not ended."""
    rate = None if row is None else row["retention_rate"]
    if is_hidden(rate):
        said = stands(rate, words)
        return DASH if said == words("withheld") else said
    return None if rate is None else int(half_up(rate, 2) * 100)
