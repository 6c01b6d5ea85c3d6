"""Forms by which people apply: a row per applicant, and no survey."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from fellowship_pipeline.intake.proposal import Proposal, propose
from fellowship_pipeline.program.reference import schema
from tests.intake.test_columns import GRADEBOOK, QUALTRICS

pytestmark = pytest.mark.slow

TALLY = """\
Submission ID,Respondent ID,Submitted at,Name,Email,Why do you want to join the program?,How did you hear about us?
s1,r1,2025-01-03 23:25:40,Ahn Bora,bora@example.org,To work with data,A friend
s2,r2,2025-01-04 23:30:40,Baek Duri,duri@example.org,A new job,Blog
"""
SURVEY = """\
Submission ID,Respondent ID,Submitted at,Email,How satisfied are you?,What would you change?
s1,r1,2025-01-03 23:25:40,bora@example.org,5,Nothing
s2,r2,2025-01-04 23:30:40,duri@example.org,4,The pace
"""
KOREAN = """\
타임스탬프,이메일 주소,기수,지원 동기를 적어 주세요
2025/01/03 10:00:00 오전 GMT+9,bora@example.org,5기,이직을 준비하려고
2025/01/04 11:00:00 오후 GMT+9,duri@example.org,5기,연구에 쓰려고
"""
DECISIONS = """\
Submitted at,Email,Stage,Result,Why do you want to join?
2025-01-03 23:25:40,bora@example.org,interview,passed,Data
2025-01-04 23:30:40,duri@example.org,interview,failed,A job
"""


def best(folder: Path, text: str, name: str = "export.csv") -> Proposal:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return propose(file).found[0]


def test_whoever_sent_it_in_has_applied(tmp_path: Path) -> None:
    entry = best(tmp_path, TALLY).entries["applications"]
    assert entry["values"] == {"stage": "applied", "result": "passed"}
    assert {column: entry["columns"][column] for column in ("applicant", "channel")} == {
        "applicant": "Email",
        "channel": "How did you hear about us?",
    }
    assert entry["columns"]["applied_at"] == entry["columns"]["decided_at"]


def test_what_it_does_not_say_is_told(tmp_path: Path) -> None:
    assert best(tmp_path, TALLY).notes == (
        "applications: the answers to its questions are not read",
        "applications: it does not say cohort: declare `values: {cohort: …}` in the entry",
    )


def test_a_korean_form_is_read_by_its_own_way_of_writing_time(tmp_path: Path) -> None:
    columns = best(tmp_path, KOREAN).entries["applications"]["columns"]
    assert columns["applied_at"] == {"from": "타임스탬프", "format": "%Y/%m/%d %I:%M:%S %p GMT+9"}
    assert columns["cohort"] == "기수"


def test_the_name_of_the_file_tells_too(tmp_path: Path) -> None:
    assert "survey_responses" in best(tmp_path, SURVEY).sources
    assert best(tmp_path, SURVEY, "applications-2025.csv").sources == ("applications",)


def test_a_list_of_decisions_keeps_its_stages(tmp_path: Path) -> None:
    columns = best(tmp_path, DECISIONS).entries["applications"]["columns"]
    assert columns["stage"] == "Stage"
    assert columns["result"] == "Result"


@pytest.mark.parametrize("text", [TALLY, KOREAN, DECISIONS, GRADEBOOK, QUALTRICS])
def test_an_editor_accepts_what_is_proposed(tmp_path: Path, text: str) -> None:
    for source, entry in best(tmp_path, text).entries.items():
        jsonschema.validate({"program": {"id": "p"}, "sources": {source: [entry]}}, schema())
