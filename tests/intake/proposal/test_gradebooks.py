"""Files with a column per stage or mission, in which a word says what came of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.proposal import Proposal, propose
from tests.intake.homes import Place, fetch
from tests.intake.workbooks import workbook

pytestmark = pytest.mark.slow

APPLICANTS = """\
Name,Email,Applied,Documents,Interview,Final
Ann,ann@example.org,2025-01-10,accepted,accepted,rejected
Bea,bea@example.org,2025-01-11,accepted,rejected,
Cho,cho@example.org,2025-01-12,rejected,,
"""
KOREAN_APPLICANTS = """\
이름,이메일,기수,지원일,서류,면접,최종
안보라,bora@example.org,5기,2025-01-10,합격,합격,불합격
백두리,duri@example.org,5기,2025-01-11,합격,불합격,
"""
PASSED = """\
Name,EDA,Titanic
Ann,PASS,FAIL
Bea,PASS,
"""
TICKED = """\
이름,미션1,미션2
안보라,O,X
백두리,O,
"""


def best(folder: Path, text: str) -> Proposal:
    file = folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    return propose(file).found[0]


def staged(place: Place, text: str, values: dict[str, Any], query: str) -> list[tuple[Any, ...]]:
    """What is read of a file by what is proposed for it, and the values that it asks for."""
    ((source, proposed),) = best(place.path, text).entries.items()
    entry = {**proposed, "files": "landing/*", "values": {**proposed.get("values", {}), **values}}
    place.configure({source: [entry]}, timezone="UTC")
    place.land({"a": text})
    with place.staged() as con:
        return fetch(con, query)


def test_a_column_per_stage_is_a_decision_for_each(place: Place) -> None:
    query = "select applicant, stage, result, cast(applied_at as date)::varchar from staging.applications order by all"
    assert staged(place, APPLICANTS, {"cohort": "5", "decided_at": "2025-02-28"}, query) == [
        ("ann@example.org", "Documents", "passed", "2025-01-10"),
        ("ann@example.org", "Final", "failed", "2025-01-10"),
        ("ann@example.org", "Interview", "passed", "2025-01-10"),
        ("bea@example.org", "Documents", "passed", "2025-01-11"),
        ("bea@example.org", "Interview", "failed", "2025-01-11"),
        ("cho@example.org", "Documents", "failed", "2025-01-12"),
    ]


def test_korean_stages_and_words(tmp_path: Path) -> None:
    proposal = best(tmp_path, KOREAN_APPLICANTS)
    entry = proposal.entries["applications"]
    assert entry["columns"] == {"applicant": "이메일", "cohort": "기수", "applied_at": "지원일"}
    assert entry["unpivot"] == {"columns": ["서류", "면접", "최종"], "header": "stage", "cell": "result"}
    assert entry["values"] == {"result": {"합격": "passed", "불합격": "failed"}}
    assert proposal.missing == ("decided_at",)


def test_a_stage_that_is_to_come_is_read_once_it_has(tmp_path: Path) -> None:
    text = APPLICANTS.replace("accepted,rejected\n", "accepted,\n", 1)
    unpivot = best(tmp_path, text).entries["applications"]["unpivot"]
    assert unpivot["columns"] == ["Documents", "Interview", "Final"]


def test_a_title_above_a_sheet_is_skipped(tmp_path: Path) -> None:
    rows = [line.split(",") for line in KOREAN_APPLICANTS.splitlines()]
    (tmp_path / "list.xlsx").write_bytes(workbook(one=[["지원자 명단"], [], *rows]))
    entry = propose(tmp_path / "list.xlsx").found[0].entries["applications"]
    assert (entry["skip_lines"], entry["unpivot"]["columns"]) == (2, ["서류", "면접", "최종"])


@pytest.mark.parametrize("days", [[date(2024, 2, 7), date(2024, 2, 14)], ["2/7", "2/14"]])
def test_a_title_above_a_register_is_skipped(days: list[object], tmp_path: Path) -> None:
    """Days stand in its header, as dates or as people write them."""
    rows = [["출석부"], ["이름", "조", *days], ["김민준", "1조", "O", "X"], ["이서연", "2조", "O", "O"]]
    (tmp_path / "register.xlsx").write_bytes(workbook(one=rows))
    entry = propose(tmp_path / "register.xlsx").found[0].entries["attendance"]
    assert (entry["skip_lines"], entry["columns"]) == (1, {"member": "이름"})
    assert entry["unpivot"]["columns"] == [f"{day:%Y-%m-%d}" if isinstance(day, date) else day for day in days]


def test_what_is_handed_in_late_is_handed_in(tmp_path: Path) -> None:
    """That it was late no word of a sheet can say: a day can."""
    text = "이름,조,과제1,과제2\n김민준,1조,미제출,완료\n이서연,2조,완료,지각\n박도윤,1조,지각,미제출\n"
    proposal = best(tmp_path, text)
    entry = proposal.entries["completions"]
    assert (entry["unpivot"]["columns"], entry["where"]) == (["과제1", "과제2"], {"certificate": ["완료", "지각"]})
    assert any("docs/missions.md" in note for note in proposal.notes)


def test_a_column_per_mission_is_a_completion_for_each_that_is_passed(place: Place) -> None:
    query = "select member, course from staging.completions order by all"
    assert staged(place, PASSED, {"completed_at": "2025-04-30"}, query) == [
        ("Ann", "EDA"),
        ("Bea", "EDA"),
    ]


def test_ticks_under_missions_are_completions(tmp_path: Path) -> None:
    entry = best(tmp_path, TICKED).entries["completions"]
    assert entry["unpivot"]["columns"] == ["미션1", "미션2"]
    assert entry["where"] == {"certificate": ["O"]}


@pytest.mark.parametrize("headers", ["1회차,2회차", "Lunch,Dinner"])
def test_ticks_alone_are_not_taken_for_missions(headers: str, tmp_path: Path) -> None:
    """They could be a register's."""
    try:
        found = best(tmp_path, TICKED.replace("미션1,미션2", headers)).entries
    except UserError:
        found = {}
    assert "completions" not in found
