"""One part: literal rows in, rows out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fellowship_pipeline.engine.part import OwnRows, Work, make, make_at

DAYS = pa.table({"member": ["a", "b"], "xp": [10, 5]})
WORK = Work(
    tables={"core.factors": pa.table({"factor": [2]})},
    sliced={"core.days": OwnRows("core.days", DAYS.slice(0, 0))},
    statements=("create table core.doubled as select member, xp * factor as xp from core.days, core.factors",),
    wanted={"core.doubled": "select * from core.doubled order by member"},
    schemas=("core",),
)


def test_a_part_makes_its_own_rows() -> None:
    assert make(WORK, {"core.days": DAYS})["core.doubled"].to_pylist() == [
        {"member": "a", "xp": 20},
        {"member": "b", "xp": 10},
    ]


def _came(folder: Path, number: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(folder / "out/core.doubled" / f"{number:05d}.parquet").to_pylist()
    return rows


def test_a_part_made_twice_is_the_same_file(tmp_path: Path) -> None:
    sent = tmp_path / "in/core.days/_part=3"
    sent.mkdir(parents=True)
    pq.write_table(DAYS, sent / "data_0.parquet")
    assert make_at(WORK, str(tmp_path), 3) == 2
    assert make_at(WORK, str(tmp_path), 3) == 2
    assert [row["xp"] for row in _came(tmp_path, 3)] == [20, 10]
    assert [file.name for file in (tmp_path / "out/core.doubled").iterdir()] == ["00003.parquet"]


def test_a_part_that_is_sent_nothing_makes_no_rows(tmp_path: Path) -> None:
    assert make_at(WORK, str(tmp_path), 0) == 0
    assert _came(tmp_path, 0) == []
