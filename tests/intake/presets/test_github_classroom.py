from __future__ import annotations

from typing import Any

from tests.intake.homes import Place, fetch

HEADER = '"identifier","github_username","github_id","name"\n'
LINKED = '"gaon@example.org","gaon-dev","1001","Gaon"\n'
INVITED = '"bora@example.org","","",""\n'
UNLINKED = '"","passer-by","1003","Someone"\n'
ROSTER = HEADER + LINKED + INVITED + UNLINKED
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def configure(place: Place, source: str, **entry: Any) -> None:
    place.configure({source: [{"preset": "github_classroom", "files": "landing/*", **entry}]})


def test_an_account_is_an_alias_of_who_has_the_identifier(place: Place) -> None:
    """Bora has not joined yet; the passer-by is linked to nobody and has to be looked at."""
    configure(place, "aliases")
    place.land({"classroom_roster.csv": ROSTER})
    with place.staged() as con:
        assert fetch(con, "select member, kind, value from staging.aliases") == [
            ("gaon@example.org", "github", "gaon-dev")
        ]
        assert fetch(con, FATES) == [(3, 1, 1, 0, 1)]


def test_everybody_with_an_identifier_is_on_the_roster_of_the_cohort_that_is_declared(place: Place) -> None:
    configure(place, "roster", values={"cohort": "spring"})
    place.land({"classroom_roster.csv": ROSTER})
    with place.staged() as con:
        assert fetch(con, "select member, cohort, name from staging.roster order by 1") == [
            ("bora@example.org", "spring", None),
            ("gaon@example.org", "spring", "Gaon"),
        ]
        assert fetch(con, FATES) == [(3, 2, 1, 0, 0)]


def test_without_a_cohort_the_roster_is_refused(place: Place) -> None:
    configure(place, "roster")
    place.land({"classroom_roster.csv": ROSTER})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "it does not say cohort: declare `values: {cohort: …}` in the entry")
    ]


def test_a_team_of_an_assignment_is_left_alone(place: Place) -> None:
    configure(place, "aliases")
    place.land({"roster.csv": HEADER.replace("\n", ',"group_name"\n') + LINKED.replace("\n", ',"Team 4"\n')})
    assert place.rows("select member, value from raw.aliases") == [("gaon@example.org", "gaon-dev")]
