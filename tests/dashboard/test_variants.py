import copy
from typing import Any

import pytest

from fellowship_pipeline.dashboard.variants import Patch, Pool, diff, packed, rounded


def patched(node: Any, patch: Patch) -> Any:
    """What the page's script does with a patch."""
    result = copy.deepcopy(node)
    for path, *value in copy.deepcopy(patch):
        *steps, last = path.split(".")
        owner = result
        for step in steps:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        if isinstance(owner, list):
            if last == "length":
                del owner[value[0] :]
            elif int(last) == len(owner):
                owner.append(value[0])
            else:
                owner[int(last)] = value[0]
        elif value:
            owner[last] = value[0]
        else:
            del owner[last]
    return result


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": 1, "b": 2}, {"b": 2}),
        ({"a": {"x": [1, 2]}}, {"a": {"x": [1, 2, 3], "y": None}}),
        ({"a": [{"x": 1}, {"x": 2}]}, {"a": [{"x": 1}]}),
        ({"a": [{"x": 1}]}, {"a": [{"x": 5}, {"x": 2}, {"z": 3}]}),
        ({"a": []}, {"a": [{"x": 1}]}),
        ({"a": [{"x": 1}]}, {"a": []}),
    ],
)
def test_a_patch_turns_the_one_into_the_other(old: Any, new: Any) -> None:
    assert patched(old, diff(old, new)) == new


def test_only_what_differs_is_in_a_patch() -> None:
    assert diff({"a": [{"x": 1, "y": 2}], "b": 1}, {"a": [{"x": 1, "y": 3}], "b": 1}) == [["a.0.y", 3]]


def test_long_lists_are_columns_kept_once() -> None:
    columns = Pool()
    days = ["2022-01-31", "2022-02-28", "2022-03-31", "2022-04-30", "2022-05-31", "2022-06-30"]
    points = [[at, at / 3] for at in range(6)]
    plot = {"x": days, "y": [0.0, 0.5, 1, None, 2 / 3, 1], "customdata": points, "short": [1, 2], "again": days}
    assert packed(plot, columns) == {
        "x": {"$": 0},
        "y": {"$": 1},
        "customdata": {"zip": [{"$": 2}, {"$": 3}]},
        "short": [1, 2],
        "again": {"$": 0},
    }
    assert columns.values == [
        {"from": "2022-01-31", "steps": [28, 31, 30, 31, 30]},
        [0, 0.5, 1, None, 0.6667, 1],
        [0, 1, 2, 3, 4, 5],
        [0, 0.3333, 0.6667, 1, 1.3333, 1.6667],
    ]


def test_a_pool_keeps_equal_values_once() -> None:
    pool = Pool()
    assert [pool.add([1]), pool.add([2]), pool.add([1])] == [0, 1, 0]
    assert pool.values == [[1], [2]]


def test_a_number_is_not_rounded_to_the_five_that_rounds_up() -> None:
    assert [rounded(value) for value in (0.123449999, 0.12341, 0.125, 2.0)] == [0.1234, 0.1234, 0.125, 2]
    assert [rounded(value) for value in (0.12349999, 0.12496)] == [0.12349999, 0.12496]
