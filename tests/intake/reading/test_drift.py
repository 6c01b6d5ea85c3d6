"""Files with canonical headers that lack, rename, empty or add a column, beside the export before them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from fellowship_pipeline.intake.plain import loading
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

FILES = "select path, status, reason from raw.files order by path, sha256"
BEFORE = "member,occurred_at,course,xp\nkim,2022-03-01,R,10\n"
RENAMED = "member,occurred_at,course,points\nkim,2022-03-02,R,10\n"
REMOVED = "member,occurred_at,course\nkim,2022-03-02,R\n"
LATER = "member,occurred_at,course,xp\nkim,2022-03-03,R,10\n"


@pytest.fixture
def exports(place: Place) -> Place:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    return place


def decide(place: Place, path: str) -> None:
    ((file_id,),) = place.rows(f"select file_id from raw.files where path = 'landing/{path}' and status = 'held'")
    place.ledger.decide("accept", file_id)


def statuses(place: Place) -> list[str]:
    return [status for _, status, _ in place.rows(FILES)]


def arrive(place: Place, files: Iterable[tuple[str, str]]) -> None:
    """One after another, each in an arrival of its own."""
    for name, text in files:
        place.land({name: text})
        place.take_in()


@pytest.mark.fault("B23", "B25")
@pytest.mark.parametrize("smallest", [0, 1 << 40], ids=["streamed", "as text"])
@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
@pytest.mark.parametrize("older_first", [True, False])
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (RENAMED, "column 'xp' of the export before missing; new: column 'points'; accept it if that is right"),
        (REMOVED, "column 'xp' of the export before missing; accept it if that is right"),
    ],
)
def test_an_export_without_a_column_of_the_one_before_is_held(
    exports: Place,
    monkeypatch: pytest.MonkeyPatch,
    smallest: int,
    names: tuple[str, str],
    older_first: bool,
    changed: str,
    reason: str,
) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    files = list(zip(names, (BEFORE, changed), strict=True))
    arrive(exports, files if older_first else files[::-1])
    found = {path: (status, why) for path, status, why in exports.rows(FILES)}
    assert found == {"landing/" + names[0]: ("loaded", None), "landing/" + names[1]: ("held", reason)}
    assert exports.rows("select count(*) from raw.plain join raw.files using (file_id)") == [(0 if smallest else 2,)]


@pytest.mark.fault("B23")
def test_a_held_export_leaves_its_rows_out_and_is_in_the_ledger(exports: Place) -> None:
    exports.land({"a.csv": BEFORE, "b.csv": RENAMED})
    assert exports.rows("select occurred_at, xp from raw.activity") == [("2022-03-01", "10")]
    (held,) = [file for file in exports.ledger.state().listed() if file.status == "held"]
    assert (held.path, held.rows) == ("landing/b.csv", 0)
    assert str(held.reason).startswith("column 'xp' of the export before missing")


@pytest.mark.fault("B25")
def test_a_column_that_comes_later_holds_nothing_back(exports: Place) -> None:
    exports.land({"a.csv": REMOVED, "b.csv": LATER})
    assert statuses(exports) == ["loaded", "loaded"]


@pytest.mark.fault("B23")
def test_a_held_export_is_nothing_to_compare_with_and_an_accepted_one_is(exports: Place) -> None:
    exports.land({"a.csv": BEFORE, "b.csv": RENAMED, "c.csv": RENAMED.replace("-02", "-03")})
    assert statuses(exports) == ["loaded", "held", "held"]
    decide(exports, "b.csv")
    assert statuses(exports) == ["loaded", "loaded", "loaded"]


@pytest.mark.fault("B23")
def test_the_declared_time_of_export_decides(place: Place) -> None:
    exported = {"filename": r"(?P<date>\d{4}-\d\d-\d\d)\.csv"}
    place.configure({"activity": [{"files": "landing/*.csv", "exported": exported}]})
    place.land({"2022-04-02.csv": BEFORE, "2022-04-01.csv": REMOVED})
    assert statuses(place) == ["loaded", "loaded"]
    place.land({"2022-04-03.csv": REMOVED.replace("-02", "-01")})
    assert statuses(place) == ["loaded", "loaded", "held"]


def test_exports_of_one_instant_are_compared_with_the_fuller_one(exports: Place) -> None:
    exports.land({"a.csv": REMOVED.replace("-02", "-01"), "b.csv": BEFORE})
    assert statuses(exports) == ["held", "loaded"]


def test_a_column_that_the_entry_says_is_not_missing(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "values": {"course": "R"}}]})
    place.land({"a.csv": BEFORE, "b.csv": "member,occurred_at,xp\nkim,2022-03-02,1\n"})
    assert statuses(place) == ["loaded", "loaded"]


@pytest.mark.fault("B25")
@pytest.mark.parametrize("smallest", [0, 1 << 40], ids=["streamed", "as text"])
@pytest.mark.parametrize(("records", "status"), [(19, "loaded"), (20, "held")])
def test_amounts_that_became_empty_throughout_are_held_from_twenty_records_on(
    exports: Place, monkeypatch: pytest.MonkeyPatch, smallest: int, records: int, status: str
) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    empty = "member,occurred_at,course,xp\n" + "".join(f"m{n},2022-03-02,R,\n" for n in range(records))
    exports.land({"a.csv": BEFORE, "b.csv": empty})
    assert statuses(exports) == ["loaded", status]
    if status == "held":
        assert exports.rows("select reason from raw.files where status = 'held'") == [
            ("column 'xp' empty in every record, but not in the export before; accept it if that is right",)
        ]
        decide(exports, "b.csv")
        assert statuses(exports) == ["loaded", "loaded"]


@pytest.mark.fault("B25")
def test_certificates_are_in_the_order_of_their_days(place: Place) -> None:
    place.configure({"certifications": [{"files": "landing/*.csv"}]})
    without = "member,certification,issued_on\nkim,AWS,2022-03-02\n"
    place.land(
        {"a.csv": without, "b.csv": "member,certification,issued_on,expires_on\nkim,CKA,2022-03-01,2025-03-01\n"}
    )
    assert statuses(place) == ["held", "loaded"]


@pytest.mark.fault("B25")
def test_attendance_that_says_no_time_is_in_the_order_of_arrival(place: Place) -> None:
    place.configure({"attendance": [{"files": "landing/*.csv"}]})
    arrive(place, [("b.csv", "session,member,status\ns1,kim,registered\n"), ("a.csv", "session,member\ns2,kim\n")])
    assert statuses(place) == ["held", "loaded"]


ROSTER = "member,cohort,role\nkim,c1,mentor\n"
NO_ROLE = "member,cohort,position\nkim,c1,mentor\nlee,c1,learner\n"


@pytest.mark.fault("B23", "B25")
def test_a_roster_without_a_column_of_its_version_before_is_held_and_that_stays_in_force(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}]})
    arrive(place, [("roster.csv", ROSTER), ("roster.csv", NO_ROLE)])
    assert place.rows("select member, role from raw.roster") == [("kim", "mentor")]
    reason = "column 'role' of the export before missing; new: column 'position'; accept it if that is right"
    found = place.rows('select status, reason, "rows" from raw.files order by status')
    assert found == [("held", reason, 0), ("loaded", None, 1)]
    decide(place, "roster.csv")
    assert place.rows("select member, role from raw.roster order by 1") == [("kim", None), ("lee", None)]
    assert sorted(statuses(place)) == ["loaded", "superseded"]


@pytest.mark.fault("B25")
def test_a_whole_roster_takes_the_place_of_those_that_were_held(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}]})
    whole = "member,cohort,role\nkim,c1,mentor\nlee,c1,learner\n"
    arrive(place, [("roster.csv", ROSTER), ("roster.csv", NO_ROLE), ("roster.csv", whole)])
    assert place.rows("select member, role from raw.roster order by 1") == [("kim", "mentor"), ("lee", "learner")]
    assert sorted(statuses(place)) == ["loaded", "superseded", "superseded"]


@pytest.mark.fault("B24")
@pytest.mark.parametrize("older_first", [True, False])
def test_a_new_column_is_left_aside_with_a_note(exports: Place, older_first: bool) -> None:
    new = "member,occurred_at,Team,course,xp\nkim,2022-03-02,blue,R,10\n"
    files = [("a.csv", BEFORE), ("b.csv", new)]
    arrive(exports, files if older_first else files[::-1])
    note = "column 'Team' left aside: no other file of the entry has it"
    assert exports.rows(FILES) == [("landing/a.csv", "loaded", None), ("landing/b.csv", "loaded", note)]
    assert exports.rows("select occurred_at, xp from raw.activity order by 1") == [
        ("2022-03-01", "10"),
        ("2022-03-02", "10"),
    ]
    assert exports.rows("select path from raw.files where needs_look") == [("landing/b.csv",)]
    assert [file.reason for file in exports.ledger.state().listed()] == [None, note]


def test_a_column_that_every_file_has_is_nothing_to_note(exports: Place) -> None:
    exports.land({"a.csv": RENAMED, "b.csv": RENAMED.replace("-02", "-03")})
    assert [why for *_, why in exports.rows(FILES)] == [None, None]
