"""Files replaced where they lay: corrections take what they cover out of force, moved windows stand beside."""

from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.contracts.model import Source
from fellowship_pipeline.contracts.sources import SOURCES
from fellowship_pipeline.intake.landing.ledger import Listed
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.trial import try_file
from tests.intake.homes import Place
from tests.intake.staging.staging_home import required

pytestmark = pytest.mark.slow

EVENTS = "member,event,occurred_at\n"
COUNTS = 'select status, "rows", staged, rejected, superseded, ignored from raw.files order by first_seen, sha256'


def seat_log(*lines: tuple[str, str, int]) -> str:
    """A seat log of March."""
    return EVENTS + "".join(f"{member},{event},2022-03-{day:02}\n" for member, event, day in lines)


TEN = [(f"m{number}", "accepted", number) for number in range(1, 11)]


def place_of(place: Place, **sources: Any) -> Place:
    place.configure({name: [{"files": f"landing/{name}*.csv", **entry}] for name, entry in sources.items()})
    return place


def lies(place: Place, name: str, content: str) -> None:
    """The file lies there and is taken in, as one run does."""
    place.land({name: content})
    place.take_in()


def staged(place: Place, query: str) -> list[tuple[Any, ...]]:
    with place.staged() as con:
        return con.execute(query).fetchall()


def listed(place: Place, status: str) -> Listed:
    with place.staged():
        pass
    (found,) = [file for file in place.ledger.state().listed() if file.status == status and file.source != "roster"]
    return found


MEMBERS = "select member from staging.seat_events order by occurred_at"


