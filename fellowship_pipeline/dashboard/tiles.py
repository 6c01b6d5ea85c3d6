"""The scorecard: a tile for each headline KPI, and the sentence that opens the page.

Belongs here: how a scorecard row reads. Does not belong here: its value, target or status (kpi.scorecard).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fellowship_pipeline.contracts import HEADLINES, Headline
from fellowship_pipeline.dashboard.drawing import next_month
from fellowship_pipeline.dashboard.scene import CONTRACTS, WHOLE, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.words import DASH, Voice

RENEWAL = tuple(headline for headline in HEADLINES if headline.is_renewal)
"""The KPIs that decide renewal."""

LATEST = 12
SHORTEST_MONTH = 28
LEADING = 3
"""How many headlines open the page of a program without seats."""


@dataclass(frozen=True)
class Tile:
    """What a tile shows, key by key; ``state`` is also its shape."""

    kpi: str
    hero: bool
    texts: dict[str, str]


def headlines(scene: Scene) -> list[Headline]:
    """The headline KPIs that the release has, the renewal two first."""
    return [headline for headline in HEADLINES if headline.kpi in scene.kpis]


def month_before(day: date) -> date:
    """The same day of the month before, its last where it is shorter."""
    first = next_month(day, -1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), next_month(first) - timedelta(days=1))


def failed_tables(scene: Scene) -> set[str]:
    """Tables with a blocking check that failed."""
    return {check.table for check in scene.page.checks if not check.passed and check.severity == "error"}


def series(scene: Scene, headline: Headline, chosen: Slice) -> list[float | None]:
    """The values of a KPI's own table over time; empty where that has no single series."""
    if headline.series is None:
        return []
    column, period, only = headline.series.column, headline.series.period, headline.series.only
    rows = _own_rows(scene, headline, chosen)
    if only:
        rows = [row for row in rows if row[only[0]] == only[1]]
    if period == "survey":
        listed = [survey.id for survey in scene.program.surveys]
        rows = sorted((row for row in rows if row["survey"] in listed), key=lambda row: listed.index(row["survey"]))
        return [known(row[column]) for row in rows]
    if period == "day":
        rows = [row for row in rows if _ends_month(row["day"]) or row["day"] == scene.as_of]
    if len({row[period] for row in rows}) < len(rows):
        return []
    return [known(row[column]) for row in sorted(rows, key=lambda row: row[period])]


def _ends_month(day: date) -> bool:
    return day.day >= SHORTEST_MONTH and (day + timedelta(days=1)).day == 1


def _own_rows(scene: Scene, headline: Headline, chosen: Slice) -> list[Row]:
    """The rows of a KPI's own table that belong to the selection, all of them where it is not sliced."""
    is_sliced = "slice_by" in CONTRACTS[headline.table].column_names
    return scene.of(headline.table, chosen) if is_sliced else scene.rows(headline.table)


def spark(values: list[float | None], target: float | None) -> dict[str, str]:
    """A line in a box of 1000 × 100 on its own scale, its target and its last point."""
    present = [value for value in values if value is not None]
    if len(present) < 2 or values[-1] is None:
        return {"line": "", "goal": "", "end": ""}
    low, high = min(present), max(present)
    if target is not None:
        low, high = min(low, target), max(high, target)
    scale = (high - low) or 1

    def height(value: float) -> float:
        return round(100 - (value - low) / scale * 100, 1)

    path, pen = [], "M"
    for at, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{round(at * 1000 / (len(values) - 1))} {height(value):g}")
        pen = "L"
    return {
        "line": "".join(path),
        "goal": "" if target is None else f"M0 {height(target):g}H1000",
        "end": f"{height(values[-1]):g}%",
    }


def _change(row: Row, digits: int, words: Voice, since: str) -> str:
    delta = known(row["delta"])
    if delta is None:
        return ""
    size = words.points(delta, digits)
    if not any(character in "123456789" for character in size):
        return words("tile.unchanged", since=since)
    return words("tile.up" if delta > 0 else "tile.down", points=size, since=since)


