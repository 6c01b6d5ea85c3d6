"""What the warehouse knows of the persons of ``people``, fact by fact, and releases of them one after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import duckdb
import pandas as pd

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release, build_release
from fellowship_pipeline.release.carried import ADDS, HEADLINES
from fellowship_pipeline.release.held import Held, held_back
from fellowship_pipeline.release.memory import Memory
from fellowship_pipeline.release.revisions import Rules
from tests.release.kpi_rows import write_kpis
from tests.release.labeled import make_labeled
from tests.release.people import CLOSED, KINDS, QUESTIONS, RUNNING, Rows, Somebody, rows_of

People = Mapping[str, Somebody]
KNOWN = (
    *("kpi.headlines", "core.cohorts"),
    *(f"core.{name}" for name in ("person_periods", "person_slices", "seat_changes", "invitations", "seats")),
    *(f"core.{name}" for name in ("activity_days", "member_months", "course_starts", "first_completions")),
    *(
        f"core.{name}"
        for name in ("track_progress", "survey_population", "survey_answers", "survey_options", "requests")
    ),
    *(f"core.{name}" for name in ("application_decisions", "applicants", "mission_results", "mission_members")),
    *(f"core.{name}" for name in ("session_attendances", "leaderboard_places", "member_outcomes", "review_cases")),
    "ops.seat_reviews",
)
"""The tables of facts, of which some stay empty."""
RULES = Rules("rules", operational=5, sensitive=10, months=2)
SURVEYS = [
    {
        "id": "s",
        "questions": {
            "helped": {"kind": "single"},
            "step": {"kind": "single"},
            "liked": {"kind": "multi"},
            "score": {"kind": "rating", "scale": [0, 10]},
        },
    }
]
SINGLE = frozenset({("s", "helped"), ("s", "step")})
"""Questions that have one answer."""
ABOUT = {
    "program": {"id": "test"},
    "cohorts": [
        {"id": CLOSED, "starts_on": "2021-08-01", "ends_on": "2022-01-31"},
        {"id": RUNNING, "starts_on": "2022-02-01", "ends_on": "2022-12-31"},
    ],
    "sources": {},
    "surveys": SURVEYS,
}
PROGRAM = Program.model_validate(ABOUT)


def facts_of(people: People, as_of: date) -> dict[str, list[dict[str, object]]]:
    """Rows of schema core, by table."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for name, who in people.items():
        if who.invited_on <= as_of:
            for table, row in _facts(name, who, as_of):
                found[table].append(row)
    return found


def _facts(name: str, who: Somebody, as_of: date) -> Iterator[tuple[str, dict[str, object]]]:
    always = {"valid_from": date(2000, 1, 1), "valid_to": date(9999, 1, 1)}
    yield "person_periods", {"person": name, **who.slices, **always}
    for kind in KINDS:
        yield "person_slices", {"person": name, "slice_by": kind, "slice": who.slices[kind], **always}
    events = [("invited", who.invited_on), ("accepted", who.accepted_on), ("returned", who.left_on)]
    for event, day in events:
        if day and day <= as_of:
            yield (
                "seat_changes",
                {"person": name, "pool": "p", "event": event, "occurred_on": day, "is_effective": True},
            )
    accepted_on = who.accepted_on if who.accepted_on and who.accepted_on <= as_of else None
    about = {"person": name, "member_id": name, "pool": "p", "phase": 1, "invitation": 1}
    yield "invitations", {**about, "sent_on": who.invited_on, "accepted_on": accepted_on}
    if who.accepted_on and who.accepted_on <= as_of:
        yield "seats", {"person": name, "member_id": name, "pool": "p", "held_from": who.accepted_on}
    months: dict[date, int] = defaultdict(int)
    for day in who.days:
        if day <= as_of:
            months[day.replace(day=1)] += 1
            yield "activity_days", {"member_id": name, "day": day, "xp": 50, "minutes": 20}
    for month, days in months.items():
        yield "member_months", {"member_id": name, "month": month, "active_days": days}
    for course, is_done in who.courses.items():
        yield "course_starts", {"member_id": name, "course": course, "first_on": who.invited_on}
        if is_done:
            yield "first_completions", {"member_id": name, "course": course, "completed_on": who.invited_on}
    asked = {"survey": "s", "person": name, "slice_by": "all", "is_asked": True, "has_responded": bool(who.answers)}
    yield "survey_population", asked
    for question, options in who.answers.items():
        for option in options:
            yield "survey_answers", {"survey": "s", "respondent": name, "question": question, "answer": option}
    if who.slices["cohort"] == CLOSED:
        row = {"person": name, "cohort": CLOSED, "stage": "form", "result": who.result, "is_last_at_stage": True}
        yield "application_decisions", row


def rows(people: People, as_of: date) -> Rows:
    """The KPI rows of those persons."""
    return rows_of(list(people.values()), as_of)


def released_after(memory: Memory, people: People, as_of: date, rules: Rules = RULES) -> tuple[Release, Held]:
    """The release of those persons by itself, and as it may follow those remembered."""
    with _warehouse_of(people, as_of) as con:
        made = build_release(con, PROGRAM)
        return made, held_back(con, made, memory, rules, _as_of(people))


def released_alone(people: People, as_of: date) -> Release:
    """The release of those persons by itself."""
    with _warehouse_of(people, as_of) as con:
        return build_release(con, PROGRAM)


@contextmanager
def _warehouse_of(people: People, as_of: date) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        con.execute(f"create table core.parameters as select date '{as_of}' as as_of")
        make_labeled(con)
        for key in KNOWN:
            warehouse.create(con, TABLE_BY_KEY[key])
        for name, facts in facts_of(people, as_of).items():
            con.register("facts", pd.DataFrame(facts))
            con.execute(f"insert into core.{name} by name select * from facts")
        declare_options(con)
        write_kpis(con, rows(people, as_of))
        yield con


def declare_options(con: duckdb.DuckDBPyConnection) -> None:
    """What the questions of the survey offer, in a table that is there."""
    for question, options in QUESTIONS.items():
        con.execute("insert into core.survey_options select 's', ?, unnest(?)", [question, list(options)])


def _as_of(people: People) -> Callable[[date], Mapping[str, pd.DataFrame]]:
    def made(day: date) -> Mapping[str, pd.DataFrame]:
        with warehouse.connect(None) as con:
            write_kpis(con, rows(people, day))
            tables = {name: con.execute(f"select * from kpi.{name}").df() for name in (*ADDS, "scorecard")}
            headlines = tables["scorecard"].reindex(columns=TABLE_BY_KEY["kpi.headlines"].column_names)
            return {**{name: tables[name] for name in ADDS}, HEADLINES: headlines}

    return made


def shown(held: Held, name: str) -> pd.DataFrame:
    """A table as it is published, by its grain, figures as text."""
    frame, labels = held.release.frames[name], held.release.labels[name]
    texts = frame.astype("string").fillna("")
    for column in labels.columns:
        texts[column] = texts[column].mask(labels[column].notna(), labels[column].astype("string"))
    return texts.set_index(list(TABLE_BY_KEY[f"kpi.{name}"].grain)).sort_index()
