"""The stakeholders' dashboard: one self-contained page of the released tables.

Belongs here: everything the page is made of. Does not belong here: KPIs (``assets/kpi``), privacy rules (``release``),
where the file is put (``assets/publication``).
"""

from fellowship_pipeline.dashboard.context import CheckResult, PageContext, SourceCoverage
from fellowship_pipeline.dashboard.page import render

__all__ = ["CheckResult", "PageContext", "SourceCoverage", "render"]
