"""What a report says and shows in one language: all of its parts, of one release and one period.

Belongs here: which parts there are, which of the dashboard's figures and tables stand in them. Does not belong here:
HTML (``page``), what a figure shows (``dashboard.figures``), the first page's figures (``decision``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.dashboard.scene import WHOLE, Scene
from fellowship_pipeline.dashboard.sections import SECTIONS
from fellowship_pipeline.dashboard.view import View
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.labels import Labels
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report.answers import SurveyWords, surveys
from fellowship_pipeline.report.decision import DecidingFigure, HeadlineFigures, HeadlineLine
from fellowship_pipeline.report.limits import limits, method
from fellowship_pipeline.report.paper import PaperTable, printed
from fellowship_pipeline.report.period import Period, surveys_of, within
from fellowship_pipeline.report.quotes import Quote


@dataclass(frozen=True)
class PartPlan:
    """A part, and the figures of the dashboard that stand in it. ``as_of_today``: not cut to the period."""

    key: str
    figures: tuple[str, ...]
    as_of_today: tuple[str, ...] = ()


PLAN = (
    PartPlan("seats", ("seats", "flows", "reviews")),
    PartPlan("engagement", ("engagement", "modes")),
    PartPlan("learning", ("activity",), ("tracks", "courses")),
    PartPlan("missions", (), ("missions", "survival")),
    PartPlan("community", ("attendance", "support")),
    PartPlan("survey", ("survey",)),
    PartPlan("outcomes", (), ("outcomes", "timeline")),
)

TABLES = {
    "seats": ("month", "pool", "capacity", "accepted", "reclaimed", "returned", "held_end", "utilization"),
}
"""Columns of the tables that are printed under their figures."""

FIGURES = {figure.key: figure for section in SECTIONS for figure in section.figures}
"""The dashboard's figures by name."""


@dataclass(frozen=True)
class ReportFigure:
    """A figure of the dashboard as it stands in the report, with its table where that is printed."""

    key: str
    view: View
    source: str
    table: PaperTable | None


@dataclass(frozen=True)
class ReportPart:
    """A part that has something to show."""

    key: str
    title: str
    figures: tuple[ReportFigure, ...]
    surveys: tuple[SurveyWords, ...] = ()


@dataclass(frozen=True)
class ReportContents:
    """Everything in the report. ``findings``: the sentence of each part's first figure."""

    language: str
    term: str | None
    title: str
    name: str
    period: str
    deciding: Sequence[DecidingFigure]
    ask: Sequence[str]
    findings: Sequence[str]
    headlines: Sequence[HeadlineLine]
    before: str
    parts: Sequence[ReportPart]
    quotes: Sequence[tuple[str, Sequence[str]]]
    limits: Sequence[str]
    method: Sequence[str]
    definitions: Sequence[tuple[str, str]]


class ReportMaker:
    """Makes the contents of one period in any language."""

    def __init__(
        self, release: Release, program: Program, about: PageContext, quotes: Sequence[Quote], period: Period
    ) -> None:
        self.program, self.period = program, period
        self.today = Scene(release, program, about)
        self.scene = Scene(within(release, period), program, about)
        asked = surveys_of(release, period)
        self.quotes = [quote for quote in quotes if asked is None or quote.survey in asked]

    def contents(self, words: Voice, own: Voice) -> ReportContents:
        """All of it; ``words``: the dashboard's, ``own``: the report's, of one language."""
        period, figures = self.period, HeadlineFigures(self.today, self.period, words, own)
        parts = [part for plan in PLAN if (part := self._part(plan, words, own)) is not None]
        span = words("page.period", first=words.month(period.first), last=words.month(period.last))
        program = self.program.program.title(words.language)
        names = self.today.labels(words.language)
        term = names.term(period.term.id) if period.term else ""
        return ReportContents(
            words.language,
            period.term.id if period.term else None,
            f"{program} · {own('kind')} · {term or span}",
            program,
            f"{term}: {span}" if term else span,
            figures.deciding(),
            self.program.report.asked(words.language) if period.is_latest else [],
            [part.figures[0].view.title for part in parts if part.figures],
            figures.lines(),
            names.term(period.before.id) if period.before else "",
            parts,
            self._quoted(names),
            limits(self.today, period, figures, words, own),
            method(self.today, period, words, own),
            [(headline.label[words.language], figures.meaning(headline)) for headline in figures.listed],
        )

    def _part(self, plan: PartPlan, words: Voice, own: Voice) -> ReportPart | None:
        figures = [self._figure(key, self.scene, words) for key in plan.figures]
        if self.period.is_latest:
            figures += [self._figure(key, self.today, words) for key in plan.as_of_today]
        answered = surveys(self.scene, words, own) if plan.key == "survey" else []
        shown = [figure for figure in figures if figure is not None]
        if not shown and not answered:
            return None
        return ReportPart(plan.key, own(f"part.{plan.key}"), tuple(shown), tuple(answered))

    def _figure(self, key: str, scene: Scene, words: Voice) -> ReportFigure | None:
        view = FIGURES[key].make(scene, WHOLE, words)
        if view is None or (view.draw is None and key not in TABLES):
            return None
        table = printed(view.table, TABLES[key], words) if key in TABLES else None
        return ReportFigure(key, view, words("page.source", source=words(f"source.{FIGURES[key].source}")), table)

    def _quoted(self, names: Labels) -> list[tuple[str, list[str]]]:
        """The quotes by question, in the order chosen."""
        by_question: dict[tuple[str, str], list[str]] = {}
        for quote in self.quotes:
            by_question.setdefault((quote.survey, quote.question), []).append(quote.text)
        return [
            (f"{names.survey(survey)} · {names.question(survey, question)}", texts)
            for (survey, question), texts in by_question.items()
        ]
