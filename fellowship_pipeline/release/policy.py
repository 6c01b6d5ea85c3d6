"""The privacy rules of every published table, by table, as their contracts state them.

Belongs here: which tables are of which class, and what follows for all of a class. Does not belong here: the rules of a
table (``contracts/kpi``), how they are carried out (``groups``, ``operational``, ``sensitive``), or the minima, which
are the program's.
"""

from __future__ import annotations

from fellowship_pipeline.contracts import HEADLINES, KPI_TABLES
from fellowship_pipeline.contracts.privacy import ByHeadline, Operational, Sensitive, Unpublished

OPERATIONAL: dict[str, Operational] = {
    table.name: table.privacy for table in KPI_TABLES if isinstance(table.privacy, Operational)
}

SENSITIVE: dict[str, Sensitive] = {
    table.name: table.privacy for table in KPI_TABLES if isinstance(table.privacy, Sensitive)
}

BY_HEADLINE: dict[str, ByHeadline] = {
    table.name: table.privacy for table in KPI_TABLES if isinstance(table.privacy, ByHeadline)
}
"""Tables of headline KPIs, each row of its own class."""

NOT_PUBLISHED = frozenset(table.name for table in KPI_TABLES if isinstance(table.privacy, Unpublished))
"""KPI tables that only feed others."""

KEPT: dict[str, tuple[str, ...]] = {name: rules.kept for name, rules in (OPERATIONAL | SENSITIVE | BY_HEADLINE).items()}
"""Columns beside the grain that a suppressed row still shows, by table."""

WRITTEN = frozenset(name for name, rules in (OPERATIONAL | SENSITIVE).items() if rules.written)
"""Tables whose rows are named in people's own words."""

OPERATIONAL_HEADLINES = frozenset(headline.kpi for headline in HEADLINES if headline.measure == "operational")
"""Headline KPIs of the operational class; any other is treated as sensitive."""

WITHHELD = "withheld"
"""What stands for a single figure that is no count, in a row that is shown."""
