"""The picture of growth: CPU seconds and peak memory by rows, both axes logarithmic.

Belongs here: drawing. Does not belong here: medians, or what is measured.
"""

from __future__ import annotations

from pathlib import Path

import altair as alt

from benchmarks.growth.measurements import Measurements
from benchmarks.growth.page import series


def draw(measured: Measurements, place: Path) -> None:
    """Writes it as SVG: a point for every round."""
    points = [
        {"rows": size.rows, "what": name, "CPU seconds": cost.cpu, "peak memory, MB": cost.peak / 1e6}
        for size in measured.sizes
        for one in size.rounds
        for name, cost in series(one).items()
        if cost is not None
    ]
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("rows:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"), title="rows of activity"),
        color=alt.Color("what:N", sort=None, title=None),
    )
    panels = []
    for figure in ("CPU seconds", "peak memory, MB"):
        scale = alt.Scale(type="log")
        line = base.mark_line().encode(y=alt.Y(f"{figure}:Q", aggregate="median", scale=scale, title=figure))
        point = base.mark_point(filled=True).encode(y=alt.Y(f"{figure}:Q", scale=scale, title=figure))
        panels.append((line + point).properties(width=360, height=300))
    place.parent.mkdir(parents=True, exist_ok=True)
    alt.hconcat(*panels).configure(background="white").save(str(place), format="svg")
