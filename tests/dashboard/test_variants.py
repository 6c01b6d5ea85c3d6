import copy
from typing import Any

import pytest

from fellowship_pipeline.dashboard.variants import Patch, Pool, diff


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


def test_a_pool_keeps_equal_values_once() -> None:
    pool = Pool()
    assert [pool.add([1]), pool.add([2]), pool.add([1])] == [0, 1, 0]
    assert pool.values == [[1], [2]]
