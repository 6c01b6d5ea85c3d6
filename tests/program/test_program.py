"""program.yaml: what loads, with which defaults, and what is said about mistakes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml

import examples
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.init import TEMPLATE
from fellowship_pipeline.program import load_program, parse_program
from fellowship_pipeline.program.reference import schema
from fellowship_pipeline.program.types import Role, StudyMode

FULL = """\
program: {id: datacamp-fellowship, name: {ko: 데이터 사이언스 펠로우십, en: Data Science Fellowship}}
timezone: Asia/Seoul
languages: [ko, en]
cohorts:
  - {id: 2021-H2, starts_on: 2021-08-01, ends_on: 2022-01-31}
seats:                                     # capacity of a pool from a date on
  - {pool: datacamp, from: 2021-08-01, capacity: 60}
  - {pool: datacamp, from: 2022-02-01, capacity: 180}
engagement: {window_days: 30}
review:
  rules:                                   # `from` is the first review month
    - {id: any-activity, from: 2022-03, study_mode: individual, minimum_active_days: 1}
    - {id: xp-1000, from: 2022-09, study_mode: individual, minimum_xp: 1000, first_month: exempt}
  exempt: {roles: [builder, mentor, staff], leave: [{member: m017, from: 2022-03-01, to: 2022-04-30}]}
  rotation_budget: {share: 0.20, terms: [{from: 2021-08-01, to: 2022-07-31}]}    # optional
what_if: {minimum_xp: [0, 250, 500, 1000, 1500, 2000, 3000]}
targets: {adoption_rate: 0.90, engagement_rate: 0.50}
recognition: {top: 3}
applications: {stages: [screening, accepted]}         # optional order
surveys:
  - {id: year-1, cohorts: [2021-H2, 2022-H1], goal_helped: {question: helped_goal, option: "yes"},
     questions: {helped_goal: {kind: single}, liked: {kind: multi}, story: {kind: text}}}
privacy: {operational_minimum: 5, sensitive_minimum: 10, sensitive_base: 23, round_to: 5}
sources:
  activity: [{files: "landing/activity*.csv", covers: rows}]
"""

MAPPED = """\
program: {id: x}
sources:
  activity:
    - preset: datacamp_data_connector          # a mapping that ships with the package
      files: "landing/datacamp/*/learning_course_fact.csv"
    - files: "landing/coursera/*.csv"          # or spelled out
      encoding: utf-8
      columns: {member: Email, occurred_at: Last Course Activity Time, course: Course, \
minutes: {from: Learning Hours Spent, times: 60}}
  survey_responses:
    - preset: google_forms
      survey: year-1
      files: "landing/survey/2022-*.csv"
      member: 이메일 주소
      questions:
        helped_goal: {header: "개인 목표 달성에 도움이 되었나요?", kind: single, options: {"예": "yes", "아니오": "no"}}
        liked:       {header: "좋았던 점", kind: multi, separator: ", "}
