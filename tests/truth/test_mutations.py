"""Wrong changes of models: what a text may become, and that each explanation of one is of one that is tried."""

from __future__ import annotations

import pytest

from assets.sql import models

from .mutants import Mutant, explained
from .mutations import mutations


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a where a < 3", {"select a where a <= 3", "select a where a < 4", "select a"}),
        ("select count(distinct a) from t", {"select count( a) from t"}),
        ("select coalesce(a, 0) from t", {"select coalesce(a, 1) from t"}),
        ("select a from t order by a", {"select a from t order by a desc"}),
        ("select a from t left join u using (a)", {"select a from t join u using (a)"}),
        ("select a from t union select a from u", {"select a from t union all select a from u"}),
        ("select a between 1 and b or c", {"select a between 2 and b or c", "select a between 1 and b and c"}),
        ("select a is distinct from b from t", set()),
    ],
)  # fmt: skip
def test_what_a_text_may_become(sql: str, expected: set[str]) -> None:
    assert {" ".join(found.mutated.split(" ")).rstrip() for found in mutations(sql)} == expected


def test_a_mutation_says_its_line() -> None:
    (found,) = mutations("select a\nfrom t\norder by\n    a\n")
    assert (found.line, found.was, found.becomes) == (4, "a", "a desc")


def test_every_explanation_is_of_a_change_that_may_be_tried() -> None:
    """Which of them are, depends on the texts of all models."""
    told = {(one["model"], one["was"], one["becomes"]) for one in explained()}
    tried = [Mutant(key, mutation) for key in {key for key, *_ in told} for mutation in mutations(models()[key].sql)]
    found = {(one.key, " ".join(one.mutation.was.split()), one.mutation.becomes) for one in tried}
    assert told - found == set()
