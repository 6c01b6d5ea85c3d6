"""The scorecard: a tile for each headline KPI, and the sentence that opens the page.

Belongs here: how a scorecard row reads. Does not belong here: its value, target or status (kpi.scorecard).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fellowship_pipeline.contracts import Headline
from fellowship_pipeline.dashboard.drawing import next_month
from fellowship_pipeline.dashboard.figures.wording import slice_name
from fellowship_pipeline.dashboard.opening import HEROES, headlines_in_order, opening
from fellowship_pipeline.dashboard.scene import CONTRACTS, NOBODY, WHOLE, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.release.policy import WITHHELD

LATEST = 12
RECENT = timedelta(days=7)
"""How long before as_of a group's last value may be to be said of today."""


@dataclass(frozen=True)
class Tile:
    """What a tile shows, key by key; ``state`` is also its shape."""

    kpi: str
    hero: bool
    texts: dict[str, str]


def headlines(scene: Scene) -> list[Headline]:
    """The headline KPIs that the release has, those that open the page first."""
    return headlines_in_order(scene.kpis, scene.program)


def heroes(scene: Scene) -> list[Headline]:
    """The headline KPIs that open the page."""
    return opening(scene.kpis, scene.program)


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
        rows = list({row["day"].replace(day=1): row for row in sorted(rows, key=lambda row: row["day"])}.values())
    if len({row[period] for row in rows}) < len(rows):
        return []
    return [known(row[column]) for row in sorted(rows, key=lambda row: row[period])]


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
    kpi, sensitive, is_hero = headline.kpi, headline.measure == "sensitive", headline in heroes(scene)
    found = {row["kpi"]: row for row in scene.of("scorecard", chosen)}.get(kpi) or _of_ended(scene, headline, chosen)
    cut = chosen if found else WHOLE
    row = found or {row["kpi"]: row for row in scene.of("scorecard", WHOLE)}.get(kpi)
    day = row.get("ended_on") if row else None
    texts = {
        "label": headline.label[words.language],
        "what": words(f"tile.what_{kpi}", count=scene.program.engagement.window_days)
        if headline.is_windowed
        else headline.definition[words.language],
        "scope": words("tile.whole") if cut != chosen else words("tile.ended", day=words.day_short(day)) if day else "",
    }
    digits = 0 if sensitive else 1
    value = known(row["value"]) if row else None
    target = None if row is None else known(row["target"])
    peers = None if row is None else known(row["benchmark"])
    texts |= {
        "unit": "%" if value is not None else "",
        "value": DASH,
        "target": "" if target is None else words.target(target),
        "peers": "" if peers is None else words.target(peers),
        "count": "",
        "change": "",
        "bar": f"{min(value or 0, 1) * 100:g}%",
        "goal_at": "" if target is None else f"{target * 100:g}%",
        "peers_at": "" if peers is None else f"{min(peers, 1) * 100:g}%",
    }
    state = "none"
    if row is not None and value is not None:
        texts["value"] = words.percent(value, digits).removesuffix("%")
        if cut == chosen:
            state = row["status"] or "none"
        since = words.day_of_year(month_before(scene.as_of))
        texts["change"] = _change(row, digits, words, since)
        texts["count"] = _count(row, sensitive, words)
    elif row is not None and is_hidden(row["value"]):
        texts["value"], state = words.withheld(shown_as(row["value"])), "hidden"
    else:
        state = "nothing"
    if f"kpi.{headline.table}" in failed_tables(scene) or "kpi.scorecard" in failed_tables(scene):
        state = "held"
    texts |= {"state": state, "status": "" if state == "none" else words(f"state.{state}")}
    if state == "hidden" and row is not None and shown_as(row["value"]) == WITHHELD:
        texts["status"] = words("state.withheld")
    values = series(scene, headline, cut)
    if value is None:
        values = []
    drawn = spark(values if is_hero else values[-LATEST:], target)
    ends = _ends(scene, headline, cut, words) if is_hero and drawn["line"] else {"from": "", "to": ""}
    return Tile(kpi, is_hero, texts | drawn | ends)


