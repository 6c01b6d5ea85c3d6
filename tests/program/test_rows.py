"""program.yaml → rows of schema core."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from fellowship_pipeline.contracts import SETTINGS_TABLES
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.program.rows import VOCABULARIES, SettingsRow, settings_rows
from fellowship_pipeline.warehouse import connect, write_rows

AS_OF = date(2022, 9, 30)

PROGRAM = """\
program: {id: x}
languages: [en, ko]
cohorts: [{id: 2021-H2, starts_on: 2021-08-01, ends_on: 2022-01-31}, {id: open}]
seats:
  - {pool: b, from: 2022-01-01, capacity: 5}
  - {pool: a, from: 2022-02-01, capacity: 180}
  - {pool: a, from: 2021-08-01, capacity: 60}
engagement: {window_days: 28}
review:
  rules:
    - {id: any-activity, from: 2022-03, study_mode: individual}
    - {id: xp-1000, from: 2022-09, minimum_xp: 1000, minimum_active_days: 0, first_month: prorated}
  exempt:
    roles: [builder, builder]
    leave: [{member: m017, from: 2022-03-01, to: 2022-04-30}, {member: kim@example.org, from: 2022-05-01}]
  rotation_budget: {share: 0.2, terms: [{from: 2021-08-01, to: 2022-07-31}]}
what_if: {minimum_xp: [500, 0, 500]}
targets: {adoption_rate: 0.9}
recognition: {top: 5}
terms: [{id: first, from: 2021-08-01, to: 2022-01-31}]
quality: {unmatched_share: 0.1}
applications: {stages: [screening, accepted]}
attendance: {match: window, margin_minutes: 5}
community: {kinds: {meeting: {expects: [builder, staff, builder]}, talk: {}}}
missions:
  roles: [learner, builder]
  exceptions:
    - {member: m017, mission: M1, reason: ill, due_at: 2022-03-31}
    - {member: kim@example.org, mission: M1, cohort: 2021-H2, reason: service, due_at: "2022-04-01T09:00"}
    - {member: m018, mission: M2, reason: ill, due_at: 2022-04-01T09:00:00+02:00}
    - {member: m019, mission: M2, reason: transferred}
  completing_kinds: [Passed, handed in, passed]
surveys:
  - {id: year-1, cohorts: [2021-H2], goal_helped: {question: helped_goal, option: yes},
     questions: {helped_goal: {kind: single}, nps: {kind: rating, scale: [0, 10]}}}
  - {id: pulse, roles: [mentor], opens_on: 2022-05-01, closes_on: 2022-05-31}
sources:
  roster: [{files: roster.csv}]
  survey_responses:
    - {files: y1.csv, preset: google_forms, survey: year-1,
       questions: {helped_goal: {kind: text, header: A},
                   liked: {kind: multi, header: B, options: {함께: company, 같이: company, 무료: free}}}}
    - {files: y2.csv, preset: google_forms, survey: year-2, questions: {nps: {kind: rating, scale: [1, 5], header: C}}}
"""

EXPECTED: dict[str, list[SettingsRow]] = {
    "parameters": [(AS_OF, None, "Asia/Seoul", 28, 5, True, Decimal("0.2"), True, 0.1)],
    "configured_sources": [("roster",), ("survey_responses",)],
    "cohorts": [("2021-H2", date(2021, 8, 1), date(2022, 1, 31)), ("open", None, None)],
    "seat_capacities": [
        ("a", date(2021, 8, 1), date(2022, 2, 1), 60, 1),
        ("a", date(2022, 2, 1), None, 180, 1),
        ("b", date(2022, 1, 1), None, 5, 0),
    ],
    "review_rules": [
        (0, "any-activity", date(2022, 3, 1), "individual", None, 1, "exempt"),
        (1, "xp-1000", date(2022, 9, 1), None, Decimal(1000), 0, "prorated"),
    ],
    "exempt_roles": [("builder",)],
    "leaves": [("m017", date(2022, 3, 1), date(2022, 4, 30)), ("kim@example.org", date(2022, 5, 1), None)],
    "rotation_terms": [(date(2021, 8, 1), date(2022, 7, 31))],
    "terms": [("first", date(2021, 8, 1), date(2022, 1, 31))],
    "what_if_minimums": [(0,), (500,)],
    "targets": [("adoption_rate", 0.9)],
    "application_stages": [("screening", 1), ("accepted", 2)],
    "mission_exceptions": [
        (0, "m017", "M1", None, "ill", datetime(2022, 3, 31, 14, 59, 59, 999999)),
        (1, "kim@example.org", "M1", "2021-H2", "service", datetime(2022, 4, 1, 0, 0)),
        (2, "m018", "M2", None, "ill", datetime(2022, 4, 1, 7, 0)),
        (3, "m019", "M2", None, "transferred", None),
    ],
    "completing_kinds": [("passed",), ("handed in",)],
    "session_windows": [(5,)],
    "expected_roles": [("meeting", "builder"), ("meeting", "staff")],
    "mission_roles": [("learner",), ("builder",)],
    "surveys": [
        ("year-1", "helped_goal", "yes", False, None, None),
        ("pulse", None, None, True, date(2022, 5, 1), date(2022, 5, 31)),
        ("year-2", None, None, True, None, None),
    ],
    "survey_roles": [("year-1", "learner"), ("pulse", "mentor")],
    "survey_cohorts": [("year-1", "2021-H2")],
    "survey_options": [("year-1", "liked", "company"), ("year-1", "liked", "free")],
}


@pytest.mark.parametrize("table", EXPECTED)
def test_rows(table: str) -> None:
    assert settings_rows(parse_program(PROGRAM), AS_OF)[table] == EXPECTED[table]


def test_questions_of_surveys_win_over_those_of_mappings() -> None:
    assert sorted(settings_rows(parse_program(PROGRAM), AS_OF)["survey_questions"], key=str) == [
        ("year-1", "helped_goal", "single", None, None),
        ("year-1", "liked", "multi", None, None),
        ("year-1", "nps", "rating", 0.0, 10.0),
        ("year-2", "nps", "rating", 1.0, 5.0),
    ]


def test_labels_are_in_the_first_language() -> None:
    labels = settings_rows(parse_program(PROGRAM), AS_OF)["kpi_labels"]
    assert labels[0] == ("adoption_rate", "Adoption rate", 1)
    korean = settings_rows(parse_program("program: {id: x}\nsources: {}"), AS_OF)["kpi_labels"]
    assert korean[0] == ("adoption_rate", "초대 수락률", 1)


def test_a_program_of_defaults_has_no_rows_but_parameters_grid_kinds_and_labels() -> None:
    rows = settings_rows(parse_program("program: {id: x}\nsources: {roster: []}"), AS_OF)
    filled = {table for table, found in rows.items() if found}
    defaults = {"what_if_minimums", "completing_kinds", "mission_roles", "kpi_labels"}
    assert filled == {"parameters", *defaults, *VOCABULARIES}
    assert rows["parameters"] == [(AS_OF, None, "Asia/Seoul", 30, 3, False, None, False, 0.02)]


def test_rows_fit_the_contracts() -> None:
    rows = settings_rows(parse_program(PROGRAM), AS_OF)
    tables = {table.name: table for table in SETTINGS_TABLES if table.name != "coverage"}
    assert rows.keys() == tables.keys()
    with connect(None) as con:
        for name, table in tables.items():
            assert write_rows(con, table, rows[name]) == len(rows[name])