"""

LEAST = "program: {id: x}\nsources: {}\n"


def test_the_whole_example_loads() -> None:
    program = parse_program(FULL)
    assert program.program.title("ko") == "데이터 사이언스 펠로우십"
    assert [(c.id, c.starts_on, c.ends_on) for c in program.cohorts] == [
        ("2021-H2", date(2021, 8, 1), date(2022, 1, 31))
    ]
    assert [(s.pool, s.from_, s.capacity) for s in program.seats] == [
        ("datacamp", date(2021, 8, 1), 60),
        ("datacamp", date(2022, 2, 1), 180),
    ]
    first, second = program.review.rules
    assert (first.from_, first.minimum_xp, first.minimum_active_days) == (date(2022, 3, 1), None, 1)
    assert (second.from_, second.minimum_xp, second.first_month) == (date(2022, 9, 1), Decimal(1000), "exempt")
    assert program.review.exempt.leave[0].to == date(2022, 4, 30)
    assert program.review.rotation_budget is not None
    assert program.review.rotation_budget.share == Decimal("0.20")
    assert program.targets == {"adoption_rate": 0.9, "engagement_rate": 0.5}
    assert program.surveys[0].goal_helped is not None
    assert program.surveys[0].goal_helped.option == "yes"
    assert program.surveys[0].questions["liked"].kind == "multi"
    assert program.only_pool == "datacamp"
    assert program.sources["activity"][0].covers == "rows"


def test_mappings_load() -> None:
    program = parse_program(MAPPED)
    columns = program.sources["activity"][1].columns
    assert columns is not None
    assert (columns["member"].from_, columns["member"].times) == ("Email", None)
    assert (columns["minutes"].from_, columns["minutes"].times) == ("Learning Hours Spent", Decimal(60))
    entry = program.sources["survey_responses"][0]
    assert entry.questions["helped_goal"].options == {"예": "yes", "아니오": "no"}
    assert entry.questions["liked"].separator == ", "


def test_a_mapping_of_a_survey_needs_no_more_than_when_it_was_submitted() -> None:
    text = SURVEY + "survey: s\n      columns: {submitted_at: At}\n      questions: {q: {kind: text, header: Q}}"
    assert parse_program(text).sources["survey_responses"][0].survey == "s"


def test_everything_but_id_and_sources_has_a_default() -> None:
    program = parse_program(LEAST)
    assert program.program.title("en") == "x"
    assert (program.timezone, program.languages) == ("Asia/Seoul", ["ko", "en"])
    assert program.cohorts == program.seats == program.review.rules == program.surveys == program.terms == []
    assert program.review.exempt.roles == program.review.exempt.leave == program.applications.stages == []
    assert program.review.rotation_budget is None
    assert program.targets == {}
    assert program.engagement.window_days == 30
    assert program.what_if.minimum_xp == [0, 250, 500, 1000, 1500, 2000, 3000]
    assert program.recognition.top == 3
    assert program.privacy.model_dump() == {
        "operational_minimum": 5,
        "sensitive_minimum": 10,
        "sensitive_base": 23,
        "round_to": 5,
        "retention_months": {},
    }
    assert (program.arrival.quiet_seconds, program.quality.unmatched_share) == (1, 0.02)
    assert program.only_pool is None


def test_an_entry_has_defaults() -> None:
    (entry,) = parse_program("program: {id: x}\nsources: {activity: [{files: a.csv}]}").sources["activity"]
    assert (entry.covers, entry.max_gap_days, entry.exported, entry.cumulative) == ("rows", 3, None, False)
    assert entry.preset is entry.columns is entry.encoding is entry.delimiter is entry.sheet is entry.timezone is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [("yes", "yes"), ("no", "no"), ("on", "on"), ("2021", "2021"), ("007", "007"), ("1:30", "1:30"), ("'~'", "~")],
)
def test_text_stays_as_written(written: str, expected: str) -> None:
    program = parse_program(LEAST + f"surveys: [{{id: {written}, goal_helped: {{question: q, option: {written}}}}}]")
    assert program.surveys[0].id == expected
    assert program.surveys[0].goal_helped is not None
    assert program.surveys[0].goal_helped.option == expected


def test_null_is_a_choice_for_gaps_and_nothing_elsewhere() -> None:
    program = parse_program(
        "program: {id: x}\ncohorts:\nsources: {activity: [{files: a, max_gap_days: null, preset: null}]}"
    )
    assert program.sources["activity"][0].max_gap_days is None
    assert program.cohorts == []


def test_zero_is_a_capacity_and_a_minimum() -> None:
    program = parse_program(
        LEAST
        + "seats: [{pool: a, from: 2022-01-01, capacity: 0}]\n"
        + "review: {rules: [{id: r, from: 2022-01, minimum_xp: 0, minimum_active_days: 0}]}"
    )
    assert program.seats[0].capacity == 0
    assert (program.review.rules[0].minimum_xp, program.review.rules[0].minimum_active_days) == (0, 0)
    assert program.review.rules[0].study_mode is None


def test_where_names_the_line() -> None:
    program = parse_program(FULL)
    assert program.where("seats.1.capacity") == "program.yaml line 8"
    assert program.where("sources", "activity", 0, "files") == "program.yaml line 25"
    assert program.where("sources.activity.0.columns.member") == "program.yaml line 25"


SOURCE = "program: {id: x}\nsources:\n  activity:\n    - files: a.csv\n      "

SURVEY = SOURCE.replace("activity", "survey_responses")

MISTAKES = {
    "program: {id: x}\n": "program.yaml line 1, sources: is missing",
    "- a\n": "program.yaml line 1: expected keys and values",
    "program: {id: x\n": "program.yaml line 2: not YAML: expected ',' or '}', but got '<stream end>'",
    "program: {id: x}\nprogram: {id: y}\n": "program.yaml line 2: the key 'program' stands here twice: "
    "write what both say under one",
    "&a [*a]": "program.yaml line 1: an alias must not contain itself",
    "? [a]\n: b": "program.yaml line 1: a key must be a single word or text",
    LEAST + "timezon: Asia/Seoul": "program.yaml line 3, timezon: unknown key 'timezon'. Nearest: 'timezone'",
    LEAST + "timezone: Asia/Soul": "program.yaml line 3, timezone: unknown time zone 'Asia/Soul'. Nearest: 'Asia/",
    LEAST + "languages: [kr]": "program.yaml line 3, languages[0]: unknown value 'kr'. Nearest: 'ko'",
    LEAST + "languages: [ko, ko]": "program.yaml line 3, languages[1]: the language 'ko' stands here twice",
    LEAST + "cohorts: [{id: a, starts_on: 2022-01-02, ends_on: 2022-01-01}]": (
        "program.yaml line 3, cohorts[0].ends_on: 2022-01-01 is before 2022-01-02"
    ),
    LEAST + "cohorts: [{id: a},\n  {id: a}]": "program.yaml line 4, cohorts[1]: the cohort 'a' stands here twice",
    LEAST + "cohorts: [{id: }]": "program.yaml line 3, cohorts[0].id: is missing",
    LEAST + "seats: {pool: a}": "program.yaml line 3, seats: expected a list",
    LEAST + "seats: [{pool: a, from: 2022-02-30, capacity: 1}]": (
        "program.yaml line 3, seats[0].from: '2022-02-30' is no day of the calendar"
    ),
    LEAST + "seats: [{pool: a, from: 1.2.2022, capacity: 1}]": (
        "program.yaml line 3, seats[0].from: expected a date YYYY-MM-DD, found '1.2.2022'"
    ),
    LEAST + "seats: [{pool: a, from: 2022-02-01, capacity: -1}]": (
        "program.yaml line 3, seats[0].capacity: expected 0 or more, found '-1'"
    ),
    LEAST + "seats: [{pool: a, from: 2022-02-01, capacity: many}]": (
        "program.yaml line 3, seats[0].capacity: expected a whole number, found 'many'"
    ),
    LEAST + "seats:\n- {pool: a, from: 2022-02-01, capacity: 1}\n- {pool: a, from: 2022-02-01, capacity: 2}": (
        "program.yaml line 5, seats[1]: the pool and date 'a 2022-02-01' stands here twice"
    ),
    LEAST + "review: {rules: [{id: a, from: 2022-03-02}]}": (
        "program.yaml line 3, review.rules[0].from: expected a month YYYY-MM, found '2022-03-02'"
    ),
    LEAST + "review: {exempt: {roles: [bulder]}}": (
        "program.yaml line 3, review.exempt.roles[0]: unknown value 'bulder'. Nearest: 'builder'"
    ),
    LEAST + "review: {exempt: {leave: [{member: a, from: 2022-01-02, to: 2022-01-01}]}}": (
        "program.yaml line 3, review.exempt.leave[0].to: 2022-01-01 is before 2022-01-02"
    ),
    LEAST
    + "review: {rotation_budget: {share: 0.2, terms:\n"
    + "  [{from: 2021-01-01, to: 2021-12-31},\n   {from: 2021-12-31, to: 2022-12-31}]}}": (
        "program.yaml line 5, review.rotation_budget.terms[1]: begins on 2021-12-31, before"
    ),
    LEAST + "missions: {exceptions: [{member: a, mission: M, reason: ill, due_at: 2022-13-01}]}": (
        "program.yaml line 3, missions.exceptions[0].due_at: '2022-13-01' is no day of the calendar"
    ),
    LEAST + "missions: {exceptions: [{member: a, mission: M, reason: ill, due_at: 2022-01-01 25:00}]}": (
        "program.yaml line 3, missions.exceptions[0].due_at: '2022-01-01 25:00' is no instant"
    ),
    LEAST + "missions: {exceptions: [{member: a, mission: M, reason: ill, due_at: tomorrow}]}": (
        "program.yaml line 3, missions.exceptions[0].due_at: expected a date or an instant YYYY-MM-DDTHH:MM[:SS]"
    ),
    LEAST + "missions: {exceptions: [{member: a, mission: M}]}": (
        "program.yaml line 3, missions.exceptions[0].reason: is missing"
    ),
    LEAST
    + "missions:\n  exceptions:\n  - {member: a, mission: M, reason: x}\n  - {member: a, mission: M, reason: y}": (
        "program.yaml line 6, missions.exceptions[1]: the exception for 'a M in every cohort' stands here twice"
    ),
    LEAST + "targets: {adoption: 0.5}": "program.yaml line 3, targets.adoption: unknown KPI 'adoption'. Nearest: 'ad",
    LEAST + "targets: {adoption_rate: 90}": "program.yaml line 3, targets.adoption_rate: expected 1.0 or less, "
    "found '90'; for 90 % write 0.90",
    LEAST + "targets: {adoption_rate: 92.5 %}": "program.yaml line 3, targets.adoption_rate: expected a number, "
    "found '92.5 %'; for 92.5 % write 0.925",
    LEAST + "targets: {adoption_rate: 900}": "program.yaml line 3, targets.adoption_rate: expected 1.0 or less, "
    "found '900'",
    LEAST + "timezone: KST": "program.yaml line 3, timezone: 'KST' is no name of a time zone: write Asia/Seoul",
    LEAST + "surveys: [{id: s, questions: {r: {kind: text, scale: [0, 10]}}}]": (
        "program.yaml line 3, surveys[0].questions.r.scale: only a question of kind rating has a scale"
    ),
    LEAST + "surveys: [{id: s, questions: {r: {kind: rating, scale: [10, 0]}}}]": (
        "program.yaml line 3, surveys[0].questions.r.scale: expected [lowest, highest]"
    ),
    "program: {id: x}\nsources: {activty: []}": (
        "program.yaml line 2, sources.activty: unknown source 'activty'. Nearest: 'activity'"
    ),
    "program: {id: x}\nsources: {activity: {files: a}}": "program.yaml line 2, sources.activity: expected a list",
    "program: {id: x}\nsources: {roster: [{covers: all}]}": "program.yaml line 2, sources.roster[0]: files is missing",
    "program: {id: x}\nengine: spark\nsources: {}": "program.yaml line 2, engine: say where Spark is: ",
    "program: {id: x}\nengine: {spark: {}}\nsources: {}": "program.yaml line 2, engine.spark: name one of",
    "program: {id: x}\nengine: {spark: {master: yarn}}\nsources: {}": "program.yaml line 2, engine.spark.master: exp",
    SOURCE + "colums: {}": "program.yaml line 5, sources.activity[0].colums: unknown key 'colums'. Nearest: 'columns'",
    SOURCE + "columns: {membr: X}": (
        "program.yaml line 5, sources.activity[0].columns.membr: unknown column of activity 'membr'. Nearest: 'member'"
    ),
    SOURCE + "columns: {member: X, occurred_at: null}": (
        "program.yaml line 5, sources.activity[0].columns.occurred_at: "
        "activity must have occurred_at, which is left out here"
    ),
    SOURCE + "values: {occurred_at: 2025-13-01}": (
        "program.yaml line 5, sources.activity[0].values.occurred_at: "
        "occurred_at is a day, YYYY-MM-DD, or an instant that begins with one"
    ),
    SOURCE + "columns: {member: {from: X, times: 2}}": (
        "program.yaml line 5, sources.activity[0].columns.member.times: member is no number and cannot be multiplied"
    ),
    SOURCE + "preset: datacamp": (
        "program.yaml line 5, sources.activity[0].preset: unknown preset 'datacamp'. Nearest: 'datacamp_data_connector'"
    ),
    SOURCE + "preset: google_forms": (
        "program.yaml line 5, sources.activity[0].preset: the preset 'google_forms' does not feed activity; it feeds "
    ),
    SOURCE + "preset: oulad\n      columns: {member: X}": (
        "program.yaml line 6, sources.activity[0].columns: preset and columns exclude each other"
    ),
    SOURCE + "covers: row": "program.yaml line 5, sources.activity[0].covers: unknown value 'row'. Nearest: 'rows'",
    SOURCE + "covers: {filename: 'x('}": (
        "program.yaml line 5, sources.activity[0].covers.filename: 'x(' is no regular expression: missing )"
    ),
    SOURCE + "covers: {filename: '(?P<from>x)'}": (
        "program.yaml line 5, sources.activity[0].covers.filename: expected a group (?P<month>…) or (?P<date>…), or"
    ),
    SOURCE + "exported: {}": "program.yaml line 5, sources.activity[0].exported: expected either filename or column",
    SOURCE + "exported: {filename: x}": (
        "program.yaml line 5, sources.activity[0].exported.filename: expected a group (?P<date>…)"
    ),
    SOURCE
    + "encoding: utf9": "program.yaml line 5, sources.activity[0].encoding: unknown encoding 'utf9'. Nearest: 'ut",
    SOURCE + "questions: {q: {kind: text, header: X}}": (
        "program.yaml line 5, sources.activity[0].questions: questions is for survey_responses, not for activity"
    ),
    SURVEY + "preset: google_forms": (
        "program.yaml line 4, sources.survey_responses[0]: survey is missing: the id of the survey"
    ),
    SURVEY + "member: X": (
        "program.yaml line 5, sources.survey_responses[0].member: without a preset the member's header stands under"
    ),
    SURVEY + "survey: s\n      questions: {q: {kind: text, header: Q}}": (
        "program.yaml line 6, sources.survey_responses[0].questions: questions need a preset, or columns with"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, cumulative: true}]}": (
        "program.yaml line 2, sources.roster[0].cumulative: cumulative is for activity, not for roster"
    ),
    SOURCE + "preset: coursera\n      values: {kidn: x}": (
        "program.yaml line 6, sources.activity[0].values.kidn: unknown column of activity 'kidn'. Nearest: 'kind'"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, values: {role: {학생: lerner}}}]}": (
        "program.yaml line 2, sources.roster[0].values.role: unknown role 'lerner'. Nearest: 'learner'"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, values: {joined_on: {filename: '(\\d+)'}}}]}": (
        "program.yaml line 2, sources.roster[0].values.joined_on.filename: expected a group (?P<joined_on>…) or"
        " (?P<month>…), whose last day it is"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, values: {cohort: {filename: '(\\d+)'}}}]}": (
        "program.yaml line 2, sources.roster[0].values.cohort.filename: expected a group (?P<cohort>…)"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, preset: notion_roster, datetime_format: '%d.%m.'}]}": (
        "program.yaml line 2, sources.roster[0].datetime_format: expected a format of whole dates such as %d.%m.%Y or "
        "%Y-%m-%d %H:%M:%S, found '%d.%m.'"
    ),
    "program: {id: x}\nsources: {roster: [{files: a, datetime_format: '%d.%m.%Y'}]}": (
        "program.yaml line 2, sources.roster[0].datetime_format: datetime_format is for a preset; without one it stands"
        " under columns"
    ),
    "program: {id: x}\nsources: {roster: [{files: /a}]}": (
        "program.yaml line 2, sources.roster[0].files: expected a path inside HOME such as landing/*.csv, found '/a'"
    ),
}


@pytest.mark.parametrize("written", MISTAKES, ids=lambda text: text[-40:])
def test_a_mistake_is_one_line(written: str) -> None:
    with pytest.raises(UserError) as raised:
        parse_program(written)
    message = str(raised.value)
    assert message.startswith(MISTAKES[written])
    assert "\n" not in message


PRESET = "program: {id: x}\nsources: {roster: [{files: a, preset: notion_roster, datetime_format: '%s'}]}"
COLUMNS = "{member: m, cohort: c, joined_on: {from: j, format: '%s'}}"
SPELLED = f"program: {{id: x}}\nsources: {{roster: [{{files: a, columns: {COLUMNS}}}]}}"
FORMATS = {
    "%m/%d/%Y %H:%M %p": "has %p, which belongs to hours from 1 to 12: write %I for %H",
    "%p %H:%M %Y-%m-%d": "has %p, which belongs to hours from 1 to 12: write %I for %H",
    "%m/%d/%Y %I:%M": "has %I without %p, so that 8 in the evening is 8 in the morning: add %p, or write %H",
    "%Y. %m. %d. 오후 %I:%M": "has half a day as text: write %I, and %p for AM and PM",
    "%Y-%m-%d %H:%M PM": "has half a day as text: write %I, and %p for AM and PM",
    "%Y-%m-%dT%H:%M:%SZ": "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
    "%Y-%m-%dT%H:%M:%S.%fZ": "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
    "%Y-%m-%d %H:%M UTC": "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
    "%d.%m.%Y %I:%M %p (GMT)": "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
    "%Y-%m-%d %H:%M %Z": "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
    "%Y-%-m-%-d": "is no form of strptime: %m reads both 3 and 03",
    "%c": "depends on the machine's language: spell the parts out",
}


@pytest.mark.fault("S7")
@pytest.mark.parametrize("written", FORMATS)
def test_a_format_that_cannot_mean_what_it_says_is_refused_with_what_to_write(written: str) -> None:
    for entry in (PRESET, SPELLED):
        with pytest.raises(UserError) as raised:
            parse_program(entry % written)
        assert str(raised.value).endswith(f": '{written}' {FORMATS[written]}")


@pytest.mark.parametrize("lost", ["%Y-%m-%d %M", "%Y-%m-%d %S", "%m-%d", "%H:%M"])
def test_a_format_that_loses_a_part_of_the_moment_is_refused(lost: str) -> None:
    with pytest.raises(UserError, match="expected a format of whole dates"):
        parse_program(PRESET % lost)


@pytest.mark.parametrize(
    "good",
    [
        "%Y%m%d",
        "%d.%m.%y %H Uhr",
        "%Y-%m-%d %H:%M:%S",
        "%Y. %m. %d. %p %I:%M:%S",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y/%m/%d %I:%M:%S %p GMT+9",
        "%a, %d %b %Y %H:%M:%S GMT%z",
    ],
)
def test_a_format_that_reads_what_it_writes_is_taken(good: str) -> None:
    parse_program(PRESET % good)


def test_of_an_empty_file_both_that_is_missing_is_named() -> None:
    with pytest.raises(UserError) as refusal:
        parse_program("")
    assert str(refusal.value) == "program.yaml, program: is missing\nprogram.yaml, sources: is missing"


def test_all_mistakes_are_named_in_the_order_of_their_lines() -> None:
    mistakes = (
        "seats: [{pool: a, from: 2022-01-01, capacity: x}]\nprivacy: {round_to: 0, roundto: 5}\nlanguages: [xx]\n"
        "timzone: KST\nreview:\n  rules: [{id: a, from: 2022-13, minimum: 1}]\n  exemptt: {}\n"
    )
    with pytest.raises(UserError) as refusal:
        parse_program(LEAST + mistakes)
    assert [said.split(":")[0] for said in str(refusal.value).splitlines()] == [
        "program.yaml line 3, seats[0].capacity",
        "program.yaml line 4, privacy.roundto",
        "program.yaml line 4, privacy.round_to",
        "program.yaml line 5, languages[0]",
        "program.yaml line 6, timzone",
        "program.yaml line 8, review.rules[0].minimum",
        "program.yaml line 8, review.rules[0].from",
        "program.yaml line 9, review.exemptt",
    ]


def test_everything_that_does_not_fit_together_is_named_at_once() -> None:
    twice = "cohorts: [{id: a}, {id: a}]\nlanguages: [ko, ko]\n"
    with pytest.raises(UserError) as refusal:
        parse_program(LEAST + twice)
    assert str(refusal.value) == (
        "program.yaml line 3, cohorts[1]: the cohort 'a' stands here twice\n"
        "program.yaml line 4, languages[1]: the language 'ko' stands here twice"
    )


@pytest.mark.parametrize("content", [LEAST.encode("utf-8-sig"), LEAST.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program.yaml").write_bytes(content)
    assert load_program(tmp_path).program.id == "x"


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_bytes("program: {id: x}\n# 데이터".encode("cp949"))
    with pytest.raises(UserError, match=r"^program.yaml line 2: not UTF-8 text"):
        load_program(tmp_path)


def test_a_home_without_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is no home: .*`fellowship init`"):
        load_program(tmp_path)


def test_vocabularies_are_the_contracts() -> None:
    columns = {column.name: column for column in SOURCE_BY_NAME["roster"].columns}
    assert get_args(Role) == columns["role"].values
    assert get_args(StudyMode) == columns["study_mode"].values


def test_the_template_loads() -> None:
    assert list(parse_program(TEMPLATE.read_bytes()).sources) == ["roster", "seat_events", "activity"]


class _Editor(yaml.SafeLoader):
    """YAML as editors read it: version 1.2, without dates."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


