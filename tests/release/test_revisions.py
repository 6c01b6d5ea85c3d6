"""Which parts of earlier releases stand: persons counted by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from fellowship_pipeline.release.held import Held, beside, restated
from fellowship_pipeline.release.memory import UNKNOWN, Memory
from tests.release import known
from tests.release.known import RULES, People, released_after, shown
from tests.release.people import CLOSED, Rows, Somebody

SEPTEMBER, OCTOBER = date(2021, 9, 30), date(2021, 10, 31)
DECEMBER, JANUARY = date(2021, 12, 31), date(2022, 1, 31)
FEBRUARY, MARCH = date(2022, 2, 28), date(2022, 3, 31)
"""The cohort is closed by then."""
LATE = date(2021, 9, 15)
NAMES = [f"p{at}" for at in range(12)]


def member(*days: date, group: str = "g1", result: str = "passed") -> Somebody:
    """Who accepted on 1 August and learned on these days and 1 September."""
    slices = {"cohort": CLOSED, "study_mode": "group", "study_group": group, "track": "t"}
    first = date(2021, 8, 1)
    return Somebody(slices, first, first, None, frozenset([date(2021, 9, 1), *days]), {}, {}, result)


TWELVE: People = {name: member() for name in NAMES}


def late(names: Iterable[str], people: People = TWELVE) -> People:
    """The same with a day more in September for some."""
    return {**people, **{name: member(LATE, group=people[name].slices["study_group"]) for name in names}}


def after(*releases: tuple[People, date]) -> Held:
    """The last of releases, each after those before."""
    memory = Memory(salt=1)
    for people, day in releases:
        _, held = released_after(memory, people, day)
        memory = held.memory
    return held


def days_learned(held: Held, slice_: str = "all") -> str:
    """Days of September in what is published."""
    return str(shown(held, "activity").xs(slice_, level="slice").loc["2021-09-01", "active_days"].iloc[0])


@pytest.mark.fault("H6")
@pytest.mark.parametrize(("late_rows", "expected"), [(0, "12"), (1, "12"), (4, "12"), (5, "17"), (12, "24")])
def test_a_month_moves_with_the_rows_of_five_persons(late_rows: int, expected: str) -> None:
    held = after((TWELVE, SEPTEMBER), (late(NAMES[:late_rows]), OCTOBER))
    assert days_learned(held) == expected
    assert (held.standing > 0) == (0 < late_rows < 5)
    assert held.since == (SEPTEMBER if held.standing else None)


def test_late_rows_add_up_over_releases() -> None:
    held = after((TWELVE, SEPTEMBER), (late(NAMES[:3]), OCTOBER), (late(NAMES[:6]), OCTOBER))
    assert days_learned(held) == "18"


def test_five_corrected_and_corrected_back_beside_another_are_one() -> None:
    """Sixteen days and then twelve and one would say what the sixth did."""
    held = after((TWELVE, SEPTEMBER), (late(NAMES[:5]), OCTOBER), (late(NAMES[5:6]), OCTOBER))
    assert days_learned(held) == "17"


def test_slices_stand_where_one_of_them_would_tell_and_everybody_moves() -> None:
    """Late rows of four in one group and of two in the other: six of everybody."""
    people = {name: member(group="g1" if at < 6 else "g2") for at, name in enumerate(NAMES)}
    held = after((people, SEPTEMBER), (late([*NAMES[:4], *NAMES[6:8]], people), OCTOBER))
    assert (days_learned(held), days_learned(held, "g1"), days_learned(held, "g2")) == ("18", "6", "6")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("size", "expected"), [(14, ("withheld",) * 2), (44, ("withheld",) * 2), (45, ("45", "6"))])
def test_slices_that_stand_are_not_shown_where_one_is_off_by_more_than_a_tenth(
    size: int, expected: tuple[str, str]
) -> None:
    """Late rows of five in one group, and of two in the other, for whom both stand."""
    people = {f"p{at}": member(group="g1" if at < size else "g2") for at in range(size + 6)}
    more = late(["p0", "p1", "p2", "p3", "p4", f"p{size}", f"p{size + 1}"], people)
    held = after((people, SEPTEMBER), (more, OCTOBER))
    assert days_learned(held) == str(size + 6 + 7)
    assert (days_learned(held, "g1"), days_learned(held, "g2")) == expected
    again = after((people, SEPTEMBER), (more, OCTOBER), (more, OCTOBER))
    assert (days_learned(again, "g1"), days_learned(again, "g2")) == expected


def test_a_headline_of_a_slice_that_is_not_shown_is_not_shown() -> None:
    """Half of each group is known to be active at first, and then five more of fourteen and two more of ten."""
    people = {f"p{at}": member(group="g1" if at < 14 else "g2") for at in range(24)}
    idle = {name: replace(people[name], days=frozenset()) for name in (*NAMES[:7], "p14", "p15", "p16", "p17", "p18")}
    later = {name: who for name, who in idle.items() if name not in (*NAMES[:5], "p14", "p15")}
    first, held = (
        after(({**people, **idle}, SEPTEMBER)),
        after(({**people, **idle}, SEPTEMBER), ({**people, **later}, SEPTEMBER)),
    )
    engaged = [
        [shown(one, "scorecard").loc[("engagement_rate", *of), "numerator"] for one in (first, held)]
        for of in (("all", "all"), ("study_group", "g1"), ("study_group", "g2"))
    ]
    assert engaged == [["12", "19"], ["7", "withheld"], ["5", "withheld"]]


SCORE = ("platform_adoption_score", "all", "all")


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows have a pool of thirty seats, and how many of them are of somebody who has learned."""
    plain = known.rows

    def rows(people: People, as_of: date) -> Rows:
        held = [who for who in people.values() if who.holds(as_of)]
        month, learned = as_of.replace(day=1), sum(bool(who.days) for who in held)
        gone = sum(who.left_on is not None for who in people.values())
        seats = (month, "p", 30, 0, len(people), 0, gone, len(held), len(people), 0, 30 - len(held), len(held) / 30)
        card = (*SCORE[:1], "Score", as_of, "all", "all", learned, 30, learned / 30, "rate", *[None] * 5)
        made = plain(people, as_of)
        return {**made, "seats": [(*seats, None, None)], "scorecard": [*made["scorecard"], card]}

    monkeypatch.setattr(known, "rows", rows)


