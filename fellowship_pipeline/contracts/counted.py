"""Of which tables it may be said, where anybody looks, how many rows they have.

Belongs here: that rule. Does not belong here: what is published of KPI tables (``contracts/privacy.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.contracts.model import Table

PRIVATE = {table.name for table in TABLES if any(column.pii == "sensitive" for column in table.columns)}
"""Names of tables, in whichever layer, whose rows are answers, outcomes, applications and the like."""


def is_counted(table: Table) -> bool:
    """Whether the number of rows, or of some of them, tells nothing that the release rounds or withholds.

    That of persons' answers or outcomes is the base that a release does not say; that of a list for operators, such as
    applicants who wait, is a figure itself.
    """
    has_persons = any(column.pii != "none" for column in table.columns)
    return not has_persons or (table.schema != "ops" and table.name not in PRIVATE)
