"""Whether the tables as they stand may be published: the checks' latest results, read again at the last moment.

A blocking check stops only the run it fails in; a later run of a table alone would go on. So nothing is published
unless every check that blocks has passed on the table's latest materialization.

Belongs here: reading results back from Dagster. Does not belong here: any check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import dagster as dg


@dataclass(frozen=True)
class Policy:
    """What a check means for publication: whether it forbids it, and what is wrong when it fails, by language."""

    is_blocking: bool
    words: Mapping[str, str]


CheckState = Literal["passed", "failed", "missing", "stale"]


@dataclass(frozen=True)
class Verdict:
    """What is known of one check: passed; failed; never run; or run on an earlier version of the table."""

    key: dg.AssetCheckKey
    state: CheckState
    is_blocking: bool
    words: Mapping[str, str]

    @property
    def stops(self) -> bool:
        """Whether it forbids publication."""
        return self.is_blocking and self.state != "passed"

    @property
    def name(self) -> str:
        """``schema.table: check``."""
        return f"{'.'.join(self.key.asset_key.path)}: {self.key.name}"


def verdicts(instance: dg.DagsterInstance, checks: Mapping[dg.AssetCheckKey, Policy]) -> list[Verdict]:
    """The latest result of every check."""
    storage = instance.event_log_storage
    results = storage.get_latest_asset_check_execution_by_key(list(checks))
    latest = _materializations(instance, {key.asset_key for key in checks})
    found = []
    for key, policy in checks.items():
        result = results.get(key)
        evaluation = result.event.asset_check_evaluation if result and result.event else None
        if evaluation is None:
            found.append(Verdict(key, "missing", policy.is_blocking, policy.words))
            continue
        seen = evaluation.target_materialization_data
        state: CheckState = "passed" if evaluation.passed else "failed"
        if seen is None or seen.storage_id != latest.get(key.asset_key):
            state = "stale"
        found.append(Verdict(key, state, policy.is_blocking, policy.words))
    return found


def _materializations(instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey]) -> dict[dg.AssetKey, int]:
    """The storage id of each asset's latest materialization."""
    return {
        record.asset_entry.asset_key: record.asset_entry.last_materialization_storage_id or 0
        for record in instance.get_asset_records(list(keys))
    }
