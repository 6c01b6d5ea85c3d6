#!/usr/bin/env bash
# python-calamine returns the same for a cell that shows #N/A and for one that is empty.
#
# An error is what a spreadsheet shows where a look-up found nobody or a quotient had no divisor. As an empty text it is
# "not entered" to all that comes after: a required score looks missing for a person who has one, and a rate counts fewer.
# openpyxl tells the two apart. It hits grade books and rosters kept by hand.
# Seen with python-calamine 0.9.1, openpyxl 3.1.5.
# Here the errors are read from the sheet's XML beside the library, and stand in their cells as what the sheet shows.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5
venv/bin/python - <<'PYTHON'
import sys
from importlib.metadata import version

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

print("python-calamine", version("python-calamine"), "openpyxl", version("openpyxl"))
workbook = Workbook()
for row, text in enumerate(["#N/A", "#DIV/0!", None, "end"], start=1):
    cell = workbook.active.cell(row, 1, text)
    if text and text.startswith("#"):
        cell.data_type = "e"
workbook.save("scores.xlsx")
fast = [value for (value,) in CalamineWorkbook.from_path("scores.xlsx").get_sheet_by_index(0).to_python()]
slow = [value for (value,) in load_workbook("scores.xlsx").active.values]
print("expected  two errors that are not what the empty cell is")
print("seen      python-calamine", fast)
print("seen      openpyxl       ", slow)
if (fast, slow) != (["", "", "", "end"], ["#N/A", "#DIV/0!", None, "end"]):
    sys.exit("The behavior has changed.")
PYTHON
