"""That every KPI table says how it may be shown, and wholly; until then nothing loads.

Belongs here: what is missing from a table, in words. Does not belong here: any table, or what the rules mean
(``contracts/privacy.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from fellowship_pipeline.contracts.model import Table
from fellowship_pipeline.contracts.privacy import Sensitive


def well_told(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """The tables, of which each states its privacy rules.

    Raises ValueError, a sentence per mistake, where one states none, names a column that it has not, or leaves out one.
    """
    mistakes = [mistake for table in tables for mistake in _mistakes(table)]
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return tables


def _mistakes(table: Table) -> Iterator[str]:
    rules = table.privacy
    if rules is None:
        yield (
            f"{table.key} has no privacy class: give its table(…) in fellowship_pipeline/contracts/kpi an"
            " Operational(…) or Sensitive(…), which says how its rows may be shown (contracts/privacy.py)."
        )
        return
    for name in sorted(rules.named - set(table.column_names)):
        yield f"{table.key} has no column {name}, which its privacy rules name."
    if isinstance(rules, Sensitive):
        for name in table.column_names:
            if name not in {*rules.treated, *table.grain}:
                yield (
                    f"{table.key}.{name} would be published as it is: name it in the counts or figures of its"
                    " Sensitive(…), or in kept where no person stands behind it."
                )
