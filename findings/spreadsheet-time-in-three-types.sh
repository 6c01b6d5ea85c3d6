#!/usr/bin/env bash
# The same 25½ hours in a spreadsheet are a length, a moment in the year 1900, or text.
#
# What python-calamine returns for a total of hours depends on the format of the cell and of the file: a timedelta under
# the number format [h]:mm, a datetime on 1 January 1900 under h:mm, and the text of an ISO duration from an ODS file; of
# less than a day the last two make a time. Code that was tried on single meetings meets the other types where hours are
# added up: totals of attendance or of study time.
# Seen with python-calamine 0.9.1.
# Here times and timedeltas of a workbook become one text, h:mm:ss, a moment in a column of lengths is rejected with
# its row, and ODS is refused with the advice to save it as XLSX.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5
venv/bin/python - <<'PYTHON'
import sys
import zipfile
from importlib.metadata import version

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

print("python-calamine", version("python-calamine"))
workbook = Workbook()
sheet = workbook.active
for row, (days, look) in enumerate([(0.5, "[h]:mm"), (1.0625, "[h]:mm"), (0.5, "h:mm"), (1.0625, "h:mm")], start=1):
    sheet.cell(row, 1, days).number_format = look
workbook.save("hours.xlsx")

KIND = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
cells = "".join(
    f'<table:table-row><table:table-cell office:value-type="time" office:time-value="{length}"><text:p>{shown}</text:p>'
    "</table:table-cell></table:table-row>"
    for length, shown in [("PT12H00M00S", "12:00"), ("PT25H30M00S", "25:30")]
)
with zipfile.ZipFile("hours.ods", "w") as file:
    file.writestr("mimetype", KIND)
    file.writestr(
        "META-INF/manifest.xml",
        f'<manifest:manifest xmlns:manifest="{NAMES}manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    )
    file.writestr(
        "content.xml",
        f'<office:document-content xmlns:office="{NAMES}office:1.0" xmlns:table="{NAMES}table:1.0"'
        f' xmlns:text="{NAMES}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Hours">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
    )

values = [
    value
    for path in ("hours.xlsx", "hours.ods")
    for (value,) in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
]
print("expected  one type in all formats: 12 hours and 25½ hours are both lengths")
for where, value in zip(["XLSX [h]:mm"] * 2 + ["XLSX h:mm"] * 2 + ["ODS"] * 2, values):
    print(f"seen      {where:12} {type(value).__name__:10} {value}")
if [f"{type(value).__name__} {value}" for value in values] != [
    "timedelta 12:00:00",
    "timedelta 1 day, 1:30:00",
    "time 12:00:00",
    "datetime 1900-01-01 01:30:00",
    "time 12:00:00",
    "str PT25H30M00S",
]:
    sys.exit("The behavior has changed.")
PYTHON
