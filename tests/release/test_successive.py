"""Twelve releases of one program, kept by somebody who subtracts: people come, go, are late and are erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assets.publication.files import _write_csv_tables
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.memory import Memory
from tests.release.attacker import Attack
from tests.release.known import RULES, SINGLE, People, released_after
from tests.release.people import CLOSED, Somebody, rows_of
from tests.release.successive import Kept, Published, consistent, solved, told
from tests.release.test_held import MONTHS, PROGRAMS, TARGET, UNTIL, program
from tests.release.whole_numbers import Name

pytestmark = pytest.mark.slow

LATE, ERASED, MANY_LATE, STAYED, ERASED_TOO = 4, 6, 8, 9, 10
"""The releases before which that became known."""
AROUND = (3, LATE, ERASED, MANY_LATE, ERASED_TOO)
FIRST_SEED = 1
"""A program of which a cohort, shown for the first time beside everybody, was one less than they after an erasure."""


def late(who: Somebody, days: int) -> Somebody:
    """Who learned on some days more, from the fortieth on."""
    if who.accepted_on is None:
        return who
    return replace(who, days=who.days | {who.accepted_on + timedelta(days=40 + at) for at in range(days)})


def known_at(people: People, release: int) -> People:
    """Who is known at a release, and how."""
    known = dict(people)
    if release >= LATE:
        known["p1"] = late(known["p1"], 3)
    if release >= ERASED:
        del known[TARGET]
    if release >= MANY_LATE:
        known |= {f"p{at}": late(known[f"p{at}"], 1) for at in range(2, 9)}
    if release >= STAYED:
        known["p10"] = replace(known["p10"], left_on=None)
    if release >= ERASED_TOO:
        del known["p11"]
    return known


def published(release: Release, folder: Path) -> Path:
    folder.mkdir(parents=True)
    _write_csv_tables(folder, release)
    return folder


@pytest.mark.fault("H5", "H6")
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + PROGRAMS))
def test_twelve_releases_tell_no_hidden_count_and_nothing_that_few_persons_did(
    seed: int, tmp_path: Path, record_figure: Callable[[str, int], None], pytestconfig: pytest.Config
) -> None:
    """Beside each other, releases that forget nothing would tell it: of the first program the attacker finds that.

    Without ``--whole``, of the releases only those before and after each of what became known.
    """
    is_whole, is_control = pytestconfig.getoption("--whole"), seed == FIRST_SEED
    people, memory = program(seed), Memory(salt=1)
    forgetful, kept = [], []
    for at, day in ((at, day) for at, day in enumerate(MONTHS) if is_whole or at in AROUND):
        known = known_at(people, at)
        erasures = frozenset(name for name, since in (("a", ERASED), ("b", ERASED_TOO)) if at >= since)
        made, held = released_after(memory, known, day, replace(RULES, erasures=erasures))
        memory = held.memory
        if is_control and at <= ERASED:
            forgetful.append(Published(day, published(made, tmp_path / "made" / str(at)), known))
        kept.append(Published(day, published(held.release, tmp_path / "held" / str(at)), known))
    assert not is_control or len(told(forgetful, UNTIL)) > (100 if is_whole else 10)
    assert told(kept, UNTIL) == []
    answers = [[row[:8] for row in rows_of(list(one.people.values()), one.day)["survey"]] for one in kept]
    releases = [Kept(one.tables, survey, {CLOSED}) for one, survey in zip(kept, answers, strict=True)]
    assert solved(releases, SINGLE) == {}
    record_figure("releases attacked together", len(kept))
    record_figure("hidden counts with fewer than 3 values left", 0)


ACTIVITY = """\
month,slice_by,slice,learners,active_days,completions
2022-03-01,all,all,{},,
2022-03-01,group,a,{},,
2022-03-01,group,b,{},,
"""


def together_of(folder: Path, *releases: tuple[object, object, object]) -> set[Name]:
    """What is hidden of learners in such releases, each by the release from which on it is the same count."""
    attacks = []
    for at, learners in enumerate(releases):
        (folder / str(at)).mkdir()
        (folder / str(at) / "activity.csv").write_text(ACTIVITY.format(*learners))
        attacks.append(Attack(folder / str(at), is_first=at == 0))
    return {(*name[3:4], name[-1]) for name in consistent(attacks).hidden}


def test_what_is_hidden_in_the_same_words_is_one_count(tmp_path: Path) -> None:
    assert together_of(tmp_path, (20, "withheld", "withheld"), (20, "withheld", "withheld")) == {("a", 0), ("b", 0)}


def test_counts_that_cannot_be_the_same_ones_are_others_from_then_on(tmp_path: Path) -> None:
    """Together they were twenty, and are 21 now, though nothing else is said of either."""
    found = together_of(
        tmp_path, (20, "withheld", "withheld"), (21, "withheld", "withheld"), (21, "withheld", "withheld")
    )
    assert found == {("a", 0), ("b", 0), ("a", 1), ("b", 1)}
