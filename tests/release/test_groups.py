"""Which groups are hidden: small ones, and what they could be computed from."""

from __future__ import annotations

import itertools

import pytest

from fellowship_pipeline.release.groups import Group, Margin, hidden_groups


def groups(*sizes: int, total: int | None = None) -> tuple[dict[Group, int], list[Margin]]:
    """Parts a, b, c … of one margin, and their total."""
    parts = {("t", 1, name): size for name, size in zip("abcdefgh", sizes, strict=False)}
    whole = ("t", 1, "all")
    return {**parts, whole: total if total is not None else sum(sizes)}, [Margin(whole, tuple(parts))]


def names(hidden: frozenset[Group]) -> str:
    return " ".join(sorted(str(group[2]) for group in hidden))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((5, 30), ""),
        ((4, 30), "a b"),
        ((0, 30), ""),  # nobody there to protect
        ((4, 6, 30), "a b"),  # the next smallest keeps it company
        ((30, 6, 4), "b c"),
        ((3, 3, 30), "a b"),  # together 6: each may be 5, as far as the total tells
        ((2, 2, 30), "a b c"),  # together 4: both are under 5, so a third
        ((1, 4, 30), "a b c"),  # together 5: neither can be 5 beside a group of somebody
        ((1, 1, 1, 1, 1, 30), "a b c d e f"),  # 5 in five groups: everybody is known
        ((4, 0, 30), "a c"),  # an empty group keeps nobody company
        ((1, 1, 1), "a all b c"),
        ((1, 4), "a b"),  # nothing else to hide, but 5 may be 1 and 4, 2 and 3, 3 and 2, 4 and 1
        ((1, 1, 1, 1, 1), "a all b c d e"),  # 5 in five groups, and nothing else to hide: the total goes
        ((5,), ""),
        ((4,), "a all"),
    ],
)
def test_small_groups_are_hidden_with_company(sizes: tuple[int, ...], expected: str) -> None:
    assert names(hidden_groups(*groups(*sizes), 5)) == expected


def test_the_minimum_is_the_programs() -> None:
    assert names(hidden_groups(*groups(4, 30), 4)) == ""
    assert names(hidden_groups(*groups(9, 30, 40), 10)) == "a b"


def test_company_is_the_same_from_month_to_month() -> None:
    sizes: dict[Group, int] = {}
    margins = []
    for month, (a, b, c) in enumerate([(3, 20, 22), (3, 20, 19), (3, 20, 22)]):
        parts = {("t", month, "a"): a, ("t", month, "b"): b, ("t", month, "c"): c}
        sizes |= {**parts, ("t", month, "all"): a + b + c}
        margins.append(Margin(("t", month, "all"), tuple(parts)))
    assert {group[1:] for group in hidden_groups(sizes, margins, 5)} == {
        (month, name) for month in range(3) for name in "ab"
    }


def test_a_hidden_total_takes_a_part_of_every_margin_with_it() -> None:
    whole: Group = ("t", 1, "all")
    ones: list[Group] = [("t", 1, name) for name in "abcdefghijklmno"]
    others: list[Group] = [("t", 1, "x"), ("t", 1, "y")]
    sizes = {whole: 15, **dict.fromkeys(ones, 1), others[0]: 6, others[1]: 9}
    hidden = hidden_groups(sizes, [Margin(whole, tuple(ones)), Margin(whole, tuple(others))], 5)
    assert names(hidden) == "a all b c d e f g h i j k l m n o x"


def test_a_total_that_is_the_lesser_loss_goes_first() -> None:
    sizes, (margin,) = groups(4, 30, 40)
    assert names(hidden_groups(sizes, [Margin(margin.total, margin.parts, total_first=True)], 5)) == "a all"
    sizes, (margin,) = groups(3, 3, 30)
    assert names(hidden_groups(sizes, [Margin(margin.total, margin.parts, total_first=True)], 5)) == "a b"


def test_no_margin_gives_a_hidden_group_away() -> None:
    """Beside a shown total, what it leaves for the hidden parts can be dealt out in more than one way."""
    for sizes in itertools.product(range(8), repeat=4):
        found, margins = groups(*sizes)
        hidden = hidden_groups(found, margins, 5)
        assert all(group in hidden for group, size in found.items() if 0 < size < 5)
        concealed = [group for group in margins[0].parts if group in hidden]
        if concealed and margins[0].total not in hidden:
            left = found[margins[0].total] - sum(found[part] for part in margins[0].parts if part not in hidden)
            assert left >= 5
            assert 2 <= len(concealed) < left
            if len(concealed) < sum(found[part] > 0 for part in margins[0].parts):
                assert left - (len(concealed) - 1) >= 5


def test_persons_of_moments_that_nobody_looked_at_decide_on_the_company_too() -> None:
    sizes, margins = groups(3, 20, 22)
    assert names(hidden_groups(sizes, margins, 5)) == "a b"
    assert names(hidden_groups(sizes, margins, 5, {("t", "b"): 10})) == "a c"
