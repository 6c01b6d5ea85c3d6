"""Opens a published ``kpi.duckdb`` with the released clients that BI tools bring: ``python -m benchmarks.bi HOME``.

Each is installed into a temporary folder, in the version that its tool asks for, and asked three things: whether it
reads every row of every table that DuckDB here reads, whether it can write (it must not), and whether it sees the new
figures, without a restart, once ``current`` leads to another folder. Needs Python's venv, and node and npm for
Evidence. What came of it is on the pages of ``docs/bi``. Belongs here: clients that a registry has. Does not belong
here: tools whose drivers are only to be had elsewhere.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

DUCKDBS = ("1.0.0", "1.4.2", "1.5.6")
"""The oldest that is promised, that of Evidence, the last before 2.0."""

PYTHON = """
import json, os, sys
from importlib.metadata import version
{opening}
def asked(sql):
{asking}
def swap():
    os.symlink("second", "next")
    os.replace("next", "current")
tables = [name for (name,) in asked("select table_name from information_schema.tables order by all")]
rows = {{name: asked("select count(*) from " + name)[0][0] for name in tables}}
try:
    asked("create table written (i int)")
    writes = True
except Exception:
    writes = False
before = asked("select count(*) from scorecard")[0][0]
swap()
after = asked("select count(*) from scorecard")[0][0]
print(json.dumps(dict(rows=rows, writes=writes, seen=[before, after], versions={{n: version(n) for n in {packages}}})))
"""
BARE = (
    """
import duckdb
FILE = "current/kpi.duckdb"
""",
    """
    with duckdb.connect(FILE, read_only=True) as con:
        return con.execute(sql).fetchall()
""",
)
SQLALCHEMY = (
    """
import sqlalchemy as sa
from sqlalchemy.pool import NullPool
engine = sa.create_engine("duckdb:///current/kpi.duckdb?access_mode=read_only", poolclass=NullPool)  # as Superset does
""",
    """
    with engine.connect() as con:
        return [tuple(row) for row in con.execute(sa.text(sql))]
""",
)
NODE = """
const fs = require('fs');
const { getRunner } = require('@evidence-dev/duckdb');
const version = name => JSON.parse(fs.readFileSync(`node_modules/${name}/package.json`)).version;
(async () => {
  const run = await getRunner({ filename: 'kpi.duckdb' }, 'current');
  const asked = async sql => {
    const found = [];
    for await (const batch of (await run(sql, 'query.sql')).rows()) found.push(...batch.map(Object.values));
    return found;
  };
  const counted = async name => Number((await asked(`select count(*) from ${name}`))[0][0]);
  const rows = {};
  for (const [name] of await asked('select table_name from information_schema.tables order by all'))
    rows[name] = await counted(name);
  const writes = await asked('create table written (i int)').then(() => true, () => false);
  const before = await counted('scorecard');
  fs.symlinkSync('second', 'next');
  fs.renameSync('next', 'current');
  const versions = Object.fromEntries(['@evidence-dev/duckdb', '@duckdb/node-api'].map(name => [name, version(name)]));
  console.log(JSON.stringify({ rows, writes, seen: [before, await counted('scorecard')], versions }));
})();
"""


def main() -> None:
    """Prints a line per client; ends with an error where one is not as it must be."""
    published = Path(sys.argv[1]) / "published" / "current" / "kpi.duckdb"
    with duckdb.connect(str(published), read_only=True) as con:
        tables = [name for (name,) in con.execute("select table_name from duckdb_tables() order by all").fetchall()]
        rows = {name: con.execute(f"select count(*) from {name}").fetchall()[0][0] for name in tables}
    wrong = False
    for name, client in clients():
        with places(published) as folder:
            try:
                told = json.loads(client(folder).splitlines()[-1])
            except subprocess.CalledProcessError as error:
                print(f"{name}: does not open it: {error.stderr.strip().splitlines()[-1]}")
                wrong = True
                continue
        problems = [
            *(["other rows"] if told["rows"] != rows else []),
            *(["it writes"] if told["writes"] else []),
            *(["it does not see what is new"] if told["seen"] != [rows["scorecard"], 0] else []),
        ]
        wrong |= bool(problems)
        versions = ", ".join(f"{package} {version}" for package, version in told["versions"].items())
        print(f"{name} ({versions}): {'; '.join(problems) or f'{len(rows)} tables, only read, sees what is new'}")
    sys.exit(wrong)


def clients() -> Iterator[tuple[str, Callable[[Path], str]]]:
    """Every client by what it is called: a function of the folder where it finds ``current``; what it printed."""
    for version in DUCKDBS:
        yield f"DuckDB {version}", python(BARE, [f"duckdb=={version}"], ["duckdb"])
    superset = ["sqlalchemy>=1.4,<2", "duckdb-engine>=0.17.0", "duckdb>=1.4.2,<2"]  # apache-superset[duckdb] 6.1
    yield "Superset", python(SQLALCHEMY, superset, ["sqlalchemy", "duckdb-engine", "duckdb"])
    if shutil.which("npm"):
        yield "Evidence", evidence
    else:
        print("Evidence: not tried, npm is not on this machine")


def python(code: tuple[str, str], install: list[str], packages: list[str]) -> Callable[[Path], str]:
    """A client that Python has: what opens the file, what asks, what pip installs, and what of it is named."""

    def run(folder: Path) -> str:
        venv.create(folder / "venv", with_pip=True)
        there = folder / "venv" / "bin" / "python"
        done(folder, str(there), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *install)
        return done(folder, str(there), "-c", PYTHON.format(opening=code[0], asking=code[1], packages=packages))

    return run


def evidence(folder: Path) -> str:
    """Evidence's own driver, without the rest of it."""
    done(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", "@evidence-dev/duckdb")
    return done(folder, "node", "-e", NODE)


def done(folder: Path, *command: str) -> str:
    """What the command printed, in that folder."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@contextmanager
def places(published: Path) -> Iterator[Path]:
    """A folder in which ``current`` leads to the file as published, beside another without a scorecard."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in ("first", "second"):
            (folder / one).mkdir()
            shutil.copy(published, folder / one)
        with duckdb.connect(str(folder / "second" / "kpi.duckdb")) as con:
            con.execute("delete from kpi.scorecard")
        (folder / "current").symlink_to("first")
        yield folder


if __name__ == "__main__":
    main()
