"""Files that are held because of what most of their records are."""

from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.intake.plain import loading
from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

FILES = "select status, \"rows\", rejected, reason from raw.files where source = '{}'"
DAYS = "`format` under `columns` says how dates are written, such as '%d/%m/%Y %H:%M'"
REST = "accept it if the rest is enough"


def many(*days: str) -> str:
    return "\n".join(["member,occurred_at,minutes", *(f"kim,{day},5" for day in days)]) + "\n"


def files(place: Place, source: str) -> list[tuple[Any, ...]]:
    with place.staged() as con:
        return fetch(con, FILES.format(source))


UNPADDED = ["2022-03-1"] * 11


@pytest.mark.parametrize(("good", "status"), [(9, "held"), (11, "loaded")])
def test_a_file_most_of_whose_records_are_rejected_is_held_and_says_what_would_mend_it(
    place: Place, good: int, status: str
) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": many(*["2022-03-10"] * good, *UNPADDED)})
    ((found, rows, rejected, reason),) = files(place, "activity")
    if status == "held":
        assert (found, rows, rejected) == ("held", 0, 0)
        assert reason == (
            "11 of its 20 records are rejected, 11 of them because occurred_at: not an instant "
            f"(YYYY-MM-DD[THH:MM[:SS]][Z|±HH:MM]), first on line 11; {DAYS}; {REST}"
        )
    else:
        assert (found, rows, rejected, reason) == ("loaded", 22, 11, None)


def test_few_records_show_nothing(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": many(*["2022-03-1"] * 19)})
    assert files(place, "activity") == [("loaded", 19, 19, None)]


def test_an_accepted_file_is_loaded_with_what_fits(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": many(*["2022-03-10"] * 9, *UNPADDED)})
    ((file_id,),) = place.rows("select file_id from raw.files")
    place.ledger.decide("accept", file_id)
    assert files(place, "activity") == [("loaded", 20, 11, None)]


def test_records_that_the_entry_ignores_are_none_of_them(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "where": {"minutes": "5"}}]})
    ignored = "\n".join(["kim,2022-03-10,6"] * 50) + "\n"
    place.land({"a.csv": many(*["2022-03-10"] * 9, *UNPADDED) + ignored})
    ((status, _, _, reason),) = files(place, "activity")
    assert status == "held"
    assert reason.startswith("11 of its 20 records are rejected")


def test_records_that_a_declared_form_rejects_count_too(place: Place) -> None:
    mapped = {"member": "member", "occurred_at": {"from": "occurred_at", "format": "%d.%m.%Y"}}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": mapped}]})
    place.land({"a.csv": many(*["2022-03-10"] * 11, *["10.03.2022"] * 9)})
    ((status, _, _, reason),) = files(place, "activity")
    assert status == "held"
    assert reason == (
        "11 of its 20 records are rejected, 11 of them because occurred_at: not a date of the form %d.%m.%Y, "
        f"or of several that differ, first on line 2; {DAYS}; {REST}"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("kim,a,,x", "role: not one of learner, builder, mentor, staff, first on line 2; `values: {role: {word of the "
         "file: learner}}` says what its words mean"),
        ("kim,,,", "cohort: required, first on line 2; `where: {cohort: present}` leaves out records without, "
         "`values: {cohort: …}` says what they have in common"),
        ("kim,a,maybe,", "seeking: not a truth value (true/false, yes/no, 1/0), first on line 2; `values: {seeking: "
         "{word of the file: true}}` says what its words mean"),
    ],
)  # fmt: skip
def test_the_key_that_would_mend_it_is_named(place: Place, row: str, said: str) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort,seeking,role\n" + (row + "\n") * 20})
    ((status, _, _, reason),) = files(place, "roster")
    assert (status, reason) == ("held", f"20 of its 20 records are rejected, 20 of them because {said}; {REST}")


def test_numbers_that_do_not_read_name_the_keys_of_numbers(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": "member,occurred_at,xp\n" + 'kim,2022-03-10,"1,000"\n' * 20})
    ((status, _, _, reason),) = files(place, "activity")
    assert status == "held"
    assert "`decimal`, `thousands`, `percent` or `times` under `columns` say how numbers are written" in reason


def test_a_version_that_is_held_leaves_the_one_before_in_force(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort\nkim,a\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\n" + "kim,\n" * 20})
    with place.staged() as con:
        assert fetch(con, "select status from raw.files order by status") == [("held",), ("loaded",)]
        assert fetch(con, "select member, cohort from staging.roster") == [("kim", "a")]


def test_a_large_plain_file_is_judged_alike(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALLEST", 0)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": many(*["2022-03-10"] * 9, *UNPADDED)})
    ((status, _, _, reason),) = files(place, "activity")
    assert (status, reason[:33]) == ("held", "11 of its 20 records are rejected")


def test_exports_of_totals_may_have_many_who_never_opened_their_course(place: Place) -> None:
    """They are no broken records: the differences of exports are taken of whoever has begun."""
    place.configure({"activity": [{"files": "landing/*.csv", "cumulative": True}]})
    rows = ["kim,2022-03-10,SQL,30", *(f"m{at},,SQL,0" for at in range(20))]
    place.land({"a.csv": "\n".join(["member,occurred_at,course,minutes", *rows]) + "\n"})
    with place.staged() as con:
        assert fetch(con, "select status, rejected, reason from raw.files") == [("loaded", 0, None)]
