"""Of several records of one thing the best: attempts of a team, boards of a competition, tries at a test.

Belongs here: what ``best`` of an entry says. Does not belong here: which records count at all (``counted``), exports of
one fact that differ (``staging``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.intake.readers.records import Records, normal
from fellowship_pipeline.program.conditions import number

if TYPE_CHECKING:
    from decimal import Decimal

    from fellowship_pipeline.program.sources import Entry


def best_of(records: Records, entry: Entry) -> Records:
    """The best record of each group, the first of equal ones; the others are ignored.

    A record without a number is worse than any with one.
    """
    asked = entry.best
    if asked is None:
        return records
    records.demand_set([(("best", "by"), asked.by), *((("best", "of"), header) for header in asked.of)])
    groups = zip(*(map(normal, records.column(header).to_pylist()) for header in asked.of), strict=True)
    sign = 1 if asked.order == "highest" else -1
    leads: dict[tuple[str, ...], tuple[int, Decimal | None]] = {}
    for at, (group, text) in enumerate(zip(groups, records.column(asked.by).to_pylist(), strict=True)):
        found = number(text)
        value = found * sign if found is not None else None
        _, before = leads.get(group, (at, None))
        if group not in leads or (value is not None and (before is None or value > before)):
            leads[group] = (at, value)
    first = {at for at, _ in leads.values()}
    kept = records.only(pa.array([at in first for at in range(len(records.rows))], pa.bool_()))
    left_out = len(set(records.rows.to_pylist()) - set(kept.rows.to_pylist()))
    return replace(kept, ignored=records.ignored + left_out)