def tile(scene: Scene, headline: Headline, chosen: Slice, words: Voice) -> Tile:
    """The headline for the selection; for the whole program where it has none of its own, and then it says so."""
    kpi, sensitive = headline.kpi, headline.measure == "sensitive"
    found = {row["kpi"]: row for row in scene.of("scorecard", chosen)}.get(kpi)
    cut = chosen if found else WHOLE
    row = found or {row["kpi"]: row for row in scene.of("scorecard", WHOLE)}.get(kpi)
    texts = {
        "label": headline.label[words.language],
        "what": words(f"tile.what_{kpi}", count=scene.program.engagement.window_days)
        if headline.is_windowed
        else headline.definition[words.language],
        "scope": "" if cut == chosen else words("tile.whole"),
    }
    digits = 0 if sensitive else 1
    value = known(row["value"]) if row else None
    label = scene.label(headline.measure)
    target = None if row is None else known(row["target"])
    peers = None if row is None else known(row["benchmark"])
    texts |= {
        "unit": "%" if value is not None else "",
        "value": DASH,
        "target": DASH if target is None else words.target(target),
        "peers": DASH if peers is None else words.target(peers),
        "count": DASH,
        "change": "",
        "bar": f"{min(value or 0, 1) * 100:g}%",
        "goal_at": "" if target is None else f"{target * 100:g}%",
        "peers_at": "" if peers is None else f"{min(peers, 1) * 100:g}%",
    }
    state = "none"
    if row is not None and value is not None:
        texts["value"] = words.percent(value, digits).removesuffix("%")
        state = row["status"] or "none"
        since = words.day_of_year(month_before(scene.as_of))
        texts["change"] = _change(row, digits, words, since)
        texts["count"] = _count(row, sensitive, words)
    elif row is not None and is_hidden(row["value"]):
        texts["value"], state = words.withheld(shown_as(row["value"], label)), "hidden"
    else:
        state = "nothing"
    if f"kpi.{headline.table}" in failed_tables(scene) or "kpi.scorecard" in failed_tables(scene):
        state = "held"
    texts |= {"state": state, "status": words(f"state.{state}")}
    values = series(scene, headline, cut)
    if value is None:
        values = []
    drawn = spark(values if headline.is_renewal else values[-LATEST:], target)
    ends = _ends(scene, headline, cut, words) if drawn["line"] else {"from": "", "to": ""}
    return Tile(kpi, headline.is_renewal, texts | drawn | ends)


def _count(row: Row, sensitive: bool, words: Voice) -> str:
    numerator, denominator = known(row["numerator"]), known(row["denominator"])
    if denominator is None:
        return DASH
    if sensitive or numerator is None:
        return words("tile.base", base=words.integer(denominator))
    return f"{words.integer(numerator)} / {words.integer(denominator)}"


def _ends(scene: Scene, headline: Headline, chosen: Slice, words: Voice) -> dict[str, str]:
    """First and last month under a renewal tile's line."""
    if headline.series is None or not headline.is_renewal:
        return {"from": "", "to": ""}
    moments = [row[headline.series.period] for row in _own_rows(scene, headline, chosen)]
    return {"from": words.month_short(moments[0]), "to": words.month_short(moments[-1])}


def lead(scene: Scene, chosen: Slice, words: Voice) -> str:
    """The page's first sentence: the renewal KPIs and how they stand against their targets."""
    rows = {row["kpi"]: row for row in scene.of("scorecard", chosen)}
    renewal = [rows[headline.kpi] for headline in RENEWAL if headline.kpi in rows]
    window = scene.program.engagement.window_days
    parts = [
        words(f"lead.{row['kpi']}", share=words.percent(row["value"], 0), count=window)
        for row in renewal
        if known(row["value"]) is not None
    ]
    if not parts:
        return _without_seats(scene, list(rows.values()), words)
    said = words("lead.both", first=parts[0], second=parts[1]) if len(parts) == 2 else words("lead.one", only=parts[0])
    return said + _verdict(renewal, words)


def _without_seats(scene: Scene, rows: list[Row], words: Voice) -> str:
    """The first headlines of a program that gives no seats; of another, that renewal KPIs cannot be shown."""
    found = {row["kpi"]: row["value"] for row in rows if known(row["value"]) is not None}
    listed = [
        words("lead.headline", label=headline.label[words.language], share=words.whole(found[headline.kpi]))
        for headline in headlines(scene)
        if headline.kpi in found
    ]
    if not listed or any(headline.is_renewal for headline in headlines(scene)):
        return words("lead.nothing")
    return words("lead.headlines", listed=", ".join(listed[:LEADING]))


def _verdict(rows: Iterable[Row], words: Voice) -> str:
    states = [row["status"] for row in rows if row["status"] and known(row["value"]) is not None]
    if len(states) < 2:
        return ""
    met = states.count("met")
    return " " + words(("lead.none_met", "lead.one_met", "lead.all_met")[met])
