"""The memory of releases, or what is left of it, and what operators are told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.publication.earlier import RELEASE, in_words, is_lost, remembered
from assets.publication.files import publish
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, noted, show, write_manifest
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.held import Held
from fellowship_pipeline.release.memory import MADE, UNKNOWN, Memory, place, remember

PROGRAM = Program.model_validate({"program": {"id": "test"}, "sources": {}})


def published(home: Home, release: Release) -> None:
    show(noted(home), [publish(home, "r1", release, {"dashboard.html": ""}, {}, program=PROGRAM)])


def test_what_was_never_published_is_not_lost(tmp_path: Path) -> None:
    assert not is_lost(Home(tmp_path))
    assert remembered(Home(tmp_path)).last == 0


def test_of_a_lost_memory_the_published_figures_are_left(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    published(home, release)
    remember(home, Memory(days={1: date(2022, 3, 31)}, bases={1: "rules"}))
    assert not is_lost(home) and remembered(home).bases == {1: "rules"}
    place(home).unlink()
    assert is_lost(home)
    left = remembered(home)
    assert (left.days, left.bases) == ({1: date(2022, 3, 31)}, {1: UNKNOWN})
    assert left.shown["activity", "2022-03", "all"] == (1,)
    for name, frame in release.frames.items():
        found = left.frames[name].drop(columns=MADE)
        pd.testing.assert_frame_equal(found, frame, check_dtype=False, check_index_type=False, obj=name)
        labels = release.labels[name].fillna("")
        assert left.labels[name].fillna("").to_dict("list") == labels.to_dict("list"), name


@pytest.mark.fault("F8")
def test_a_memory_that_is_older_than_what_is_published_is_none(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    with generation(home.operations, "r1", private=True) as lists:
        write_manifest(lists, {RELEASE: 2}, {})
    folder = publish(home, "r1", release, {"dashboard.html": ""}, {}, program=PROGRAM)
    show(noted(home), [folder, finished(lists)])
    remember(home, Memory(days={1: date(2022, 2, 28), 2: date(2022, 3, 31)}, bases={1: "rules", 2: "rules"}))
    assert not is_lost(home)
    remember(home, Memory(days={1: date(2022, 2, 28)}, bases={1: "rules"}))
    assert is_lost(home) and remembered(home).bases == {1: UNKNOWN}


def test_what_an_earlier_version_published_does_not_stand(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path)
    published(home, release)
    manifest = home.release / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"is_remembered": true', '"other": true'))
    assert remembered(home).last == 0


def test_operators_are_told_how_many_rows_stand_and_since_when(release: Release) -> None:
    held = Held(release, Memory(), 7, date(2022, 2, 28))
    said = in_words(held, PROGRAM)
    assert said is not None
    assert said["en"].startswith(
        "7 rows of tables still stand as published, the oldest of 2022-02-28, since fewer than 5"
    )
    assert in_words(replace(held, standing=0), PROGRAM) is None
