"""The selects of models, as texts: what they may not say."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from assets.sql import models


@pytest.mark.parametrize("key", models())
def test_no_model_bounds_rows_by_a_scalar_subquery(key: str) -> None:
    # DuckDB 2.0.0 loses rows to such a filter beside joins: findings/duckdb-loses-rows-to-a-scalar-subquery.sh
    bounds = sqlglot.parse_one(models()[key].sql, read="duckdb").find_all(exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
    assert not [bound.sql() for bound in bounds if _is_of_rows(bound) and _asks_a_table(bound)]


def _is_of_rows(bound: exp.Condition) -> bool:
    return any(part.find(exp.Column) for part in bound.args.values() if not isinstance(part, exp.Subquery))


def _asks_a_table(bound: exp.Condition) -> bool:
    return any(isinstance(part, exp.Subquery) for part in bound.args.values())