def score(held: Held) -> tuple[str, str]:
    """The score and the seats given back, as published."""
    return str(shown(held, "scorecard").loc[SCORE, "numerator"]), str(shown(held, "seats")["returned"].iloc[-1])


@pytest.mark.usefixtures("scored")
def test_a_score_is_not_left_at_what_it_was_before_it_was_known_who_learned() -> None:
    """A roster's wrong column makes everybody nobody, and the next run has the right one; one seat was given back."""
    right = {**{f"p{at}": member() for at in range(20)}, "gone": replace(member(), left_on=date(2021, 9, 1))}
    wrong = {f"name:{name}": replace(who, days=frozenset()) for name, who in right.items()}
    first, mended = after((wrong, SEPTEMBER)), after((wrong, SEPTEMBER), (right, SEPTEMBER))
    assert (score(first), score(mended)) == (("0", "1"), ("withheld", "1"))
    assert score(after((wrong, SEPTEMBER), (right, SEPTEMBER), (right, OCTOBER)))[0] == "20"


@pytest.mark.usefixtures("scored")
def test_a_score_stands_with_the_seats_of_its_month_alone() -> None:
    """That a seat was given back is known late: the row of that month stands, and the score of the next does not."""
    before: People = {f"p{at}": member() for at in range(20)}
    later = {**before, "p0": replace(before["p0"], left_on=date(2021, 9, 10))}
    assert score(after((before, SEPTEMBER), (later, SEPTEMBER))) == ("20", "0")
    assert score(after((before, SEPTEMBER), (later, SEPTEMBER), (later, OCTOBER)))[0] == "19"


