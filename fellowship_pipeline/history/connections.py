"""Connections to the event log that stay open for a run.

Dagster opens a SQLite file anew for every event it stores, which costs several times what storing it does. Belongs
here: keeping them open. Does not belong here: what is stored; every event is still committed as soon as it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool


@contextmanager
def kept_open(instance: dg.DagsterInstance) -> Iterator[None]:
    """Within the block every file of the instance's event log is opened once, and which tables it has is asked once.

    Nothing, where the log is no SQLite.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        yield
        return
    opens = storage._connect
    engines: dict[str, sa.Engine] = {}

    def connect(shard: str) -> sa.Engine:
        with opens(shard):  # makes the file where there is none
            pass
        arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        return sa.create_engine(storage.conn_string_for_shard(shard), poolclass=StaticPool, connect_args=arguments)

    @contextmanager
    def kept(shard: str) -> Iterator[sa.Connection]:
        engine = engines.get(shard) or engines.setdefault(shard, connect(shard))
        with storage._db_lock, engine.begin() as con:
            yield con

    has_table = storage.has_table
    storage._connect = kept  # type: ignore[method-assign]
    storage.has_table = cache(has_table)  # type: ignore[method-assign]
    try:
        yield
    finally:
        storage._connect = opens  # type: ignore[method-assign]
        storage.has_table = has_table  # type: ignore[method-assign]
        for engine in engines.values():
            engine.dispose()