def _of_ended(scene: Scene, headline: Headline, chosen: Slice) -> Row | None:
    """What a cohort that has ended had last, in place of a scorecard row that it has no more."""
    bounds = {cohort.id: cohort.ends_on for cohort in scene.program.cohorts}
    ends_on = bounds.get(chosen.name) if chosen.kind == "cohort" else None
    if ends_on is None or ends_on >= scene.as_of or headline.series is None or headline.series.period != "day":
        return None
    told = [row for row in _own_rows(scene, headline, chosen) if row[headline.series.column] is not None]
    if not told or "slice_by" not in told[-1]:
        return None
    nothing = dict.fromkeys(("numerator", "denominator", "target", "benchmark", "status", "delta"))
    return nothing | {"value": told[-1][headline.series.column], "ended_on": told[-1]["day"]}


def _count(row: Row, sensitive: bool, words: Voice) -> str:
    numerator, denominator = known(row["numerator"]), known(row["denominator"])
    if denominator is None:
        return DASH
    if sensitive or numerator is None:
        return words("tile.base", base=words.integer(denominator))
    return f"{words.integer(numerator)} / {words.integer(denominator)}"


def _ends(scene: Scene, headline: Headline, chosen: Slice, words: Voice) -> dict[str, str]:
    """First and last month under the line of a tile that opens the page."""
    if headline.series is None or headline.series.period == "survey":
        return {"from": "", "to": ""}
    moments = [row[headline.series.period] for row in _own_rows(scene, headline, chosen)]
    return {"from": words.month_short(moments[0]), "to": words.month_short(moments[-1])}


def lead(scene: Scene, chosen: Slice, words: Voice) -> str:
    """The page's first sentences: the KPIs that open it, how they stand against their targets, and the exception."""
    rows = {row["kpi"]: row for row in scene.of("scorecard", chosen)}
    opening = [headline for headline in heroes(scene) if headline.kpi in rows]
    told = [headline for headline in opening if known(rows[headline.kpi]["value"]) is not None]
    if not told:
        return words("lead.nothing")
    if all(headline.is_renewal for headline in told):
        parts = [
            words(
                f"lead.{headline.kpi}",
                share=words.whole(rows[headline.kpi]["value"]),
                count=scene.program.engagement.window_days,
            )
            for headline in told
        ]
        said = (
            words("lead.both", first=parts[0], second=parts[1]) if len(parts) > 1 else words("lead.one", only=parts[0])
        )
    else:
        parts = [
            words("lead.headline", label=one.label[words.language], share=words.whole(rows[one.kpi]["value"]))
            for one in told
        ]
        said = words("lead.headlines", listed=", ".join(parts))
    return said + _verdict([rows[headline.kpi] for headline in told], words) + _exception(scene, chosen, words)


def _verdict(rows: Iterable[Row], words: Voice) -> str:
    states = [row["status"] for row in rows if row["status"]]
    if len(states) < HEROES:
        return ""
    met = states.count("met")
    return " " + words(("lead.none_met", "lead.one_met", "lead.all_met")[met])


def _exception(scene: Scene, chosen: Slice, words: Voice) -> str:
    """The study mode that is furthest below the target of engagement, and since when; where there is one."""
    target = scene.target("engagement_rate")
    if target is None or not chosen.whole:
        return ""
    below = []
    for mode in (one for one in scene.slices if one.kind == "study_mode" and one.name != NOBODY):
        rows = [row for row in scene.of("engagement", mode) if known(row["engagement_rate"]) is not None]
        if rows and rows[-1]["day"] > scene.as_of - RECENT and rows[-1]["engagement_rate"] < target:
            began = next((at for at in reversed(range(len(rows))) if rows[at]["engagement_rate"] >= target), -1) + 1
            below.append((rows[-1]["engagement_rate"], mode, rows[began]["day"]))
    if not below or len([one for one in scene.slices if one.kind == "study_mode"]) < HEROES:
        return ""
    share, mode, since = min(below)
    return " " + words(
        "lead.exception",
        name=slice_name(mode, words),
        share=words.whole(share),
        target=words.target(target),
        since=words.month(since),
    )