EXAMPLES = [path.read_text("utf-8") for path in sorted(Path(examples.__file__).parent.glob("*/program.yaml"))]
EMPTY = """\
program: {id: x, name: }
timezone:
review:
sources:
  activity:
    - {files: "landing/a.csv", columns: {minutes: , xp: {place: 2, decimal: }}, covers: {filename: "(?P<date>.+)"}}
"""


@pytest.mark.parametrize("text", [FULL, MAPPED, LEAST, EMPTY, TEMPLATE.read_text("utf-8"), *EXAMPLES])
def test_the_schema_accepts_what_loads(text: str) -> None:
    parse_program(text.encode())
    jsonschema.validate(yaml.load(text, _Editor), schema())


@pytest.mark.parametrize(
    "text", [LEAST + "timezon: x", LEAST + "seats: {}", SOURCE + "covers: row", SOURCE + "preset: x"]
)
def test_the_schema_refuses_what_does_not(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(text, _Editor), schema())


def test_a_mapped_question_without_a_kind_is_of_the_kind_that_surveys_says() -> None:
    text = """\
program: {id: p}
surveys: [{id: s, questions: {q: {kind: multi}}}]
sources: {survey_responses: [{preset: google_forms, survey: s, files: "landing/*.csv", questions: {%s: {header: Q}}}]}
"""
    (entry,) = parse_program(text % "q").sources["survey_responses"]
    assert entry.questions["q"].kind == "multi"
    with pytest.raises(UserError, match=r"line 3, .*questions\.other: kind is missing"):
        parse_program(text % "other")


def test_a_list_that_is_too_long_says_how_long_it_may_be() -> None:
    text = LEAST + "scorecard: {headline: [adoption_rate, engagement_rate, retention_3m]}"
    with pytest.raises(UserError, match=r"scorecard\.headline: expected a list of 2 at most$"):
        parse_program(text)
