"""A month of Dagster's records, small: runs and ticks stop growing at what is kept, and so does the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.year import Load, days

KEPT = 6


@pytest.mark.slow
def test_runs_ticks_and_bytes_are_bounded(tmp_path: Path) -> None:
    load = Load(tables=3, checks=3, ticks={"landing": 8}, keep_runs=KEPT)
    found = list(days(tmp_path, 30, load))
    assert [one.runs for one in found] == [*range(1, KEPT), *[KEPT] * (31 - KEPT)]
    sensor_ticks = [one.ticks - 2 * one.day for one in found]  # those of schedules are kept for 90 days
    assert sensor_ticks[0] == 8 and max(sensor_ticks[1:]) <= 9
    full, last = found[KEPT + 1].size, found[-1].size
    assert last < 1.2 * full
