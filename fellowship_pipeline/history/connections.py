"""The event log of a run at work: connections that stay open, few transactions, nothing read twice.

Dagster opens a SQLite file anew for every event that it stores, commits it by itself, and reads back what was made last
before it tells of what comes of it; that costs several times what storing it does. Belongs here: doing so less often.
Does not belong here: what is stored; that an asset was made is committed as soon as it is told, and whatever was told
before a step ends is there when the step has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import groupby
from threading import RLock

import dagster as dg
import sqlalchemy as sa
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

LATER = {
    dg.DagsterEventType.STEP_OUTPUT,
    dg.DagsterEventType.HANDLED_OUTPUT,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
}
"""Events that come by the hundred: stored together, with the next of another kind or before anything is read."""

INDEXED = {*ASSET_EVENTS, *ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS}
"""Events that are stored in the file that runs share, too."""


@contextmanager
def kept_open(instance: dg.DagsterInstance) -> Iterator[None]:
    """Within the block every file of the instance's event log is opened once, and what it is like is asked once.

    Nobody else makes the instance's assets meanwhile. Nothing, where the log is no SQLite.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        yield
        return
    log = _Log(storage)
    instead = {
        "_connect": log.connect,
        "store_event": log.store,
        "get_asset_records": log.records,
        "has_table": cache(storage.has_table),
        "has_secondary_index": cache(storage.has_secondary_index),
        "has_asset_key_col": cache(storage.has_asset_key_col),
        "_has_asset_key_col_on_connection": log.has_column,
    }
    vars(storage).update(instead)  # Dagster has no other way to say how a log is kept open
    try:
        yield
        log.flush()
    finally:
        for name in instead:
            del vars(storage)[name]
        log.close()


class _Log:
    """A SQLite event log at work."""

    def __init__(self, storage: SqliteEventLogStorage) -> None:
        self._storage, self._opens, self._reads = storage, storage._connect, storage.get_asset_records
        self._asks_for_column = storage._has_asset_key_col_on_connection
        self._lock = RLock()
        self._engines: dict[str, sa.Engine] = {}
        self._transactions: dict[str, sa.Connection] = {}
        self._later: list[dg.EventLogEntry] = []
        self._records: dict[dg.AssetKey, AssetRecord | None] = {}
        self._outdated: set[dg.AssetKey] = set()
        self._columns: dict[str, bool] = {}

    @contextmanager
    def connect(self, shard: str) -> Iterator[sa.Connection]:
        """A transaction on a file; all that was told is in it."""
        with self._lock:
            if shard in self._transactions:
                yield self._transactions[shard]
                return
            self.flush()
            with self._engine(shard).begin() as con:
                yield con

    def store(self, event: dg.EventLogEntry) -> None:
        """Stores an event, at once or with the next."""
        told = event.dagster_event
        with self._lock:
            self._later.append(event)
            if told and told.asset_key:
                self._records.pop(told.asset_key, None)
                self._outdated.add(told.asset_key)
            if told is None or told.event_type not in LATER:
                self.flush()

    def flush(self) -> None:
        """Stores what has been left for later, in one transaction for each file."""
        with self._lock:
            events, self._later = self._later, []
            if not events:
                return
            rows = [(event, self._storage._event_to_row(event)) for event in events]
            insert = SqlEventLogStorageTable.insert()
            with ExitStack() as transactions:
                try:
                    for run_id, its in groupby(sorted(rows, key=_run_id), key=_run_id):
                        self._begin(run_id, transactions).execute(insert, [row for _, row in its])
                    if indexed := [(event, row) for event, row in rows if event.dagster_event_type in INDEXED]:
                        con = self._begin(INDEX_SHARD_NAME, transactions)
                        numbered = insert.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
                        ids = con.scalars(numbered, [row for _, row in indexed])
                        self._index(con, [event for event, _ in indexed], list(ids))
                finally:
                    self._transactions.clear()

    def _begin(self, shard: str, transactions: ExitStack) -> sa.Connection:
        con = self._transactions[shard] = transactions.enter_context(self._engine(shard).begin())
        return con

    def _index(self, con: sa.Connection, events: Sequence[dg.EventLogEntry], ids: Sequence[int]) -> None:
        """What Dagster does beside storing each event in the file that runs share."""
        of_assets = [told for told in zip(events, ids, strict=True) if told[0].dagster_event_type in ASSET_EVENTS]
        if of_assets:
            self._storage._store_asset_event_tags(con, *map(list, zip(*of_assets, strict=True)))
        for event, number in zip(events, ids, strict=True):
            if event.dagster_event_type in ASSET_EVENTS:
                self._storage._store_asset_event(con, event, number)
            elif event.dagster_event_type in ASSET_CHECK_EVENTS:
                self._storage.store_asset_check_event(event, number)

    def records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[AssetRecord]:
        """What is known of assets; read anew only after something was told of them, and for all such at once."""
        if asset_keys is None:
            return self._reads(None)
        with self._lock:
            lacking = {key for key in asset_keys if key not in self._records}
            if lacking:
                lacking |= self._outdated
                self._outdated.clear()
                self._records |= dict.fromkeys(lacking)
                self._records |= {record.asset_entry.asset_key: record for record in self._reads(list(lacking))}
            return [record for key in asset_keys if (record := self._records[key])]

    def has_column(self, con: sa.Connection, name: str) -> bool:
        """Whether the log's table of assets has a column."""
        if name not in self._columns:
            self._columns[name] = self._asks_for_column(con, name)
        return self._columns[name]

    def close(self) -> None:
        """Closes the files."""
        for engine in self._engines.values():
            engine.dispose()

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            with self._opens(shard):  # makes the file where there is none
                pass
            arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
            self._engines[shard] = sa.create_engine(
                self._storage.conn_string_for_shard(shard), poolclass=StaticPool, connect_args=arguments
            )
        return self._engines[shard]


def _run_id(told: tuple[dg.EventLogEntry, object]) -> str:
    return told[0].run_id