@pytest.mark.fault("S0")
def test_lines_deleted_from_a_seat_log_are_out_of_force(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events.csv", seat_log(*TEN))
    assert len(staged(place, MEMBERS)) == 10
    lies(place, "seat_events.csv", seat_log(*TEN[:4], *TEN[5:]))
    assert staged(place, MEMBERS) == [(member,) for member, *_ in TEN if member != "m5"]
    assert staged(place, COUNTS) == [("superseded", 10, 0, 0, 10, 0), ("loaded", 9, 9, 0, 0, 0)]


def test_files_says_what_a_version_replaced_and_what_changed(place: Place) -> None:
    place_of(place, completions={})
    header = "member,course,completed_at,score\n"
    rows = [f"m{number},SQL,2022-03-{number:02},{number}\n" for number in range(1, 21)]
    lies(place, "completions.csv", header + "".join(rows))
    before = listed(place, "loaded")
    changed = [*rows[:3], "m4,SQL,2022-03-04,99\n", *rows[5:], "m4,R,2022-03-06,1\n", "m5,R,2022-03-07,1\n"]
    lies(place, "completions.csv", header + "".join(changed))
    after = listed(place, "loaded")
    assert after.reason == f"replaces {before.id}, which lay here before: 1 rows changed, 2 came, 1 went"
    old = listed(place, "superseded")
    assert (old.id, old.reason, old.rows) == (before.id, "a newer version lies in its place", 20)
    with place.staged() as con:
        assert con.execute("select reason, needs_look from raw.files where status = 'loaded'").fetchall() == [
            (after.reason, False)
        ]


@pytest.mark.fault("S0")
def test_the_newer_version_counts_whatever_the_hashes_and_the_older_again_when_it_comes_back(place: Place) -> None:
    place_of(place, certifications={})
    header = "member,certification,issued_on,expires_on\n"
    first, second = (header + f"m1,A,2022-03-01,20{year}-01-01\n" for year in (25, 26))
    expires = "select year(expires_on) from staging.certifications"
    for content, year in ((first, 2025), (second, 2026), (first, 2025), (second, 2026)):
        lies(place, "certifications.csv", content)
        assert staged(place, expires) == [(year,)]


def test_more_than_a_tenth_fewer_rows_are_held_until_they_are_accepted(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events.csv", seat_log(*TEN))
    lies(place, "seat_events.csv", seat_log(TEN[0], *TEN[3:]))
    held = listed(place, "held")
    assert held.reason == (
        "8 rows, fewer than 90 % of the 10 in the version that lay here before; accept it if that is right"
    )
    assert len(staged(place, MEMBERS)) == 10
    place.ledger.decide("accept", held.id)
    assert len(staged(place, MEMBERS)) == 8


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_a_version_that_is_not_loaded_replaces_nothing(place: Place, verb: Any) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events.csv", seat_log(*TEN))
    lies(place, "seat_events.csv", "member,event\nbroken\n")
    assert len(staged(place, MEMBERS)) == 10
    lies(place, "seat_events.csv", seat_log(*TEN, ("m11", "accepted", 11)))
    assert len(staged(place, MEMBERS)) == 11
    place.ledger.decide(verb, listed(place, "loaded").id)
    assert len(staged(place, MEMBERS)) == 10


def test_a_window_that_has_moved_on_stands_beside_and_decides_over_equal_keys(place: Place) -> None:
    place_of(place, activity={})
    header = "member,occurred_at,xp\n"
    first = "".join(f"m1,2022-03-{day:02},1\n" for day in range(1, 11))
    lies(place, "activity.csv", header + first)
    # begins later, and ends earlier: by time of export the first would decide
    lies(place, "activity.csv", header + "m1,2022-03-05,7\nm1,2022-03-09,8\n")
    assert staged(place, "select sum(xp), count(*) from staging.activity") == [(1 * 8 + 15, 10)]
    assert staged(place, COUNTS) == [("loaded", 10, 8, 0, 2, 0), ("loaded", 2, 2, 0, 0, 0)]
    ((reason,),) = staged(place, "select reason from raw.files where reason is not null")
    assert reason.endswith("which lay here before: both count")


@pytest.mark.parametrize("smallest", [loading.SMALLEST, 0], ids=["as text", "typed"])
def test_a_large_file_is_corrected_like_any_other(place: Place, smallest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    place_of(place, roster={}, activity={})
    lies(place, "roster.csv", "member,cohort,email\nm1,c,ann@x.org\n")
    header, rows = "member,occurred_at,xp\n", [f"m1,2022-03-{day:02}T00:00:00Z,1\n" for day in range(1, 21)]
    lies(place, "activity.csv", header + "".join(rows))
    lies(place, "activity.csv", header + "".join([*rows[:5], "Ann@x.org,2022-03-06T00:00:00Z,5\n", *rows[7:]]))
    assert staged(place, "select sum(xp), count(*), count(member_id) from staging.activity") == [(23, 19, 19)]
    assert str(listed(place, "loaded").reason).endswith("1 rows changed, 0 came, 1 went")
    lies(place, "activity.csv", header + "Ann@X.org,2022-03-20T00:00:00Z,9\nm1,2022-03-21T00:00:00Z,1\n")
    assert staged(place, "select sum(xp), count(*), count(member_id) from staging.activity") == [(32, 20, 20)]


def test_a_third_version_replaces_what_it_covers(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events.csv", seat_log(*TEN[:5]))
    lies(place, "seat_events.csv", seat_log(*TEN[5:]))
    assert len(staged(place, MEMBERS)) == 10
    lies(place, "seat_events.csv", seat_log(*TEN[4:]))
    assert staged(place, 'select status, superseded from raw.files order by "rows", first_seen') == [
        ("loaded", 1),
        ("superseded", 5),
        ("loaded", 0),
    ]
    lies(place, "seat_events.csv", seat_log(("m1", "declined", 1), ("m9", "accepted", 10), *TEN[:4]))
    assert staged(place, "select status, count(*) from raw.files group by 1 order by 1") == [
        ("loaded", 1),
        ("superseded", 3),
    ]


def test_a_content_that_lies_elsewhere_too_stays_in_force(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events-1.csv", seat_log(*TEN))
    lies(place, "seat_events-copy.csv", seat_log(*TEN))
    lies(place, "seat_events-1.csv", seat_log(*TEN[:4], *TEN[5:]))
    assert len(staged(place, MEMBERS)) == 10
    lies(place, "seat_events-copy.csv", seat_log(*TEN[:4], *TEN[5:]))
    assert len(staged(place, MEMBERS)) == 9


def test_a_person_of_another_name_is_no_change(place: Place) -> None:
    place_of(place, roster={}, completions={})
    lies(place, "roster.csv", "member,cohort,email\nm1,c,ann@x.org\n")
    lies(place, "completions.csv", "member,course,completed_at\nm1,SQL,2022-03-01\n")
    lies(place, "completions.csv", "member,course,completed_at\nAnn@X.org,SQL,2022-03-01\n")
    reason = staged(place, "select reason from raw.files where source = 'completions' and status = 'loaded'")[0][0]
    assert reason.endswith("0 rows changed, 0 came, 0 went")


@pytest.mark.parametrize("source", [one for one in SOURCES if not one.replaced_whole], ids=lambda one: one.name)
def test_every_source_may_grow_where_it_lies_whoever_it_is_about(place: Place, source: Source) -> None:
    """Whether or not a person is part of what makes its rows the same."""
    place_of(place, roster={}, **{source.name: {}})
    lies(place, "roster.csv", "member,cohort,email\nm1,c,ann@x.org\nm2,c,bo@x.org\n")
    rows = [required(source.name, **{str(source.person): member}) for member in ("ann@x.org", "bo@x.org")]
    rows[1] |= {"response": "2"} if source.name == "survey_responses" else {}
    header, *lines = [",".join(map(str, row)) + "\n" for row in (rows[0], *(row.values() for row in rows))]
    lies(place, f"{source.name}.csv", header + lines[0])
    lies(place, f"{source.name}.csv", header + "".join(lines))
    found = staged(place, f"select member_id from staging.{source.name} order by all")
    assert found == [("m1",), ("m2",)]


def test_states_of_seats_and_totals_that_follow_each_other_in_one_place_all_stand(place: Place) -> None:
    place_of(place, seat_snapshots={}, activity={"cumulative": True, "exported": {"column": "on"}})
    for day, status, minutes in (("2022-03-01", "invited", 10), ("2022-04-01", "active", 30)):
        lies(place, "seat_snapshots.csv", f"member,status,exported_at,invited_at\nm1,{status},{day},2022-02-01\n")
        lies(place, "activity.csv", f"member,occurred_at,minutes,on\nm1,2022-02-02,{minutes},{day}\n")
    assert staged(place, "select status from staging.seat_snapshots order by exported_at") == [
        ("invited",),
        ("active",),
    ]
    assert staged(place, "select minutes from staging.activity order by occurred_at") == [(None,), (20,)]


def test_without_instants_a_file_of_other_keys_is_no_correction(place: Place) -> None:
    place_of(place, attendance={})
    first, second = ("session,member\n" + "".join(f"{name},m{n}\n" for n in range(10)) for name in ("one", "two"))
    lies(place, "attendance.csv", first)
    lies(place, "attendance.csv", second)
    assert staged(place, "select session, count(*) from staging.attendance group by 1 order by 1") == [
        ("one", 10),
        ("two", 10),
    ]
    lies(place, "attendance.csv", second.replace("two,m3\n", ""))
    assert staged(place, "select session, count(*) from staging.attendance group by 1 order by 1") == [
        ("one", 10),
        ("two", 9),
    ]


def test_a_file_is_tried_as_the_version_that_it_would_be(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events.csv", seat_log(*TEN))
    with place.staged():
        pass
    place.land({"seat_events.csv": seat_log(*TEN[:4], *TEN[5:])})
    (trial,) = try_file(place.home.landing / "seat_events.csv", place.program(), place.home)
    assert (trial.status, trial.staged) == ("loaded", 9)
    assert str(trial.reason).endswith("0 rows changed, 0 came, 1 went")
    place.land({"seat_events.csv": seat_log(*TEN[:5])})
    (trial,) = try_file(place.home.landing / "seat_events.csv", place.program(), place.home)
    assert (trial.status, trial.staged) == ("loaded", 5)
    assert str(trial.reason).endswith("both count")


def test_files_that_never_had_another_version_are_left_alone(place: Place) -> None:
    place_of(place, seat_events={})
    lies(place, "seat_events-0.csv", seat_log(("m0", "accepted", 30)))
    lies(place, "seat_events.csv", seat_log(*TEN))
    lies(place, "seat_events.csv", seat_log(*TEN[:4], *TEN[5:]))
    assert len(staged(place, MEMBERS)) == 10
    assert sorted(staged(place, COUNTS)) == [
        ("loaded", 1, 1, 0, 0, 0),
        ("loaded", 9, 9, 0, 0, 0),
        ("superseded", 10, 0, 0, 10, 0),
    ]
