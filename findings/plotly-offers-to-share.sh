#!/usr/bin/env bash
# A page that plotly.py 7 writes offers its readers to send the chart's data to a service on the web.
#
# Up to plotly 6 the bar of buttons had such a button only where it was asked for. In plotly.js 4 it is shown by default
# and the address of the service is set, so that the same call, to_html(), now writes a page from which one click can take
# the figures of a program (attendance, scores) out of the house, also where the page itself is a file that loads
# nothing. Seen in the script that plotly 7.1.0 puts into the page, beside that of 6.5.0; no browser is started here.
# Here the page turns the button off and empties the address, and a test holds both.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 6.5.0 7.1.0; do
    python3 -m venv "$version"
    "$version/bin/python" -m pip install --quiet --disable-pip-version-check "plotly==$version"
    "$version/bin/python" - <<'PYTHON' >"$version.txt"
import re

import plotly
import plotly.graph_objects as go

page = go.Figure(go.Bar(x=["week 1"], y=[0.9])).to_html(include_plotlyjs=True)
shown = re.search(r'showSendToCloud:\{valType:"boolean",dflt:!([01])', page)
address = re.search(r'plotlyServerURL:\{valType:"string",dflt:"([^"]*)"', page)
print(
    f"plotly {plotly.__version__}: button",
    {"0": "shown,", "1": "hidden,", "": "unknown,"}[shown[1] if shown else ""],
    f"address {'unknown' if address is None else 'set' if address[1] else 'empty'}",
)
PYTHON
done
echo "expected  a button that sends data is shown where it is asked for"
sed 's/^/seen      /' 6.5.0.txt 7.1.0.txt
printf '%s\n' "plotly 6.5.0: button hidden, address empty" "plotly 7.1.0: button shown, address set" >noted.txt
if ! cat 6.5.0.txt 7.1.0.txt | cmp -s - noted.txt; then
    echo "The behavior has changed." >&2
    exit 1
fi
