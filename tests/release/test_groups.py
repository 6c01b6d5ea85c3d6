"""Which groups are hidden: small ones, and what they could be computed from."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fellowship_pipeline.release.groups import Group, Margin, Suppressed, hidden_groups, throughout

NAMES = "abcdefgh"
WHOLE: Group = ("t", 1, "all")


def part(name: str, period: int = 1) -> Group:
    return ("t", period, name)


def margin(*sizes: object, period: int = 1, **more: object) -> Margin:
    """Parts a, b, c … of their total; a size each, or one a moment."""
    parts = tuple(part(name, period) for name, _ in zip(NAMES, sizes, strict=False))
    table = np.array([size if isinstance(size, tuple) else (size,) for size in sizes], dtype=np.int64)
    return Margin(("t", period, "all"), parts, table, **more)  # type: ignore[arg-type]


def suppress(*margins: Margin, minimum: int = 5, first: set[Group] | None = None, **more: object) -> Suppressed:
    sizes = [(group, size) for one in margins for group, row in zip(one.parts, one.sizes, strict=True) for size in row]
    few = {group for group, size in sizes if 0 < size < minimum}
    few |= {one.total for one in margins if 0 < one.sizes.sum(axis=0).max() < minimum}
    standing: dict[Group, int] = {}
    for group, size in sizes:
        standing[throughout(group)] = standing.get(throughout(group), 0) + int(size)
    given = {"standing": standing} | more
    return hidden_groups(few | (first or set()), few, margins, minimum, **given)  # type: ignore[arg-type]


def names(found: Suppressed) -> str:
    left_out = {group[2] for group in found.left_out}
    return " ".join(sorted(f"{group[2]}{'-' if group[2] in left_out else ''}" for group in found.hidden))


@pytest.mark.fault("H4", "H5")
@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((5, 30), ""),
        ((4, 30), "a b"),
        ((0, 30), ""),  # nobody there to protect
        ((4, 6, 30), "a b"),  # the next smallest keeps it company
        ((30, 6, 4), "b c"),
        ((3, 3, 30), "a b"),  # 6 of two under 5: 2 and 4, 3 and 3, 4 and 2
        ((4, 4, 30), "a b c"),  # 8 of two under 5: both are 4, so a third
        ((4, 3, 30), "a b c"),  # 7 of two under 5: 3 and 4, in either order
        ((1, 2, 30), "a b c"),  # 3 of two: 1 and 2
        ((2, 2, 30), "a b"),  # 4 of two: 1 and 3, 2 and 2, 3 and 1
        ((1, 1, 1, 1, 1, 30), "a b c d e f"),  # 5 of five
        ((4, 0, 30), "a c"),  # an empty group keeps nobody company
        ((1, 5), "a- b-"),  # 6 of one under 5 and one that is not: 1 and 5
        ((3, 5), "a b"),  # 8: from 1 and 7 to 3 and 5
        ((1, 6, 30), "a b c"),  # 7: 1 and 6, 2 and 5
        ((1, 1, 1, 1, 1), "a- b- c- d- e-"),  # 5 of five, and nothing else to hide: the total stays, the parts go
        ((7, 1, 1), "a b c"),
        ((5,), ""),
        ((4,), "a all"),
    ],
)
def test_small_groups_are_hidden_with_company(sizes: tuple[int, ...], expected: str) -> None:
    total = {WHOLE} if sum(sizes) < 5 else set()
    assert names(suppress(margin(*sizes), first=total)) == expected


def test_the_minimum_is_the_programs() -> None:
    assert names(suppress(margin(4, 30), minimum=4)) == ""
    assert names(suppress(margin(9, 30, 40), minimum=10)) == "a b"


def test_a_slice_is_hidden_at_every_moment_of_its_period() -> None:
    """a has four once, and keeps b with it where it has twenty."""
    found = suppress(margin((20, 4, 20), (10, 10, 10), (50, 50, 40)))
    assert names(found) == "a b"
    assert names(suppress(margin((20, 4, 20), (0, 30, 30), (50, 50, 50)))) == "a b c"  # b is not there on the first


def test_company_is_the_same_from_month_to_month() -> None:
    months = [margin(3, *sizes, period=at) for at, sizes in enumerate([(20, 22), (20, 19), (20, 22)])]
    assert {group[1:] for group in suppress(*months).hidden} == {(at, name) for at in range(3) for name in "ab"}


def test_equal_groups_are_one_group_under_two_names() -> None:
    """Those without a group are those who study alone: hidden here, they are hidden there, with company."""
    here = margin(3, 8, 40)
    there = Margin(WHOLE, (part("x"), part("y")), np.array([[8], [43]]))
    equal = {part("b"): [part("x")], part("x"): [part("b")]}
    assert names(suppress(here, there, equal=equal)) == "a b x y"


@pytest.mark.fault("H5")
def test_a_total_that_nobody_publishes_is_hidden_with_a_part_of_every_margin() -> None:
    ones = Margin(WHOLE, tuple(part(f"n{at}") for at in range(4)), np.ones((4, 1), dtype=np.int64), is_published=False)
    others = Margin(WHOLE, (part("x"), part("y")), np.array([[30], [9]]), is_published=False)
    assert names(suppress(ones, others)) == "all n0 n1 n2 n3 y"


def test_what_tells_the_total_goes_before_a_part_is_hidden_for_it() -> None:
    found = suppress(margin(2, 58, is_published=False, instead=(part("slice"),)))
    assert names(found) == "a slice-"


def test_hidden_parts_leave_more_than_one_who_is_counted_and_who_is_not() -> None:
    sizes = np.array([[3], [8], [9], [40]], dtype=np.int64)
    for counts, expected in (
        ([1, 1, 9, 20], "a b"),
        ([0, 1, 5, 20], "a b c"),  # one of eleven: nearly all of each are known not to be counted
        ([3, 7, 5, 20], "a b c"),  # all but one
        ([0, 0, 0, 1], "a- b- c- d-"),
    ):
        counted = np.array(counts, dtype=np.int64).reshape(-1, 1)
        assert names(suppress(margin(*sizes[:, 0].tolist(), counts=counted, bases=sizes))) == expected


@pytest.mark.fault("H5")
def test_no_margin_gives_a_hidden_group_away() -> None:
    """Beside a shown total every hidden part could be of three sizes, by counting out all that fit."""
    for sizes in itertools.product(range(7), repeat=4):
        if sum(sizes) < 5:
            continue
        found = suppress(margin(*sizes))
        assert all(part(name) in found.hidden for name, size in zip(NAMES, sizes, strict=False) if 0 < size < 5)
        hidden = [size for name, size in zip(NAMES, sizes, strict=False) if size and part(name) in found.hidden]
        if not hidden or found.left_out:
            continue
        known_to_be = [range(1, 5) if size < 5 else range(5, sum(sizes) + 1) for size in hidden]
        fitting = [values for values in itertools.product(*known_to_be) if sum(values) == sum(hidden)]
        assert all(len({values[at] for values in fitting}) >= 3 for at in range(len(hidden)))
