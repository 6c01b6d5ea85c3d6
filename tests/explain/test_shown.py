"""What ``fellowship explain`` prints."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.explain import shown
from fellowship_pipeline.explain.evidence import Line
from fellowship_pipeline.explain.explaining import explain
from fellowship_pipeline.home import Home


def printed(home: Home, *arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert status(["explain", str(home.path), *arguments]) == 0
    return capsys.readouterr().out


def test_a_terminal_shows_the_figure_then_whom_it_counts_and_whom_not(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(home, "adoption_rate", capsys=capsys).splitlines()
    assert lines[0] == "Adoption rate: 66.7% (accepted 2 / invited 3)"
    assert lines[1] == "  Seat invitations accepted, of all sent."
    assert "      landing/seats.csv:5  m1,accepted,2022-03-02T09:00:00Z,p" in lines
    (counted, missing) = (lines.index(title) for title in ("accepted: 2 invitations", "invited, but not accepted"))
    assert counted < lines.index("      landing/seats.csv:5  m1,accepted,2022-03-02T09:00:00Z,p") < missing
    assert missing < lines.index("      landing/seats.csv:4  m3,invited,2022-03-02T09:00:00Z,p")


def test_json_has_the_units_that_make_the_figure(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(home, "kpi.adoption.adoption_rate", "--json", capsys=capsys))
    accepted, invited = (sum(unit[name] for unit in document["units"]) for name in ("numerator", "denominator"))
    assert (accepted, invited) == (document["rows"][0]["accepted"], document["rows"][0]["invited"])
    assert document["value"] == pytest.approx(accepted / invited)
    assert (document["agrees"], document["published"]) == (True, None)
    assert document["cell"] == {"month": "2022-04-01", "slice_by": "all", "slice": "all"}
    (line,) = (line for line in document["units"][2]["lines"] if line["source"] == "seat_events")
    assert (line["file"], line["line"], line["row"]) == ("landing/seats.csv", 4, 3)


@pytest.mark.fault("H14")
def test_csv_has_a_row_for_each_line_and_no_formula(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(home, "adoption_rate", "--csv", capsys=capsys))))
    assert {(row["person"], row["name"]) for row in rows} == {("m1", "'=Kim"), ("m2", "Lee,\nMinji"), ("m3", "Park")}
    assert [row["text"] for row in rows if row["person"] == "m3" and row["source"] == "seat_events"] == [
        "m3,invited,2022-03-02T09:00:00Z,p"
    ]
    assert {(row["accepted"], row["invited"]) for row in rows if row["person"] == "m3"} == {("0", "1")}


def test_text_of_files_moves_no_cursor(home: Home) -> None:
    found = explain(home, "adoption_rate")
    unit = replace(found.units[0], lines=[Line("seat_events", "landing/\x1b[2J.csv", 2, 1, "m1\x1b[31m\r\x07")])
    text = "\n".join(str(part) for part in shown.on_terminal(replace(found, units=[unit])))
    assert "m1 [31m" in text
    assert not {"\x1b", "\r", "\x07"} & set(text)


def test_many_lines_of_a_unit_are_counted_where_there_are_several_units(home: Home) -> None:
    found = explain(home, "adoption_rate")
    many = [replace(unit, lines=unit.lines * shown.LINES) for unit in found.units]
    several = [str(part) for part in shown.on_terminal(replace(found, units=many))]
    hidden = len(many[0].lines) - shown.LINES
    assert f"      … and {hidden} more lines: --csv and --json have all" in several
    alone = [str(part) for part in shown.on_terminal(replace(found, units=many[:1]))]
    assert not any("more lines" in line for line in alone)


def test_units_that_make_another_figure_are_said_and_the_exit_code_is_1(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = explain(home, "adoption_rate")
    monkeypatch.setattr("fellowship_pipeline.explain.explaining.explain", lambda *_, **__: replace(found, agrees=False))
    assert status(["explain", str(home.path), "adoption_rate"]) == 1
    assert "what the units make differs from what stands in the table" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["adoption_rate", "--json", "--csv"], "error: --json or --csv: one of them"),
        (["adoption"], "error: adoption may be any of adoption.adoption_rate, adoption.activation_rate: say which"),
    ],
)
def test_what_a_user_does_wrong_is_one_line(
    home: Home, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert status(["explain", str(home.path), *arguments]) == 2
    assert capsys.readouterr().err == message + "\n"
    assert status(["explain", str(home.landing), "adoption_rate"]) == 2
    assert "is no home: it has no program.yaml" in capsys.readouterr().err
