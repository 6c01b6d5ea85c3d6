#!/usr/bin/env bash
# What a signal's handler raises during a DuckDB statement comes out as RuntimeError, whatever it was.
#
# A handler that raises an exception of its own (a time limit, an end that was asked for) is how Python programs leave long
# work. Within a statement DuckDB stops, but raises RuntimeError("Query interrupted") without cause or context: handlers
# for the own class do not run, and a general `except Exception` takes the end of the program for a failed query.
# It hits pipelines that end by SIGTERM, or that bound a query by an alarm. Seen with duckdb 2.0.0.
# Here the block that opens the database turns that one message back into KeyboardInterrupt.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0
venv/bin/python - <<'PYTHON'
import signal
import sys

import duckdb


class TimeIsUp(Exception):
    pass


def stop(*_):
    raise TimeIsUp("half a second is over")


print("duckdb", duckdb.__version__)
signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.5)
try:
    duckdb.sql("select sum(a.i * b.i) from range(10000000) as a(i), range(10000) as b(i)").fetchall()
    seen = "no exception"
except (TimeIsUp, RuntimeError) as error:
    seen = f"{type(error).__name__}: {error}; cause {error.__cause__!r}, context {error.__context__!r}"
finally:
    signal.setitimer(signal.ITIMER_REAL, 0)
print("expected  TimeIsUp: half a second is over")
print("seen     ", seen)
if seen != "RuntimeError: Query interrupted; cause None, context None":
    sys.exit("The behavior has changed.")
PYTHON
