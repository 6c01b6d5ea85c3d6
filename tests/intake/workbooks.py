"""Workbooks made for tests: by openpyxl, or from XML written out where a program would never write it so."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TYPES = f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
ROOT = f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
STYLES = (
    f"""<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"""
)
"""Style 0 is General, style 1 a date."""


def workbook(**sheets: list[list[Any]]) -> bytes:
    """A workbook of sheets of rows of values, as a program writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def literal(
    *sheets: str, strings: str = "", settings: str = "", states: tuple[str, ...] = (), **others: str | bytes
) -> bytes:
    """A workbook whose sheets (S1, S2, …) have the inner XML given; ``others`` are parts by path."""
    names = "".join(
        f'<sheet name="S{at}" sheetId="{at}" state="{state}" r:id="rId{at}"/>'
        for at, state in enumerate([*states, *["visible"] * (len(sheets) - len(states))], start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">{relations}
            <Relationship Id="strings" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="styles" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>""",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        **{
            f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
            for at, sheet in enumerate(sheets, start=1)
        },
        **others,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def rows(*cells: list[str | float | None], first: int = 1) -> str:
    """The XML of rows: text as such, numbers as such, None as no cell; markup stands as it is."""
    return "<sheetData>" + "".join(map(row, range(first, first + len(cells)), cells)) + "</sheetData>"


def row(number: int, cells: list[str | float | None]) -> str:
    return (
        f'<row r="{number}">{"".join(_cell(chr(65 + at) + str(number), cell) for at, cell in enumerate(cells))}</row>'
    )


def _cell(address: str, cell: str | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith("<c"):
        return cell.replace("<c", f'<c r="{address}"', 1)
    kind = ' t="str"' if isinstance(cell, str) else ""
    return f'<c r="{address}"{kind}><v>{cell}</v></c>'
