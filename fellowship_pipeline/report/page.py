"""The reports as files: a page for each period and language, its figures drawn by the script that it carries.

Belongs here: putting contents into HTML. Does not belong here: contents, printing (``printing``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.dashboard.look import CONFIG
from fellowship_pipeline.dashboard.shell import environment, framed, static
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report.contents import ReportContents, ReportMaker
from fellowship_pipeline.report.paper import colored, for_paper, template
from fellowship_pipeline.report.period import file_stem, periods, told_of
from fellowship_pipeline.report.quotes import Quote

HERE = Path(__file__).parent
LOCALE = HERE / "locale"


def reports(release: Release, program: Program, about: PageContext, quotes: Sequence[Quote]) -> dict[str, str]:
    """The HTML of every period and language by its file's name: ``report.ko.html``, ``report-year-1.ko.html``."""
    made, release = {}, told_of(release)
    for period in periods(release, program):
        maker = ReportMaker(release, program, about, quotes, period)
        for language in program.languages:
            own = Voice(language, LOCALE)
            made[f"{file_stem(period)}.{language}.html"] = _html(maker.contents(Voice(language), own), own)
    return made


def _html(report: ReportContents, own: Voice) -> str:
    pages = environment(HERE / "templates")
    drawn = {
        figure.key: [for_paper(figure.view.draw(narrow=False)), colored(figure.view.draw(narrow=True))]
        for part in report.parts
        for figure in part.figures
        if figure.view.draw is not None
    }
    return framed(
        pages,
        pages.get_template("report.html").render(report=report, own=own, heights=_heights(drawn)),
        language=report.language,
        title=report.title,
        style="\n".join((static("page.css"), _own("report.css"))),
        scripts=[static("plotly-cartesian.min.js"), _own("report.js")],
        data={"figures": drawn, "template": template(), "config": CONFIG, "term": report.term},
        for_paper=True,
    )


def _heights(drawn: dict[str, list[dict[str, Any]]]) -> dict[str, list[int]]:
    """Pixels of each figure, wide and narrow, so that nothing moves when they are drawn."""
    return {key: [plot["layout"]["height"] for plot in plots] for key, plots in drawn.items()}


@cache
def _own(name: str) -> str:
    return (HERE / "static" / name).read_text(encoding="utf-8")
