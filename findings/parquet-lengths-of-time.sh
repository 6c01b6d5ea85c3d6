#!/usr/bin/env bash
# A length of time in Parquet survives neither the way from pandas to DuckDB nor the way back.
#
# pandas writes a Timedelta as a number of nanoseconds whose meaning only Arrow's own note in the file tells; DuckDB reads
# a BIGINT without a unit. DuckDB writes an INTERVAL in Parquet's own type, which pandas shows as twelve bytes. In memory
# the same two convert well, so that a pipeline breaks when a file is put between them. It hits time spent, session
# minutes and time to completion. Seen with duckdb 2.0.0, pandas 2.3.3, pyarrow 26.0.1.
# Here Parquet that is delivered is read through Arrow, with its note, and lengths of time are published as minutes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0 pandas==2.3.3 pyarrow==26.0.1
venv/bin/python - <<'PYTHON'
import sys

import duckdb
import pandas as pd
import pyarrow

print("duckdb", duckdb.__version__, "pandas", pd.__version__, "pyarrow", pyarrow.__version__)
spent = pd.DataFrame({"spent": [pd.Timedelta(minutes=90)]})
spent.to_parquet("pandas.parquet")
con = duckdb.connect()
con.execute("copy (select interval '90 minutes' as spent) to 'duckdb.parquet'")
found = {
    "in memory": con.execute("select typeof(spent), cast(spent as varchar) from spent").fetchall()[0],
    "pandas to DuckDB": con.execute("select typeof(spent), cast(spent as varchar) from 'pandas.parquet'").fetchall()[0],
    "DuckDB to pandas": (type(pd.read_parquet("duckdb.parquet")["spent"][0]).__name__,),
}
con.close()
print("expected  an hour and a half, three times")
for way, seen in found.items():
    print(f"seen      {way}: {' '.join(seen)}")
if list(found.values()) != [("INTERVAL", "01:30:00"), ("BIGINT", "5400000000000"), ("bytes",)]:
    sys.exit("The behavior has changed.")
PYTHON
