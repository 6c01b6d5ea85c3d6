"""Figures that go on from those that stand: rare labels, which are ``other`` in one release and not in the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fellowship_pipeline.release.held import Held
from tests.release.known import shown
from tests.release.people import Somebody
from tests.release.test_revisions import OCTOBER, SEPTEMBER, after, member

IN_OCTOBER = date(2021, 10, 5)


DECLINED, IDLE = ("g10", "g20", "a0"), ("g11", "g21", "b0")
"""Of each group that can be shown somebody who did not accept, and somebody who did not learn."""


def groups(**sizes: int) -> dict[str, Somebody]:
    """So many members of each group, called by it and a number."""
    people = {f"{group}{at}": member(group=group) for group, size in sizes.items() for at in range(size)}
    people |= {name: replace(people[name], accepted_on=None, days=frozenset()) for name in DECLINED}
    return people | {name: replace(people[name], days=frozenset()) for name in IDLE if name in people}


def new(group: str) -> dict[str, Somebody]:
    """One more of a group, who came in October."""
    came = replace(member(group=group), invited_on=IN_OCTOBER, accepted_on=IN_OCTOBER, days=frozenset([IN_OCTOBER]))
    return {f"{group}-new": came}


def without(people: dict[str, Somebody], name: str) -> dict[str, Somebody]:
    return {each: who for each, who in people.items() if each != name}


def invited(held: Held, month: str) -> dict[str, str]:
    """By study group, how many were invited by a month, in adoption; the scorecard says the same."""
    rows = shown(held, "adoption").xs(month, level="month").xs("study_group", level="slice_by")["invited"]
    card = shown(held, "scorecard").xs("adoption_rate", level="kpi").xs("study_group", level="slice_by")
    assert card["denominator"].to_dict() == rows.to_dict()
    return {str(group): str(count) for group, count in rows.items()}


def slices_by_month(held: Held) -> dict[str, list[str]]:
    """Of those who started in the third quarter, which groups are listed, by months since."""
    rows = shown(held, "retention").xs("study_group", level="slice_by").xs("2021-07-01", level="start_month")
    return {str(since): sorted(of["slice"]) for since, of in rows.reset_index().groupby("months_since")}


def test_other_goes_on_from_other() -> None:
    """Three groups of two are six others, of which one more comes to a group that was another's."""
    people = groups(g1=14, g2=9, a=2, b=2, c=2)
    first, held = after((people, SEPTEMBER)), after((people, SEPTEMBER), (without(people, "g12") | new("d"), OCTOBER))
    assert invited(first, "2021-09-01") == {"g1": "14", "g2": "9", "기타": "6"}
    assert invited(held, "2021-10-01") == {"g1": "14", "g2": "9", "기타": "7"}


def test_other_that_was_shown_and_is_of_others_now_is_not_shown_nor_what_would_tell_it() -> None:
    """A third person comes to one of three groups of two, which has a name of its own from then on."""
    people = groups(g1=14, g2=9, a=2, b=2, c=2)
    held = after((people, SEPTEMBER), (without(people, "g12") | new("a"), OCTOBER))
    assert invited(held, "2021-10-01") == dict.fromkeys(("a", "g1", "g2", "기타"), "withheld")


@pytest.mark.parametrize(("gone", "expected"), [("g12", "<5"), ("b0", "withheld")])
def test_few_others_who_are_others_now_are_not_said_to_be_few(gone: str, expected: str) -> None:
    """Two of group a were few; with those of b, of whom one is gone, they are four, and five to whoever counted b."""
    people = groups(g1=14, g2=9, a=2, b=3)
    first, held = after((people, SEPTEMBER)), after((people, SEPTEMBER), (without(people, gone), OCTOBER))
    assert invited(first, "2021-09-01")["기타"] == "<5"
    assert invited(held, "2021-10-01")["기타"] == expected


def test_a_quarter_lists_the_slices_that_it_did_when_it_was_over() -> None:
    """A group of two who started in August has a third member in October, and so a name, which the quarter had not."""
    people = groups(g1=14, g2=9, a=2)
    first, held = (
        after((people, SEPTEMBER), (people, OCTOBER)),
        after((people, SEPTEMBER), (people | new("a"), OCTOBER)),
    )
    names = ["g1", "g2", "기타"]
    assert [slices_by_month(one) for one in (first, held)] == [{"0": names, "1": names}, {"0": names}]
