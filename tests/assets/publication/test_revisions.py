"""What a release says of months that were over when the last one was published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.publication.files import publish
from assets.publication.revisions import revised
from assets.publication.warnings import revisions
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import noted, show
from fellowship_pipeline.release.build import Release
from tests.assets.publication.conftest import PROGRAM

pytestmark = pytest.mark.slow

APRIL = date(2022, 4, 30)


def changed(release: Release, *, as_of: date = APRIL, **figures: float) -> Release:
    """The release of a later day with other figures of March's activity as a whole."""
    activity = release.frames["activity"].copy()
    for name, value in figures.items():
        activity.loc[activity["slice_by"] == "all", name] = value
    return replace(release, as_of=as_of, frames={**release.frames, "activity": activity})


def release_to(home: Home, run_id: str, release: Release, page: str) -> None:
    show(noted(home), [publish(home, run_id, release, {"dashboard.html": page}, {}, program=PROGRAM)])


@pytest.mark.fault("E3")
def test_late_events_of_a_closed_month_revise_it_and_the_old_value_stays(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    release_to(home, "r1", release, "")
    late = changed(release, xp=1010.0)
    assert revised(home, late) == {"activity": ["2022-03"]}
    (line,) = revisions(revised(home, late))
    assert line["en"] == (
        "figures of months that were over differ from those published before: 2022-03 in kpi.activity"
    )
    release_to(home, "r2", late, "")
    old = pd.read_parquet(home.published / "r1" / "tables" / "activity.parquet")
    assert old.loc[old["slice_by"] == "all", "xp"].tolist() == [1000.0]


def test_nothing_is_revised_by_the_same_figures_nor_the_first_time(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    assert revised(home, release) == {}
    release_to(home, "r1", release, "")
    assert revised(home, changed(release)) == {}


def test_a_month_that_was_not_over_is_not_revised(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    release_to(home, "r1", replace(release, as_of=date(2022, 3, 30)), "")
    assert revised(home, changed(release, xp=1010.0)) == {}
    release_to(home, "r2", release, "")
    assert revised(home, changed(release, as_of=date(2022, 3, 30), xp=1010.0)) == {}


def test_withheld_figures_are_not_compared(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    release_to(home, "r1", release, "")
    activity = release.frames["activity"].assign(suppressed=False)
    assert revised(home, replace(release, frames={**release.frames, "activity": activity})) == {}
