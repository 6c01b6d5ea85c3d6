"""What all cells of a column have in common, held to the rules that a cell's text is typed by."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellowship_pipeline.intake.plain import dialect as plain
from fellowship_pipeline.intake.plain.dialect import plain_dialect
from fellowship_pipeline.intake.plain.forms import LONGEST_NUMBER, CellForm
from fellowship_pipeline.intake.rules import install
from fellowship_pipeline.warehouse import connect

INSTANTS = [
    "2022-03-01",
    "2022-03-01 09:30",
    "2022-03-01T09:30:05Z",
    "2022-12-31 23:59:59.25",
    "2022-03-01T09:30:05-09:30",
]
NUMBERS = ["7", "007", "1.5", ".5", "5.", "123456789012", "12345678.123456789", "1" * LONGEST_NUMBER]
TEXTS = [
    "kim",
    "김민준",
    "café",
    "ｅ",
    " x",
    "x\u3000",
    "\u00a0x",
    "x\u200b",
    "あ",
    "𝄞",
    "~",
    "1e5",
    "#N/A",
    "-1",
    "+1",
]
STRAY = "09:-+.TZz eE_/３\u00a0x"


def form_of(cells: list[str]) -> CellForm:
    """The form of a column of these cells, beside one that makes no line empty."""
    found = plain_dialect("".join(["a,b\n", *(f"{cell},x\n" for cell in cells)]).encode("utf-8-sig"))
    assert found is not None
    return found.forms[0]


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["", ""], CellForm()),
        (["7", "", "007"], CellForm(is_empty=False, is_lettered=False, is_number=True, is_whole=True)),
        (["7", "1.5"], CellForm(is_empty=False, is_lettered=False, is_number=True)),
        (["7", "1.5.2"], CellForm(is_empty=False, is_lettered=False)),
        (["7", "."], CellForm(is_empty=False, is_lettered=False)),
        (["1" * LONGEST_NUMBER], CellForm(is_empty=False, is_lettered=False, is_number=True, is_whole=True)),
        (["1" * (LONGEST_NUMBER + 1)], CellForm(is_empty=False, is_lettered=False)),
        (["7", "-7"], CellForm(is_empty=False, is_lettered=False)),
        (["kim", "lee"], CellForm(is_empty=False)),
        (["김", "이"], CellForm(is_empty=False)),
        (["kim", "7up"], CellForm(is_empty=False, is_lettered=False)),
        (["kim", "#N/A"], CellForm(is_empty=False, is_lettered=False)),
        (["kim", "lee "], CellForm(is_empty=False, is_trimmed=False)),
        (["kim", "\u3000이"], CellForm(is_empty=False, is_trimmed=False)),
        (["kim", "\tlee"], CellForm(is_empty=False, is_trimmed=False, is_lettered=False)),
        (["2022-03-01T00:00:00Z", ""], CellForm(False, is_lettered=False, instant="2022-03-01T00:00:00Z")),
        (["2022-03-01", "", "2024-12-31"], CellForm(is_empty=False, is_lettered=False, instant="2022-03-01")),
        (["2022-03-01T00:00:00Z", "2022-03-01T24:00:00Z"], CellForm(is_empty=False, is_lettered=False)),
        (["2022-03-01T00:00:00Z", "2022-03-01 00:00:00Z"], CellForm(is_empty=False, is_lettered=False)),
        (["2022-03-01T00:00:00Z", "2022-03-1T00:00:00.Z"], CellForm(is_empty=False, is_lettered=False)),
        (["2022-03-01T00:00+09:00", "2022-03-01T00:00+08:00"], CellForm(is_empty=False, is_lettered=False)),
    ],
)  # fmt: skip
def test_forms_by_example(cells: list[str], form: CellForm) -> None:
    assert form_of(cells) == form


DAY = r"\d{4}-\d\d-\d\d"
TIME = r"(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?"
OFFSET = r"Z|[+-](?:[01]\d|2[0-3]):[0-5]\d"


def shape(cell: str) -> str | None:
    """An instant with every digit but those of its offset as 0; None where the cell is none."""
    found = re.fullmatch(f"({DAY})|({DAY}[T ]{TIME})({OFFSET})?", cell, re.ASCII)
    return found and re.sub(r"\d", "0", found[1] or found[2]) + (found[3] or "")


@st.composite
def cells(draw: st.DrawFn) -> list[str]:
    """A column whose cells are alike, but for one that may have a stray character."""
    alike = draw(st.sampled_from([INSTANTS[:1], INSTANTS[2:3], INSTANTS[4:], INSTANTS, NUMBERS, NUMBERS[:2], TEXTS]))
    column = draw(st.lists(st.sampled_from([*alike, ""]), min_size=1, max_size=30))
    if draw(st.booleans()):
        at, cell = draw(st.integers(0, len(column))), draw(st.sampled_from(alike))
        place = draw(st.integers(0, len(cell)))
        column.insert(at, cell[:place] + draw(st.sampled_from(STRAY)) + cell[place + draw(st.integers(0, 1)) :])
    return column


@pytest.mark.slow
@given(cells(), st.integers(40, 200))
@settings(max_examples=500, deadline=None)
def test_forms_are_those_of_every_cell_whatever_the_pieces(column: list[str], size: int) -> None:
    with patch.object(plain, "PIECE", size):
        form = form_of(column)
    filled = [cell for cell in column if cell]
    assert form.is_empty == (not filled)
    if not filled:
        return
    assert form.is_number == all(
        re.fullmatch(r"\d+\.?\d*|\.\d+", cell, re.ASCII) and len(cell) <= LONGEST_NUMBER for cell in filled
    )
    assert form.is_whole == (form.is_number and all(cell.isdigit() for cell in filled))
    shapes = {shape(cell) for cell in filled}
    assert form.instant == (filled[0] if len(shapes) == 1 and None not in shapes else None)
    assert form.is_lettered == all(cell[0] > "9" for cell in filled)


@pytest.mark.slow
def test_typed_as_they_are_the_cells_are_what_the_rules_make_of_them() -> None:
    bases = [*INSTANTS, *NUMBERS, *TEXTS]
    near = {
        base[:at] + stray + base[at + cut :]
        for base in bases
        for at in range(len(base))
        for stray in STRAY
        for cut in (0, 1)
    }
    forms = {cell: form_of([cell]) for cell in sorted(near | {*bases})}
    assert sum(form.instant is not None for form in forms.values()) > len(INSTANTS)
    with connect(None) as con:
        install(con)
        con.execute(
            "create table cells (cell varchar, is_trimmed boolean, is_number boolean, is_whole boolean,"
            " is_instant boolean, ahead double)"
        )
        con.executemany(
            "insert into cells values (?, ?, ?, ?, ?, ?)",
            [
                (cell, form.is_trimmed, form.is_number, form.is_whole, form.instant is not None, ahead(form))
                for cell, form in forms.items()
            ],
        )
        wrong = con.execute(
            """
            select cell from cells where
            (is_trimmed and cell is distinct from cell(cell))
            or (is_number and as_decimal(cell) is distinct from try_cast(cell as decimal(28, 10)))
            or (is_number and as_double(cell) is distinct from cast(cell as double))
            or (is_whole and as_decimal(cell) is distinct from cast(cell as bigint))
            or (is_instant and try_cast(cell as timestamp) is distinct from as_instant(cell, 'UTC') + to_seconds(ahead))
            """
        ).fetchall()
    assert wrong == []


def ahead(form: CellForm) -> float:
    offset = form.offset
    return offset.total_seconds() if offset is not None else 0.0
