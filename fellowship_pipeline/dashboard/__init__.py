"""The stakeholders' dashboard: one self-contained page of the released tables.

Belongs here: everything the page is made of. Does not belong here: KPIs (``assets/kpi``), privacy rules (``release``),
where the file is put (``assets/publication``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.dashboard.context import CheckResult, PageContext, Said, SourceCoverage

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.release.build import Release

__all__ = ["CheckResult", "PageContext", "Said", "SourceCoverage", "render"]


def render(release: Release, program: Program, about: PageContext) -> str:
    """The whole page; see ``page.render``."""
    from fellowship_pipeline.dashboard import page  # noqa: PLC0415 - Jinja and Babel are imported only where a page is made

    return page.render(release, program, about)
