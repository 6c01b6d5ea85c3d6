"""What is published, attacked by somebody with an integer program: no hidden count is as good as known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.publication.files import _write_csv_tables
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.release.attack import Unknowns
from fellowship_pipeline.release.build import Release, build_release
from tests.release.attacker import Attack, of_somebody
from tests.release.known import PROGRAM, SINGLE, declare_options, released_alone
from tests.release.kpi_rows import write_kpis
from tests.release.labeled import make_labeled
from tests.release.people import CLOSED, Rows, program, rows_of
from tests.release.whole_numbers import System

pytestmark = pytest.mark.slow

UNTIL = date(2022, 3, 31)
PROGRAMS = int(os.environ.get("ATTACKED_PROGRAMS", "4"))
"""How many are attacked; more take ten seconds each."""
EARLY = (date(2021, 9, 30), date(2021, 10, 31), date(2021, 12, 31))
"""Days on which there are few persons."""
ONCE_TOLD = (21, 101, 144, 149)
"""Some of which quarters, headlines and groups under two names told together what none told alone; of the last, a
headline said of five persons that fewer were active."""


def released(rows: Rows) -> Release:
    """The release of a warehouse with those KPI rows, in which nothing is known of labels."""
    with warehouse.connect(None) as con:
        con.execute(f"create table core.parameters as select date '{UNTIL}' as as_of")
        make_labeled(con)
        warehouse.create(con, TABLE_BY_KEY["core.survey_options"])
        declare_options(con)
        write_kpis(con, rows)
        return build_release(con, PROGRAM)


def published(release: Release, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv_tables(folder, release)
    return folder


def false_bounds(rows: Rows, release: Release) -> Iterator[tuple[str, str, object, object]]:
    """Cells of which what is said is not true of the count behind them."""
    for name, frame in release.frames.items():
        table = TABLE_BY_KEY[f"kpi.{name}"]
        if not rows.get(name):
            continue
        columns = table.column_names
        width = len(rows[name][0])
        exact_rows = pd.DataFrame(rows[name], columns=list(columns[:width]))
        if name == "retention":
            exact_rows = in_quarters(exact_rows)
        truth = exact_rows.set_index([c for c in table.grain if c in columns[:width]])
        labels = release.labels[name]
        for at, row in enumerate(frame.itertuples(index=False)):
            for column in columns[:width]:
                said = labels.iloc[at][column]
                if column in table.grain or said is None or not str(said).startswith("<"):
                    continue
                key = tuple(getattr(row, c) for c in table.grain if c in columns[:width])
                key = tuple(k.date() if isinstance(k, pd.Timestamp) else None if pd.isna(k) else k for k in key)
                exact = truth.loc[key if len(key) > 1 else key[0], column]
                if not float(exact) < float(said[1:]):
                    yield name, column, exact, said


def in_quarters(retention: pd.DataFrame) -> pd.DataFrame:
    """Start months of slices as the quarters that are published of them."""
    start = pd.to_datetime(retention["start_month"])
    quarters = start.dt.to_period("Q").dt.start_time
    retention["start_month"] = start.where(retention["slice_by"] == "all", quarters).dt.date
    summed = retention.groupby(["start_month", "months_since", "slice_by", "slice"], as_index=False).sum()
    summed["retention_rate"] = summed["active"] / summed["started"]
    return summed


def test_the_attacker_finds_what_is_left_of_a_total() -> None:
    """30, 12, and two hidden that are 5 together: from 1 and 4 to 4 and 1, until one is known to be 3 at least."""
    system = System()
    whole = system.count("all", 47, 47)
    parts = [system.count("a", 30, 30), system.count("b", 12, 12), system.count("c", 1, 4), system.count("d", 1)]
    system.total(whole, parts)
    assert system.few_values({"c", "d"}) == {}
    system.between({"c": 1}, 3)
    assert system.few_values({"c", "d"}) == {"c": 2, "d": 2}


def test_the_attacker_solves_a_survey_in_the_old_rounding(tmp_path: Path) -> None:
    """33 answers, NPS to a decimal and whole percent: that is how all counts came back."""
    (tmp_path / "survey.csv").write_text(
        "survey,question,option,slice_by,slice,respondents,answered,chosen,share\n"
        "s,helped,no,all,all,35,35,<10,0.15\ns,helped,yes,all,all,35,35,30,0.85\n"
    )
    attack = Attack(tmp_path, SINGLE)
    name = ("chosen", "s", "all", "all", "helped", "no")
    assert attack.hidden == {name}
    assert attack.few_values() == {name: 2}  # five or six


@pytest.mark.parametrize(
    ("months", "of", "told"),
    [
        ("2021-08-01,3,all,all,<5,<5,<5\n2021-09-01,3,all,all,<5,<5,<5", 9, set()),
        ("2021-08-01,3,all,all,<5,<5,<5\n2021-09-01,3,all,all,30,,\n2021-10-01,3,all,all,7,,", 40, {"2021-08-01"}),
        ("2021-08-01,3,all,all,20,,\n2021-09-01,3,all,all,30,,", 52, {"left out"}),
    ],
)
def test_the_attacker_knows_that_a_start_month_may_be_left_out(
    months: str, of: int, told: set[str], tmp_path: Path
) -> None:
    """October began with 7, which its row or nothing says; in November nobody did: no row of it is missed."""
    header = "start_month,months_since,slice_by,slice,started,active,retention_rate\n"
    (tmp_path / "retention.csv").write_text(header + months)
    accepted = enumerate((4, 34, 41, 41, 60), start=8)
    invited = (f"2021-{month:02d}-01,all,all,99,{count},,,\n" for month, count in accepted)
    header = "month,slice_by,slice,invited,accepted,adoption_rate,activated,activation_rate\n"
    (tmp_path / "adoption.csv").write_text(header + "".join(invited))
    (tmp_path / "scorecard.csv").write_text(
        "kpi,as_of,slice_by,slice,numerator,denominator,value\n" + f"retention_3m,2022-03-30,all,all,,{of},\n"
    )
    assert {name[1] for name in Attack(tmp_path).few_values()} == told


def test_a_count_is_told_by_the_sums_that_narrow_it_the_nearest_first() -> None:
    """Two of at most four each are eight together; that they are eight says another sum."""
    unknowns = Unknowns()
    one, other = (unknowns.count(name, 4, 1, 4, is_hidden=True) for name in ("one", "other"))
    both, rest = unknowns.count("both", 8), unknowns.count("rest", 2, 2, 2)
    apart = unknowns.count("apart", 7)
    unknowns.known({both: 1, one: -1, other: -1}, 0, 0, "their sum")
    unknowns.known({both: 1, rest: 1}, 10, 10, "of all")
    unknowns.known({apart: 1}, 0, 9, "something else")
    assert sorted(at for at, _ in unknowns.exposed()) == [one, other]
    assert unknowns.told_by(one) == ["their sum", "of all"]


@pytest.mark.sampled(2)
@pytest.mark.fault("H5")
@pytest.mark.parametrize("seed", sorted({*range(PROGRAMS), *ONCE_TOLD}))
def test_no_hidden_count_of_a_generated_program_is_as_good_as_known(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(program(seed, UNTIL), UNTIL)
    solve = Unknowns.exposed
    false: list[object] = []
    monkeypatch.setattr(Unknowns, "exposed", lambda self: false.extend(self.contradictions()) or solve(self))
    release = released(rows)
    attack = Attack(published(release, tmp_path / "tables"), SINGLE)
    assert len(attack.hidden) > 20
    assert false == []
    assert of_somebody(attack.few_values(), [row[:8] for row in rows["survey"]], {CLOSED}) == {}
    assert list(false_bounds(rows, release)) == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("seed", "day"), [(seed, EARLY[seed % len(EARLY)]) for seed in range(PROGRAMS // 2)])
def test_the_first_releases_of_a_program_tell_no_hidden_count(seed: int, day: date, tmp_path: Path) -> None:
    """Few persons, of whom courses and groups of one or two are one row."""
    people = program(seed, UNTIL)
    release = released_alone({f"p{at}": who for at, who in enumerate(people)}, day)
    rows = rows_of(people, day)
    attack = Attack(published(release, tmp_path / "tables"), SINGLE)
    assert of_somebody(attack.few_values(), [row[:8] for row in rows["survey"]], {CLOSED}) == {}


@pytest.mark.parametrize(
    ("low", "high", "fits"),
    [((1, 1), (4, 9), []), ((1, 1), (4, 3), [0, 1]), ((2, 1), (3, 9), [0, 1]), ((0, 6), (5, 6), [0, 1])],
)
def test_the_releases_own_attack_counts_what_fits(low: tuple[int, int], high: tuple[int, int], fits: list[int]) -> None:
    """Two counts of which the sum is known to be 6, here 2 and 4, between bounds."""
    unknowns = Unknowns()
    places = [unknowns.count(at, truth, low[at], high[at], is_hidden=True) for at, truth in enumerate((3, 3))]
    unknowns.known(dict.fromkeys(places, 1), 6, 6)
    assert sorted(at for at, _ in unknowns.exposed()) == fits


def test_shares_of_coprime_steps_are_found_by_the_integer_program() -> None:
    """Twice a count less thrice another is 1, both to 9: 2 and 1, 5 and 3, 8 and 5 fit, which bounds do not tell."""
    unknowns = Unknowns()
    a = unknowns.count("a", 5, 0, 9, is_hidden=True)
    b = unknowns.count("b", 3, 0, 9, is_hidden=True)
    unknowns.known({a: 2, b: -3}, 1, 1)
    assert unknowns.exposed() == []
    unknowns.count("a", 5, 3, 9)
    assert sorted(at for at, _ in unknowns.exposed()) == [a, b]
