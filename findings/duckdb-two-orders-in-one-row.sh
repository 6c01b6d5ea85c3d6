#!/usr/bin/env bash
# DuckDB's CSV reader finds two orders of day and month in one row.
#
# What could be either order is taken as day/month in a column of dates, and as month/day in a column of times with AM and
# PM. It hits attendance reports in which a day stands beside the moment of joining and no day of the month is beyond the
# 12th, such as the report of one meeting: the meeting of 2 March was on 3 February, and joined on 2 March.
# Seen with duckdb 2.0.0 (and 1.5.0).
# Here nothing is detected by DuckDB: the order of day and month is a fact of a column that its values prove together or
# that the program declares, and a file that leaves it open is quarantined.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0
venv/bin/python - <<'PYTHON'
import sys
from pathlib import Path

import duckdb

print("duckdb", duckdb.__version__)
Path("report.csv").write_text(
    "day,joined\n"
    "3/2/2026,3/2/2026 1:30:00 PM\n"
    "3/9/2026,3/9/2026 1:31:00 PM\n"
)
rows = duckdb.sql("select day, joined from 'report.csv'").fetchall()
print("expected  both columns of a row on the same day, or text")
for day, joined in rows:
    print(f"seen      day {day}, joined {joined}")
if [(str(day), str(joined)) for day, joined in rows] != [
    ("2026-02-03", "2026-03-02 13:30:00"),
    ("2026-09-03", "2026-03-09 13:31:00"),
]:
    sys.exit("The behavior has changed.")
PYTHON
