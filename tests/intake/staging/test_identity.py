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
        ("annie", "m1"),
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


def named(raw: Landing, *aliases: tuple[str, str, str]) -> dict[str, str | None]:
    """Whom the lines of a file of aliases are about, by their value; of a roster with namesakes."""
    raw.file(
        "roster",
        "r",
        {"member": "m1", "cohort": "c1", "name": "Ann Lee", "email": "ann@x.org"},
        {"member": "m1", "cohort": "c2", "name": "Ann Lee", "email": "ann@x.org"},
        {"member": "m2", "cohort": "c1", "name": "Bo", "email": "two@x.org"},
        {"member": "m3", "cohort": "c1", "name": "Bo", "email": "two@x.org"},
        {"member": "m4", "cohort": "c1", "name": "Jose\u0301"},
    )
    raw.file("aliases", "a", *({"member": m, "kind": kind, "value": value} for m, kind, value in aliases))
    stage(raw.con, program(*EVERYTHING))
    return dict(raw.con.execute("select value, member_id from staging.aliases").fetchall())


@pytest.mark.fault("S1")
@pytest.mark.parametrize(
    ("member", "member_id", "reason"),
    [
        ("m1", "m1", None),
        ("ANN@X.org", "m1", None),
        ("Ann Lee", "m1", None),  # two rows of one member are one
        ("Jos\u00e9", "m4", None),
        ("ann lee", None, "unknown"),  # never by a similar name
        ("Bo", None, "ambiguous"),
        ("Two@x.org", None, "ambiguous"),
        ("somebody", None, "unknown"),
    ],
)
def test_a_line_of_aliases_is_about_whom_its_member_names(
    member: str, member_id: str | None, reason: str | None
) -> None:
    with landing() as raw:
        assert named(raw, (member, "discord", "handle")) == {"handle": member_id}
        expected = [("aliases", member, 1, None, "landing/a.csv", reason)] if reason else []
        assert raw.rows("ops.unmatched", "source", "value", "rows", "first_seen", "file", "reason") == expected


def test_aliases_of_aliases_lead_to_the_member() -> None:
    with landing() as raw:
        found = named(
            raw,
            ("third", "meeting", "fourth"),
            ("annie", "platform", "third"),
            ("Ann Lee", "discord", "annie"),
            ("m2", "email", "Bo@Y.org"),
            ("bo@y.org", "kaggle", "bo-kaggle"),
            ("m2", "survey", "twin"),
            ("m3", "survey", "twin"),
            ("twin", "kaggle", "of two"),
            ("round", "kaggle", "round"),
        )
        assert found == {
            "fourth": "m1",
            "third": "m1",
            "annie": "m1",
            "Bo@Y.org": "m2",
            "bo-kaggle": "m2",
            "twin": found["twin"],
            "of two": None,
            "round": None,
        }
        assert raw.rows("ops.unmatched", "value", "reason") == [("round", "unknown"), ("twin", "ambiguous")]


def test_a_member_known_by_address_has_that_address() -> None:
    with landing() as raw:
        raw.file("roster", "r", {"member": "Ann@x.org", "cohort": "c1"}, {"member": "m2", "cohort": "c1"})
        raw.file("activity", "v", {"member": "ann@X.org", "occurred_at": "2022-01-01"})
        stage(raw.con, program(*EVERYTHING))
        assert raw.rows("staging.roster", "member", "email") == [("Ann@x.org", "Ann@x.org"), ("m2", None)]
        assert raw.rows("staging.activity", "member_id") == [("Ann@x.org",)]


@pytest.mark.fault("S1")
def test_a_line_of_aliases_about_nobody_makes_nobody_a_member() -> None:
    with landing() as raw:
        raw.file("roster", "r", {"member": "m1", "cohort": "c1", "email": "ann@x.org"})
        raw.file(
            "aliases",
            "a",
            {"member": "Ann@x.org", "kind": "kaggle", "value": "ann-k"},
            {"member": "gone", "kind": "kaggle", "value": "ghost"},
        )
        names = ("ann-k", "ANN@x.org", "ghost", "gone")
        raw.file("activity", "v", *({"member": name, "occurred_at": "2022-01-01"} for name in names))
        stage(raw.con, program(*EVERYTHING))
        assert raw.rows("staging.activity", "member", "member_id") == [
            ("ANN@x.org", "m1"),
            ("ann-k", "m1"),
            ("ghost", None),
            ("gone", None),
        ]
        assert raw.rows("ops.unmatched", "source", "value") == [
            ("activity", "ghost"),
            ("activity", "gone"),
            ("aliases", "gone"),
        ]


def test_without_a_roster_aliases_say_who_the_members_are() -> None:
    with landing() as raw:
        raw.file(
            "aliases",
            "a",
            {"member": "Ann", "kind": "kaggle", "value": "ann-k"},
            {"member": "ann-k", "kind": "discord", "value": "a"},
        )
        raw.file("activity", "v", *({"member": name, "occurred_at": "2022-01-01"} for name in ("Ann", "ann-k", "a")))
        stage(raw.con, program("aliases", "activity"))
        assert raw.rows("staging.aliases", "member", "member_id") == [("Ann", "Ann"), ("ann-k", "ann-k")]
        assert raw.rows("staging.activity", "member", "member_id") == [
            ("Ann", "Ann"),
            ("a", "ann-k"),
            ("ann-k", "ann-k"),
        ]
        assert raw.rows("ops.unmatched", "value") == []


def test_a_roster_that_has_not_come_makes_nobody_of_aliases_a_member() -> None:
    with landing() as raw:
        raw.file("aliases", "a", {"member": "m1", "kind": "kaggle", "value": "ann-k"})
        stage(raw.con, program("roster", "aliases"))
        assert raw.rows("staging.aliases", "member_id") == [(None,)]
        assert raw.rows("ops.unmatched", "source", "value") == [("aliases", "m1")]
