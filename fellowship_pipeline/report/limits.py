"""What the figures of a report cannot be compared with, what they lack, and how they were made.

Belongs here: those sentences. Does not belong here: any figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from fellowship_pipeline.dashboard.context import SourceCoverage
from fellowship_pipeline.dashboard.figures.terms import kpi_name
from fellowship_pipeline.dashboard.figures.wording import rule_name
from fellowship_pipeline.dashboard.scene import WHOLE, Scene, known
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.report.decision import HeadlineFigures
from fellowship_pipeline.report.period import Period


def limits(scene: Scene, period: Period, figures: HeadlineFigures, words: Voice, own: Voice) -> list[str]:
    """What cannot be compared, and why; what is missing."""
    return [
        *_of_terms(scene, period, figures, words, own),
        *_of_rules(scene, period, words, own),
        *_of_peers(scene, own),
        *_of_days(scene, period, words, own),
    ]


def _of_terms(scene: Scene, period: Period, figures: HeadlineFigures, words: Voice, own: Voice) -> Iterator[str]:
    """The term beside the one before, and beside the whole program."""
    if period.term is None:
        yield own("limits.no_term")
        return
    if period.before is not None:
        names = scene.labels(words.language)
        terms = {"before": names.term(period.before.id), "now": names.term(period.term.id)}
        asked = [row for row in scene.rows("term_surveys") if row["term"] == period.term.id and not row["comparable"]]
        questions = sorted({names.question(row["survey"], row["question"]) for row in asked})
        changed = [kpi_name(headline.kpi, words) for headline in figures.incomparable] + questions
        if changed:
            yield own("limits.changed", None, listed=words.listing(changed), **terms)
        before = (period.before.to - period.before.from_).days + 1
        if before != period.days:
            yield own("limits.lengths", None, days=words.integer(period.days), others=words.integer(before), **terms)
    differing = [
        own(
            "limits.figure",
            label=headline.label[words.language],
            now=figures.value(headline, figures.now),
            so_far=figures.value(headline, figures.so_far),
        )
        for headline in figures.listed
        if headline.is_renewal and figures.value(headline, figures.now) != figures.value(headline, figures.so_far)
    ]
    yield own("limits.alone") + (" " + own("limits.beside", listed=words.listing(differing)) if differing else "")


def _of_rules(scene: Scene, period: Period, words: Voice, own: Voice) -> Iterator[str]:
    """Rules of the review that took the place of others within the period."""
    rules = scene.rules(WHOLE)
    for rule in rules:
        if max(period.first, rules[0].from_) < rule.from_ <= period.last:
            yield own("limits.rule", month=words.month(rule.from_), rule=rule_name(rule, words))


def _of_peers(scene: Scene, own: Voice) -> Iterator[str]:
    if any(known(row["benchmark"]) is not None for row in scene.of("scorecard", WHOLE)):
        yield own("limits.peers")


def _of_days(scene: Scene, period: Period, words: Voice, own: Voice) -> Iterator[str]:
    """Days of the period for which a source that counts days vouches for none."""
    for source in scene.page.coverage:
        missing = _missing(source, period)
        if missing:
            yield own("limits.days", count=missing, source=words(f"source_name.{source.source}"))


def _missing(source: SourceCoverage, period: Period) -> int:
    if source.days_expected is None or source.first_day is None or source.last_day is None:
        return 0
    one = timedelta(days=1)
    runs = [(date.min, source.first_day - one), *source.gaps, (source.last_day + one, date.max)]
    return sum(max((min(end, period.last) - max(begin, period.first)).days + 1, 0) for begin, end in runs)


def method(scene: Scene, period: Period, words: Voice, own: Voice) -> list[str]:
    """How the figures were made, and where they can be looked up."""
    page, privacy = scene.page, scene.program.privacy
    passed = sum(check.passed for check in page.checks)
    said = [own("method.release", day=words.day(scene.as_of), run=page.run_id)]
    if page.checks:
        said.append(own("method.checks", passed=words.integer(passed), all=words.integer(len(page.checks))))
    if period.term is not None:
        said.append(own("method.term", day=words.day(period.last)))
    if scene.rows("survey"):
        said.append(own("method.survey"))
    return [
        *said,
        words("footer.privacy", operational=privacy.operational_minimum, sensitive=privacy.sensitive_minimum),
        own("method.tables"),
    ]
