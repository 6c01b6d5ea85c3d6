#!/usr/bin/env bash
# A page that plotly.py 7 writes offers its readers to send the chart's data to a service on the web.
#
# Up to plotly 6 the bar of buttons had such a button only where it was asked for. In plotly.js 4 it is shown by default
# and the address of the service is set, so that the same call, to_html(), now writes a page from which one click can take
# the figures of a program (attendance, scores) out of the house, also where the page itself is a file that loads
# nothing. Seen in the script that plotly 7.1.0 puts into the page, beside that of 6.5.0 (no browser is started here), and
# as "Share chart..." in Chromium.
# Here the page turns the button off and empties the address, and a test holds both.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv before
before/bin/python -m pip install --quiet --disable-pip-version-check plotly==6.5.0
python3 -m venv now
now/bin/python -m pip install --quiet --disable-pip-version-check plotly==7.1.0
cat >look.py <<'PYTHON'
import re

import plotly
import plotly.graph_objects as go

page = go.Figure(go.Bar(x=["week 1"], y=[0.9])).to_html(include_plotlyjs=True)
shown = re.search(r'showSendToCloud:\{valType:"boolean",dflt:!([01])', page)
address = re.search(r'plotlyServerURL:\{valType:"string",dflt:"([^"]*)"', page)
button = {"0": "shown", "1": "hidden"}[shown[1]] if shown else "unknown"
service = ("set" if address[1] else "empty") if address else "unknown"
print(f"plotly {plotly.__version__}: button {button}, address {service}")
PYTHON
echo "expected  a button that sends data is shown where it is asked for"
before/bin/python look.py | tee seen.txt | sed 's/^/seen      /'
now/bin/python look.py | tee -a seen.txt | sed 's/^/seen      /'
cat >noted.txt <<'TEXT'
plotly 6.5.0: button hidden, address empty
plotly 7.1.0: button shown, address set
TEXT
if ! cmp -s seen.txt noted.txt; then
    echo "The behavior has changed." >&2
    exit 1
fi
