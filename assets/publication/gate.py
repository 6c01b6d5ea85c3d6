"""Whether the tables as they stand may be published: the checks' latest results, read again at the last moment.

A blocking check stops only the run it fails in; a later run of a table alone would go on. So nothing is published
unless every check that blocks has passed on the table's latest materialization. What another run has only planned,
while it waits for its turn, is no result; what this run has planned and not carried out is a check that broke.

Belongs here: reading results back from Dagster. Does not belong here: any check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import dagster as dg
import sqlalchemy as sa
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._serdes import deserialize_value

from assets.describe import table_key


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
        return f"{table_key(self.key.asset_key)}: {self.key.name}"


def verdicts(instance: dg.DagsterInstance, checks: Mapping[dg.AssetCheckKey, Policy], run_id: str) -> list[Verdict]:
    """The latest result of every check, asked for by the run ``run_id``."""
    results = _results(instance, checks, run_id)
    latest = _materializations(instance, {key.asset_key for key in checks})
    found = []
    for key, policy in checks.items():
        evaluation = results.get(key)
        if evaluation is None:
            found.append(Verdict(key, "missing", policy.is_blocking, policy.words))
            continue
        seen = evaluation.target_materialization_data
        state: CheckState = "passed" if evaluation.passed else "failed"
        if seen is None or seen.storage_id != latest.get(key.asset_key):
            state = "stale"
        found.append(Verdict(key, state, policy.is_blocking, policy.words))
    return found


def _results(
    instance: dg.DagsterInstance, checks: Iterable[dg.AssetCheckKey], run_id: str
) -> dict[dg.AssetCheckKey, dg.AssetCheckEvaluation]:
    """The result of each check that came last, whichever run was planned last; none where this run still owes one."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"{type(storage).__name__} is no event log in SQL")
    executions = AssetCheckExecutionsTable.c
    is_carried_out = executions.execution_status != AssetCheckExecutionRecordStatus.PLANNED.value
    last = sa.select(sa.func.max(executions.evaluation_event_storage_id)).where(is_carried_out)
    last = last.where(executions.asset_key.in_(sorted({key.asset_key.to_string() for key in checks})))
    last = last.group_by(executions.asset_key, executions.check_name)
    results = sa.select(executions.evaluation_event).where(executions.evaluation_event_storage_id.in_(last))
    owed = sa.select(executions.asset_key, executions.check_name).where(executions.run_id == run_id, ~is_carried_out)
    with storage.index_connection() as con:
        events = [deserialize_value(event, EventLogEntry) for (event,) in con.execute(results)]
        missing = {(key, name) for key, name in con.execute(owed)}
    evaluations = [event.asset_check_evaluation for event in events]
    found = {evaluation.asset_check_key: evaluation for evaluation in evaluations if evaluation}
    return {key: found[key] for key in checks if key in found and (key.asset_key.to_string(), key.name) not in missing}


def _materializations(instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey]) -> dict[dg.AssetKey, int]:
    """The storage id of each asset's latest materialization."""
    return {
        record.asset_entry.asset_key: record.asset_entry.last_materialization_storage_id or 0
        for record in instance.get_asset_records(list(keys))
    }
