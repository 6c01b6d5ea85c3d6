"""Parquet, read as text: instants as canonical text, decimals exact, what is nested under names joined by dots.

Belongs here: typed columns → columns of text. Does not belong here: what a column means.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fellowship_pipeline.intake.readers.cells import number
from fellowship_pipeline.intake.readers.records import (
    LONGEST_RECORD,
    Quarantined,
    Records,
    check_header,
    each,
    size_doubts,
)
from fellowship_pipeline.intake.readers.unpacking import most_of, too_much

SECONDS = "%Y-%m-%dT%H:%M:%S"


def read_parquet(data: bytes) -> Records:
    """The records of a Parquet file; raises Quarantined where it is cut off, damaged or holds what is no text."""
    try:
        with pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True) as file:
            counted, most = file.metadata.num_rows, max(most_of(len(data)), len(data))
            groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
            if sum(group.total_byte_size for group in groups) > most:
                raise too_much(most)
            table = file.read()
        while any(pa.types.is_struct(column.type) for column in table.schema):
            table = table.flatten()
        table.validate(full=True)
        names = table.column_names
        check_header(names)
        columns = pa.table([pc.fill_null(_texts(column), "") for column in table.columns], names).columns
    # Arrow says by these three that a file is cut off, damaged, or of a kind it does not read
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
        raise Quarantined("damaged or cut-off Parquet file, or bytes in it that are no text: export it anew") from None
    if table.num_rows != counted:
        raise Quarantined(f"two counts of its rows differ ({table.num_rows:,} and {counted:,}): export it anew")
    _refuse_unfit(columns, counted)
    rows = pa.array(np.arange(1, counted + 1))
    return Records(tuple(names), tuple(columns), rows, rows, counted, None, doubts=(*size_doubts(counted, 0),))


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """The column as text; NULL where it has none."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return next(written for fits, written in WRITTEN if fits(column.type))(column)


def _as_it_is(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type.tz is None:
        return _without_zeros(pc.strftime(column, SECONDS))
    utc = pc.strftime(column.cast(pa.timestamp(column.type.unit, "UTC")), SECONDS)
    return pc.binary_join_element_wise(_without_zeros(utc), "Z", "")


def _times(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return _without_zeros(_as_it_is(column))


def _floats(column: pa.ChunkedArray) -> pa.Array:
    return each(_as_it_is(column), number)


def _decimals(column: pa.ChunkedArray) -> pa.Array:
    return each(_as_it_is(column), lambda text: format(Decimal(text), "f"))


def _in_words(column: pa.ChunkedArray) -> pa.Array:
    """A list or map as JSON, anything else as Python says it."""

    def word(value: object) -> str | None:
        if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False, default=str)
        return None if value is None else str(value)

    return pa.array([word(value) for value in column.to_pylist()], pa.string())


WRITTEN: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.ChunkedArray], pa.ChunkedArray]], ...] = (
    (pa.types.is_timestamp, _instants),
    (pa.types.is_time, _times),
    (pa.types.is_floating, _floats),
    (pa.types.is_decimal, _decimals),
    (pa.types.is_nested, _in_words),
    (pa.types.is_duration, _in_words),
    (lambda kind: True, _as_it_is),
)
"""How the values of a type are written: the first that fits."""


def _without_zeros(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without the zeros at the end of a fraction of a second."""
    shorter = pc.replace_substring_regex(moments, r"(\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(shorter, r"\.$", "")


def _refuse_unfit(columns: list[pa.ChunkedArray], count: int) -> None:
    """Raises Quarantined where a record is longer than any may be, or holds a NUL character."""
    length = np.zeros(count, np.int64)
    for column in columns:
        length += pc.binary_length(column).to_numpy()
        if (at := pc.index(pc.match_substring(column, "\0"), True).as_py()) >= 0:
            raise Quarantined(f"row {at + 1}: a NUL character, so this is no text")
    if (length > LONGEST_RECORD).any():
        raise Quarantined(f"row {int(length.argmax()) + 1}: a record of more than {LONGEST_RECORD >> 20} MB")
