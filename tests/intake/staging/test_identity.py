from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fellowship_pipeline.contracts import SOURCES
from fellowship_pipeline.intake.staging import stage

from .staging_home import Landing, landing, program, required

pytestmark = pytest.mark.slow

EVERYTHING = tuple(source.name for source in SOURCES)


def known(raw: Landing) -> None:
    raw.file(
        "roster",
        "r",
        {"member": "m1", "cohort": "c1", "email": "Ann@Example.org "},
        {"member": "m2", "cohort": "c1", "email": "shared@example.org"},
        {"member": "m3", "cohort": "c1", "email": "shared@example.org"},
        {"member": "kim", "cohort": "c1"},
        {"member": "m4", "cohort": "c1", "email": "Jose\u0301@Straße.org"},
    )
    raw.file(
        "aliases",
        "s",
        {"member": "m1", "kind": "discord", "value": "annie"},
        {"member": "m2", "kind": "kaggle", "value": "kim"},
        {"member": "m2", "kind": "survey", "value": "twin"},
        {"member": "m3", "kind": "discord", "value": "twin"},
        {"member": "m3", "kind": "email", "value": "THREE@example.org"},
        {"member": "m2", "kind": "platform", "value": "other@example.org"},
        {"member": "m2", "kind": "platform", "value": "ann@example.org"},
        {"member": "only-alias", "kind": "discord", "value": "ghost"},
    )


def resolved(name: str) -> tuple[Any, ...]:
    """What the name of an activity row resolves to, and why to nobody."""
    with landing() as raw:
        known(raw)
        raw.file("activity", "a", {"member": name, "occurred_at": "2022-01-01"})
        stage(raw.con, program(*EVERYTHING))
        reasons = [row[0] for row in raw.rows("ops.unmatched", "reason")]
        return (raw.rows("staging.activity", "member_id")[0][0], *reasons)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("m1", "m1"),
        ("only-alias", "only-alias"),
        ("annie", "m1"),
        ("ghost", "only-alias"),
        ("kim", "kim"),  # a member id stands before an alias
        ("Ann@Example.ORG", "m1"),
        ("ann@example.org", "m2"),  # an exact alias stands before an e-mail
        ("three@EXAMPLE.org", "m3"),
        ("JOS\u00c9@STRASSE.ORG", "m4"),
    ],
)
def test_the_first_step_that_knows_a_name_decides(name: str, member: str) -> None:
    assert resolved(name) == (member,)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Annie", "unknown"),  # an alias is exact
        ("M1", "unknown"),
        ("OTHER@example.org", "unknown"),  # only aliases of kind email are e-mails
        ("stranger", "unknown"),
        ("twin", "ambiguous"),
        ("SHARED@example.org", "ambiguous"),
    ],
)
def test_a_name_of_nobody_or_of_two_is_not_guessed(name: str, reason: str) -> None:
    assert resolved(name) == (None, reason)


def test_unmatched_names_are_listed_with_their_rows_first_day_and_a_file() -> None:
    with landing() as raw:
        known(raw)
        raw.file(
            "activity",
            "b",
            {"member": "x", "occurred_at": "2022-03-02T00:30"},
            {"member": "x", "occurred_at": "2022-03-01T20:00Z"},
            {"member": "y", "occurred_at": "2022-01-01"},
            {"member": "m1", "occurred_at": "2022-01-01"},
        )
        raw.file("activity", "a", {"member": "x", "occurred_at": "2022-04-01"})
        raw.file("outcomes", "o", {"member": "x", "kind": "job", "occurred_on": "2022-05-05"})
        raw.file("attendance", "t", {"member": "x", "session": "s1"})
        raw.file("support_requests", "q", {"opened_at": "2022-01-01"})
        stage(raw.con, program(*EVERYTHING))
        assert raw.rows("ops.unmatched", "source", "value", "rows", "first_seen", "file", "reason") == [
            ("activity", "x", 3, date(2022, 3, 2), "landing/a.csv", "unknown"),
            ("activity", "y", 1, date(2022, 1, 1), "landing/b.csv", "unknown"),
            ("attendance", "x", 1, None, "landing/t.csv", "unknown"),
            ("outcomes", "x", 1, date(2022, 5, 5), "landing/o.csv", "unknown"),
        ]


def test_rows_that_another_export_replaced_are_not_listed() -> None:
    with landing() as raw:
        known(raw)
        raw.file("activity", "a", {"member": "x", "occurred_at": "2022-01-01"})
        raw.file("activity", "b", {"member": "x", "occurred_at": "2022-01-01"})
        stage(raw.con, program(*EVERYTHING))
        assert raw.rows("ops.unmatched", "rows", "file") == [(1, "landing/b.csv")]


def test_an_applicant_is_resolved_but_may_be_somebody_new() -> None:
    with landing() as raw:
        known(raw)
        applicants = ("annie", "newcomer", "twin")
        raw.file("applications", "a", *(required("applications", applicant=name) for name in applicants))
        stage(raw.con, program(*EVERYTHING))
        assert raw.rows("staging.applications", "applicant", "member_id") == [
            ("annie", "m1"),
            ("newcomer", None),
            ("twin", None),
        ]
        assert raw.rows("ops.unmatched", "value", "reason") == [("twin", "ambiguous")]


def test_a_program_without_roster_and_aliases_takes_names_as_they_are() -> None:
    with landing() as raw:
        raw.file("activity", "a", {"member": " Ann ", "occurred_at": "2022-01-01"})
        raw.file("applications", "b", required("applications", applicant="Bo"))
        stage(raw.con, program("activity", "applications"))
        assert raw.rows("staging.activity", "member_id") == [("Ann",)]
        assert raw.rows("staging.applications", "member_id") == [("Bo",)]
        assert raw.rows("ops.unmatched", "value") == []


def test_a_program_whose_roster_has_not_come_knows_nobody() -> None:
    with landing() as raw:
        raw.file("activity", "a", {"member": "Ann", "occurred_at": "2022-01-01"})
        stage(raw.con, program("activity", "roster"))
        assert raw.rows("staging.activity", "member_id") == [(None,)]
        assert raw.rows("ops.unmatched", "value") == [("Ann",)]


def test_every_source_with_a_person_is_resolved() -> None:
    for source in SOURCES:
        with landing() as raw:
            known(raw)
            if source.name not in ("roster", "aliases"):
                person = {source.person: "annie"} if source.person else {}
                raw.file(source.name, "a", required(source.name, **person))
                stage(raw.con, program(*EVERYTHING))
                expected = "m1" if source.person else None
                assert raw.rows(f"staging.{source.name}", "member_id") == [(expected,)], source.name


def test_members_of_the_roster_and_of_aliases_are_themselves() -> None:
    with landing() as raw:
        known(raw)
        stage(raw.con, program(*EVERYTHING))
        for table in ("staging.roster", "staging.aliases"):
            assert all(member == member_id for member, member_id in raw.rows(table, "member", "member_id"))
