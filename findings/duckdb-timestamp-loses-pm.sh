#!/usr/bin/env bash
# DuckDB 2.0 reads the text "01:30 PM" as half past one at night.
#
# A cast of text to TIMESTAMP takes a word after the time for the name of a zone, and a TIMESTAMP has none: "PM" goes the
# way of "KST", without an error. It hits exports of learning platforms and meeting tools that write a 12-hour clock after
# an ISO date, where a column is declared a TIMESTAMP: every afternoon is half a day early, and all of it looks valid.
# Seen with duckdb 2.0.0; 1.5.0 refuses the same text.
# Here, the form of every instant in a column is recognized before DuckDB reads it as TIMESTAMP; what has another form is
# loaded as text, and with AM and PM it is read by forms that say so, or by the one that the program declares.
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
Path("attendance.csv").write_text("joined,minutes\n2026-03-02 01:30:00 PM,45\n2026-03-02 01:30:00 AM,45\n")
query = "select joined from read_csv('attendance.csv', columns = {'joined': 'TIMESTAMP', 'minutes': 'INTEGER'})"
try:
    afternoon, night = (joined.isoformat(" ") for (joined,) in duckdb.sql(query).fetchall())
except duckdb.Error as error:
    sys.exit(f"The behavior has changed: {error}")
print("expected  2026-03-02 13:30:00 for 01:30:00 PM, or an error")
print(f"seen      {afternoon} for 01:30:00 PM, {night} for 01:30:00 AM")
if (afternoon, night) != ("2026-03-02 01:30:00", "2026-03-02 01:30:00"):
    sys.exit("The behavior has changed.")
PYTHON