@pytest.mark.parametrize(("size", "expected"), [(30, ("true", "20")), (9, ("true", "<10"))])
def test_a_mission_that_is_corrected_is_published_so(
    size: int, expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten of thirty missed it, which by the corrected list puts them out; of nine that is nobody's to see."""
    rows, facts, is_mandatory = known.rows, known.facts_of, False
    due = datetime(2021, 9, 20)

    def with_missions(people: People, as_of: date) -> Rows:
        out = 10 if is_mandatory and size > 10 else 0
        counts = size, size - 10, 0, 10, 0, (size - 10) / size, out, size - out, (size - out) / size, 0, size
        return {**rows(people, as_of), "missions": [(CLOSED, "M", due, *counts, is_mandatory, "First", 0)]}

    def with_results(people: People, as_of: date) -> dict[str, list[dict[str, object]]]:
        found, missed = facts(people, as_of), set(list(people)[:10])
        about = {"cohort": CLOSED, "mission": "M", "due_at": due, "is_mandatory": is_mandatory}
        found["mission_results"] = [
            {**about, "member_id": one, "status": "missed" if one in missed else "met",
             "is_eliminated": is_mandatory and one in missed}
            for one in people
        ]  # fmt: skip
        return found

    monkeypatch.setattr(known, "rows", with_missions)
    monkeypatch.setattr(known, "facts_of", with_results)
    people: People = {f"p{at}": member() for at in range(size)}
    memory = after((people, FEBRUARY)).memory
    is_mandatory = True
    _, held = released_after(memory, people, FEBRUARY)
    row = shown(held, "missions").loc[(CLOSED, "M")]
    assert (row["is_mandatory"].lower(), row["remaining"]) == expected


def test_news_is_published_of_one_person_too() -> None:
    held = after((TWELVE, SEPTEMBER), ({**TWELVE, "p0": member(date(2021, 10, 3))}, OCTOBER))
    assert held.standing == 0
    assert shown(held, "activity").loc[("2021-10-01", "all", "all"), "learners"] == "<5"


def test_an_erased_person_stays_in_totals_to_date() -> None:
    others = {name: who for name, who in TWELVE.items() if name != "p0"}
    rules = replace(RULES, erasures=frozenset({"e"}))
    memory = after((TWELVE, SEPTEMBER)).memory
    _, held = released_after(memory, {**others, "new": replace(member(), invited_on=date(2021, 10, 5))}, OCTOBER, rules)
    invited = shown(held, "adoption").xs("all", level="slice")["invited"]
    assert invited.to_dict() == {("2021-08-01", "all"): "12", ("2021-09-01", "all"): "12", ("2021-10-01", "all"): "13"}
    assert shown(held, "scorecard").loc[("adoption_rate", "all", "all"), "denominator"] == "13"
    assert set(memory.facts["person"]) - set(held.memory.facts["person"]), "who is gone is nobody any more"


@pytest.mark.parametrize(("newcomers", "expected"), [(1, "12.0"), (4, "15.0")])
def test_a_median_that_goes_on_stands_until_news_and_erasure_are_of_five(
    newcomers: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is as many days here as persons are known: twelve, then one less and those who are new."""
    plain = known.rows

    def rows(people: People, as_of: date) -> Rows:
        made = plain(people, as_of)
        return {**made, "adoption": [(*row[:8], float(len(people))) for row in made["adoption"]]}

    monkeypatch.setattr(known, "rows", rows)
    others = {name: who for name, who in TWELVE.items() if name != "p0"}
    new = replace(member(date(2021, 10, 7)), invited_on=date(2021, 10, 5), accepted_on=date(2021, 10, 6))
    people = {**others, **{f"n{at}": new for at in range(newcomers)}}
    memory = after((TWELVE, SEPTEMBER)).memory
    _, held = released_after(memory, people, OCTOBER, replace(RULES, erasures=frozenset({"e"})))
    median = shown(held, "adoption").xs("all", level="slice")["median_days_to_accept"]
    assert median.loc["2021-09-01"].to_list() == ["12.0"]
    assert median.loc["2021-10-01"].to_list() == [expected]


@pytest.mark.parametrize(("began", "expected"), [(1, "12"), (5, "17")])
def test_who_began_to_learn_moves_with_five_who_began(began: int, expected: str) -> None:
    """Late rows of six, of whom five had learned before, or of ten."""
    idle = {f"i{at}": replace(member(), days=frozenset()) for at in range(5)}
    people = {**TWELVE, **idle}
    later = {**late(NAMES[:5], people), **{f"i{at}": member() for at in range(began)}}
    held = after((people, SEPTEMBER), (later, OCTOBER))
    assert shown(held, "adoption").loc[("2021-09-01", "all", "all"), "activated"] == expected


def starting(names: str, day: date, active: int) -> dict[str, Somebody]:
    """Who accepted on that day, of whom so many learned three months later."""
    third = day + timedelta(days=92)
    days = [frozenset([day, third] if at < active else [day]) for at in range(len(names))]
    about = replace(member(), invited_on=day, accepted_on=day)
    return {name: replace(about, days=theirs) for name, theirs in zip(names, days, strict=True)}


def test_a_headline_counts_whom_it_counted_though_no_row_is_of_their_month() -> None:
    """Two start months of four that add up to eight are left out: fourteen, and not fifteen, would tell that one of
    them is gone.
    """
    people = starting("abcd", date(2021, 8, 5), 3) | starting("efgh", date(2021, 9, 5), 2)
    people |= starting("ijklmno", date(2021, 10, 5), 5)
    first = after((people, DECEMBER))
    assert (
        shown(first, "retention").xs("all", level="slice").index.get_level_values("start_month").min() == "2021-10-01"
    )
    card = [
        shown(first, "scorecard").loc[("retention_3m", "all", "all"), name] for name in ("numerator", "denominator")
    ]
    assert card == ["5", "8"]
    gone = {name: who for name, who in people.items() if name != "a"}
    held = after((people, DECEMBER), (gone, JANUARY))
    assert shown(held, "scorecard").loc[("retention_3m", "all", "all"), "denominator"] == "15"


@pytest.mark.parametrize(("gone", "expected"), [((), "17"), (("g15",), "")])
def test_a_count_that_was_not_broken_down_goes_on_from_nothing(gone: tuple[str, ...], expected: str) -> None:
    """Of nineteen all but one accepted, which says of any group how many did, so of none it is said."""
    sizes = {"g1": 14, "g2": 2, "g3": 3}
    people = {f"{group}{at}": member(group=group) for group, size in sizes.items() for at in range(size)}
    people["g10"] = replace(people["g10"], accepted_on=None, days=frozenset())
    on = date(2021, 10, 5)
    new = {
        f"n{at}": replace(member(group=f"g{at % 3 + 1}"), invited_on=on, accepted_on=None if at < 12 else on)
        for at in range(24)
    }
    later = {name: who for name, who in {**people, **new}.items() if name not in gone}
    first, held = after((people, SEPTEMBER)), after((people, SEPTEMBER), (later, OCTOBER))
    assert shown(first, "adoption").loc[("2021-09-01", "study_group", "g1"), ["invited", "accepted"]].to_list() == [
        "14",
        "",
    ]
    row = shown(held, "adoption").loc[("2021-10-01", "study_group", "g1")]
    assert (row["invited"], row["accepted"]) == ("22", expected)
    card = shown(held, "scorecard").loc[("adoption_rate", "study_group", "g1")]
    assert (card["denominator"], card["numerator"]) == ("22", expected)


def test_a_subject_that_is_new_with_other_rules_revises_nobody() -> None:
    """A memory of before it was known who began to learn, of groups of three and fourteen."""
    people = {name: who for name, who in in_groups(3).items() if name != "q0"}
    memory = after((people, SEPTEMBER)).memory
    before = replace(memory, facts=memory.facts[memory.facts["subject"] != "activations"])
    assert [
        released_after(before, people, OCTOBER, replace(RULES, basis=basis))[1].standing > 0
        for basis in ("rules", "other")
    ] == [True, False]


def test_selection_moves_with_ten_persons() -> None:
    """Nine failed who had passed."""
    failed = {name: member(result="failed") for name in NAMES[:9]}
    before = {**{f"q{at}": member() for at in range(20)}, **TWELVE}
    for more, expected in (({}, "30"), ({"p9": member(result="failed")}, "20")):
        held = after((before, FEBRUARY), ({**before, **failed, **more}, MARCH))
        assert shown(held, "applications")["passed"].to_list() == [expected]


def test_ten_who_changed_are_not_enough_where_one_of_them_answered() -> None:
    """One answer is gone and nine more were asked: 31 and 22 would say that somebody who answered is gone."""
    answers = {"helped": ("yes",), "step": ("job",), "liked": ("a",), "score": ("9",)}
    people = {f"r{at}": replace(member(), answers=answers) for at in range(23)}
    asked = {f"n{at}": replace(member(), invited_on=date(2022, 3, 5)) for at in range(9)}
    for gone, expected in (((), ("30", "25")), (("r0",), ("25", "25"))):
        rest = {name: who for name, who in {**people, **asked}.items() if name not in gone}
        row = shown(after((people, FEBRUARY), (rest, MARCH)), "survey_response").loc[("s", "all", "all")]
        assert (row["population"], row["respondents"]) == expected


def test_other_rules_make_everything_anew_but_where_few_are_revised() -> None:
    memory = after((TWELVE, SEPTEMBER)).memory
    _, held = released_after(memory, late(NAMES[:1]), OCTOBER, replace(RULES, basis="other"))
    assert days_learned(held) == "12"


def test_of_a_lost_memory_stands_what_is_published_until_it_is_restated() -> None:
    memory = after((TWELVE, SEPTEMBER)).memory
    lost = replace(memory, bases={1: UNKNOWN}, facts=memory.facts[:0])
    _, held = released_after(lost, late(NAMES), OCTOBER)
    assert days_learned(held) == "12"
    _, anew = released_after(restated(held.memory), late(NAMES), OCTOBER)
    assert days_learned(anew) == "24"


def test_another_day_has_what_stands() -> None:
    held = after((TWELVE, SEPTEMBER))
    made, _ = released_after(Memory(salt=1), late(NAMES[:1]), OCTOBER)
    other = beside(made, held.memory)
    everybody = other.frames["activity"].query("slice_by == 'all'").set_index("month")["active_days"]
    assert everybody.loc[pd.Timestamp(2021, 9, 1)] == 12
    assert not other.frames["scorecard"]["suppressed"].all()


def test_another_day_has_nothing_else_while_figures_stand() -> None:
    people = late(NAMES[:1])
    held = after((TWELVE, SEPTEMBER), (people, OCTOBER))
    made, _ = released_after(Memory(salt=1), people, date(2021, 10, 20))
    other = beside(made, held.memory)
    shown_months = other.frames["adoption"].query("not suppressed")["month"].dt.strftime("%Y-%m")
    assert set(shown_months) == {"2021-08", "2021-09"}
    assert other.frames["scorecard"]["suppressed"].all()


def in_groups(size: int) -> dict[str, Somebody]:
    """So many of group g1, of whom the first did not accept and the second did not learn, and fourteen of g2."""
    people = {f"q{at}": member(group="g1" if at < size else "g2") for at in range(size + 14)}
    for first in (0, size):
        people[f"q{first}"] = replace(people[f"q{first}"], accepted_on=None, days=frozenset())
        people[f"q{first + 1}"] = replace(people[f"q{first + 1}"], days=frozenset())
    return people


@pytest.mark.parametrize(("size", "expected"), [(5, "withheld"), (6, "6")])
def test_of_a_group_that_was_shown_nobody_says_that_it_is_small(size: int, expected: str) -> None:
    """Four are left, in adoption or of those who started, of which `<5` would be true, and tell that one is gone."""
    people = in_groups(size)
    rest = {name: who for name, who in people.items() if name != "q2"}
    first, held = after((people, SEPTEMBER)), after((people, SEPTEMBER), (rest, OCTOBER))
    assert shown(first, "adoption").loc[("2021-09-01", "study_group", "g1"), "invited"] == str(size)
    assert shown(held, "adoption").loc[("2021-10-01", "study_group", "g1"), "invited"] == expected
    assert shown(held, "scorecard").loc[("adoption_rate", "study_group", "g1"), "denominator"] == expected


@pytest.mark.parametrize(("news", "expected"), [(0, "<5"), (1, "withheld")])
def test_few_who_became_more_are_not_said_to_be_few(news: int, expected: str) -> None:
    """Four, of whom one is gone now: with one who came they are five to whoever counted them, and four is known."""
    people = {**in_groups(7), **{f"s{at}": member(group="g3") for at in range(4)}}
    new = {f"n{at}": replace(member(group="g3"), invited_on=date(2021, 10, 5)) for at in range(news)}
    rest = {name: who for name, who in {**people, **new}.items() if name != "s0"}
    held = after((people, SEPTEMBER), (rest, OCTOBER))
    assert shown(held, "adoption").loc[("2021-10-01", "study_group", "g3"), "invited"] == expected
    assert shown(held, "scorecard").loc[("adoption_rate", "study_group", "g3"), "denominator"] == expected


def test_of_a_group_that_is_new_it_is_said_that_it_is_small() -> None:
    new = {f"n{at}": replace(member(group="g3"), invited_on=date(2021, 10, 5)) for at in range(3)}
    people = in_groups(7)
    others = {name: who for name, who in people.items() if name != "q3"}
    held = after((people, SEPTEMBER), ({**others, **new}, OCTOBER))
    assert shown(held, "adoption").loc[("2021-10-01", "study_group", "g3"), "invited"] == "<5"


@pytest.mark.parametrize(
    ("news", "gone", "expected"), [(1, (), "6"), (1, ("q2",), "6"), (0, ("q2",), "withheld"), (0, (), "5")]
)
def test_a_course_that_is_small_now_is_withheld(news: int, gone: tuple[str, ...], expected: str) -> None:
    """Five took it: what follows is with the news, as if nobody were gone, or nothing."""
    people = {name: replace(who, courses={"big": name > "q3"}) for name, who in in_groups(7).items()}
    people |= {f"q{at}": replace(people[f"q{at}"], courses={"big": False, "c": at < 5}) for at in range(2, 7)}
    new = {f"n{at}": replace(member(), invited_on=date(2021, 10, 5), courses={"c": True}) for at in range(news)}
    later = {name: who for name, who in {**people, **new}.items() if name not in gone}
    held = after((people, SEPTEMBER), (later, OCTOBER))
    assert shown(held, "courses").xs("c", level="course")["started"].to_list() == [expected]


def test_what_was_shown_and_comes_again_later_never_makes_more_than_all() -> None:
    """Four of the twelve who had begun in September did so in October: sixteen of twelve would have."""
    moved = {name: replace(TWELVE[name], days=frozenset([date(2021, 10, 5)])) for name in NAMES[:4]}
    held = after((TWELVE, SEPTEMBER), ({**TWELVE, **moved}, OCTOBER))
    row = shown(held, "adoption").loc[("2021-10-01", "all", "all")]
    assert (row["accepted"], row["activated"], row["activation_rate"]) == ("12", "withheld", "withheld")


def test_a_row_that_is_hidden_now_carries_nothing_of_before() -> None:
    """Not even the median, which stands while few persons changed."""
    people = in_groups(5)
    held = after((people, SEPTEMBER), ({name: who for name, who in people.items() if name != "q2"}, OCTOBER))
    adoption = held.release.frames["adoption"]
    hidden = adoption[adoption["suppressed"]]
    assert {("study_group", "g1")} <= set(zip(hidden["slice_by"], hidden["slice"], strict=True))
    assert hidden.drop(columns=["month", "slice_by", "slice", "suppressed"]).isna().all(axis=None)
