"""``fellowship review``: from a proposal to what stands in decisions.jsonl, and back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import decisions
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.lock import hold
from tests.clocks import SetClock
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran, rows

pytestmark = pytest.mark.slow

ROSTER = (
    "member,name,email,cohort,study_mode,joined_on,role\n"
    "m1,Ann,ann@example.org,c,individual,2021-12-01,learner\n"
    "m2,Bo,bo@example.org,c,individual,2021-12-01,learner\n"
    "m3,Cy,,c,individual,2021-12-01,learner\n"
    "m4,Bo,,c,individual,2021-12-01,learner\n"
    "other,Di,,c,individual,2021-12-01,learner\n"
)
SEATS = "member,event,pool,occurred_at\n" + "".join(
    f"{member},accepted,p,2021-12-05T09:00:00\n" for member in ("m1", "m2", "m3", "m4")
)
XP = {"m1": 1001, "m2": 1000, "m3": 999}
JANUARY = activity(*month("2022-01"), **XP)
FEBRUARY = date(2022, 2, 1)
PROPOSED = [("m3", "reclaim", 999.0), ("m4", "reclaim", 0.0), ("m1", "keep", 1001.0), ("m2", "keep", 1000.0)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January with 1,001, 1,000, 999 and no XP, run once."""
    place = fellowship(tmp_path_factory.mktemp("review") / "home")
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS, "activity-01.csv": JANUARY})
    ran(place)
    return place.path


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy of it, with a key of its own."""
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    shutil.copytree(made, tmp_path / "home")
    return Place(tmp_path / "home")


@pytest.fixture
def review(place: Place, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`fellowship review HOME 2022-02 …`: exit code, stdout, stderr."""

    def said(*arguments: str, of: str = "2022-02") -> tuple[int, str, str]:
        capsys.readouterr()
        code = status(["review", str(place.path), of, *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return said


Review = Callable[..., tuple[int, str, str]]


def withdrawn(place: Place, name: str) -> None:
    ((id_,),) = rows(place, f"select file_id from raw.files where path = 'landing/{name}'")
    place.ledger.decide("withdraw", id_)


def issued(place: Place) -> list[tuple[Any, ...]]:
    return [(one.member_id, one.decision, one.exception) for one in decisions.load(place.home).issued]


def words(line: str) -> list[str]:
    return line.split()


def test_the_proposal_is_a_table_with_names_and_evidence(review: Review) -> None:
    code, out, err = review()
    assert code == 0
    lines = [words(line) for line in out.splitlines()]
    assert lines[0] == words("pool member name address mode rule XP days last activity decision reason")
    assert lines[1] == words("p m3 Cy individual xp-1000 999 of 1,000 1 of 1 2022-01-01 reclaim xp")
    assert lines[2] == words("p m4 Bo individual xp-1000 0 of 1,000 0 of 1 reclaim xp+active_days")
    assert lines[3] == words("p m1 Ann ann@example.org individual xp-1000 1,001 of 1,000 1 of 1 2022-01-01 keep met")
    assert err == "review of 2022-02, as of 2022-01-31: 2 reclaim, 2 keep; a proposal until it is confirmed\n"


def test_the_proposal_as_json(review: Review) -> None:
    document = json.loads(review("--json")[1])
    assert [(case["member_id"], case["decision"], case["xp"]) for case in document["proposed"]] == PROPOSED
    assert (document["review_month"], document["as_of"], document["issued"]) == ("2022-02", "2022-01-31", [])


def test_what_is_confirmed_stands_with_its_evidence(place: Place, review: Review) -> None:
    code, _, err = review("confirm", "--by", "kim")
    assert (code, err.splitlines()[-1]) == (
        0, "4 decisions issued; the next run has them in ops.review_decisions and operations/current",
    )  # fmt: skip
    one = decisions.load(place.home).issued[0]
    assert (one.review_month, one.pool, one.member_id, one.decision, one.proposed, one.reason, one.exception) == (
        FEBRUARY, "p", "m3", "reclaim", "reclaim", "xp", None,
    )  # fmt: skip
    assert (one.rule, one.minimum_xp, one.minimum_active_days, one.xp, one.active_days) == ("xp-1000", 1000, 1, 999, 1)
    assert (one.seat_since, one.last_activity, one.issued_by) == (date(2021, 12, 5), date(2022, 1, 1), "kim")
    assert set(one.files) == {sha for (sha,) in rows(place, "select sha256 from raw.files")}
    assert len(one.files) == 3
    assert [line["event"] for line in Chain(place.home.decisions).read()] == ["begun", *["issued"] * 4, "confirmed"]
    assert place.home.decisions.stat().st_mode & 0o777 == 0o600


def test_who_decides_is_the_user_of_the_machine_unless_it_is_said(
    place: Place, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fellowship_pipeline.cli.reviewing.user", lambda: "lee")
    review("confirm")
    assert {one.issued_by for one in decisions.load(place.home).issued} == {"lee"}


@pytest.mark.parametrize("member", ["m3", "Cy"])
def test_an_exception_keeps_the_seat_with_its_reason(place: Place, review: Review, member: str) -> None:
    assert review("confirm", "--except", f"{member}=was ill = proven")[0] == 0
    assert issued(place) == [
        ("m3", "exempt", "was ill = proven"), ("m4", "reclaim", None), ("m1", "keep", None), ("m2", "keep", None),
    ]  # fmt: skip
    assert "exempt    xp, but: was ill = proven" in review()[1]


@pytest.mark.parametrize(
    ("exception", "said"),
    [
        ("m9=ill", "--except m9: not in the review of 2022-02"),
        ("Bo=ill", "--except Bo: several members are called so; give the member id"),
        ("m1=ill", "--except m1: no seat of theirs is taken back (keep)"),
        ("m3", "--except m3: expected MEMBER=REASON, such as m017='on parental leave'"),
        ("m3= ", "--except m3= : expected MEMBER=REASON, such as m017='on parental leave'"),
    ],
)
def test_an_exception_that_is_none_issues_nothing(place: Place, review: Review, exception: str, said: str) -> None:
    assert review("confirm", "--except", exception) == (2, "", f"error: {said}\n")
    assert issued(place) == []


def test_a_review_is_confirmed_once(place: Place, review: Review) -> None:
    review("confirm", "--by", "kim")
    before = place.home.decisions.read_bytes()
    code, _, err = review("confirm", "--by", "lee")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("error: the review of 2022-02 was confirmed on ")
    assert "UTC by kim: what is new is a difference" in err
    assert place.home.decisions.read_bytes() == before


def test_who_confirms_waits_for_a_run(place: Place, review: Review) -> None:
    with hold(place.home.state, 0):
        code, _, err = review("confirm", "--wait", "0")
    assert (code, "another run" in err, place.home.decisions.exists()) == (3, True, False)


def test_undoing_is_an_entry_of_its_own_and_is_done_once(place: Place, review: Review) -> None:
    review("confirm", "--by", "kim")
    before, one = place.home.decisions.read_bytes(), decisions.load(place.home).issued[0]
    assert review("undo", one.decision_id[:4], "she was ill", "--by", "lee")[0] == 0
    assert place.home.decisions.read_bytes().startswith(before)
    undone = decisions.load(place.home).undone[one.decision_id]
    assert (undone.reason, undone.undone_by, decisions.load(place.home).issued[0]) == ("she was ill", "lee", one)
    assert "reclaim (undone: she was ill)" in review()[1]
    code, _, err = review("undo", one.decision_id, "again")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith(f"error: decision {one.decision_id} was undone already, on ")
    ran(place)
    assert rows(place, "select member_id, undone_by from ops.review_decisions where undo_id is not null") == [
        ("m3", "lee")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("undo", "abcd", "why"), "the review of 2022-02 is not confirmed: there is nothing to undo"),
        (("undo", "abcd"), "expected `review HOME MONTH`"),
        (("confirm", "abcd"), "expected `review HOME MONTH`"),
        (("--except", "m3=ill"), "--except goes with `confirm`"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(review: Review, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = review(*arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith(f"error: {said}")


def test_ids_that_are_none(place: Place, review: Review) -> None:
    review("confirm")
    for wanted, said in {"zzzz": "has the id 'zzzz'", "a": "'a' is too short for the id of a decision"}.items():
        code, _, err = review("undo", wanted, "why")
        assert (code, said in err, err.count("\n")) == (2, True, 1)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("2022-01", "no seat review for 2022-01: reviews are of 2022-02 to 2022-02"),
        ("2022-03", "no seat review for 2022-03: the data reach 2022-01-31, and the month before is not over then"),
    ],
)
def test_a_month_without_a_review_is_said_with_why(review: Review, of: str, said: str) -> None:
    assert review(of=of) == (2, "", f"error: {said}\n")
    assert review("confirm", of=of) == (2, "", f"error: {said}\n")


def test_a_month_that_is_no_month(review: Review) -> None:
    code, _, err = review(of="2022-13")
    assert (code, err.count("\n")) == (2, 1)


def test_a_month_with_a_gap_cannot_be_confirmed_and_says_which_days_are_missing(place: Place, review: Review) -> None:
    withdrawn(place, "activity-01.csv")
    gap = [day for day in month("2022-01") if not "2022-01-10" <= day <= "2022-01-14" and day != "2022-01-30"]
    place.land({"activity-gap.csv": activity(*gap, **XP)})
    ran(place)
    said = "error: no seat review for 2022-02: activity is missing on 2022-01-10 … 2022-01-14\n"
    assert review() == (2, "", said)
    assert review("confirm") == (2, "", said)
    assert not place.home.decisions.exists()


def test_without_tables_there_is_nothing_to_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = fellowship(tmp_path / "home")
    assert status(["review", str(place.path), "2022-02"]) == 2
    assert capsys.readouterr().err == (
        f"error: {place.path} has no tables yet: `fellowship run {place.path}` makes them\n"
    )


def test_what_came_after_the_run_is_said_and_keeps_it_from_being_confirmed(place: Place, review: Review) -> None:
    place.land({"activity-late.csv": activity("2022-01-20", m3=1)})
    place.take_in()
    behind = "something came, or was decided on files, after the last run"
    code, out, err = review()
    assert (code, "reclaim" in out, f"warning: {behind}: `fellowship run" in err) == (0, True, True)
    code, _, err = review("confirm")
    assert (code, err.startswith(f"error: {behind}: `fellowship run"), err.count("\n")) == (2, True, 1)
    ran(place)
    assert review("confirm")[0] == 0
    assert ("m3", "keep", None) in issued(place)


def test_a_rule_changed_after_the_run_keeps_it_from_being_confirmed(place: Place, review: Review) -> None:
    place.home.program_file.write_text(place.home.program_file.read_text().replace("1000", "1001"))
    code, _, err = review("confirm")
    assert (code, err.startswith("error: program.yaml has changed since the last run")) == (2, True)


@pytest.mark.parametrize(("decision", "of_m3"), [("accept", "keep"), ("reject", "reclaim")])
def test_while_a_file_that_may_tell_of_the_month_is_held_nothing_is_confirmed(
    place: Place, review: Review, decision: str, of_m3: str
) -> None:
    """Its days are covered by others, and all that m3 did is in it."""
    place.land({"activity-rest.csv": "member,occurred_at,xp\nm3,2022-01-20T09:00:00,1\nm3,2022-01-21T09:00:00"})
    ran(place)
    ((id_,),) = rows(place, "select file_id from raw.files where status = 'held'")
    held = f"held or quarantined, and may tell of the month reviewed: landing/activity-rest.csv ({id_})"
    code, out, err = review()
    assert (code, "reclaim" in out, f"warning: {held}: `fellowship files" in err) == (0, True, True)
    code, _, err = review("confirm")
    assert (code, err.startswith(f"error: {held}: `fellowship files"), err.count("\n")) == (2, True, 1)
    assert not place.home.decisions.exists()
    place.ledger.decide(decision, id_)
    ran(place)
    assert review("confirm")[0] == 0
    assert ("m3", of_m3, None) in issued(place)


def test_late_data_is_a_difference_and_changes_nothing_that_was_issued(place: Place, review: Review) -> None:
    review("confirm", "--by", "kim")
    before = place.home.decisions.read_bytes()
    assert not any("2022-02" in warning for warning in ran(place))
    place.land({"activity-late.csv": activity("2022-01-20", m3=1, m1=5)})
    told = ran(place)
    assert (
        "the issued review of 2022-02 differs from today's recomputation: 1 decisions, 1 in figures only;"
        " see operations/current/review_differences.csv"
    ) in told
    assert place.home.decisions.read_bytes() == before
    assert rows(place, "select member_id, decision, xp from ops.review_decisions where member_id = 'm3'") == [
        ("m3", "reclaim", 999.0)
    ]
    assert "difference: m3 (p): decision: issued reclaim, found keep" in review()[2]
    assert review("confirm")[0] == 2


def confirmed_on(day: int, monkeypatch: pytest.MonkeyPatch, review: Review, *arguments: str) -> None:
    with monkeypatch.context() as patch:
        SetClock(patch, datetime(2022, 2, day, 12, tzinfo=UTC))
        assert review("confirm", *arguments)[0] == 0


def test_the_next_seat_export_shows_what_was_not_done(
    place: Place, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed_on(1, monkeypatch, review, "--except", "m4=ill")
    place.land({"seat_events-02.csv": "member,event,pool,occurred_at\nm4,reclaimed,p,2022-02-02T09:00:00\n",
                "activity-02.csv": activity("2022-02-01", "2022-02-02", "2022-02-03")})  # fmt: skip
    told = ran(place)
    assert (
        "the seats do not show what the review of 2022-02 decided: 2; see operations/current/review_differences.csv"
    ) in told
    assert rows(
        place, "select member_id, difference, issued, found from ops.review_differences where kind = 'done' order by 1"
    ) == [("m3", "not_reclaimed", "reclaim", "held"), ("m4", "reclaimed", "exempt", "reclaimed")]


def test_an_old_seat_export_that_comes_late_shows_nothing_of_what_was_done(
    place: Place, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed_on(3, monkeypatch, review)
    place.land({"seat_events-old.csv": "member,event,pool,occurred_at\nother,invited,p,2022-02-02T09:00:00\n"})
    ran(place)
    assert rows(place, "select * from ops.review_differences") == []


def test_what_was_undone_is_issued_again_and_nothing_else(place: Place, review: Review) -> None:
    review("confirm", "--by", "kim")
    m3, m4 = decisions.load(place.home).issued[:2]
    review("undo", m3.decision_id, "her file was late", "--by", "kim")
    place.land({"activity-late.csv": activity("2022-01-20", m3=1, m1=5)})
    ran(place)
    before = place.home.decisions.read_bytes()
    code, _, err = review("confirm", "--by", "lee", "--except", "m4=ill")
    assert (code, err) == (2, "error: --except m4: not in what is issued again of 2022-02\n")
    code, _, err = review("confirm", "--by", "lee")
    assert (code, err.splitlines()[-1]) == (
        0, "1 decisions issued; the next run has them in ops.review_decisions and operations/current",
    )  # fmt: skip
    assert place.home.decisions.read_bytes().startswith(before)
    known = decisions.load(place.home)
    assert [(one.member_id, one.decision, one.issued_by) for one in known.standing(FEBRUARY)] == [
        ("m4", "reclaim", "kim"), ("m1", "keep", "kim"), ("m2", "keep", "kim"), ("m3", "keep", "lee"),
    ]  # fmt: skip
    assert known.of(FEBRUARY)[:2] == (m3, m4)
    assert err.startswith("review of 2022-02: 3 keep, 1 reclaim, 1 undone; confirmed on ")
    assert review("confirm")[0] == 2
    ran(place)
    differences = "select member_id, difference from ops.review_differences"
    assert rows(place, differences) == [("m1", "evidence")]
    assert rows(place, "select count(*) from ops.review_decisions where undo_id is null") == [(4,)]


def test_what_was_issued_again_can_be_undone_and_issued_again(place: Place, review: Review) -> None:
    review("confirm")
    for _ in range(2):
        of_m3 = [one for one in decisions.load(place.home).standing(FEBRUARY) if one.member_id == "m3"]
        review("undo", of_m3[0].decision_id, "wrong")
        assert review("confirm", "--except", "m3=ill")[0] == 0
    assert [one.decision for one in decisions.load(place.home).of(FEBRUARY) if one.member_id == "m3"] == [
        "reclaim", "exempt", "exempt",
    ]  # fmt: skip
    assert len(decisions.load(place.home).standing(FEBRUARY)) == 4


def test_a_seat_that_is_reviewed_no_longer_is_not_decided_again(place: Place, review: Review) -> None:
    review("confirm")
    review("undo", decisions.load(place.home).issued[0].decision_id, "gave it back in January")
    place.land({"seat_events-more.csv": "member,event,pool,occurred_at\nm3,returned,p,2022-01-30T09:00:00\n"})
    ran(place)
    assert review("confirm") == (
        2, "", "error: no seat of which the decision is undone is in the review of 2022-02 today: nothing is issued\n",
    )  # fmt: skip


def test_issued_decisions_are_shown_when_the_month_has_a_gap_since(place: Place, review: Review) -> None:
    review("confirm", "--by", "kim")
    withdrawn(place, "activity-01.csv")
    place.land({"activity-gap.csv": activity(*month("2022-01", 20), "2022-02-03", **XP)})
    ran(place)
    code, out, err = review()
    assert (code, out.count("xp-1000")) == (0, 4)
    assert "warning: today there is no seat review for 2022-02: activity is missing on 2022-01-21 … 2022-01-31" in err


def test_a_review_as_of_a_day_is_that_of_a_run_as_of_it(place: Place, review: Review) -> None:
    """In January nobody had been proposed; on the 5th of February, m3's seat had not gone yet."""
    taken_back = "member,event,pool,occurred_at\nm3,reclaimed,p,2022-02-06T09:00:00\n"
    place.land({"seat_events-02.csv": taken_back, "activity-02.csv": activity(*month("2022-02", 28), m1=5)})
    ran(place)
    before = place.home.warehouse.read_bytes()
    for day in ("2022-01-31", "2022-02-05", "2022-02-28"):
        document = json.loads(review("--as-of", day, "--json")[1])
        assert document["as_of"] == day
        assert [(case["member_id"], case["decision"], case["xp"]) for case in document["proposed"]] == PROPOSED
    assert review(of="2022-03")[0] == 0
    assert review("--as-of", "2022-02-27", of="2022-03") == (
        2, "", "error: no seat review for 2022-03: the data reach 2022-02-27, and the month before is not over then\n",
    )  # fmt: skip
    assert place.home.warehouse.read_bytes() == before


def test_a_review_as_of_a_day_says_so_and_decides_nothing(place: Place, review: Review) -> None:
    place.land({"activity-02.csv": activity(*month("2022-02", 28), m1=5)})
    ran(place)
    said = "review of 2022-02 as it would have been on 2022-02-03: 2 reclaim, 2 keep\n`fellowship review "
    assert review("--as-of", "2022-02-03")[2].startswith(said)
    assert review("--as-of", "2022-02-03")[2].endswith("shows what can be confirmed\n")
    for action in (("confirm",), ("undo", "abcd", "why")):
        assert review(*action, "--as-of", "2022-02-03") == (
            2, "", f"error: --as-of only shows a review: what is decided today ({action[0]}) is decided without it\n",
        )  # fmt: skip
    assert not place.home.decisions.exists()
    review("confirm", "--except", "m3=ill")
    code, out, err = review("--as-of", "2022-02-03")
    assert (code, "exempt" in out, err.endswith("shows what was issued\n")) == (0, False, True)
