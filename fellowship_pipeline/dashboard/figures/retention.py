"""Retention: who is still studying, months after the first seat.

Belongs here: the table of kpi.retention shaded by value. Does not belong here: engagement of seat holders.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from fellowship_pipeline.dashboard.figures.wording import rule_dates, titled
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.view import Column, Heat, View, table
from fellowship_pipeline.dashboard.words import Words

MONTHS = 12
"""Months shown after the first; the table view has all."""

STEPS = (0.4, 0.5, 0.6, 0.7, 0.85)
"""Where the shades begin, from the second one on."""


def retention(scene: Scene, chosen: Slice, words: Words) -> View | None:
    """A row a start month, a cell a month since."""
    rows = scene.of("retention", chosen)
    if not rows:
        return None
    columns = (
        Column("start_month", words("column.start_month"), "month"),
        Column("months_since", words("column.months_since"), "int"),
        Column("started", words("column.started_seat"), "int"),
        Column("active", words("column.still_active"), "int"),
        Column("retention_rate", words("column.retention_rate"), "rate"),
    )
    label = scene.label("operational")
    return View(
        titled(finding(scene, chosen, rows, words), chosen, words),
        words("retention.subtitle"),
        table(columns, rows, label, words),
        heat=Heat(MONTHS, heat_rows(rows, rule_dates(scene, chosen, words), label, words)),
    )


def finding(scene: Scene, chosen: Slice, rows: list[Row], words: Words) -> str:
    """The headline retention after three months; else the latest start month that has one."""
    for row in scene.of("scorecard", chosen):
        if row["kpi"] == "retention_3m" and known(row["value"]) is not None:
            return words("retention.title", share=words.percent(row["value"], 0), count=int(row["denominator"]))
    third = [row for row in rows if row["months_since"] == 3 and known(row["retention_rate"]) is not None]
    if not third:
        return words("retention.hidden")
    last = max(third, key=lambda row: row["start_month"])
    month = words.month(last["start_month"])
    return words("retention.title_month", month=month, share=words.percent(last["retention_rate"], 0))


def shade(rate: float) -> int:
    """Which of the six shades a rate has."""
    return sum(rate >= step for step in STEPS)


def heat_rows(rows: list[Row], rules: list[tuple[date, str]], label: str, words: Words) -> list[dict[str, Any]]:
    """Rows as the page's table takes them; start months that are wholly withheld are one row at the end."""
    months: dict[date, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        months[row["start_month"]][row["months_since"]] = row
    result: list[dict[str, Any]] = []
    withheld = 0
    pending = list(rules)
    for month, cells in sorted(months.items()):
        if all(is_hidden(row["started"]) for row in cells.values()):
            withheld += 1
            continue
        while pending and pending[0][0] <= month:
            if result:
                result.append({"rule": words("retention.rule", rule=pending[0][1])})
            pending.pop(0)
        started = next((row["started"] for row in cells.values() if known(row["started"]) is not None), None)
        result.append(
            {
                "name": words.month_short(month),
                "n": label if started is None else words.integer(started),
                "cells": [cell(cells.get(since), label) for since in range(MONTHS + 1)],
            }
        )
    if withheld:
        result.append({"name": words("retention.others", count=withheld), "n": label, "cells": None})
    return result


def cell(row: Row | None, label: str) -> list[Any] | None:
    """Percent and shade; the threshold where it is withheld; None for a month that has not ended."""
    if row is None:
        return None
    rate = row["retention_rate"]
    if is_hidden(rate):
        return [shown_as(rate, label), -1]
    return None if rate is None else [round(rate * 100), shade(rate)]
