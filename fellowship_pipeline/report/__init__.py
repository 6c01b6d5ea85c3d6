"""The renewal report: a term in pages that a sponsor reads in ten minutes, made for print.

Belongs here: everything the report is made of, and printing it. Does not belong here: KPIs (``assets/kpi``), privacy
rules (``release``), figures and their sentences (``dashboard``), where its pages are put (``assets/publication``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellowship_pipeline.dashboard.context import PageContext
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.release.build import Release
    from fellowship_pipeline.report.quotes import Quote

__all__ = ["render_reports"]


def render_reports(
    release: Release, program: Program, about: PageContext, quotes: tuple[Quote, ...] = ()
) -> dict[str, str]:
    """Every report as its file's name and its HTML; see ``page.reports``."""
    from fellowship_pipeline.report import page  # noqa: PLC0415 - Jinja and Babel are imported only where one is made

    return page.reports(release, program, about, quotes)
