"""A KPI table says how it may be shown, wholly, or nothing loads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fellowship_pipeline.contracts import KPI_TABLES, Table
from fellowship_pipeline.contracts.kpi.columns import count, key, table
from fellowship_pipeline.contracts.kpi.complete import well_told
from fellowship_pipeline.contracts.privacy import Operational, PrivacyRules, Sensitive


def badges(privacy: PrivacyRules | None) -> Table:
    columns = (key("cohort", "VARCHAR", "The cohort."), count("members", "Members."), count("badges", "Badges."))
    return table("badges", "Badges.", ("cohort",), columns, privacy)


def mistakes(table: Table) -> list[str]:
    with pytest.raises(ValueError) as raised:
        well_told((*KPI_TABLES, table))
    return str(raised.value).splitlines()


def test_a_table_without_a_class_is_told_what_to_add_where() -> None:
    assert mistakes(badges(None)) == [
        "kpi.badges has no privacy class: give its table(…) in fellowship_pipeline/contracts/kpi an Operational(…) or "
        "Sensitive(…), which says how its rows may be shown (contracts/privacy.py)."
    ]


def test_every_column_of_a_sensitive_table_is_treated() -> None:
    assert mistakes(badges(Sensitive(main=("members",), counts=("members",)))) == [
        "kpi.badges.badges would be published as it is: name it in the counts or figures of its Sensitive(…), or in "
        "kept where no person stands behind it."
    ]


@pytest.mark.parametrize(
    "rules",
    [
        Operational("members", ("month",)),
        Sensitive(main=("month",), counts=("members", "badges")),
        Sensitive(main=("members",), counts=("members",), percentages=(("badges", "members", "month"),)),
    ],
)
def test_rules_name_columns_of_the_table(rules: PrivacyRules) -> None:
    assert mistakes(badges(rules)) == ["kpi.badges has no column month, which its privacy rules name."]


def test_a_first_count_is_a_base() -> None:
    rules = Sensitive(
        ("members",), ("members",), percentages=(("badges", "members", "first_members"),), firsts=("members",)
    )
    assert well_told((badges(rules),)) == (badges(rules),)
    assert mistakes(badges(replace(rules, firsts=()))) == [
        "kpi.badges has no column first_members, which its privacy rules name."
    ]
