"""``python -m fellowship_pipeline.derived``: writes what follows from the code alone, so that no run works it out.

Belongs here: gathering the selects of models and checks. Does not belong here: parsing them (``warehouse.selects``).
"""

from __future__ import annotations

import json

from assets.sql import models
from checks.contract import contract
from checks.model import meanings
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import selects


def current() -> selects.SelectFacts:
    """The facts of all selects as their texts are now."""
    expectations = [e for key in TABLE_BY_KEY for e in (*contract(key), *meanings(key))]
    queries = [e.rows_query for e in expectations if e.rows_query is not None]
    return selects.facts(queries, [(model.sql, model.table.column_names) for model in models().values()])


if __name__ == "__main__":
    selects.SHIPPED.write_text(json.dumps(current(), indent=0, sort_keys=True) + "\n", encoding="utf-8")
