#!/usr/bin/env bash
# Deleting every run of a Dagster instance makes its folder no smaller.
#
# With the storage that Dagster uses by default, `delete_run` takes the run out of the lists. The run's own SQLite file with
# its events stays, its captured output stays, and so do the copies of the graph and the plan that only this run referred
# to, of which every change of a pipeline and every other selection of assets adds one. A pipeline that runs daily fills
# its disk though old runs are deleted. Seen with dagster 1.13.27.
# Here pruning removes those files, forgets graphs and plans to which no kept run refers, and gives the room back.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check dagster==1.13.27
export DAGSTER_DISABLE_TELEMETRY=1
venv/bin/python - <<'PYTHON'
import logging
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import dagster as dg

logging.disable(logging.CRITICAL)
print("dagster", dg.__version__)
home = Path("home").resolve()
home.mkdir()


def one(number: int) -> dg.AssetsDefinition:
    @dg.asset(name=f"table_{number}")
    def table() -> None: ...

    return table


def kept(instance: dg.DagsterInstance) -> dict[str, int]:
    files = [path for path in home.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(home / "history" / "runs.db")) as con:
        ((snapshots,),) = con.execute("select count(*) from snapshots").fetchall()
    return {
        "runs": instance.get_runs_count(),
        "files of events": len(list((home / "history" / "runs").glob("*-*.db"))),
        "files of output": len([path for path in files if "compute_logs" in path.parts]),
        "graphs and plans": snapshots,
        "bytes": sum(path.stat().st_size for path in files),
    }


with dg.DagsterInstance.local_temp(str(home)) as instance:
    for number in range(3):
        dg.materialize([one(number)], instance=instance)
    before = kept(instance)
    for run in instance.get_runs():
        instance.delete_run(run.run_id)
    after = kept(instance)
print("expected  nothing of a run is left when the run is deleted")
for name in before:
    print(f"seen      {name}: {before[name]:,} before, {after[name]:,} after")
if (before["runs"], after["runs"]) != (3, 0) or before["files of events"] != 3 or before["graphs and plans"] < 3:
    sys.exit("The behavior has changed.")
if any(after[name] < before[name] for name in before if name != "runs"):
    sys.exit("The behavior has changed.")
PYTHON
