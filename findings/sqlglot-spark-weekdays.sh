#!/usr/bin/env bash
# sqlglot writes DuckDB's ISO weekday for Spark so that Monday is 3 and Saturday is 1.
#
# isodow is 1 on Mondays and 7 on Sundays. sqlglot writes it as an expression over Spark's DAYOFWEEK, which begins at 1 on
# Sundays, but counts on from there in the wrong direction: each day is two off. Two zones in a row go wrong as well:
# both become FROM_UTC_TIMESTAMP, where the first should be TO_UTC_TIMESTAMP, so that a local time is moved away from UTC.
# Neither is an error or a warning. It hits active days by weekday, weekends, and weeks in local time.
# Seen with sqlglot 30.30.0 (the numbers are Spark's, put in by this script; Spark is not needed).
# Here sqlglot reads SQL, for lineage and an allow-list of functions, and what it writes for another engine is not run.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.0
venv/bin/python - <<'PYTHON'
import sys
from datetime import date, timedelta

import duckdb
import sqlglot

print("sqlglot", sqlglot.__version__)
week = [date(2026, 3, 2) + timedelta(days=day) for day in range(7)]
right = [duckdb.execute("select isodow(cast(? as date))", [day]).fetchall()[0][0] for day in week]
weekday = sqlglot.transpile("isodow(d)", read="duckdb", write="spark")[0]
spark = [day.isoweekday() % 7 + 1 for day in week]  # Spark's DAYOFWEEK: Sunday is 1, Saturday is 7
seen = [duckdb.sql(f"select {weekday.replace('DAYOFWEEK(d)', str(number))}").fetchall()[0][0] for number in spark]
print("expected  Monday to Sunday:", right)
print("seen      Monday to Sunday:", seen, "from", weekday)
zones = sqlglot.transpile("t at time zone 'Asia/Seoul' at time zone 'UTC'", read="duckdb", write="spark")[0]
print("expected  one TO_UTC_TIMESTAMP: from Seoul's time to UTC")
print("seen     ", zones)
if (weekday, seen) != ("((DAYOFWEEK(d) % 7) + 1)", [3, 4, 5, 6, 7, 1, 2]) or zones.count("FROM_UTC_TIMESTAMP") != 2:
    sys.exit("The behavior has changed.")
PYTHON
