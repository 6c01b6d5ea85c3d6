"""Frames are held against their contracts before a figure sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dagster as dg
import pandas as pd
import pytest

from assets.publication.frames import checked
from fellowship_pipeline.release.build import Release

pytestmark = pytest.mark.slow


def test_a_release_fits(release: Release) -> None:
    assert checked(release) is release


@pytest.mark.parametrize(
    "spoil",
    [
        lambda frame: frame.drop(columns="xp"),
        lambda frame: frame.assign(extra=1),
        lambda frame: frame[[*frame.columns[::-1]]],
        lambda frame: frame.assign(learners="40"),
        lambda frame: frame.assign(month="2022-03-01"),
        lambda frame: frame.assign(learners=-1),
        lambda frame: frame.assign(slice_by="planet"),
        lambda frame: frame.assign(slice=None),
        lambda frame: frame.assign(suppressed=True),  # with all its figures
        lambda frame: None,
    ],
)
def test_a_frame_that_breaks_its_contract_stops_the_release(
    release: Release, spoil: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    spoiled = replace(release, frames={**release.frames, "activity": spoil(release.frames["activity"])})
    with pytest.raises(dg.Failure, match=r"kpi\.activity"):
        checked(spoiled)
