#!/usr/bin/env bash
# The locked packages, the first example and the quick tests under every supported Python that is on this machine.
#
# Each gets an environment in a temporary folder, filled from the locks with hashes checked, and the project. Pythons that
# are not here are named and left out; with pyenv, say which are: PYENV_VERSION=3.11.7:3.12.1:3.13.0 make pythons. It takes
# minutes for each; where one fails, the others are tried all the same. Of one alone: benchmarks/pythons.sh 3.12.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -eq 0 ]; then
    failed=() tried=0
    for version in 3.11 3.12 3.13; do
        if ! "python$version" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "Python $version: not on this machine, not tried"
            continue
        fi
        tried=$((tried + 1))
        "$BASH" benchmarks/pythons.sh "$version" || failed+=("$version")
    done
    if [ "$tried" -eq 0 ]; then
        echo 'no supported Python is on this machine' >&2
        exit 1
    fi
    if [ "${#failed[@]}" -gt 0 ]; then
        echo "failed under Python ${failed[*]}" >&2
        exit 1
    fi
    exit
fi

version=$1
at=$(mktemp -d)
trap 'rm -rf "$at"' EXIT
export FELLOWSHIP_KEY_FILE=$at/key
"python$version" -m venv "$at"
"$at/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
for lock in runtime dev; do
    "$at/bin/uv" pip install --quiet --python "$at/bin/python" --require-hashes -r "requirements/$lock.txt"
done
"$at/bin/uv" pip install --quiet --python "$at/bin/python" --no-deps --no-build-isolation --editable .
"$at/bin/fellowship" init "$at/home" --example datacamp_fellowship
"$at/bin/fellowship" run "$at/home"
"$at/bin/python" -m pytest -q -p no:cacheprovider -m 'not whole_run and not slow and not browser'
echo "Python $version: installed, ran the first example, passed the quick tests"
