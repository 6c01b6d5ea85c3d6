"""Records beside the data: blank ones, those an entry skips, the header once more.

Belongs here: which records of any reader carry nothing, and their count. Does not belong here: lines before the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.readers.records import Records, Reject, each

REPEATS_HEADER = "repeats the header"


def set_aside(records: Records, skip: re.Pattern[str] | None, text: Callable[[int], str] | None = None) -> Records:
    """The records without blank ones and those whose first cell matches ``skip``, both ignored, and without any that
    repeat the header, which are rejected.

    ``text`` gives a record as it is written, by its place in the columns; left out: its cells.
    """
    if not records.columns or not len(records.rows):
        return records
    aside = _blank(records)
    if skip is not None:
        aside |= _mask(each(records.columns[0], lambda cell: cell if skip.search(cell) else None).is_valid())
    again = _like_header(records) & ~aside
    if not (aside.any() or again.any()):
        return records
    cells = ", ".join(records.header)
    rejects = tuple(
        Reject(records.rows[at].as_py(), "", text(at) if text else cells, REPEATS_HEADER, records.lines[at].as_py())
        for at in np.flatnonzero(again).tolist()
    )
    kept = records.only(pa.array(~(aside | again)))
    return replace(kept, ignored=records.ignored + int(aside.sum()), rejects=(*records.rejects, *rejects))


def is_blank(text: str, delimiter: str) -> bool:
    """Whether a record is nothing but white space and delimiters."""
    return not text.replace(delimiter, "").strip()


def _blank(records: Records) -> npt.NDArray[np.bool_]:
    return _all(records, lambda _, column: pc.or_(pc.equal(pc.binary_length(column), 0), pc.utf8_is_space(column)))


def _like_header(records: Records) -> npt.NDArray[np.bool_]:
    return _all(records, lambda name, column: pc.equal(column, name))


def _all(records: Records, holds: Callable[[str, pa.ChunkedArray], pa.ChunkedArray]) -> npt.NDArray[np.bool_]:
    """Where something holds of every cell; each column is asked only about the records that are left."""
    left = np.arange(len(records.rows))
    for name, column in zip(records.header, records.columns, strict=True):
        cells = column if len(left) == len(column) else column.take(pa.array(left))
        left = left[_mask(holds(name, cells))]
        if not len(left):
            break
    found = np.zeros(len(records.rows), np.bool_)
    found[left] = True
    return found


def _mask(answers: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(answers, np.bool_)
