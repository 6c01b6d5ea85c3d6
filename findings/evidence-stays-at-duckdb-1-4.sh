#!/usr/bin/env bash
# Evidence's driver for DuckDB stays at 1.4.2, and opens no file of a later one.
#
# @evidence-dev/duckdb 2.0.1 asks for @duckdb/node-api ^1.4.2-r.1. Versions of that package all have a tag (-r.1), which
# npm takes for pre-releases, and a range takes pre-releases of the version that it names only: 1.5.6-r.1 is out, and
# 1.4.2-r.1 is installed. DuckDB 1.4 refuses a file that 1.5 wrote by default, or 2.0.
# Seen with npm 11.19, @evidence-dev/duckdb 2.0.1, @duckdb/node-api 1.5.6-r.1, duckdb 2.0.0.
# Here the published database is written in the format v1.0.0, which every DuckDB since 1.0 opens.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0
venv/bin/python - <<'PYTHON'
import duckdb

for version in ("v1.0.0", "v1.5.0"):
    with duckdb.connect(f"{version}.duckdb", config={"storage_compatibility_version": version}) as con:
        con.execute("create table seats as select 7 as held")
PYTHON
npm install --silent --no-audit --no-fund @evidence-dev/duckdb@2.0.1
node - <<'NODE'
const fs = require('fs');
const { getRunner } = require('@evidence-dev/duckdb');
const { version } = JSON.parse(fs.readFileSync('node_modules/@duckdb/node-api/package.json'));
const opened = async file => {
  const run = await getRunner({ filename: file }, '.');
  return run('select held from seats', 'query.sql').then(() => 'opens', error => error.message.split('\n')[0]);
};
(async () => {
  console.log(`expected  @duckdb/node-api 1.5.6-r.1 or later, which opens both`);
  const [old, late] = [await opened('v1.0.0.duckdb'), await opened('v1.5.0.duckdb')];
  console.log(`seen      @duckdb/node-api ${version}; format v1.0.0: ${old}; format v1.5.0: ${late}`);
  if (version !== '1.4.2-r.1' || old !== 'opens' || late === 'opens') {
    console.error('The behavior has changed.');
    process.exit(1);
  }
})();
NODE
