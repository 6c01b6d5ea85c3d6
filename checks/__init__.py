"""What must be true of the tables: suites as data, run by Great Expectations, shown as Dagster asset checks.

Belongs here: one YAML suite per table whose meaning can go wrong, in folders named as the layers; expectations derived
from contracts; running both. Does not belong here: making any table (``assets``), or deciding what a failure stops.
"""

from __future__ import annotations

from checks.runner import Result, run_suite

__all__ = ["Result", "run_suite"]
