"""Mappings proposed for files that nobody has described: what fits, why, and that the lines work on the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.proposal import Proposal, Proposals, propose
from fellowship_pipeline.intake.proposal.wording import pattern, survey_id
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program
from fellowship_pipeline.warehouse import connect
from tests.intake.test_columns import GRADEBOOK, QUALTRICS
from tests.intake.workbooks import workbook

pytestmark = pytest.mark.slow

PASTED = "program: {{id: p}}\ntimezone: UTC\narrival: {{quiet_seconds: 0}}\nsources:\n{lines}"


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    (tmp_path / "landing").mkdir()
    return tmp_path / "landing"


def proposed(landing: Path, text: str, name: str = "export.csv", source: str | None = None) -> Proposals:
    file = landing / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return propose(file, source)


def best(landing: Path, text: str, name: str = "export.csv", source: str | None = None) -> Proposal:
    return proposed(landing, text, name, source).found[0]


def columns(proposal: Proposal) -> dict[str, str]:
    return {match.column: match.header for match in proposal.matches}


def staged(landing: Path, proposal: Proposal, query: str) -> list[tuple[Any, ...]]:
    """The rows that a run stages with the proposed lines pasted into program.yaml."""
    home = Home(landing.parent)
    home.program_file.write_text(PASTED.format(lines=proposal.lines), encoding="utf-8")
    program = load_program(home.path)
    take_in(home, program)
    with connect(None) as con:
        read_into(con, home, program)
        stage(con, program)
        assert con.execute("select count(*) from raw.rejects").fetchall() == [(0,)]
        return con.execute(query).fetchall()


ACTIVITY = "select member, cast(occurred_at as varchar), course, cast(xp as double), cast(minutes as double) "


@pytest.mark.parametrize(
    ("text", "query", "rows"),
    [
        (
            "member,occurred_at,course,xp,mood\na,2022-03-01,SQL,10,good\n",
            ACTIVITY + "from staging.activity",
            [("a", "2022-03-01 00:00:00", "SQL", 10.0, None)],
        ),
        (
            "이메일 주소,날짜,강의명,학습 시간,경험치\nk@x.kr,2022-03-01,파이썬,1.5,100\n",
            ACTIVITY + "from staging.activity",
            [("k@x.kr", "2022-03-01 00:00:00", "파이썬", 100.0, 90.0)],
        ),
        (
            "E-Mail;Activity Date;Course Name;XP\nk@x.org;31.03.2022;SQL;10\nl@x.org;01.04.2022;SQL;20\n",
            ACTIVITY + "from staging.activity order by 1",
            [
                ("k@x.org", "2022-03-31 00:00:00", "SQL", 10.0, None),
                ("l@x.org", "2022-04-01 00:00:00", "SQL", 20.0, None),
            ],
        ),
        (
            "사용자 이메일,이벤트,처리일\nk@x.kr,초대,2022/03/01\nk@x.kr,수락,2022/03/02\n",
            "select member, event, cast(occurred_at as varchar) from staging.seat_events order by 3",
            [("k@x.kr", "invited", "2022-03-01 00:00:00"), ("k@x.kr", "accepted", "2022-03-02 00:00:00")],
        ),
        (
            "Email,Course Title,Completion Date,Grade\nk@x.org,SQL,2022-03-01 10:00:00,93.5\n",
            "select member, course, cast(completed_at as varchar), score from staging.completions",
            [("k@x.org", "SQL", "2022-03-01 10:00:00", 93.5)],
        ),
        (
            "이름,이메일,기수,역할,시작일\n김하나,k@x.kr,2022-H1,러너,2022-01-03\n",
            "select member, cohort, name, role, cast(joined_on as varchar) from staging.roster",
            [("k@x.kr", "2022-H1", "김하나", "learner", "2022-01-03")],
        ),
    ],
    ids=["canonical", "korean with hours", "dotted dates", "vocabulary", "completions", "roster"],
)
def test_the_lines_to_paste_work_on_the_file(landing: Path, text: str, query: str, rows: list[tuple[Any, ...]]) -> None:
    proposal = best(landing, text)
    assert proposal.complete
    assert staged(landing, proposal, query) == rows


SURVEY = (
    "제출 일시,이메일,개인 목표 달성에 도움이 되었나요?,어떤 점이 좋았나요? 모두 골라 주세요,"
    "전체 만족도를 알려 주세요,하고 싶은 말을 남겨 주세요,연락처\n"
    "2022-07-01 10:00,a@x.kr,예,강의;사람,5,canary one,010-1\n"
    "2022-07-01 11:00,b@x.kr,예,강의,4,canary two,010-2\n"
    "2022-07-01 12:00,c@x.kr,아니오,사람,4,canary three,010-3\n"
    "2022-07-01 13:00,d@x.kr,아니오,사람;강의,3,canary four,010-4\n"
)


def test_a_survey_is_known_by_headers_that_ask_and_each_answer_becomes_a_row(landing: Path) -> None:
    proposal = best(landing, SURVEY, "survey-2022-07.csv")
    assert proposal.sources == ("survey_responses",)
    rows = staged(
        landing,
        proposal,
        "select question, answer, count(*) from staging.survey_responses where answer not like 'canary%' group by all",
    )
    assert sorted(rows) == [
        ("q3", "아니오", 2),
        ("q3", "예", 2),
        ("q4", "강의", 3),
        ("q4", "사람", 3),
        ("q5", "3", 1),
        ("q5", "4", 2),
        ("q5", "5", 1),
    ]
    questions = proposal.entries["survey_responses"]["questions"]
    assert [asked["kind"] for asked in questions.values()] == ["single", "multi", "rating", "text"]
    assert proposal.unmatched == ("연락처",)


def test_a_list_of_seats_with_a_state_and_its_moment_is_of_events(landing: Path) -> None:
    """One that says when it was exported, or has words of no event, is of states."""
    events = best(landing, "이메일,상태,일시\nk@x.kr,초대,2025.02.20 10:00\nk@x.kr,수락,2025.02.21 12:30\n")
    assert (events.sources, events.complete) == (("seat_events",), True)
    states = best(landing, "이메일,상태,추출일\nk@x.kr,활성,2025-02-20\nl@x.kr,초대,2025-02-20\n")
    assert (states.sources, states.complete) == (("seat_snapshots",), True)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (["강의, 사람", "사람, 시간", "강의", "시간"], "multi"),
        (["네, 조금", "네, 많이", "아니오"], "single"),
    ],
)
def test_answers_that_share_parts_are_of_several_options(landing: Path, answers: list[str], kind: str) -> None:
    """However few combinations came; a comma within an option parts it in one answer alone."""
    lines = [f'2022-07-0{at % 9 + 1},p{at}@x.kr,"{answer}",5' for at, answer in enumerate([*answers, *answers])]
    text = "\n".join(["제출 일시,이메일,어떤 점이 좋았나요?,얼마나 만족하셨나요?", *lines, ""])
    assert best(landing, text).entries["survey_responses"]["questions"]["q3"]["kind"] == kind


def test_a_list_that_one_person_went_on_with_has_others(landing: Path) -> None:
    answers = ["강의, 사람", "사람, 시간", "강의", "시간, 점심시간 산책"]
    lines = [f'2022-07-0{at + 1},p{at}@x.kr,"{answer}",5' for at, answer in enumerate(answers)]
    text = "\n".join(["제출 일시,이메일,어떤 점이 좋았나요?,얼마나 만족하셨나요?", *lines, ""])
    asked = best(landing, text).entries["survey_responses"]["questions"]["q3"]
    assert (asked["kind"], asked["other"]) == ("multi", True)
    assert set(asked["options"]) == {"강의", "사람", "시간"}


def test_options_are_named_only_where_several_chose_them(landing: Path) -> None:
    questions = best(landing, SURVEY).entries["survey_responses"]["questions"]
    assert questions["q3"]["options"] == {"아니오": "아니오", "예": "예"}
    assert "options" not in questions["q6"]


def test_no_value_of_a_person_is_in_a_proposal(landing: Path) -> None:
    found = proposed(landing, SURVEY)
    shown = str(found.document())
    assert not [value for value in ("canary", "a@x.kr", "010-", "2022-07-01") if value in shown]


def test_days_before_or_after_months_are_told_by_the_values_or_both_are_proposed(landing: Path) -> None:
    certain = best(landing, "email,date,xp\nk@x.org,31/03/2022,1\nl@x.org,01/04/2022,1\n")
    assert certain.entries["activity"]["columns"]["occurred_at"] == {"from": "date", "format": "%d/%m/%Y"}
    assert certain.notes == ()
    unclear = best(landing, "email,date,xp\nk@x.org,03/04/2022,1\nl@x.org,01/02/2022,1\n")
    (note,) = unclear.notes
    assert "%d/%m/%Y" in note
    assert "%m/%d/%Y" in note
    assert f"# {note}" in unclear.lines


@pytest.mark.parametrize(
    ("points", "form", "unclear"),
    [
        (("1,000", "2,500"), {"thousands": ","}, True),
        (("1,000,000", "2,500"), {"thousands": ","}, False),
        (("0,5", "12,25"), {"decimal": ","}, False),
        (("1.234,5", "2"), {"thousands": ".", "decimal": ","}, False),
        (("50 %", "70 %"), {"percent": True}, False),
    ],
)
def test_numbers_as_people_write_them(
    landing: Path, points: tuple[str, str], form: dict[str, object], unclear: bool
) -> None:
    text = "member;occurred_at;xp\n" + "".join(f"m;2022-03-01;{number}\n" for number in points)
    proposal = best(landing, text)
    assert proposal.entries["activity"]["columns"]["xp"] == {"from": "xp", **form}
    assert bool(proposal.notes) == unclear


def test_a_header_alone_is_not_enough(landing: Path) -> None:
    """Values that are no instants, no numbers, no addresses do not fit, whatever stands above them."""
    proposal = best(landing, "member,date,occurred_at,xp,email\na,2022-03-01,soon,much,none\n", source="activity")
    assert columns(proposal) == {"member": "member", "occurred_at": "date"}
    assert proposal.unmatched == ("occurred_at", "xp", "email")


def test_headers_nearly_right(landing: Path) -> None:
    proposal = best(landing, "membr,ocurred_at,course\na,2022-03-01,SQL\n")
    assert columns(proposal) == {"member": "membr", "occurred_at": "ocurred_at", "course": "course"}
    assert next(match.why for match in proposal.matches if match.column == "member") == "nearly 'member'"


def test_values_alone_tell_addresses_and_instants(landing: Path) -> None:
    proposal = best(landing, "A,B,XP\nk@x.org,2022-03-01,10\n")
    assert columns(proposal) == {"member": "A", "occurred_at": "B", "xp": "XP"}


def test_what_is_missing_is_said(landing: Path) -> None:
    proposal = best(landing, "email,completed at\nk@x.org,2022-03-01\n", source="completions")
    assert proposal.missing == ("course",)
    assert proposal.notes == ("course is missing: add `values: {course: …}`, if one is right for the whole file",)


def test_a_month_in_the_name_is_the_day_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "xp_2022-03.csv").write_text("email,course,xp\nk@x.org,SQL,10\n")
    (proposal, *_) = propose(tmp_path / "xp_2022-03.csv", source="activity").found
    month = r"{filename: '(?P<month>20\d\d-\d\d)'}"
    assert proposal.notes == (
        f"occurred_at is missing: add `values: {{occurred_at: {month}}}`, the month's last day, and `covers: {month}`",
    )


def test_a_list_of_staff_has_an_id_a_name_and_an_address(landing: Path) -> None:
    proposal = best(landing, "Employee No,Name,Work E-mail,Department\nE1,Ann,ann@x.org,Sales\n", source="roster")
    assert columns(proposal) == {"member": "Employee No", "name": "Name", "email": "Work E-mail"}


def test_others_follow_and_there_are_at_most_three(landing: Path) -> None:
    text = "member,course,occurred_at,completed_at\na,SQL,2022-03-01,2022-03-05\n"
    found = proposed(landing, text).found
    assert [proposal.sources for proposal in found] == [("completions",), ("activity",)]
    assert all(proposal.complete for proposal in found)


def test_a_list_of_who_came_and_left_when(landing: Path) -> None:
    text = "모임,이메일,입장 시간,퇴장 시간,역할\ns1,k@x.org,2022-03-01 20:00,2022-03-01 20:30,참가자\n"
    text += "s1,k@x.org,2022-03-01 20:40,2022-03-01 21:00,참가자\ns1,h@x.org,2022-03-01 20:00,2022-03-01 21:00,호스트\n"
    proposal = best(landing, text)
    assert proposal.sources == ("attendance",)
    query = "select member, role, strftime(joined_at, '%H:%M'), strftime(left_at, '%H:%M') from staging.attendance"
    assert staged(landing, proposal, query + " order by all") == [
        ("h@x.org", "host", "20:00", "21:00"),
        ("k@x.org", "participant", "20:00", "20:30"),
        ("k@x.org", "participant", "20:40", "21:00"),
    ]


@pytest.mark.parametrize("name", PRESET_SOURCES)
def test_every_preset_says_what_it_knows(name: str) -> None:
    known = preset(name).known
    assert known
    assert {source for report in known for source in report.sources} == PRESET_SOURCES[name]


CONNECTOR = "user_id,course_id,date_id,started_at,completed_at,time_spent,xp\n1,7,1,2022-03-01 10:00:00,,60,50\n"


def test_a_preset_is_known_by_its_header(landing: Path) -> None:
    folder = landing / "datacamp" / "2022-03-31"
    folder.mkdir(parents=True)
    (folder / "user_dim.csv").write_text("user_id,email\n1,k@x.org\n")
    (folder / "course_dim.csv").write_text("course_id,title\n7,SQL\n")
    (landing.parent / "program.yaml").touch()
    proposal = best(landing, CONNECTOR, "datacamp/2022-03-31/learning_course_fact.csv")
    assert (proposal.preset, proposal.sources) == ("datacamp_data_connector", ("activity", "completions"))
    assert proposal.entries["activity"] == {
        "preset": "datacamp_data_connector",
        "files": "landing/datacamp/*/learning_course_fact.csv",
    }
    rows = staged(landing, proposal, "select member, course, cast(xp as double) from staging.activity")
    assert rows == [("k@x.org", "SQL", 50.0)]


FORM = (
    '"타임스탬프","이메일 주소","도움이 되었나요?","하고 싶은 말"\n'
    '"2022/07/01 10:00:00 오전 GMT+9","a@x.kr","예","canary"\n"2022/07/01 11:00:00 오전 GMT+9","b@x.kr","예","other"\n'
)


def test_a_form_of_a_preset_comes_with_its_questions(landing: Path) -> None:
    proposal = best(landing, FORM)
    assert proposal.preset == "google_forms"
    query = "select member, cast(submitted_at as varchar), question, answer from staging.survey_responses order by 1, 3"
    assert staged(landing, proposal, query) == [
        ("a@x.kr", "2022-07-01 01:00:00", "q3", "예"),
        ("a@x.kr", "2022-07-01 01:00:00", "q4", "canary"),
        ("b@x.kr", "2022-07-01 02:00:00", "q3", "예"),
        ("b@x.kr", "2022-07-01 02:00:00", "q4", "other"),
    ]


def test_a_preset_that_lacks_a_column_is_told_so(landing: Path) -> None:
    found = proposed(landing, CONNECTOR.replace(",xp\n", ",points\n"), source="activity").found
    assert [(proposal.preset, proposal.missing) for proposal in found if proposal.preset] == [
        ("datacamp_data_connector", ("xp",))
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "export.csv: empty file"),
        ("<!doctype html><html></html>", "export.csv: HTML, not CSV"),
        ("x,y\n1,2\n", "export.csv: its columns fit no source"),
    ],
)
def test_what_cannot_be_mapped_is_said(landing: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        proposed(landing, text)


def test_an_unknown_source_and_no_file(landing: Path) -> None:
    with pytest.raises(UserError, match=r"unknown source 'activty'. Nearest: 'activity'"):
        propose(landing / "none.csv", "activty")
    with pytest.raises(UserError, match="is no file"):
        propose(landing / "none.csv")


def test_a_header_below_other_lines_is_found(landing: Path) -> None:
    proposal = best(landing, "Report generated 2022\nemail,date,xp\nk@x.org,2022-03-01,5\nl@x.org,2022-03-02,6\n")
    assert proposal.entries["activity"]["skip_lines"] == 1
    rows = staged(landing, proposal, "select member, cast(xp as double) from staging.activity order by 1")
    assert rows == [("k@x.org", 5.0), ("l@x.org", 6.0)]


def test_headers_on_several_lines_are_written_on_one(landing: Path) -> None:
    proposal = best(landing, '"email","날짜\n(필수)","course\tname"\n"k@x.org","2022. 3. 15.","a"\n')
    assert proposal.entries["activity"]["columns"] == {
        "member": "email",
        "occurred_at": {"from": "날짜 (필수)", "format": "%Y. %m. %d."},
        "course": "course name",
    }
    rows = staged(landing, proposal, "select member, cast(occurred_at as varchar), course from staging.activity")
    assert rows == [("k@x.org", "2022-03-15 00:00:00", "a")]


def test_json_is_mapped_as_any_table(landing: Path) -> None:
    proposal = best(landing, '[{"email": "k@x.org", "date": "2022-03-01", "points": 5}]', "export.json")
    rows = staged(landing, proposal, "select member, cast(xp as double) from staging.activity")
    assert rows == [("k@x.org", 5.0)]


def test_what_reading_asks_to_declare_is_in_the_lines(landing: Path) -> None:
    text = 'email,date,course\n"k@x.org","2022-03-01","a \\"small\\" course"\n'
    assert best(landing, text).entries["activity"]["escape"] == "\\"


ZOOM = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
    "123,Study,08/30/2025 03:30:00 PM,08/30/2025 04:00:00 PM,h@x.org,30,1,\n\n"
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    "K,k@x.org,08/30/2025 03:34:07 PM,08/30/2025 03:45:07 PM,11,Yes\n"
)


def test_a_report_below_a_block_of_its_meeting_is_known(landing: Path) -> None:
    proposal = best(landing, ZOOM)
    assert (proposal.preset, proposal.title) == ("zoom", "Zoom participants")
    query = "select member, cast(minutes as double) from staging.attendance"
    assert staged(landing, proposal, query) == [("k@x.org", 11.0)]


def test_what_a_preset_needs_to_be_told_is_said(landing: Path) -> None:
    proposal = best(landing, "TeamId,TeamName,SubmissionDate,Score\n1,T,2026-08-03 23:01:03,0.9\n")
    assert proposal.preset == "kaggle"
    assert proposal.lines.startswith("  # competitions: it does not say ")


def test_reasons_to_hold_the_file_are_shown(landing: Path) -> None:
    found = proposed(landing, "member,occurred_at\n")
    assert found.rows == 0
    assert [doubt for doubt in found.doubts if "no rows" in doubt]


def test_patterns_leave_days_open_and_survey_ids_are_plain(tmp_path: Path) -> None:
    assert pattern(tmp_path / "activity_2022-03-01.csv") == "landing/activity_*.csv"
    assert pattern(tmp_path / "report 202203 [final].csv") == "landing/report * [[]final].csv"
    assert pattern(tmp_path / "week12.csv") == "landing/week12.csv"
    assert pattern(tmp_path / "2022-03-01" / "user_dim.csv", with_folder=True) == "landing/*/user_dim.csv"
    assert pattern(tmp_path / "학습 2025년 3월.csv") == "landing/학습 *.csv"
    assert survey_id(tmp_path / "Year 1 (설문).csv") == "year-1-설문"
    assert survey_id(tmp_path / "만족도(응답) - 설문지 응답 시트1.csv") == "만족도"
    assert survey_id(tmp_path / "Spring survey (Responses) - Form Responses 1 (2).csv") == "spring-survey"


def entry(proposal: Proposal, source: str) -> dict[str, Any]:
    return dict(proposal.entries[source])


OPTIONS = "Timestamp,Git,Python\n" + "".join(
    f"2025-03-01 10:00:{second:02},{'Git' if second % 2 else ''},{'Python' if second % 3 else ''}\n"
    for second in range(12)
)


def test_a_column_per_option_is_one_question(landing: Path) -> None:
    """Odd seconds chose Git: 6; all but every third Python: 8; the seconds 0 and 6 neither."""
    proposal = best(landing, OPTIONS)
    assert proposal.preset == "google_forms"
    assert entry(proposal, "survey_responses")["questions"] == {
        "q2": {"kind": "multi", "headers": {"Git": "Git", "Python": "Python"}}
    }
    query = "select answer, count(*) from staging.survey_responses group by answer order by answer nulls last"
    assert staged(landing, proposal, query) == [("Git", 6), ("Python", 8), (None, 2)]


@pytest.mark.fault("S4")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Which tools? [Git]", "Which tools? [Python]"),
        ("Which tools? (Git)", "Which tools? (Python)"),
        ("Which tools?/Git", "Which tools?/Python"),
        ("Which tools? - Git", "Which tools? - Python"),
    ],
)
@pytest.mark.parametrize("mark", ["1", "TRUE", "Git"])
def test_headers_that_begin_alike_are_the_options_of_one_question(
    landing: Path, first: str, second: str, mark: str
) -> None:
    other = "Python" if mark == "Git" else mark
    rows = f"2025-03-01 10:00:00,{mark},0\n2025-03-01 10:00:01,,{other}\n2025-03-01 10:00:02,{mark},{other}\n"
    proposal = best(landing, f"Timestamp,{first},{second}\n{rows}")
    (asked,) = entry(proposal, "survey_responses")["questions"].values()
    assert asked == {"kind": "multi", "headers": {"Git": first, "Python": second}}


def test_ratings_under_headers_that_begin_alike_are_questions_of_their_own(landing: Path) -> None:
    proposal = best(landing, "Timestamp,How was it? [Talk],How was it? [Food]\n2025-03-01 10:00:00,5,5\n")
    asked = entry(proposal, "survey_responses")["questions"]
    assert [question["kind"] for question in asked.values()] == ["rating", "rating"]


def test_options_are_proposed_beside_words_of_few(landing: Path) -> None:
    reasons = [*["teacher"] * 5, *["friends"] * 4, "canary"]
    rows = "".join(f"2025-03-01 10:00:{at:02},{reason}\n" for at, reason in enumerate(reasons))
    proposal = best(landing, "Timestamp,Why did you come?\n" + rows)
    assert entry(proposal, "survey_responses")["questions"] == {
        "why_did_you_come": {
            "header": "Why did you come?",
            "kind": "single",
            "options": {"teacher": "teacher", "friends": "friends"},
            "other": True,
        }
    }


def test_a_column_without_a_header_of_its_own_is_proposed_by_its_place(landing: Path) -> None:
    """E-mail addresses tell who, under no header; two headers are equal."""
    proposal = best(
        landing,
        ",When,Comments,Comments\na@x.kr,2025-03-01 10:00:00,fine,thanks\nb@x.kr,2025-03-01 11:00:00,dull,bye\n",
        source="survey_responses",
    )
    lines = proposal.lines
    assert "''" not in lines
    questions = entry(proposal, "survey_responses")["questions"]
    assert [asked["place"] for asked in questions.values()] == [3, 4]
    assert entry(proposal, "survey_responses")["columns"]["submitted_at"] == "When"


def test_columns_without_a_header_are_noted(landing: Path) -> None:
    found = proposed(landing, "member,occurred_at,\nkim,2022-03-01,x\n")
    assert found.notes == ("column 3 has values and no header: not read; `place: 3` instead of a header reads one",)


def test_a_canonical_header_with_other_values_is_left_aside(landing: Path) -> None:
    """It would be read, and its records rejected."""
    proposal = best(landing, "Email,occurred_at,xp,progress\na@x.kr,2022-03-01,10,half\nb@x.kr,2022-03-02,20,full\n")
    assert entry(proposal, "activity")["columns"] == {
        "member": "Email",
        "occurred_at": "occurred_at",
        "xp": "xp",
        "progress": None,
    }
    assert staged(landing, proposal, "select count(*) from staging.activity") == [(2,)]


@pytest.mark.fault("S12")
def test_lines_of_a_gradebook_that_are_no_persons_are_left_out(landing: Path) -> None:
    """The preset of the gradebook leaves them out by itself."""
    proposal = best(landing, GRADEBOOK, source="roster")
    assert proposal.preset == "canvas_gradebook"


@pytest.mark.fault("S12")
def test_the_three_lines_of_headers_of_qualtrics_are_seen(landing: Path) -> None:
    """Of four responses one is a preview, and one nobody finished."""
    proposal = best(landing, QUALTRICS)
    said = entry(proposal, "survey_responses")
    assert proposal.preset == "qualtrics"
    assert said == {
        "preset": "qualtrics",
        "files": "landing/export.csv",
        "survey": "export",
        "questions": {"Q1": {"header": "Q1", "kind": "rating", "scale": [1, 5]}},
    }
    query = "select response, cast(submitted_at as varchar), answer from staging.survey_responses order by 1"
    assert staged(landing, proposal, query) == [
        ("R_1", "2025-03-01 17:05:01", "5"),
        ("R_2", "2025-03-01 18:05:01", "4"),
    ]


MEETING = (
    "Meeting ID,Meeting Name,Meeting Start Time,Attendee Email,Join Time,Attendance Duration\n"
    "7,Circle,2025-03-13 19:55:00,a@x.org,2025-03-13 19:57:00,1 hr 3 min\n"
    "7,Circle,2025-03-13 19:55:00,b@x.org,2025-03-13 20:00:00,45 mins\n"
)


def test_the_sessions_are_proposed_beside_who_attended_them(landing: Path) -> None:
    proposal = best(landing, MEETING)
    assert proposal.sources == ("attendance", "sessions")
    query = "select session, title, kind, cast(starts_at as varchar) from staging.sessions"
    assert staged(landing, proposal, query) == [("7", "Circle", "meeting", "2025-03-13 19:55:00")]


def test_lengths_of_time_as_tools_write_them_need_no_factor(landing: Path) -> None:
    proposal = best(landing, MEETING)
    query = "select member, cast(minutes as double) from staging.attendance order by 1"
    assert staged(landing, proposal, query) == [("a@x.org", 63.0), ("b@x.org", 45.0)]


@pytest.mark.parametrize(
    ("header", "cell", "columns", "asks"),
    [
        ("Hours Viewed", "1.5", {"from": "Hours Viewed", "times": 60}, False),
        ("Hours Viewed", "01:30:00", "Hours Viewed", False),
        ("Time Spent (hours)", "2", {"from": "Time Spent (hours)", "times": 60}, False),
        ("Duration", "45:30", "Duration", True),
    ],
)
def test_a_unit_is_a_factor_and_a_clock_of_two_parts_a_question(
    landing: Path, header: str, cell: str, columns: object, asks: bool
) -> None:
    proposal = best(landing, f"email,course,last viewed,{header}\na@x.org,SQL,2025-03-01,{cell}\n", source="activity")
    assert entry(proposal, "activity")["columns"]["minutes"] == columns
    assert any("`duration: h:mm` or `duration: m:ss`" in note for note in proposal.notes) == asks


def test_a_column_per_activity_with_its_date_is_unpivoted(landing: Path) -> None:
    text = (
        ',"Email address","Quiz 1","","Quiz 2",""\n'
        'A,a@x.org,Completed,"2025-03-03 16:05:00",Not completed,\n'
        'B,b@x.org,Completed,"2025-03-13 09:15:00",Completed,"2025-03-14 10:00:00"\n'
    )
    proposal = best(landing, text)
    assert proposal.preset == "moodle"
    query = "select member, course, cast(completed_at as varchar) from staging.completions order by all"
    assert staged(landing, proposal, query) == [
        ("a@x.org", "Quiz 1", "2025-03-03 16:05:00"),
        ("b@x.org", "Quiz 1", "2025-03-13 09:15:00"),
        ("b@x.org", "Quiz 2", "2025-03-14 10:00:00"),
    ]


def test_a_column_per_session_is_unpivoted_and_its_marks_are_translated(landing: Path) -> None:
    """Who was absent is no record."""
    proposal = best(landing, "Email,2025-03-03,2025-03-10\na@x.org,P,A\nb@x.org,,Late\n")
    query = "select session, member, status from staging.attendance order by all"
    assert staged(landing, proposal, query) == [
        ("2025-03-03", "a@x.org", "attended"),
        ("2025-03-10", "b@x.org", "attended"),
    ]


def test_courses_that_were_begun_and_not_completed_do_not_count(landing: Path) -> None:
    text = "Email,Course,Enrolled At,Completed At\na@x.org,SQL,2025-02-01,2025-03-03\nb@x.org,SQL,2025-02-01,\n"
    proposal = best(landing, text)
    assert entry(proposal, "completions")["where"] == {"Completed At": "present"}
    assert staged(landing, proposal, "select member, course from staging.completions") == [("a@x.org", "SQL")]


def test_words_of_a_vocabulary_that_nobody_knows_are_said(landing: Path) -> None:
    rows = "".join(f"{who}@x.org,{word},2025-02-01,2025-03-31\n" for who, word in zip("abcdef", WORDS, strict=True))
    proposal = best(landing, "email,seat status,date invited,report date\n" + rows)
    assert entry(proposal, "seat_snapshots")["values"] == {"status": {"In use": "active"}}
    assert proposal.notes == (
        "status: nobody knows what 2 of its words mean ('Parked'): say it under `values`, each one of invited, active, "
        "removed",
    )


WORDS = ("In use", "In use", "INVITED", "Parked", "Parked", "Kim's")


def test_of_several_sheets_the_one_that_fits_is_named(landing: Path) -> None:
    sheets = {
        "Read me": [["About", "This"], ["x", "y"]],
        "Work": [["email", "date", "course", "xp"], ["a@x.org", "2025-03-01", "SQL", 10]],
    }
    file = landing / "export.xlsx"
    file.write_bytes(workbook(**sheets))
    (proposal,) = propose(file).found
    assert entry(proposal, "activity")["sheet"] == "Work"


def test_who_was_absent_is_left_out(landing: Path) -> None:
    text = "Meeting,Meeting Date,Email,Attendance\n1,2025-03-03,a@x.org,Present\n1,2025-03-03,b@x.org,Absent\n"
    proposal = best(landing, text)
    assert proposal.notes == ()
    assert staged(landing, proposal, "select member, status from staging.attendance") == [("a@x.org", "attended")]


LIKERT = "타임스탬프,이메일 주소,프로그램에 만족하십니까?\n" + "".join(
    f"2025-03-01 10:00:0{second},m{second}@x.org,{answer}\n"
    for second, answer in enumerate(("매우 그렇다", "그렇다", "그렇다", "그렇지 않습니다"))
)


def test_words_of_a_scale_are_its_steps(landing: Path) -> None:
    proposal = next(one for one in proposed(landing, LIKERT).found if one.preset is None)
    asked = entry(proposal, "survey_responses")["questions"]["q3"]
    assert (asked["kind"], asked["scale"]) == ("rating", [1, 5])
    assert list(asked["options"].items()) == [
        ("매우 그렇다", "5"),
        ("그렇다", "4"),
        ("보통이다", "3"),
        ("그렇지 않습니다", "2"),
        ("전혀 그렇지 않다", "1"),
    ]
    found = staged(landing, proposal, "select member, answer from staging.survey_responses order by 1")
    assert [answer for _, answer in found] == ["5", "4", "4", "2"]


SPARSE = "Email,Date,XP Earned\nkim@x.org,3/4/2025,10\nkim@x.org,3/21/2025,20\nlee@x.org,3/22/2025,30\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("xp-2025-03.csv", r"`covers: {filename: '(?P<month>20\d\d-\d\d)'}` if each file has its whole month"),
        (
            "학습 2025년 3월.csv",
            r"`covers: {filename: '(?P<month>20\d\d년 \d\d?월)'}` if each file has its whole month",
        ),
        ("xp-2025-03-31.csv", "`covers: all` if the files lack no day"),
    ],
)
def test_files_with_days_without_a_row_are_told_how_to_cover_them(landing: Path, name: str, said: str) -> None:
    assert best(landing, SPARSE, name).notes[-1] == (
        f"more than 3 days in a row have no row, and count as missing: add {said}"
    )
    assert not best(landing, SPARSE.replace("3/4/", "3/18/"), name).notes


def test_dates_of_several_hands_are_read_in_both_forms(landing: Path) -> None:
    text = "이름,구분,회사,입사일\n가,정규직,A,2025-03-04\n나,인턴,B,2025. 3. 21\n다,인턴,B,2025. 4. 2\n라,미정,,\n"
    proposal = best(landing, text)
    assert entry(proposal, "outcomes")["columns"]["occurred_on"]["format"] == ["%Y-%m-%d", "%Y. %m. %d"]
    query = "select kind, cast(occurred_on as varchar) from staging.outcomes order by 2"
    assert staged(landing, proposal, query) == [
        ("job", "2025-03-04"),
        ("internship", "2025-03-21"),
        ("internship", "2025-04-02"),
    ]


def test_what_is_missing_goes_beside_the_values_that_are_there(landing: Path) -> None:
    text = "이메일,상태,초대일,수락일\nkim@x.org,사용중,2025.03.04,2025.03.06\nlee@x.org,초대됨,2025.03.05,\n"
    said = "exported_at is missing: add `exported_at: …` to `values` below, the day YYYY-MM-DD on which the file was"
    assert best(landing, text).notes[-1].startswith(said)


def test_a_file_of_which_every_header_is_known_is_proposed_with_what_it_lacks(landing: Path) -> None:
    proposal = best(landing, "미션,제목,마감일\n미션1,SQL,2025-03-23\n미션2,EDA,2025-04-13\n")
    assert entry(proposal, "missions")["columns"] == {"mission": "미션", "due_at": "마감일", "title": "제목"}
    assert proposal.missing == ("cohort", "alternative", "requirement", "target")
