"""Wrong changes of models: what a text may become, and that each explanation of one is of one that is tried."""

from __future__ import annotations

import pytest

from .mutants import chosen, explained
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


@pytest.mark.slow
def test_every_explanation_is_of_a_mutant_that_is_tried() -> None:
    assert sum(mutant.why_equivalent() is not None for mutant in chosen()) == len(explained())
