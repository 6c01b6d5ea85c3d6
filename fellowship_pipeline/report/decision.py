"""The decision: the KPIs that decide renewal, as the report's period has them, against target, peers and before.

Belongs here: which figures stand on the first page, and how they read. Does not belong here: their values
(kpi.terms, kpi.scorecard), drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.contracts import HEADLINES, Headline
from fellowship_pipeline.dashboard import tiles
from fellowship_pipeline.dashboard.figures.wording import cell
from fellowship_pipeline.dashboard.opening import HEROES
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, is_hidden, known
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.report.period import Period


@dataclass(frozen=True)
class DecidingFigure:
    """A headline as it decides: its value, the sentence about it, what it stands beside. ``state`` is its shape."""

    kpi: str
    label: str
    meaning: str
    value: str
    state: str
    standing: str
    beside: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HeadlineLine:
    """A headline in the table of all: now, before, of how many, since the beginning."""

    label: str
    now: str
    before: str
    count: str
    so_far: str


class HeadlineFigures:
    """The headlines of a period: of a term those of kpi.terms, of the program so far those of kpi.scorecard."""

    def __init__(self, scene: Scene, period: Period, words: Voice, own: Voice) -> None:
        """``words``: the dashboard's, ``own``: the report's."""
        self.scene, self.period, self.words, self.own = scene, period, words, own
        self.so_far = {row["kpi"]: row for row in scene.of("scorecard", WHOLE)}
        self.now = self._of(period.term.id) if period.term else self.so_far
        self.before = self._of(period.before.id) if period.before else {}

    def _of(self, term: str) -> dict[str, Row]:
        return {row["kpi"]: row for row in self.scene.rows("terms") if row["term"] == term}

    @property
    def listed(self) -> list[Headline]:
        """The headlines that the period has, in the dashboard's order."""
        on_page = tiles.headlines(self.scene)
        others = [headline for headline in HEADLINES if headline not in on_page]
        return [headline for headline in (*on_page, *others) if headline.kpi in self.now]

    @property
    def incomparable(self) -> list[Headline]:
        """Those whose question or answers changed since the term before."""
        return [
            headline
            for headline in self.listed
            if headline.kpi in self.before and not self.now[headline.kpi].get("comparable", True)
        ]

    def deciding(self) -> list[DecidingFigure]:
        """The headlines that open the dashboard: those that decide renewal, where the program has seats."""
        heroes = [headline for headline in tiles.heroes(self.scene) if headline.kpi in self.now]
        return [self._deciding(headline) for headline in heroes or self.listed[:HEROES]]

    def lines(self) -> list[HeadlineLine]:
        """Every headline in a line."""
        return [
            HeadlineLine(
                headline.label[self.words.language],
                self.value(headline, self.now),
                self._before(headline),
                self._count(headline, self.now[headline.kpi]),
                self.value(headline, self.so_far),
            )
            for headline in self.listed
        ]

    def meaning(self, headline: Headline) -> str:
        """What the KPI counts, in a sentence."""
        window = self.scene.program.engagement.window_days
        if headline.is_windowed:
            return self.words(f"tile.what_{headline.kpi}", count=window)
        return headline.definition[self.words.language]

    def value(self, headline: Headline, rows: dict[str, Row]) -> str:
        """The value, or what stands in its place."""
        row, form = rows.get(headline.kpi), self.words.whole if headline.measure == "sensitive" else self.words.percent
        return DASH if row is None else cell(row["value"], self.words, form)

    def _before(self, headline: Headline) -> str:
        return (
            self.own("headlines.incomparable") if headline in self.incomparable else self.value(headline, self.before)
        )

    def _deciding(self, headline: Headline) -> DecidingFigure:
        row, said = self.now[headline.kpi], self.so_far.get(headline.kpi, {})
        target, peers, value = self.scene.target(headline.kpi), known(said.get("benchmark")), known(row["value"])
        state = "none"
        if is_hidden(row["value"]):
            state = "hidden"
        elif value is None:
            state = "nothing"
        elif target is not None:
            state = "met" if value >= target else "missed"
        compared = (("tile.target", target), ("tile.peers", peers))
        beside = [(self.words(key), self.words.target(share)) for key, share in compared if share is not None]
        if self.period.before:
            named = self.scene.labels(self.words.language).term(self.period.before.id)
            beside.append((named, self._before(headline)))
        if self.period.term:
            beside.append((self.own("decision.so_far"), self.value(headline, self.so_far)))
        beside.append((self.words("tile.count"), self._count(headline, row)))
        return DecidingFigure(
            headline.kpi,
            headline.label[self.words.language],
            self.meaning(headline),
            self.value(headline, self.now),
            state,
            self._standing(state, value, target, peers),
            tuple(beside),
        )

    def _standing(self, state: str, value: float | None, target: float | None, peers: float | None) -> str:
        """Where the value stands, in words."""
        said = [self.own(f"standing.{state}", target="" if target is None else self.words.target(target))]
        if value is not None and peers is not None:
            where = "above" if value > peers else "below" if value < peers else "level"
            said.append(self.own(f"standing.{where}", peers=self.words.target(peers)))
        return " ".join(said)

    def _count(self, headline: Headline, row: Row) -> str:
        numerator, denominator = row["numerator"], row["denominator"]
        if denominator is None or (known(denominator) is None and not is_hidden(denominator)):
            return DASH
        form = self.words.integer
        below = cell(denominator, self.words, form)
        if numerator is None or is_hidden(numerator):
            return self.words("tile.base", base=below)
        return f"{cell(numerator, self.words, form)} / {below}"
