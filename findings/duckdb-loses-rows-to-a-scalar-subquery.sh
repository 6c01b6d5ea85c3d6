#!/usr/bin/env bash
# A comparison with a scalar subquery loses rows in DuckDB; the same with the subquery's value, or with a join, does not.
#
# The query joins a table with one row of settings, with a list of distinct members and, from the left, with a list of
# kinds; it keeps what has a kind or a value, up to a day. Written `<= (select as_of from settings)` it finds nothing,
# written `<= settings.as_of` the five rows. Without the join order optimizer all forms agree. It hits every warehouse
# that keeps "as of" in a table and compares with it, as generated SQL and dbt models do. Seen with duckdb 2.0.0.
# Here models compare with a day by a join with the table that holds it (tests/assets/test_selects.py).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0
venv/bin/python - <<'PYTHON'
import sys

import duckdb

QUERY = """
select count(*)
from activity
cross join settings
inner join (select distinct member from members) as members on activity.member = members.member
left join kinds on activity.kind = kinds.kind
where (kinds.kind is not null or activity.kind is not null) and activity.day + settings.shift <= {day}
"""

con = duckdb.connect()
con.execute("""
create table activity as
select i % 10 as member, date '2024-01-01' + cast(i as integer) as day, case when i % 7 = 0 then 1 end as kind
from range(98) as rows (i);
create table settings as select date '2024-05-31' as as_of, 0 as shift;
create table kinds as select unnest([50, 60]) as kind;
create table members as select i as member from range(3) as rows (i);
""")


def rows(day):
    return con.execute(QUERY.format(day=day)).fetchone()[0]


print("duckdb", duckdb.__version__)
joined, literal, subquery = rows("settings.as_of"), rows("date '2024-05-31'"), rows("(select as_of from settings)")
con.execute("set disabled_optimizers = 'join_order'")
in_order = rows("(select as_of from settings)")
print("expected  5 rows of each form")
print(f"seen      joined {joined}, literal {literal}, subquery {subquery}, subquery without join order {in_order}")
if (joined, literal, subquery, in_order) != (5, 5, 0, 5):
    sys.exit("The behavior has changed.")
PYTHON
